"""Tables of a Dutch ERP, as its SQL Server exports them: Dutch glued names, line totals without a
price of one, days before months with dashes, bits for yes and no."""

from pathlib import Path

from tests.dumps.shop import Shop, money, net, time, write

STATUS = {
    "pending": "Openstaand",
    "paid": "Betaald",
    "shipped": "Verzonden",
    "completed": "Afgehandeld",
    "cancelled": "Geannuleerd",
    "refunded": "Terugbetaald",
}
TIME = "%d-%m-%Y %H:%M:%S"


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    write(
        folder / "Bestellingen.csv",
        [
            {
                "BestelNr": 20000 + o.id,
                "Besteldatum": time(o.placed, TIME),
                "WijzigingsDatum": time(o.updated, TIME),
                "KlantNr": 500 + o.customer.id,
                "Status": STATUS[o.state],
                "TotaalExclBtw": money(net(o.total)),
                "TotaalInclBtw": money(o.total),
                "BtwBedrag": money(o.tax),
                "Verzendkosten": money(o.shipping),
                "Korting": money(o.discount),
                "Valuta": "EUR",
                "Betaalwijze": "iDEAL",
                "Opmerking": "NULL",
                "Verzenddatum": time(o.shipped, TIME, "NULL"),
            }
            for o in shop.placed
        ],
        "\t",
    )
    write(
        folder / "BestelRegels.csv",
        [
            {
                "RegelId": 9000 + line.id,
                "BestelNr": 20000 + o.id,
                "ArtikelNr": line.product.sku,
                "Omschrijving": line.product.name,
                "Aantal": line.quantity,
                "RegelTotaal": money(line.total),
            }
            for o in shop.placed
            for line in o.lines
        ],
        "\t",
    )
    write(
        folder / "Klanten.csv",
        [
            {
                "KlantNr": 500 + c.id,
                "Aanhef": ("Dhr.", "Mevr.")[c.is_woman],
                "Voornaam": c.first,
                "Achternaam": c.last,
                "EmailAdres": c.email,
                "Telefoonnummer": c.phone,
                "Geboortedatum": f"{c.born:%d-%m-%Y}" if c.born else "NULL",
                "Straat": "rue Haute",
                "Postcode": c.postcode,
                "Woonplaats": c.town,
                "Land": "FR",
                "Nieuwsbrief": int(c.agreed),
                "AangemaaktOp": time(c.joined, TIME),
                "GewijzigdOp": time(c.updated, TIME),
            }
            for c in shop.customers
        ],
        "\t",
    )
    write(
        folder / "Artikelen.csv",
        [
            {
                "ArtikelNr": p.sku,
                "Omschrijving": p.name,
                "Artikelgroep": shop.kinds[p.kind],
                "Merk": p.brand,
                "VerkoopprijsInclBtw": money(p.price),
                "Inkoopprijs": money(net(p.price) // 2),
                "Actief": 1,
                "Voorraad": 50,
            }
            for p in shop.products
        ],
        "\t",
    )
    write(
        folder / "Artikelgroepen.csv",
        [{"GroepNr": n, "Omschrijving": name} for n, name in enumerate(shop.kinds, start=1)],
        "\t",
    )


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: Bestellingen.csv
    format: csv
    delimiter: "\\t"
    timestamp_format: "%d-%m-%Y %H:%M:%S"
    columns:
      order_id: BestelNr
      ordered_at: Besteldatum
      updated_at: WijzigingsDatum
      status: Status
      total_amount: TotaalInclBtw
      tax_amount: BtwBedrag
      shipping_amount: Verzendkosten
      discount_amount: Korting
      currency: Valuta
      contact_id: KlantNr
    values:
      status: {Openstaand: pending, Betaald: paid, Verzonden: shipped, Afgehandeld: completed,
               Geannuleerd: cancelled, Terugbetaald: refunded}
  lines:
    entity: order_lines
    path: BestelRegels.csv
    format: csv
    delimiter: "\\t"
    line_totals: true
    columns:
      order_id: BestelNr
      line_number: RegelId
      product_id: ArtikelNr
      quantity: Aantal
      unit_price: RegelTotaal
  customers:
    entity: contacts
    path: Klanten.csv
    format: csv
    delimiter: "\\t"
    timestamp_format: "%d-%m-%Y %H:%M:%S"
    date_format: "%d-%m-%Y"
    empty_values: ["NULL"]
    columns:
      contact_id: KlantNr
      email: EmailAdres
      phone: Telefoonnummer
      first_name: Voornaam
      last_name: Achternaam
      gender: Aanhef
      birth_date: Geboortedatum
      postal_code: Postcode
      city: Woonplaats
      country: Land
      created_at: AangemaaktOp
      updated_at: GewijzigdOp
  newsletter:
    entity: consents
    path: Klanten.csv
    format: csv
    delimiter: "\\t"
    timestamp_format: "%d-%m-%Y %H:%M:%S"
    columns: {contact_id: KlantNr, status: Nieuwsbrief, changed_at: GewijzigdOp}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: Artikelen.csv
    format: csv
    delimiter: "\\t"
    columns:
      product_id: ArtikelNr
      name: Omschrijving
      category: Artikelgroep
      brand: Merk
      price: VerkoopprijsInclBtw
      is_active: Actief
"""

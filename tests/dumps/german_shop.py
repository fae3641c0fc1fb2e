"""Tables of a German shop with a till: German glued names, semicolons, decimal commas, receipts
that count as the web orders do, a status of payment beside that of the order."""

from pathlib import Path

from tests.dumps.shop import Shop, net, time, write

STATUS = {"pending": "Offen", "paid": "In Bearbeitung", "shipped": "Versendet",
          "completed": "Abgeschlossen", "cancelled": "Storniert",
          "refunded": "Abgeschlossen"}  # fmt: skip
ZAHLUNG = {"pending": "Ausstehend", "cancelled": "Ausstehend", "refunded": "Erstattet"}
TIME = "%d.%m.%Y %H:%M:%S"


def _euro(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    web = [o for o in shop.placed if o.id % 4]
    till = list(enumerate((o for o in shop.placed if not o.id % 4), start=1))
    write(
        folder / "Bestellungen.csv",
        [
            {
                "Bestellnummer": n,
                "Bestelldatum": time(o.placed, TIME),
                "Kundennummer": o.customer.id + 100,
                "Bestellstatus": STATUS[o.state],
                "Zahlungsstatus": ZAHLUNG.get(o.state, "Bezahlt"),
                "Zwischensumme": _euro(o.goods),
                "Versandkosten": _euro(o.shipping),
                "Rabatt": _euro(o.discount),
                "Gesamtbetrag": _euro(o.total),
                "EnthalteneMwSt": _euro(o.tax),
                "Waehrung": "EUR",
                "Gutscheincode": "WILLKOMMEN" if o.discount else "",
                "GeaendertAm": time(o.updated, TIME),
            }
            for n, o in enumerate(web, start=1)
        ],
        ";",
    )
    write(
        folder / "Bestellpositionen.csv",
        [
            {
                "Bestellnummer": n,
                "Positionsnummer": line.rank,
                "Artikelnummer": line.product.sku,
                "Artikelbezeichnung": line.product.name,
                "Menge": line.quantity,
                "Einzelpreis": _euro(line.price),
                "Gesamtpreis": _euro(line.total),
            }
            for n, o in enumerate(web, start=1)
            for line in o.lines
        ],
        ";",
    )
    write(
        folder / "Kassenbons.csv",
        [
            {
                "BonNr": n,
                "Filiale": f"F{1 + n % 2}",
                "Datum": time(o.placed, TIME),
                "KundenNr": o.customer.id + 100 if n % 2 else "",
                "Zahlart": "Bar",
                "Summe": _euro(o.goods),
                "MwSt": _euro(o.goods - net(o.goods)),
            }
            for n, o in till
        ],
        ";",
    )
    write(
        folder / "Kassenbonpositionen.csv",
        [
            {
                "BonNr": n,
                "PosNr": line.rank,
                "ArtikelNr": line.product.sku,
                "Anzahl": line.quantity,
                "Preis": _euro(line.price),
            }
            for n, o in till
            for line in o.lines
        ],
        ";",
    )
    write(
        folder / "Kunden.csv",
        [
            {
                "Kundennummer": c.id + 100,
                "Anrede": ("Herr", "Frau")[c.is_woman],
                "Vorname": c.first,
                "Nachname": c.last,
                "EMailAdresse": c.email,
                "Telefonnummer": c.phone,
                "Geburtsdatum": f"{c.born:%d.%m.%Y}" if c.born else "",
                "Strasse": "rue Haute",
                "PLZ": c.postcode,
                "Ort": c.town,
                "Land": "FR",
                "Newsletter": "ja" if c.agreed else "nein",
                "AngelegtAm": time(c.joined, TIME),
                "GeaendertAm": time(c.updated, TIME),
            }
            for c in shop.customers
        ],
        ";",
    )
    write(
        folder / "Artikel.csv",
        [
            {
                "Artikelnummer": p.sku,
                "Bezeichnung": p.name,
                "Warengruppe": shop.kinds[p.kind],
                "Hersteller": p.brand,
                "Verkaufspreis": _euro(p.price),
                "Einkaufspreis": _euro(net(p.price) // 2),
                "Aktiv": "ja",
                "Lagerbestand": 50,
            }
            for p in shop.products
        ],
        ";",
    )


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: Bestellungen.csv
    format: csv
    delimiter: ";"
    decimal: ","
    timestamp_format: "%d.%m.%Y %H:%M:%S"
    columns:
      order_id: Bestellnummer
      ordered_at: Bestelldatum
      updated_at: GeaendertAm
      status: Bestellstatus
      total_amount: Gesamtbetrag
      tax_amount: EnthalteneMwSt
      shipping_amount: Versandkosten
      discount_amount: Rabatt
      contact_id: Kundennummer
      currency: Waehrung
      coupon_code: Gutscheincode
    values:
      status: {In Bearbeitung: paid, Versendet: shipped, Abgeschlossen: completed,
               Storniert: cancelled}
    overrides:
      status:
        Zahlungsstatus: {Erstattet: refunded}
    constants: {channel: web}
  lines:
    entity: order_lines
    path: Bestellpositionen.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      order_id: Bestellnummer
      line_number: Positionsnummer
      product_id: Artikelnummer
      quantity: Menge
      unit_price: Einzelpreis
  receipts:
    entity: orders
    path: Kassenbons.csv
    format: csv
    delimiter: ";"
    decimal: ","
    timestamp_format: "%d.%m.%Y %H:%M:%S"
    columns:
      order_id: BonNr
      ordered_at: Datum
      total_amount: Summe
      tax_amount: MwSt
      contact_id: KundenNr
      store_id: Filiale
    constants: {channel: store, status: completed}
    prefixes: {order_id: "KASSE-"}
  receipt_lines:
    entity: order_lines
    path: Kassenbonpositionen.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      order_id: BonNr
      line_number: PosNr
      product_id: ArtikelNr
      quantity: Anzahl
      unit_price: Preis
    prefixes: {order_id: "KASSE-"}
  customers:
    entity: contacts
    path: Kunden.csv
    format: csv
    delimiter: ";"
    timestamp_format: "%d.%m.%Y %H:%M:%S"
    date_format: "%d.%m.%Y"
    columns:
      contact_id: Kundennummer
      email: EMailAdresse
      phone: Telefonnummer
      first_name: Vorname
      last_name: Nachname
      gender: Anrede
      birth_date: Geburtsdatum
      postal_code: PLZ
      city: Ort
      country: Land
      created_at: AngelegtAm
      updated_at: GeaendertAm
  newsletter:
    entity: consents
    path: Kunden.csv
    format: csv
    delimiter: ";"
    timestamp_format: "%d.%m.%Y %H:%M:%S"
    columns: {contact_id: Kundennummer, status: Newsletter, changed_at: GeaendertAm}
    constants: {channel: email}
    values:
      status: {nein: withdrawn, ja: granted}
  products:
    entity: products
    path: Artikel.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      product_id: Artikelnummer
      name: Bezeichnung
      category: Warengruppe
      brand: Hersteller
      price: Verkaufspreis
      is_active: Aktiv
    values:
      is_active: {ja: "true"}
"""

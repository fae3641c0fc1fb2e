"""Tables of a JTL-Shop database: German, one letter for the type before each name, lines that name
the basket of an order and hold its shipping too, prices without tax, states as numbers."""

from pathlib import Path

from tests.dumps.shop import Order, Shop, money, net, time, write

STATUS = {"pending": 1, "paid": 3, "shipped": 4, "completed": 4, "cancelled": -1, "refunded": 4}


def _lines(order: Order) -> list[tuple[int, str, str, int, int, int]]:
    """(product, its number, its name, net price, quantity, kind) of each."""
    goods = [(x.product.id, x.product.sku, x.product.name, net(x.price), x.quantity, 1)
             for x in order.lines]  # fmt: skip
    return [*goods, (0, "", "DHL", net(order.shipping), 1, 2)]


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    write(
        folder / "tbestellung.csv",
        [
            {
                "kBestellung": o.id,
                "kWarenkorb": o.id + 37,
                "kKunde": o.customer.id,
                "kLieferadresse": 0,
                "kRechnungsadresse": o.id,
                "kZahlungsart": 4,
                "kVersandart": 2,
                "kSprache": 1,
                "kWaehrung": 1,
                "fGuthaben": "0",
                "fGesamtsumme": money(o.total),
                "cSession": f"{o.id * 104729:x}",
                "cVersandartName": "DHL",
                "cZahlungsartName": "PayPal",
                "cBestellNr": f"B{o.number}",
                "cVersandInfo": "",
                "dVersandDatum": f"{o.shipped:%Y-%m-%d}" if o.shipped else "0000-00-00",
                "dBezahltDatum": f"{o.paid:%Y-%m-%d}" if o.paid else "0000-00-00",
                "cTracking": "",
                "cKommentar": "",
                "cIP": "127.0.0.*",
                "cAbgeholt": "Y",
                "cStatus": STATUS[o.state],
                "dErstellt": time(o.placed),
                "fWaehrungsFaktor": "1",
            }
            for o in shop.placed
        ],
        ";",
    )
    lines = [(o, *line) for o in shop.placed for line in _lines(o)]
    write(
        folder / "twarenkorbpos.csv",
        [
            {
                "kWarenkorbPos": n,
                "kWarenkorb": o.id + 37,
                "kArtikel": product,
                "kVersandklasse": 1 if product else 0,
                "cName": name,
                "cLieferstatus": "",
                "cArtNr": sku,
                "cEinheit": "Stk.",
                "fPreisEinzelNetto": money(price, 4),
                "fPreis": money(price, 4),
                "fMwSt": "20",
                "nAnzahl": quantity,
                "nPosTyp": kind,
                "cHinweis": "",
                "cUnique": "",
                "kKonfigitem": 0,
            }
            for n, (o, product, sku, name, price, quantity, kind) in enumerate(lines, start=1)
        ],
        ";",
    )
    write(
        folder / "tkunde.csv",
        [
            {
                "kKunde": c.id,
                "kKundengruppe": 1,
                "kSprache": 1,
                "cKundenNr": f"K{10000 + c.id}",
                "cPasswort": "$2y$10$abcdef",
                "cAnrede": "w" if c.is_woman else "m",
                "cTitel": "",
                "cVorname": c.first,
                "cNachname": c.last,
                "cFirma": "",
                "cStrasse": "rue Haute",
                "cHausnummer": c.id,
                "cPLZ": c.postcode,
                "cOrt": c.town,
                "cLand": "FR",
                "cTel": c.phone,
                "cMobil": "",
                "cFax": "",
                "cMail": c.email,
                "dGeburtstag": c.born or "0000-00-00",
                "fGuthaben": "0",
                "cNewsletter": "Y" if c.agreed else "N",
                "dErstellt": f"{c.joined:%Y-%m-%d}",
                "fRabatt": 0,
                "cHerkunft": "",
                "dVeraendert": time(c.updated),
                "cAktiv": "Y",
                "cSperre": "N",
                "nRegistriert": 1,
            }
            for c in shop.customers
        ],
        ";",
    )
    write(
        folder / "tartikel.csv",
        [
            {
                "kArtikel": p.id,
                "kHersteller": 1 + p.id % 3,
                "kLieferstatus": 0,
                "kSteuerklasse": 1,
                "kEinheit": 1,
                "cSeo": p.name.lower().replace(" ", "-"),
                "cArtNr": p.sku,
                "cName": p.name,
                "cBeschreibung": f"Ein schönes Ding, Nummer {p.id}",
                "fLagerbestand": 50,
                "fStandardpreisNetto": money(net(p.price), 4),
                "fMwSt": 20,
                "fMindestbestellmenge": 0,
                "cBarcode": "",
                "fGewicht": "0.5",
                "cNeu": "N",
                "dErstellt": "2024-11-03",
                "dLetzteAktualisierung": "2025-02-03 10:00:00",
            }
            for p in shop.products
        ],
        ";",
    )
    write(
        folder / "tkategorieartikel.csv",
        [{"kKategorieArtikel": p.id, "kKategorie": 1 + p.kind, "kArtikel": p.id}
         for p in shop.products],
        ";",
    )  # fmt: skip
    write(
        folder / "tkategorie.csv",
        [{"kKategorie": n, "kOberKategorie": 0, "cName": name, "nSort": n}
         for n, name in enumerate(shop.kinds, start=1)],
        ";",
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: tbestellung.csv
    format: csv
    delimiter: ";"
    columns:
      order_id: kWarenkorb
      ordered_at: dErstellt
      status: cStatus
      total_amount: fGesamtsumme
      contact_id: kKunde
    values:
      status: {"-1": cancelled, "1": pending, "3": paid, "4": completed}
  lines:
    entity: order_lines
    path: twarenkorbpos.csv
    format: csv
    delimiter: ";"
    columns:
      order_id: kWarenkorb
      line_number: kWarenkorbPos
      product_id: kArtikel
      quantity: nAnzahl
      unit_price: fPreis
    skip:
      kArtikel: ["0"]
  customers:
    entity: contacts
    path: tkunde.csv
    format: csv
    delimiter: ";"
    empty_values: ["0000-00-00"]
    columns:
      contact_id: kKunde
      email: cMail
      phone: cTel
      first_name: cVorname
      last_name: cNachname
      birth_date: dGeburtstag
      gender: cAnrede
      postal_code: cPLZ
      city: cOrt
      country: cLand
      created_at: dErstellt
      updated_at: dVeraendert
  newsletter:
    entity: consents
    path: tkunde.csv
    format: csv
    delimiter: ";"
    columns: {contact_id: kKunde, status: cNewsletter, changed_at: dVeraendert}
    constants: {channel: email}
    values:
      status: {N: withdrawn, Y: granted}
  products:
    entity: products
    path: tartikel.csv
    format: csv
    delimiter: ";"
    columns:
      product_id: kArtikel
      name: cName
      brand: kHersteller
      price: fStandardpreisNetto
    constants: {category: uncategorised}
"""

"""Tables of a Polish ERP: Polish names and words, semicolons, decimal commas, days first."""

from pathlib import Path

from tests.dumps.shop import Shop, net, time, write

STATUS = {"pending": "nowe", "paid": "opłacone", "shipped": "wysłane", "completed": "zrealizowane",
          "cancelled": "anulowane", "refunded": "zwrócone"}  # fmt: skip
TIME = "%d.%m.%Y %H:%M"


def _money(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    write(
        folder / "zamowienia.csv",
        [
            {
                "nr_zamowienia": f"ZA/{o.id:05d}",
                "data_zamowienia": time(o.placed, TIME),
                "data_modyfikacji": time(o.updated, TIME),
                "id_klienta": f"KL{o.customer.id:04d}",
                "status": STATUS[o.state],
                "wartosc_netto": _money(net(o.total)),
                "wartosc_brutto": _money(o.total),
                "podatek": _money(o.tax),
                "koszt_dostawy": _money(o.shipping),
                "rabat": _money(o.discount),
                "waluta": "PLN",
                "uwagi": "",
            }
            for o in shop.placed
        ],
        ";",
    )
    write(
        folder / "pozycje_zamowien.csv",
        [
            {
                "nr_zamowienia": f"ZA/{o.id:05d}",
                "lp": line.rank,
                "kod_produktu": line.product.sku,
                "nazwa": line.product.name,
                "ilosc": line.quantity,
                "cena_netto": _money(net(line.price)),
                "cena_brutto": _money(line.price),
                "wartosc_brutto": _money(line.total),
            }
            for o in shop.placed
            for line in o.lines
        ],
        ";",
    )
    write(
        folder / "klienci.csv",
        [
            {
                "id_klienta": f"KL{c.id:04d}",
                "imie": c.first,
                "nazwisko": c.last,
                "email": c.email,
                "telefon": c.phone,
                "ulica": "Haute",
                "kod_pocztowy": c.postcode,
                "miasto": c.town,
                "kraj": "FR",
                "data_urodzenia": f"{c.born:%d.%m.%Y}" if c.born else "",
                "plec": "K" if c.is_woman else "M",
                "zgoda_newsletter": "tak" if c.agreed else "nie",
                "data_rejestracji": time(c.joined, TIME),
                "data_modyfikacji": time(c.updated, TIME),
            }
            for c in shop.customers
        ],
        ";",
    )
    write(
        folder / "produkty.csv",
        [
            {
                "kod_produktu": p.sku,
                "nazwa": p.name,
                "kategoria": shop.kinds[p.kind],
                "producent": p.brand,
                "cena_netto": _money(net(p.price)),
                "cena_brutto": _money(p.price),
                "aktywny": "tak",
                "stan": 50,
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
    path: zamowienia.csv
    format: csv
    delimiter: ";"
    decimal: ","
    timestamp_format: "%d.%m.%Y %H:%M"
    columns:
      order_id: nr_zamowienia
      ordered_at: data_zamowienia
      updated_at: data_modyfikacji
      status: status
      total_amount: wartosc_brutto
      tax_amount: podatek
      shipping_amount: koszt_dostawy
      discount_amount: rabat
      currency: waluta
      contact_id: id_klienta
    values:
      status: {nowe: pending, opłacone: paid, wysłane: shipped, zrealizowane: completed,
               anulowane: cancelled, zwrócone: refunded}
  lines:
    entity: order_lines
    path: pozycje_zamowien.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      order_id: nr_zamowienia
      line_number: lp
      product_id: kod_produktu
      quantity: ilosc
      unit_price: cena_brutto
  customers:
    entity: contacts
    path: klienci.csv
    format: csv
    delimiter: ";"
    timestamp_format: "%d.%m.%Y %H:%M"
    date_format: "%d.%m.%Y"
    columns:
      contact_id: id_klienta
      email: email
      phone: telefon
      first_name: imie
      last_name: nazwisko
      birth_date: data_urodzenia
      gender: plec
      postal_code: kod_pocztowy
      city: miasto
      country: kraj
      created_at: data_rejestracji
      updated_at: data_modyfikacji
  newsletter:
    entity: consents
    path: klienci.csv
    format: csv
    delimiter: ";"
    timestamp_format: "%d.%m.%Y %H:%M"
    columns: {contact_id: id_klienta, status: zgoda_newsletter, changed_at: data_modyfikacji}
    constants: {channel: email}
    values:
      status: {nie: withdrawn, tak: granted}
  products:
    entity: products
    path: produkty.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      product_id: kod_produktu
      name: nazwa
      category: kategoria
      brand: producent
      price: cena_brutto
      is_active: aktywny
    values:
      is_active: {tak: "true"}
"""

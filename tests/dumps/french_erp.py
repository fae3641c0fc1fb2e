"""Tables of a French ERP: glued cryptic names, day first, decimal comma, codes for states."""

from pathlib import Path

from tests.dumps.first_shop import TOWNS, FirstShop, Rows, write


def make(folder: Path) -> None:
    shop = FirstShop()
    heads: Rows = []
    lines: Rows = []

    def money(value: float) -> str:
        return f"{value:.2f}".replace(".", ",")

    for n, customer, when in shop.orders:
        basket = shop.basket(n)
        goods = sum(q * p for _, q, p in basket)
        number = f"C25{n:06d}"
        heads.append(
            (number, f"CL{customer:05d}", f"{when:%d/%m/%Y}",
             ("LIV", "LIV", "LIV", "EXP", "ENC", "ANN")[n % 6],
             money(goods / 1.2), money(goods), money(goods / 6), money(0), money(0),
             ("WEB", "MAG", "TEL")[n % 3], f"M{1 + n % 4:02d}", "EUR", f"REP{n % 5}")
        )  # fmt: skip
        for rank, (product, quantity, price) in enumerate(basket, start=1):
            lines.append(
                (number, rank, f"A{product:05d}", f"Article {product}", quantity, money(price),
                 money(0), money(quantity * price))
            )  # fmt: skip
    heads_name = (
        "CDENUM CLICOD CDEDAT CDEETA CDEMTHT CDEMTTTC CDEMTTVA CDEREM CDEPORT CDECAN MAGCOD"
        " DEVCOD REPCOD"
    )
    write(folder / "CDEENT.csv", heads_name, heads, ";", "windows-1252")
    write(
        folder / "CDELIG.csv", "CDENUM LIGNUM ARTCOD ARTLIB LIGQTE LIGPUTTC LIGREM LIGMTTTC",
        lines, ";", "windows-1252",
    )  # fmt: skip
    people: Rows = []
    for n in shop.customers:
        first, last, email = shop.person(n)
        code, town = TOWNS[n % 4]
        people.append(
            (f"CL{n:05d}", ("M", "MME")[n % 2], last, first, f"{n} rue Haute", code, town, "FR",
             f"06{n:08d}", email, f"1{n % 10}/0{1 + n % 9}/19{60 + n % 40}", "O" if n % 3 else "N",
             "O" if n % 4 else "N", f"{shop.moment(0.1):%d/%m/%Y}", f"{shop.moment(0.6):%d/%m/%Y}")
        )  # fmt: skip
    write(
        folder / "CLIENT.csv",
        "CLICOD CLICIV CLINOM CLIPRE CLIADR CLICP CLIVIL CLIPAY CLITEL CLIMEL CLIDNA CLIOPTMAIL"
        " CLIOPTSMS CLIDCR CLIDMJ",
        people, ";", "windows-1252",
    )  # fmt: skip
    write(
        folder / "ARTICLE.csv", "ARTCOD ARTLIB ARTFAM ARTSFAM ARTMRQ ARTPVTTC ARTACT",
        [(f"A{p:05d}", f"Article {p}", ("Vêtements", "Chaussures")[p % 2], f"SF{p % 5}", "Acme",
          money(4.9 + 3 * p), "O") for p in shop.products],
        ";", "windows-1252",
    )  # fmt: skip
    write(
        folder / "MAGASIN.csv", "MAGCOD MAGLIB MAGCP MAGPAY",
        [(f"M{m:02d}", f"Magasin {m}", *TOWNS[m - 1][:1], "FR") for m in range(1, 5)],
        ";", "windows-1252",
    )  # fmt: skip
    write(
        folder / "STOCK.csv", "ARTCOD MAGCOD STKQTE STKDAT",
        [(f"A{p:05d}", f"M{m:02d}", (p * m) % 17, "21/06/2026")
         for p in shop.products for m in (1, 2)],
        ";", "windows-1252",
    )  # fmt: skip
    write(
        folder / "REPRES.csv", "REPCOD REPNOM", [(f"REP{n}", f"Vendeur {n}") for n in range(5)],
        ";", "windows-1252",
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  customers:
    entity: contacts
    path: CLIENT.csv
    format: csv
    delimiter: ";"
    encoding: windows-1252
    date_format: "%d/%m/%Y"
    timestamp_format: "%d/%m/%Y"
    columns:
      contact_id: CLICOD
      updated_at: CLIDMJ
      created_at: CLIDCR
      email: CLIMEL
      phone: CLITEL
      first_name: CLIPRE
      last_name: CLINOM
      birth_date: CLIDNA
      gender: CLICIV
      postal_code: CLICP
      city: CLIVIL
      country: CLIPAY
  mails:
    entity: consents
    path: CLIENT.csv
    format: csv
    delimiter: ";"
    encoding: windows-1252
    timestamp_format: "%d/%m/%Y"
    columns: {contact_id: CLICOD, status: CLIOPTMAIL, changed_at: CLIDMJ}
    constants: {channel: email}
    values:
      status: {"N": withdrawn, "O": granted}
  texts:
    entity: consents
    path: CLIENT.csv
    format: csv
    delimiter: ";"
    encoding: windows-1252
    timestamp_format: "%d/%m/%Y"
    columns: {contact_id: CLICOD, status: CLIOPTSMS, changed_at: CLIDMJ}
    constants: {channel: sms}
    values:
      status: {"N": withdrawn, "O": granted}
  orders:
    entity: orders
    path: CDEENT.csv
    format: csv
    delimiter: ";"
    decimal: ","
    timestamp_format: "%d/%m/%Y"
    columns:
      order_id: CDENUM
      ordered_at: CDEDAT
      status: CDEETA
      total_amount: CDEMTTTC
      channel: CDECAN
      contact_id: CLICOD
      currency: DEVCOD
      discount_amount: CDEREM
      shipping_amount: CDEPORT
      tax_amount: CDEMTTVA
      store_id: MAGCOD
    values:
      status: {LIV: completed, EXP: shipped, ENC: pending, ANN: cancelled}
      channel: {WEB: web, MAG: store, TEL: phone}
  lines:
    entity: order_lines
    path: CDELIG.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      order_id: CDENUM
      line_number: LIGNUM
      product_id: ARTCOD
      quantity: LIGQTE
      unit_price: LIGPUTTC
      discount_amount: LIGREM
  products:
    entity: products
    path: ARTICLE.csv
    format: csv
    delimiter: ";"
    encoding: windows-1252
    decimal: ","
    columns:
      product_id: ARTCOD
      name: ARTLIB
      category: ARTFAM
      subcategory: ARTSFAM
      brand: ARTMRQ
      price: ARTPVTTC
      is_active: ARTACT
  stores:
    entity: stores
    path: MAGASIN.csv
    format: csv
    delimiter: ";"
    columns: {store_id: MAGCOD, name: MAGLIB, postal_code: MAGCP, country: MAGPAY}
  stock:
    entity: stock
    path: STOCK.csv
    format: csv
    delimiter: ";"
    timestamp_format: "%d/%m/%Y"
    columns: {product_id: ARTCOD, store_id: MAGCOD, quantity: STKQTE, observed_at: STKDAT}
"""

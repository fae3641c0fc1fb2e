"""Tables of a Shopware 5 database: carts among the orders with status -1, two columns of states
whose codes one table explains, prices as floats."""

from pathlib import Path

from tests.dumps.shop import Order, Shop, net, time, write

STATUS = {"cart": -1, "pending": 0, "paid": 1, "shipped": 7, "completed": 2, "cancelled": 4,
          "refunded": 2}  # fmt: skip


def _cleared(order: Order) -> int:
    return 20 if order.state == "refunded" else 12 if order.paid else 17


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "s_order.csv",
        [
            {
                "id": o.id,
                "ordernumber": 0 if o.is_cart else 20000 + o.id,
                "userID": o.customer.id,
                "invoice_amount": o.total / 100,
                "invoice_amount_net": net(o.total) / 100,
                "invoice_shipping": o.shipping / 100,
                "invoice_shipping_net": net(o.shipping) / 100,
                "ordertime": time(o.placed or o.begun),
                "status": STATUS[o.state],
                "cleared": _cleared(o),
                "paymentID": 5,
                "transactionID": f"tx{o.id * 7919}" if o.paid else "",
                "comment": "",
                "customercomment": "",
                "net": 0,
                "taxfree": 0,
                "partnerID": "",
                "temporaryID": f"{o.id * 104729:x}",
                "referer": "",
                "cleareddate": time(o.paid, never="NULL"),
                "trackingcode": "",
                "language": 1,
                "dispatchID": 9,
                "currency": "EUR",
                "currencyFactor": 1,
                "subshopID": 1,
                "remote_addr": "127.0.0.0",
                "deviceType": ("desktop", "mobile")[o.id % 2],
                "changed": time(o.updated),
            }
            for o in shop.orders
        ],
        ";",
    )
    write(
        folder / "s_order_details.csv",
        [
            {
                "id": line.id,
                "orderID": o.id,
                "ordernumber": 0 if o.is_cart else 20000 + o.id,
                "articleID": line.product.id,
                "articleordernumber": line.product.sku,
                "price": line.price / 100,
                "quantity": line.quantity,
                "name": line.product.name,
                "status": 0,
                "shipped": 0,
                "shippedgroup": 0,
                "releasedate": "0000-00-00",
                "modus": 0,
                "esdarticle": 0,
                "taxID": 1,
                "tax_rate": 20,
                "config": "",
                "ean": "",
                "unit": "",
                "articleDetailID": line.variant,
            }
            for o in shop.orders
            for line in o.lines
        ],
        ";",
    )
    write(
        folder / "s_user.csv",
        [
            {
                "id": c.id,
                "password": "$2y$10$abcdef",
                "encoder": "bcrypt",
                "email": c.email,
                "active": 1,
                "accountmode": c.id % 6 == 0,
                "confirmationkey": "",
                "paymentID": 5,
                "firstlogin": f"{c.joined:%Y-%m-%d}",
                "lastlogin": time(c.updated),
                "sessionID": "",
                "newsletter": int(c.agreed),
                "customergroup": "EK",
                "language": 1,
                "subshopID": 1,
                "title": "",
                "salutation": ("mr", "ms")[c.is_woman],
                "firstname": c.first,
                "lastname": c.last,
                "birthday": c.born or "NULL",
                "customernumber": 20000 + c.id,
                "changed": time(c.updated),
            }
            for c in shop.customers
        ],
        ";",
    )
    write(
        folder / "s_articles.csv",
        [
            {
                "id": p.id,
                "supplierID": 1 + p.id % 3,
                "name": p.name,
                "description": "",
                "description_long": f"<p>A fine thing, number {p.id}</p>",
                "shippingtime": "",
                "datum": "2024-11-03",
                "active": 1,
                "taxID": 1,
                "pseudosales": 0,
                "topseller": 0,
                "keywords": "",
                "changetime": "2025-02-03 10:00:00",
                "pricegroupID": "NULL",
                "laststock": 0,
                "main_detail_id": p.variants[0],
            }
            for p in shop.products
        ],
        ";",
    )
    write(
        folder / "s_articles_details.csv",
        [
            {
                "id": variant,
                "articleID": p.id,
                "ordernumber": f"{p.sku}.{variant}",
                "suppliernumber": "",
                "kind": 1 + variant % 2,
                "sales": 0,
                "active": 1,
                "instock": 50,
                "stockmin": 0,
                "purchaseprice": net(p.price) / 200,
            }
            for p in shop.products
            for variant in p.variants
        ],
        ";",
    )
    states = (
        (-1, "cancelled", "Abgebrochen", "state"), (0, "open", "Offen", "state"),
        (1, "in_process", "In Bearbeitung", "state"), (2, "completed", "Abgeschlossen", "state"),
        (4, "cancelled_rejected", "Storniert", "state"),
        (7, "completely_delivered", "Komplett ausgeliefert", "state"),
        (12, "completely_paid", "Komplett bezahlt", "payment"), (17, "open", "Offen", "payment"),
        (20, "re_crediting", "Wiedergutschrift", "payment"),
    )  # fmt: skip
    write(
        folder / "s_core_states.csv",
        [
            {"id": n, "name": name, "description": said, "position": n, "group": group, "mail": 1}
            for n, name, said, group in states
        ],
        ";",
    )
    write(
        folder / "s_articles_supplier.csv",
        [{"id": n, "name": name, "img": "", "link": "", "changed": "2024-01-01 00:00:00"}
         for n, name in enumerate(("Acme", "Globex", "Initech"), start=1)],
        ";",
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: s_order.csv
    format: csv
    delimiter: ";"
    columns:
      order_id: id
      ordered_at: ordertime
      updated_at: changed
      status: status
      total_amount: invoice_amount
      contact_id: userID
      currency: currency
      shipping_amount: invoice_shipping
    values:
      status: {"0": pending, "1": paid, "2": completed, "4": cancelled, "7": completed}
    overrides:
      status:
        cleared: {"20": refunded}
    skip:
      status: ["-1"]
  lines:
    entity: order_lines
    path: s_order_details.csv
    format: csv
    delimiter: ";"
    columns:
      order_id: orderID
      line_number: id
      product_id: articleID
      quantity: quantity
      unit_price: price
  customers:
    entity: contacts
    path: s_user.csv
    format: csv
    delimiter: ";"
    empty_values: ["NULL"]
    columns:
      contact_id: id
      email: email
      updated_at: changed
      created_at: firstlogin
      first_name: firstname
      last_name: lastname
      birth_date: birthday
      gender: salutation
  newsletter:
    entity: consents
    path: s_user.csv
    format: csv
    delimiter: ";"
    columns: {contact_id: id, status: newsletter, changed_at: changed}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: s_articles.csv
    format: csv
    delimiter: ";"
    columns:
      product_id: id
      name: name
      brand: supplierID
      is_active: active
    constants: {category: uncategorised}
"""

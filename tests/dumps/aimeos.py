"""Tables of an Aimeos database (Laravel): states as numbers, unfinished orders among them, prices
without shipping beside their costs, short names."""

from pathlib import Path

from tests.dumps.shop import Shop, money, time, write

PAYMENT = {"cart": -1, "pending": 4, "paid": 6, "shipped": 6, "completed": 6, "cancelled": 1,
           "refunded": 3}  # fmt: skip


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "mshop_order.csv",
        [
            {
                "id": o.id,
                "siteid": "1.",
                "invoiceno": "" if o.is_cart else f"INV{o.id:06d}",
                "channel": "web",
                "datepayment": time(o.paid, never="NULL"),
                "datedelivery": "NULL",
                "statuspayment": PAYMENT[o.state],
                "statusdelivery": -1 if not o.shipped else 4,
                "relatedid": "",
                "customerid": "" if o.is_guest else o.customer.id,
                "sitecode": "default",
                "langid": "fr",
                "currencyid": "EUR",
                "price": money(o.goods - o.discount),
                "costs": money(o.shipping),
                "rebate": money(o.discount),
                "tax": money(o.tax, 4),
                "taxflag": 1,
                "customerref": "",
                "comment": "",
                "cdate": f"{o.begun:%Y-%m-%d}",
                "cmonth": f"{o.begun:%Y-%m}",
                "ctime": time(o.placed or o.begun),
                "mtime": time(o.updated),
                "editor": o.customer.email,
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "mshop_order_product.csv",
        [
            {
                "id": line.id,
                "siteid": "1.",
                "parentid": o.id,
                "ordprodid": "NULL",
                "type": "default",
                "parentprodid": "",
                "prodid": line.product.id,
                "prodcode": line.product.sku,
                "vendor": "",
                "stocktype": "default",
                "name": line.product.name,
                "description": "",
                "quantity": line.quantity,
                "currencyid": "EUR",
                "price": money(line.price),
                "costs": money(0),
                "rebate": money(0),
                "tax": money(line.total // 6, 4),
                "taxrate": '{"":"20.00"}',
                "taxflag": 1,
                "pos": line.rank,
                "statusdelivery": -1,
                "mtime": time(o.updated),
                "ctime": time(o.begun),
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "mshop_customer.csv",
        [
            {
                "id": c.id,
                "siteid": "1.",
                "label": f"{c.first} {c.last}",
                "code": c.email,
                "company": "",
                "salutation": ("mr", "ms")[c.is_woman],
                "firstname": c.first,
                "lastname": c.last,
                "address1": "rue Haute",
                "postal": c.postcode,
                "city": c.town,
                "state": "",
                "langid": "fr",
                "countryid": "FR",
                "telephone": c.phone,
                "email": c.email,
                "birthday": c.born or "NULL",
                "vdate": f"{c.joined:%Y-%m-%d}",
                "status": 1,
                "mtime": time(c.updated),
                "ctime": time(c.joined),
                "editor": "",
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "mshop_product.csv",
        [
            {"id": p.id, "siteid": "1.", "type": "default", "code": p.sku, "dataset": "",
             "label": p.name, "url": "", "config": "{}", "start": "NULL", "end": "NULL",
             "rating": 0, "instock": 1, "status": 1, "mtime": "2025-02-03 10:00:00",
             "ctime": "2024-11-03 10:00:00", "editor": ""}
            for p in shop.products
        ],
    )  # fmt: skip
    write(
        folder / "mshop_order_address.csv",
        [
            {"id": o.id, "siteid": "1.", "parentid": o.id, "addrid": "", "type": "payment",
             "salutation": "", "firstname": o.customer.first, "lastname": o.customer.last,
             "city": o.customer.town, "email": o.customer.email, "telephone": o.customer.phone,
             "mtime": time(o.begun), "ctime": time(o.begun)}
            for o in shop.orders
        ],
    )  # fmt: skip
    write(
        folder / "mshop_order_service.csv",
        [
            {"id": o.id, "siteid": "1.", "parentid": o.id, "servid": "1", "type": "delivery",
             "code": "dhl", "name": "DHL", "price": money(0), "costs": money(o.shipping),
             "currencyid": "EUR", "pos": 0, "mtime": time(o.begun), "ctime": time(o.begun)}
            for o in shop.orders
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: false}
sources:
  orders:
    entity: orders
    path: mshop_order.csv
    format: csv
    columns:
      order_id: id
      ordered_at: ctime
      updated_at: mtime
      status: statuspayment
      total_amount: price
      shipping_amount: costs
      discount_amount: rebate
      tax_amount: tax
      channel: channel
      contact_id: customerid
      currency: currencyid
    values:
      status: {"4": pending, "6": completed, "1": cancelled, "3": refunded}
    skip:
      statuspayment: ["-1"]
  lines:
    entity: order_lines
    path: mshop_order_product.csv
    format: csv
    columns:
      order_id: parentid
      line_number: pos
      product_id: prodid
      quantity: quantity
      unit_price: price
      discount_amount: rebate
  customers:
    entity: contacts
    path: mshop_customer.csv
    format: csv
    empty_values: ["NULL"]
    columns:
      contact_id: id
      email: email
      phone: telephone
      first_name: firstname
      last_name: lastname
      gender: salutation
      birth_date: birthday
      postal_code: postal
      city: city
      country: countryid
      language: langid
      created_at: ctime
      updated_at: mtime
  products:
    entity: products
    path: mshop_product.csv
    format: csv
    columns:
      product_id: id
      name: label
      is_active: status
    constants: {category: uncategorised}
"""

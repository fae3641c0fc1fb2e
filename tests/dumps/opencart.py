"""Tables of an OpenCart database: orders that were never confirmed with a status that no table
explains, a newsletter flag without a date of change, names in two languages."""

from pathlib import Path

from tests.dumps.shop import Shop, money, time, write

STATUS = {"cart": 0, "pending": 1, "paid": 2, "shipped": 3, "completed": 5, "cancelled": 7,
          "refunded": 11}  # fmt: skip


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "oc_order.csv",
        [
            {
                "order_id": o.id,
                "invoice_no": o.id if o.paid else 0,
                "invoice_prefix": "INV-2025-00",
                "store_id": 0,
                "store_name": "Shop",
                "store_url": "https://shop.example/",
                "customer_id": 0 if o.is_guest else o.customer.id,
                "customer_group_id": 1,
                "firstname": o.customer.first,
                "lastname": o.customer.last,
                "email": o.customer.email,
                "telephone": o.customer.phone,
                "payment_firstname": o.customer.first,
                "payment_city": o.customer.town,
                "payment_method": "Card",
                "shipping_city": o.customer.town,
                "shipping_method": "Flat rate",
                "comment": "",
                "total": money(o.total, 4),
                "order_status_id": STATUS[o.state],
                "affiliate_id": 0,
                "commission": "0.0000",
                "language_id": 1,
                "currency_id": 3,
                "currency_code": "EUR",
                "currency_value": "1.00000000",
                "ip": "127.0.0.1",
                "date_added": time(o.placed or o.begun),
                "date_modified": time(o.updated),
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "oc_order_product.csv",
        [
            {
                "order_product_id": line.id,
                "order_id": o.id,
                "product_id": line.product.id,
                "name": line.product.name,
                "model": line.product.sku,
                "quantity": line.quantity,
                "price": money(line.price, 4),
                "total": money(line.total, 4),
                "tax": "0.0000",
                "reward": 0,
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "oc_customer.csv",
        [
            {
                "customer_id": c.id,
                "customer_group_id": 1,
                "store_id": 0,
                "language_id": 1,
                "firstname": c.first,
                "lastname": c.last,
                "email": c.email,
                "telephone": c.phone,
                "password": "abcdef",
                "newsletter": int(c.agreed),
                "address_id": c.id,
                "custom_field": "",
                "ip": "127.0.0.1",
                "status": 1,
                "safe": 0,
                "token": "",
                "date_added": time(c.joined),
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "oc_product.csv",
        [
            {
                "product_id": p.id,
                "model": p.sku,
                "sku": "",
                "quantity": 50,
                "stock_status_id": 7,
                "image": f"catalog/{p.id}.jpg",
                "manufacturer_id": 1 + p.id % 3,
                "shipping": 1,
                "price": money(p.price, 4),
                "points": 0,
                "tax_class_id": 9,
                "weight": "0.50000000",
                "status": 1,
                "viewed": p.id,
                "date_added": "2024-11-03 10:00:00",
                "date_modified": "2025-02-03 10:00:00",
            }
            for p in shop.products
        ],
    )
    write(
        folder / "oc_product_description.csv",
        [
            {"product_id": p.id, "language_id": n, "name": f"{article}{p.name}",
             "description": f"A fine thing, number {p.id}", "tag": "", "meta_title": p.name}
            for p in shop.products
            for n, article in ((1, ""), (2, "Le "))
        ],
    )  # fmt: skip
    write(
        folder / "oc_order_status.csv",
        [{"order_status_id": n, "language_id": 1, "name": name} for n, name in (
            (1, "Pending"), (2, "Processing"), (3, "Shipped"), (5, "Complete"), (7, "Canceled"),
            (8, "Denied"), (9, "Canceled Reversal"), (10, "Failed"), (11, "Refunded"),
        )],
    )  # fmt: skip
    write(
        folder / "oc_order_total.csv",
        [
            {"order_total_id": 2 * o.id + n, "order_id": o.id, "code": code, "title": code,
             "value": money(value, 4), "sort_order": n}
            for o in shop.orders
            for n, (code, value) in enumerate((("sub_total", o.goods), ("total", o.total)))
        ],
    )  # fmt: skip
    write(
        folder / "oc_order_history.csv",
        [
            {"order_history_id": o.id, "order_id": o.id, "order_status_id": STATUS[o.state],
             "notify": 0, "comment": "", "date_added": time(o.updated)}
            for o in shop.placed
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: oc_order.csv
    format: csv
    columns:
      order_id: order_id
      ordered_at: date_added
      updated_at: date_modified
      status: order_status_id
      total_amount: total
      contact_id: customer_id
      email: email
      phone: telephone
      currency: currency_code
    values:
      contact_id: {"0": ""}
      status: {"1": pending, "2": paid, "3": shipped, "5": completed, "7": cancelled,
               "11": refunded}
    skip:
      order_status_id: ["0"]
  lines:
    entity: order_lines
    path: oc_order_product.csv
    format: csv
    columns:
      order_id: order_id
      line_number: order_product_id
      product_id: product_id
      quantity: quantity
      unit_price: price
  customers:
    entity: contacts
    path: oc_customer.csv
    format: csv
    columns:
      contact_id: customer_id
      email: email
      phone: telephone
      first_name: firstname
      last_name: lastname
      created_at: date_added
      updated_at: date_added
  newsletter:
    entity: consents
    path: oc_customer.csv
    format: csv
    columns: {contact_id: customer_id, status: newsletter, changed_at: date_added}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: oc_product.csv
    format: csv
    columns:
      product_id: product_id
      name: model
      brand: manufacturer_id
      price: price
      is_active: status
    constants: {category: uncategorised}
"""

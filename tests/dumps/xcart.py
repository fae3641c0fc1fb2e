"""Tables of an X-Cart database: carts and orders in one table that says which, epochs, states that
two tables explain, customers called profiles whose address is a login."""

from pathlib import Path

from tests.dumps.shop import Shop, money, write

PAYMENT = {"cart": "NULL", "pending": 1, "paid": 4, "shipped": 4, "completed": 4, "cancelled": 6,
           "refunded": 7}  # fmt: skip


def _epoch(at: object) -> object:
    return int(at.timestamp()) if hasattr(at, "timestamp") else 0


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "xc_orders.csv",
        [
            {
                "order_id": o.id,
                "profile_id": o.id + 2000,
                "orig_profile_id": "NULL" if o.is_guest else o.customer.id,
                "payment_status_id": PAYMENT[o.state],
                "shipping_status_id": "NULL" if o.is_cart else 4 if o.shipped else 1,
                "currency_id": 978,
                "shipping_id": 3,
                "shipping_method_name": "DHL",
                "payment_method_name": "Card",
                "tracking": "",
                "date": _epoch(o.placed or o.begun),
                "lastRenewDate": _epoch(o.updated),
                "notes": "",
                "orderNumber": "NULL" if o.is_cart else o.id + 300,
                "total": money(o.total, 4),
                "subtotal": money(o.goods, 4),
                "is_order": "cart" if o.is_cart else "order",
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "xc_order_items.csv",
        [
            {
                "item_id": line.id,
                "object_id": line.product.id + 60,
                "order_id": o.id,
                "name": line.product.name,
                "sku": line.product.sku,
                "price": money(line.price, 4),
                "itemNetPrice": money(line.price, 4),
                "discountedSubtotal": money(line.total, 4),
                "amount": line.quantity,
                "total": money(line.total, 4),
                "subtotal": money(line.total, 4),
                "object_type": "product",
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "xc_profiles.csv",
        [
            {
                "profile_id": c.id,
                "order_id": "NULL",
                "login": c.email,
                "password": "abcdef",
                "access_level": 0,
                "added": _epoch(c.joined),
                "first_login": _epoch(c.joined),
                "last_login": _epoch(c.updated),
                "status": "E",
                "language": "fr",
                "anonymous": 0,
                "searchFakeField": f"{c.first} {c.last}",
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "xc_products.csv",
        [
            {"product_id": p.id + 60, "price": money(p.price, 4), "sku": p.sku, "enabled": 1,
             "weight": "0.5000", "free_shipping": 0, "taxable": 1, "arrivalDate": 1730600000,
             "date": 1730600000 + p.id, "updateDate": 1738500000 + p.id, "needProcess": 0}
            for p in shop.products
        ],
    )  # fmt: skip
    write(
        folder / "xc_product_translations.csv",
        [
            {"label_id": 2 * p.id + n, "id": p.id + 60, "name": f"{article}{p.name}",
             "description": "A fine thing", "code": code}
            for p in shop.products
            for n, (code, article) in enumerate((("en", ""), ("fr", "Le ")))
        ],
    )  # fmt: skip
    write(
        folder / "xc_order_payment_statuses.csv",
        [{"id": n, "code": code, "position": 10 * n} for n, code in (
            (1, "Q"), (2, "A"), (3, "PP"), (4, "P"), (5, "D"), (6, "C"), (7, "R"),
        )],
    )  # fmt: skip
    write(
        folder / "xc_order_payment_status_translations.csv",
        [{"label_id": n, "id": n, "name": name, "code": "en"} for n, name in (
            (1, "Awaiting payment"), (2, "Authorized"), (3, "Partially paid"), (4, "Paid"),
            (5, "Declined"), (6, "Canceled"), (7, "Refunded"),
        )],
    )  # fmt: skip
    write(
        folder / "xc_newsletter_subscribers.csv",
        [{"id": c.id, "profile_id": c.id, "email": c.email} for c in shop.customers if c.agreed],
    )


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: xc_orders.csv
    format: csv
    timestamp_format: epoch_seconds
    empty_values: ["NULL"]
    columns:
      order_id: order_id
      ordered_at: date
      updated_at: lastRenewDate
      status: payment_status_id
      total_amount: total
      contact_id: orig_profile_id
    values:
      status: {"1": pending, "4": paid, "6": cancelled, "7": refunded}
    skip:
      is_order: [cart]
  lines:
    entity: order_lines
    path: xc_order_items.csv
    format: csv
    columns:
      order_id: order_id
      line_number: item_id
      product_id: sku
      quantity: amount
      unit_price: price
  customers:
    entity: contacts
    path: xc_profiles.csv
    format: csv
    timestamp_format: epoch_seconds
    columns:
      contact_id: profile_id
      email: login
      language: language
      created_at: added
      updated_at: last_login
  products:
    entity: products
    path: xc_products.csv
    format: csv
    columns:
      product_id: sku
      name: sku
      price: price
      is_active: enabled
    constants: {category: uncategorised}
"""

"""Tables of a Lunar shop (Laravel): cents, orders that were never placed, shipping among the lines,
people under users and customers, names as JSON."""

import json
from pathlib import Path

from tests.dumps.shop import Shop, money, net, time, write

STATUS = {"cart": "awaiting-payment", "pending": "awaiting-payment", "paid": "payment-received",
          "shipped": "dispatched", "completed": "delivered", "cancelled": "cancelled",
          "refunded": "refunded"}  # fmt: skip


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "lunar_orders.csv",
        [
            {
                "id": o.id,
                "customer_id": "NULL",
                "user_id": "NULL" if o.is_guest else o.customer.id,
                "channel_id": 1,
                "new_customer": 0,
                "cart_id": o.id + 17,
                "status": STATUS[o.state],
                "reference": "NULL" if o.is_cart else f"2025-{o.id:06d}",
                "customer_reference": "NULL",
                "sub_total": net(o.goods),
                "discount_breakdown": "[]",
                "discount_total": o.discount,
                "shipping_breakdown": "[]",
                "shipping_total": o.shipping,
                "tax_breakdown": "[]",
                "tax_total": o.tax,
                "total": o.total,
                "notes": "NULL",
                "currency_code": "EUR",
                "compare_currency_code": "EUR",
                "exchange_rate": "1.0000",
                "placed_at": time(o.placed, never="NULL"),
                "fingerprint": f"{o.id * 104729:x}",
                "meta": "[]",
                "created_at": time(o.begun),
                "updated_at": time(o.updated),
            }
            for o in shop.orders
        ],
    )
    lines = [
        (o, "variant", line.variant, line.product.name, line.price, line.quantity)
        for o in shop.orders
        for line in o.lines
    ]
    lines += [(o, "shipping", 1, "DHL", o.shipping, 1) for o in shop.orders if o.shipping]
    write(
        folder / "lunar_order_lines.csv",
        [
            {
                "id": n,
                "order_id": o.id,
                "purchasable_type": kind,
                "purchasable_id": thing,
                "type": "shipping" if kind == "shipping" else "physical",
                "description": name,
                "option": "NULL",
                "identifier": f"x{thing}",
                "unit_price": price,
                "unit_quantity": 1,
                "quantity": quantity,
                "sub_total": price * quantity,
                "discount_total": 0,
                "tax_breakdown": "[]",
                "tax_total": 0,
                "total": price * quantity,
                "notes": "NULL",
                "meta": "[]",
                "created_at": time(o.begun),
                "updated_at": time(o.begun),
            }
            for n, (o, kind, thing, name, price, quantity) in enumerate(lines, start=1)
        ],
    )
    write(
        folder / "users.csv",
        [
            {
                "id": c.id,
                "name": f"{c.first} {c.last}",
                "email": c.email,
                "email_verified_at": time(c.joined),
                "password": "$2y$10$abcdef",
                "remember_token": "NULL",
                "accepts_marketing": int(c.agreed),
                "created_at": time(c.joined),
                "updated_at": time(c.updated),
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "lunar_product_variants.csv",
        [
            {"id": v, "product_id": p.id, "tax_class_id": 1, "sku": f"{p.sku}-{v}", "gtin": "NULL",
             "unit_quantity": 1, "stock": 50, "backorder": 0, "purchasable": "always",
             "created_at": "2024-11-03 10:00:00", "updated_at": "2025-02-03 10:00:00"}
            for p in shop.products
            for v in p.variants
        ],
    )  # fmt: skip
    write(
        folder / "lunar_products.csv",
        [
            {"id": p.id, "brand_id": 1 + p.id % 3, "product_type_id": 1, "status": "published",
             "attribute_data": json.dumps({"name": {"value": {"en": p.name}}}),
             "created_at": "2024-11-03 10:00:00", "updated_at": "2025-02-03 10:00:00",
             "deleted_at": "NULL"}
            for p in shop.products
        ],
    )  # fmt: skip
    write(
        folder / "lunar_prices.csv",
        [
            {"id": v + 4, "customer_group_id": "NULL", "currency_id": 1, "tier": 1,
             "priceable_id": v, "price": p.price, "min_quantity": 1}
            for p in shop.products
            for v in p.variants
        ],
    )  # fmt: skip
    write(
        folder / "lunar_order_addresses.csv",
        [
            {"id": o.id, "order_id": o.id, "country_id": 75, "first_name": o.customer.first,
             "last_name": o.customer.last, "city": o.customer.town,
             "postcode": o.customer.postcode, "contact_email": o.customer.email,
             "contact_phone": o.customer.phone, "type": "billing", "created_at": time(o.begun)}
            for o in shop.orders
        ],
    )  # fmt: skip
    write(
        folder / "lunar_tax_rates.csv",
        [{"id": 1, "tax_zone_id": 1, "priority": 1, "name": "TVA", "percentage": money(2000)}],
    )


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: lunar_orders.csv
    format: csv
    minor_units: true
    empty_values: ["NULL"]
    columns:
      order_id: id
      ordered_at: placed_at
      updated_at: updated_at
      status: status
      total_amount: total
      tax_amount: tax_total
      shipping_amount: shipping_total
      discount_amount: discount_total
      contact_id: user_id
      currency: currency_code
    values:
      status: {awaiting-payment: pending, payment-received: paid, dispatched: shipped,
               delivered: completed}
    skip:
      placed_at: [""]
  lines:
    entity: order_lines
    path: lunar_order_lines.csv
    format: csv
    minor_units: true
    columns:
      order_id: order_id
      line_number: id
      product_id: purchasable_id
      quantity: quantity
      unit_price: unit_price
      discount_amount: discount_total
    skip:
      purchasable_type: [shipping]
  customers:
    entity: contacts
    path: users.csv
    format: csv
    columns:
      contact_id: id
      email: email
      last_name: name
      created_at: created_at
      updated_at: updated_at
  marketing:
    entity: consents
    path: users.csv
    format: csv
    columns: {contact_id: id, status: accepts_marketing, changed_at: updated_at}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: lunar_product_variants.csv
    format: csv
    columns:
      product_id: id
      name: sku
    constants: {category: uncategorised}
"""

"""Tables of a Drupal Commerce site: epochs, fields parted by two underscores, carts that were never
placed, customer 0 for guests, lines that name variations as entities."""

from pathlib import Path

from tests.dumps.shop import Shop, money, uuid, write

STATE = {"cart": "draft", "pending": "fulfillment", "paid": "fulfillment", "shipped": "fulfillment",
         "completed": "completed", "cancelled": "canceled", "refunded": "completed"}  # fmt: skip


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "commerce_order.csv",
        [
            {
                "order_id": o.id,
                "type": "default",
                "uuid": uuid("order", o.id),
                "order_number": "NULL" if o.is_cart else o.id,
                "version": 6,
                "store_id": 1,
                "uid": 0 if o.is_guest else o.customer.id + 1,
                "mail": "NULL" if o.is_cart and o.is_guest else o.customer.email,
                "ip_address": "127.0.0.1",
                "billing_profile__target_id": "NULL" if o.is_cart else o.id,
                "total_price__number": money(o.total, 6),
                "total_price__currency_code": "EUR",
                "total_paid__number": money(o.total if o.paid else 0, 6),
                "total_paid__currency_code": "EUR",
                "state": STATE[o.state],
                "data": "a:0:{}",
                "locked": 0,
                "created": int(o.begun.timestamp()),
                "changed": int(o.updated.timestamp()),
                "placed": int(o.placed.timestamp()) if o.placed else "NULL",
                "completed": int(o.shipped.timestamp()) if o.shipped else "NULL",
                "cart": int(o.is_cart),
                "checkout_flow": "default",
                "checkout_step": "order_information" if o.is_cart else "complete",
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "commerce_order_item.csv",
        [
            {
                "order_item_id": line.id,
                "type": "default",
                "uuid": uuid("line", line.id),
                "order_id": o.id,
                "purchased_entity": line.variant,
                "title": line.product.name,
                "quantity": f"{line.quantity}.00",
                "unit_price__number": money(line.price, 6),
                "unit_price__currency_code": "EUR",
                "overridden_unit_price": 0,
                "total_price__number": money(line.total, 6),
                "total_price__currency_code": "EUR",
                "data": "a:0:{}",
                "created": int(o.begun.timestamp()),
                "changed": int(o.begun.timestamp()),
                "locked": 0,
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "users_field_data.csv",
        [
            {
                "uid": c.id + 1,
                "langcode": "fr",
                "preferred_langcode": "fr",
                "preferred_admin_langcode": "NULL",
                "name": f"{c.first.lower()}{c.id}",
                "pass": "$S$Eabcdef",
                "mail": c.email,
                "timezone": "Europe/Paris",
                "status": 1,
                "created": int(c.joined.timestamp()),
                "changed": int(c.updated.timestamp()),
                "access": int(c.updated.timestamp()),
                "login": int(c.updated.timestamp()),
                "init": c.email,
                "default_langcode": 1,
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "commerce_product_field_data.csv",
        [
            {"product_id": p.id, "type": "default", "langcode": "fr", "uid": 1, "title": p.name,
             "status": 1, "created": 1730600000, "changed": 1738500000, "default_langcode": 1}
            for p in shop.products
        ],
    )  # fmt: skip
    write(
        folder / "commerce_product_variation_field_data.csv",
        [
            {
                "variation_id": variant,
                "type": "default",
                "langcode": "fr",
                "uid": 1,
                "product_id": p.id,
                "sku": f"{p.sku}-{variant}",
                "title": f"{p.name} - {variant % 2}",
                "price__number": money(p.price, 6),
                "price__currency_code": "EUR",
                "status": 1,
                "created": 1730600000 + variant,
                "changed": 1738500000 + variant,
                "default_langcode": 1,
            }
            for p in shop.products
            for variant in p.variants
        ],
    )
    write(
        folder / "commerce_payment.csv",
        [
            {"payment_id": o.id, "type": "payment_default", "payment_gateway": "stripe",
             "order_id": o.id, "remote_id": f"pi_{o.id * 7}", "amount__number": money(o.total, 6),
             "amount__currency_code": "EUR", "refunded_amount__number": money(0, 6),
             "state": "completed", "completed": int(o.paid.timestamp())}
            for o in shop.placed
            if o.paid
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: commerce_order.csv
    format: csv
    timestamp_format: epoch_seconds
    empty_values: ["NULL"]
    columns:
      order_id: order_id
      ordered_at: placed
      updated_at: changed
      status: state
      total_amount: total_price__number
      contact_id: uid
      email: mail
      currency: total_price__currency_code
      store_id: store_id
    values:
      contact_id: {"0": ""}
      status: {canceled: cancelled, fulfillment: paid}
    skip:
      placed: [""]
  lines:
    entity: order_lines
    path: commerce_order_item.csv
    format: csv
    columns:
      order_id: order_id
      line_number: order_item_id
      product_id: purchased_entity
      quantity: quantity
      unit_price: unit_price__number
  customers:
    entity: contacts
    path: users_field_data.csv
    format: csv
    timestamp_format: epoch_seconds
    columns:
      contact_id: uid
      email: mail
      language: langcode
      created_at: created
      updated_at: changed
  products:
    entity: products
    path: commerce_product_variation_field_data.csv
    format: csv
    columns:
      product_id: variation_id
      name: title
      price: price__number
      is_active: status
    constants: {category: uncategorised}
"""

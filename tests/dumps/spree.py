"""Tables of a Spree database (psql, nulls as \\N): carts among the orders, states in three columns,
lines that name variants, prices in a table of their own."""

from pathlib import Path

from tests.dumps.shop import Shop, money, time, write

STATE = {"cart": "address", "pending": "complete", "paid": "complete", "shipped": "complete",
         "completed": "complete", "cancelled": "canceled", "refunded": "returned"}  # fmt: skip
PAYMENT = {"cart": "\\N", "pending": "balance_due", "cancelled": "void"}
SHIPMENT = {"cart": "\\N", "pending": "pending", "paid": "ready", "cancelled": "canceled"}
TIME = "%Y-%m-%d %H:%M:%S.123456"


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "spree_orders.csv",
        [
            {
                "id": o.id,
                "number": f"R{o.id * 7919 % 10**9:09d}",
                "item_total": money(o.goods),
                "total": money(o.total),
                "state": STATE[o.state],
                "adjustment_total": money(-o.discount),
                "user_id": "\\N" if o.is_guest else o.customer.id,
                "completed_at": time(o.placed, TIME, "\\N"),
                "bill_address_id": "\\N" if o.is_cart else o.id,
                "ship_address_id": "\\N" if o.is_cart else o.id,
                "payment_total": money(o.total if o.paid else 0),
                "shipment_state": SHIPMENT.get(o.state, "shipped"),
                "payment_state": PAYMENT.get(o.state, "paid"),
                "email": "\\N" if o.is_cart and o.is_guest else o.customer.email,
                "special_instructions": "\\N",
                "created_at": time(o.begun, TIME),
                "updated_at": time(o.updated, TIME),
                "currency": "EUR",
                "last_ip_address": "127.0.0.1",
                "created_by_id": "\\N",
                "shipment_total": money(o.shipping),
                "additional_tax_total": money(0),
                "promo_total": money(-o.discount),
                "channel": "spree",
                "included_tax_total": money(o.tax),
                "item_count": sum(line.quantity for line in o.lines),
                "approver_id": "\\N",
                "confirmation_delivered": "f" if o.is_cart else "t",
                "canceled_at": time(o.updated, TIME) if o.state == "cancelled" else "\\N",
                "canceler_id": "\\N",
                "store_id": 1,
                "taxable_adjustment_total": money(0),
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "spree_line_items.csv",
        [
            {
                "id": line.id,
                "variant_id": line.variant,
                "order_id": o.id,
                "quantity": line.quantity,
                "price": money(line.price),
                "created_at": time(o.begun, TIME),
                "updated_at": time(o.begun, TIME),
                "currency": "EUR",
                "cost_price": "\\N",
                "tax_category_id": 1,
                "adjustment_total": money(0),
                "additional_tax_total": money(0),
                "promo_total": money(0),
                "included_tax_total": money(line.total // 6),
                "pre_tax_amount": money(line.total * 5 // 6, 4),
                "taxable_adjustment_total": money(0),
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "spree_users.csv",
        [
            {
                "id": c.id,
                "encrypted_password": "$2a$10$abcdef",
                "email": c.email,
                "remember_token": "\\N",
                "persistence_token": "\\N",
                "sign_in_count": c.id % 9,
                "failed_attempts": 0,
                "last_request_at": "\\N",
                "current_sign_in_at": time(c.updated, TIME),
                "last_sign_in_at": time(c.updated, TIME),
                "login": c.email,
                "ship_address_id": "\\N",
                "bill_address_id": "\\N",
                "created_at": time(c.joined, TIME),
                "updated_at": time(c.updated, TIME),
                "deleted_at": time(c.updated, TIME) if c.id % 40 == 0 else "\\N",
                "first_name": c.first,
                "last_name": c.last,
                "accept_email_marketing": "t" if c.agreed else "f",
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "spree_products.csv",
        [
            {
                "id": p.id,
                "name": p.name,
                "description": f"A fine thing, number {p.id}",
                "available_on": "2024-11-03 10:00:00",
                "deleted_at": "\\N",
                "slug": p.name.lower().replace(" ", "-"),
                "meta_description": "\\N",
                "tax_category_id": 1,
                "shipping_category_id": 1,
                "created_at": "2024-11-03 10:00:00.123456",
                "updated_at": "2025-02-03 10:00:00.123456",
                "promotionable": "t",
                "status": "active",
            }
            for p in shop.products
        ],
    )
    variants = [(p, i) for p in shop.products for i in (0, 1)]
    write(
        folder / "spree_variants.csv",
        [
            {
                "id": p.variants[i],
                "sku": f"{p.sku}-{i}",
                "weight": "0.0",
                "height": "\\N",
                "deleted_at": "\\N",
                "is_master": "ft"[i == 0],
                "product_id": p.id,
                "cost_price": money(p.price // 2),
                "position": 1 + i,
                "cost_currency": "EUR",
                "track_inventory": "t",
                "tax_category_id": "\\N",
                "updated_at": "2025-02-03 10:00:00.123456",
                "created_at": "2024-11-03 10:00:00.123456",
            }
            for p, i in variants
        ],
    )
    write(
        folder / "spree_prices.csv",
        [
            {"id": p.variants[i] + 7, "variant_id": p.variants[i], "amount": money(p.price),
             "currency": "EUR", "deleted_at": "\\N", "compare_at_amount": "\\N"}
            for p, i in variants
        ],
    )  # fmt: skip
    write(
        folder / "spree_payments.csv",
        [
            {"id": o.id, "amount": money(o.total), "order_id": o.id, "source_id": o.id,
             "payment_method_id": 2, "state": "completed", "response_code": f"pi_{o.id * 7919}",
             "created_at": time(o.paid, TIME), "updated_at": time(o.paid, TIME), "number": o.id}
            for o in shop.placed
            if o.paid
        ],
    )  # fmt: skip
    write(
        folder / "spree_addresses.csv",
        [
            {"id": o.id, "firstname": o.customer.first, "lastname": o.customer.last,
             "address1": "rue Haute", "city": o.customer.town, "zipcode": o.customer.postcode,
             "phone": o.customer.phone, "country_id": 75, "created_at": time(o.begun, TIME),
             "updated_at": time(o.begun, TIME), "user_id": o.customer.id}
            for o in shop.placed
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: spree_orders.csv
    format: csv
    empty_values: ['\\N']
    columns:
      order_id: id
      ordered_at: completed_at
      updated_at: updated_at
      cancelled_at: canceled_at
      status: state
      total_amount: total
      contact_id: user_id
      email: email
      currency: currency
      shipping_amount: shipment_total
      tax_amount: included_tax_total
      store_id: store_id
    values:
      status: {complete: completed, canceled: cancelled, returned: refunded}
    skip:
      completed_at: [""]
  lines:
    entity: order_lines
    path: spree_line_items.csv
    format: csv
    columns:
      order_id: order_id
      line_number: id
      product_id: variant_id
      quantity: quantity
      unit_price: price
  customers:
    entity: contacts
    path: spree_users.csv
    format: csv
    empty_values: ['\\N']
    columns:
      contact_id: id
      email: email
      first_name: first_name
      last_name: last_name
      created_at: created_at
      updated_at: updated_at
    overrides:
      is_deleted:
        deleted_at: {"*": "true"}
  newsletter:
    entity: consents
    path: spree_users.csv
    format: csv
    columns: {contact_id: id, status: accept_email_marketing, changed_at: updated_at}
    constants: {channel: email}
    values:
      status: {f: withdrawn, t: granted}
  products:
    entity: products
    path: spree_variants.csv
    format: csv
    columns:
      product_id: id
      name: sku
    constants: {category: uncategorised}
"""

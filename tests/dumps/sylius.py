"""Tables of a Sylius database (MySQL, NULL written out): carts are orders that were never
completed, amounts are cents, lines name variants, states stand in three columns."""

from pathlib import Path

from tests.dumps.shop import Shop, time, write

STATE = {"cart": "cart", "pending": "new", "paid": "new", "shipped": "fulfilled",
         "completed": "fulfilled", "cancelled": "cancelled", "refunded": "fulfilled"}  # fmt: skip
PAYMENT = {"cart": "cart", "pending": "awaiting_payment", "cancelled": "cancelled",
           "refunded": "refunded"}  # fmt: skip
SHIPPING = {"cart": "cart", "pending": "ready", "paid": "ready", "cancelled": "cancelled"}


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "sylius_order.csv",
        [
            {
                "id": o.id,
                "channel_id": 1,
                "promotion_coupon_id": "NULL",
                "customer_id": "NULL" if o.is_cart and o.id % 2 else o.customer.id,
                "shipping_address_id": "NULL" if o.is_cart else 2 * o.id,
                "billing_address_id": "NULL" if o.is_cart else 2 * o.id + 1,
                "number": "NULL" if o.is_cart else f"{o.id:09d}",
                "notes": "NULL",
                "state": STATE[o.state],
                "checkout_completed_at": time(o.placed, never="NULL"),
                "items_total": o.goods - o.discount,
                "adjustments_total": o.shipping,
                "total": o.total,
                "created_at": time(o.begun),
                "updated_at": time(o.updated),
                "currency_code": "EUR",
                "locale_code": "fr_FR",
                "checkout_state": "cart" if o.is_cart else "completed",
                "payment_state": PAYMENT.get(o.state, "paid"),
                "shipping_state": SHIPPING.get(o.state, "shipped"),
                "token_value": f"{o.id * 104729:x}",
                "customer_ip": "NULL" if o.is_cart else "127.0.0.1",
                "created_by_guest": int(o.is_guest),
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "sylius_order_item.csv",
        [
            {
                "id": line.id,
                "order_id": o.id,
                "variant_id": line.variant,
                "quantity": line.quantity,
                "unit_price": line.price,
                "units_total": line.total,
                "adjustments_total": 0,
                "total": line.total,
                "is_immutable": 0,
                "product_name": line.product.name,
                "variant_name": "NULL",
                "version": 1,
                "original_unit_price": line.price,
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "sylius_customer.csv",
        [
            {
                "id": c.id,
                "customer_group_id": "NULL",
                "default_address_id": "NULL",
                "email": c.email,
                "email_canonical": c.email,
                "first_name": c.first,
                "last_name": c.last,
                "birthday": f"{c.born} 00:00:00" if c.born else "NULL",
                "gender": "f" if c.is_woman else "m",
                "created_at": time(c.joined),
                "updated_at": time(c.updated),
                "phone_number": c.phone,
                "subscribed_to_newsletter": int(c.agreed),
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "sylius_product.csv",
        [
            {
                "id": p.id,
                "main_taxon_id": 4 + p.kind,
                "code": f"product_{p.id}",
                "created_at": "2024-11-03 10:00:00",
                "updated_at": "2025-02-03 10:00:00",
                "enabled": 1,
                "variant_selection_method": "choice",
                "average_rating": 0,
            }
            for p in shop.products
        ],
    )
    write(
        folder / "sylius_product_variant.csv",
        [
            {
                "id": variant,
                "product_id": p.id,
                "tax_category_id": 1,
                "shipping_category_id": "NULL",
                "code": f"{p.sku}-{variant}",
                "created_at": "2024-11-03 10:00:00",
                "updated_at": "2025-02-03 10:00:00",
                "position": variant % 2,
                "enabled": 1,
                "version": 1,
                "on_hold": 0,
                "on_hand": 12,
                "tracked": 0,
                "width": "NULL",
                "height": "NULL",
                "weight": "NULL",
            }
            for p in shop.products
            for variant in p.variants
        ],
    )
    write(
        folder / "sylius_product_translation.csv",
        [
            {
                "id": 2 * p.id + i,
                "translatable_id": p.id,
                "name": p.name if locale == "en_US" else f"Le {p.name}",
                "slug": p.name.lower().replace(" ", "-"),
                "description": f"A fine thing, number {p.id}",
                "locale": locale,
            }
            for p in shop.products
            for i, locale in enumerate(("en_US", "fr_FR"))
        ],
    )
    write(
        folder / "sylius_adjustment.csv",
        [
            {
                "id": o.id,
                "order_id": o.id,
                "order_item_id": "NULL",
                "type": "shipping",
                "label": "Colissimo",
                "amount": o.shipping,
                "is_neutral": 0,
                "is_locked": 0,
                "created_at": time(o.begun),
                "updated_at": time(o.begun),
            }
            for o in shop.orders
        ],
    )


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: sylius_order.csv
    format: csv
    minor_units: true
    empty_values: ["NULL"]
    columns:
      order_id: id
      ordered_at: checkout_completed_at
      updated_at: updated_at
      status: state
      total_amount: total
      contact_id: customer_id
      currency: currency_code
    values:
      status: {fulfilled: completed, new: pending}
    overrides:
      status:
        payment_state: {refunded: refunded}
    skip:
      checkout_completed_at: [""]
  lines:
    entity: order_lines
    path: sylius_order_item.csv
    format: csv
    minor_units: true
    columns:
      order_id: order_id
      line_number: id
      product_id: variant_id
      quantity: quantity
      unit_price: unit_price
  customers:
    entity: contacts
    path: sylius_customer.csv
    format: csv
    empty_values: ["NULL"]
    columns:
      contact_id: id
      email: email
      phone: phone_number
      first_name: first_name
      last_name: last_name
      birth_date: birthday
      gender: gender
      created_at: created_at
      updated_at: updated_at
  newsletter:
    entity: consents
    path: sylius_customer.csv
    format: csv
    columns: {contact_id: id, status: subscribed_to_newsletter, changed_at: updated_at}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: sylius_product_variant.csv
    format: csv
    columns:
      product_id: id
      name: code
      is_active: enabled
    constants: {category: uncategorised}
"""

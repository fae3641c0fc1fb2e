"""Tables of a Bagisto database (Laravel): every amount twice, states as words, products flat in two
languages, a newsletter flag in two words."""

from pathlib import Path

from tests.dumps.shop import Shop, money, time, write

STATUS = {"pending": "pending_payment", "paid": "processing", "shipped": "processing",
          "completed": "completed", "cancelled": "canceled", "refunded": "closed"}  # fmt: skip


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    orders = []
    for o in shop.placed:
        twice = {
            "grand_total": o.total, "grand_total_invoiced": o.total if o.paid else 0,
            "grand_total_refunded": o.total if o.state == "refunded" else 0,
            "sub_total": o.goods, "sub_total_invoiced": o.goods if o.paid else 0,
            "discount_amount": o.discount, "discount_invoiced": 0, "tax_amount": 0,
            "shipping_amount": o.shipping, "shipping_invoiced": 0,
        }  # fmt: skip
        amounts = {f"{b}{name}": money(v, 4) for name, v in twice.items() for b in ("", "base_")}
        orders.append(
            {
                "id": o.id,
                "increment_id": o.id + 10_000,
                "status": STATUS[o.state],
                "channel_name": "Default",
                "is_guest": int(o.is_guest),
                "customer_email": o.customer.email,
                "customer_first_name": o.customer.first,
                "customer_last_name": o.customer.last,
                "shipping_method": "flatrate_flatrate",
                "coupon_code": "WELCOME" if o.discount else "NULL",
                "is_gift": 0,
                "total_item_count": len(o.lines),
                "total_qty_ordered": sum(line.quantity for line in o.lines),
                "base_currency_code": "EUR",
                "channel_currency_code": "EUR",
                "order_currency_code": "EUR",
                **amounts,
                "customer_id": "NULL" if o.is_guest else o.customer.id,
                "customer_type": "Webkul\\Customer\\Models\\Customer",
                "channel_id": 1,
                "channel_type": "Webkul\\Core\\Models\\Channel",
                "created_at": time(o.placed),
                "updated_at": time(o.updated),
                "cart_id": o.id + 55,
            }
        )
    write(folder / "orders.csv", orders)
    write(
        folder / "order_items.csv",
        [
            {
                "id": line.id,
                "sku": line.product.sku,
                "type": "simple",
                "name": line.product.name,
                "weight": "0.5000",
                "qty_ordered": line.quantity,
                "qty_shipped": line.quantity if o.shipped else 0,
                "qty_invoiced": line.quantity if o.paid else 0,
                "qty_canceled": 0,
                "qty_refunded": 0,
                "price": money(line.price, 4),
                "base_price": money(line.price, 4),
                "total": money(line.total, 4),
                "base_total": money(line.total, 4),
                "tax_percent": "0.0000",
                "tax_amount": "0.0000",
                "discount_percent": "0.0000",
                "discount_amount": "0.0000",
                "product_id": line.product.id,
                "product_type": "Webkul\\Product\\Models\\Product",
                "order_id": o.id,
                "parent_id": "NULL",
                "additional": '{"quantity": 1}',
                "created_at": time(o.placed),
                "updated_at": time(o.updated),
            }
            for o in shop.placed
            for line in o.lines
        ],
    )
    write(
        folder / "customers.csv",
        [
            {
                "id": c.id,
                "first_name": c.first,
                "last_name": c.last,
                "gender": "Female" if c.is_woman else "Male",
                "date_of_birth": c.born or "NULL",
                "email": c.email,
                "phone": c.phone,
                "image": "NULL",
                "status": 1,
                "password": "$2y$10$abcdef",
                "api_token": "x",
                "customer_group_id": 2,
                "subscribed_to_news_letter": int(c.agreed),
                "is_verified": 1,
                "is_suspended": 0,
                "token": "NULL",
                "created_at": time(c.joined),
                "updated_at": time(c.updated),
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "product_flat.csv",
        [
            {
                "id": 2 * p.id + n,
                "sku": p.sku,
                "type": "simple",
                "product_number": "",
                "name": f"{article}{p.name}",
                "short_description": "A fine thing",
                "url_key": p.name.lower().replace(" ", "-"),
                "new": 0,
                "featured": 0,
                "status": 1,
                "price": money(p.price, 4),
                "special_price": "NULL",
                "weight": "0.5000",
                "created_at": "2024-11-03 10:00:00",
                "locale": locale,
                "channel": "default",
                "product_id": p.id,
                "updated_at": "2025-02-03 10:00:00",
                "parent_id": "NULL",
                "visible_individually": 1,
            }
            for p in shop.products
            for n, (locale, article) in enumerate((("en", ""), ("fr", "Le ")))
        ],
    )
    write(
        folder / "products.csv",
        [
            {"id": p.id, "sku": p.sku, "type": "simple", "created_at": "2024-11-03 10:00:00",
             "updated_at": "2025-02-03 10:00:00", "parent_id": "NULL", "attribute_family_id": 1}
            for p in shop.products
        ],
    )  # fmt: skip
    write(
        folder / "addresses.csv",
        [
            {"id": 2 * o.id + n, "address_type": kind, "customer_id": o.customer.id,
             "order_id": o.id, "first_name": o.customer.first, "last_name": o.customer.last,
             "address1": "rue Haute", "postcode": o.customer.postcode, "city": o.customer.town,
             "country": "FR", "email": o.customer.email, "phone": o.customer.phone,
             "created_at": time(o.placed), "updated_at": time(o.placed)}
            for o in shop.placed
            for n, kind in enumerate(("order_billing", "order_shipping"))
        ],
    )  # fmt: skip
    write(
        folder / "subscribers_list.csv",
        [
            {"id": c.id, "email": c.email, "is_subscribed": int(c.id % 6 == 0), "token": "x",
             "channel_id": 1, "customer_id": c.id, "created_at": time(c.joined),
             "updated_at": time(c.updated)}
            for c in shop.customers
            if c.agreed
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: orders.csv
    format: csv
    empty_values: ["NULL"]
    columns:
      order_id: id
      ordered_at: created_at
      updated_at: updated_at
      status: status
      total_amount: grand_total
      discount_amount: discount_amount
      shipping_amount: shipping_amount
      tax_amount: tax_amount
      contact_id: customer_id
      email: customer_email
      currency: order_currency_code
      coupon_code: coupon_code
    values:
      status: {pending_payment: pending, processing: paid, canceled: cancelled, closed: refunded}
  lines:
    entity: order_lines
    path: order_items.csv
    format: csv
    columns:
      order_id: order_id
      line_number: id
      product_id: sku
      quantity: qty_ordered
      unit_price: price
      discount_amount: discount_amount
  customers:
    entity: contacts
    path: customers.csv
    format: csv
    empty_values: ["NULL"]
    columns:
      contact_id: id
      email: email
      phone: phone
      first_name: first_name
      last_name: last_name
      gender: gender
      birth_date: date_of_birth
      created_at: created_at
      updated_at: updated_at
  newsletter:
    entity: consents
    path: customers.csv
    format: csv
    columns: {contact_id: id, status: subscribed_to_news_letter, changed_at: updated_at}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  subscribers:
    entity: consents
    path: subscribers_list.csv
    format: csv
    columns: {contact_id: customer_id, email: email, status: is_subscribed, changed_at: updated_at}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: product_flat.csv
    format: csv
    columns:
      product_id: sku
      name: name
      price: price
      is_active: status
    constants: {category: uncategorised}
    keep:
      locale: [fr]
"""

"""Tables of a Saleor database (psql): UUIDs for orders and their lines, drafts among the orders,
gross and net amounts side by side."""

from pathlib import Path

from tests.dumps.shop import Shop, money, net, time, uuid, write

STATUS = {"cart": "draft", "pending": "unfulfilled", "paid": "unfulfilled",
          "shipped": "partially fulfilled", "completed": "fulfilled", "cancelled": "canceled",
          "refunded": "returned"}  # fmt: skip
TIME = "%Y-%m-%d %H:%M:%S.654321+00"


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "order_order.csv",
        [
            {
                "id": uuid("order", o.id),
                "number": o.id,
                "created_at": time(o.begun, TIME),
                "updated_at": time(o.updated, TIME),
                "expired_at": "",
                "status": STATUS[o.state],
                "authorize_status": "none",
                "charge_status": "full" if o.paid else "none",
                "user_id": "" if o.is_guest else o.customer.id,
                "language_code": "fr",
                "tracking_client_id": "",
                "billing_address_id": 2 * o.id,
                "shipping_address_id": 2 * o.id + 1,
                "user_email": o.customer.email,
                "original_id": "",
                "origin": "draft" if o.is_cart else "checkout",
                "currency": "EUR",
                "shipping_method_id": 7,
                "shipping_method_name": "Colissimo",
                "channel_id": 1,
                "shipping_price_net_amount": money(net(o.shipping), 3),
                "shipping_price_gross_amount": money(o.shipping, 3),
                "shipping_tax_rate": "0.2000",
                "checkout_token": uuid("checkout", o.id),
                "total_net_amount": money(net(o.total), 3),
                "undiscounted_total_net_amount": money(net(o.total + o.discount), 3),
                "total_gross_amount": money(o.total, 3),
                "undiscounted_total_gross_amount": money(o.total + o.discount, 3),
                "total_charged_amount": money(o.total if o.paid else 0, 3),
                "voucher_id": "",
                "voucher_code": "WELCOME" if o.discount else "",
                "display_gross_prices": "t",
                "customer_note": "",
                "weight": 0.5,
                "redirect_url": "",
                "metadata": "{}",
                "private_metadata": "{}",
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "order_orderline.csv",
        [
            {
                "id": uuid("line", line.id),
                "created_at": time(o.begun, TIME),
                "order_id": uuid("order", o.id),
                "variant_id": line.variant,
                "product_name": line.product.name,
                "variant_name": ("S", "M")[line.variant % 2],
                "translated_product_name": "",
                "product_sku": f"{line.product.sku}-{line.variant}",
                "product_variant_id": f"UHJvZHVjdFZhcmlhbnQ6{line.variant}",
                "is_shipping_required": "t",
                "is_gift_card": "f",
                "quantity": line.quantity,
                "quantity_fulfilled": line.quantity if o.shipped else 0,
                "currency": "EUR",
                "unit_discount_amount": "0.000",
                "unit_price_net_amount": money(net(line.price), 3),
                "unit_price_gross_amount": money(line.price, 3),
                "total_price_net_amount": money(net(line.total), 3),
                "total_price_gross_amount": money(line.total, 3),
                "undiscounted_unit_price_gross_amount": money(line.price, 3),
                "tax_rate": "0.2000",
                "metadata": "{}",
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "account_user.csv",
        [
            {
                "id": c.id,
                "is_superuser": "f",
                "email": c.email,
                "is_staff": "f",
                "is_active": "t",
                "password": "pbkdf2_sha256$abc",
                "date_joined": time(c.joined, TIME),
                "last_login": time(c.updated, TIME),
                "default_billing_address_id": c.id,
                "default_shipping_address_id": c.id,
                "note": "",
                "first_name": c.first,
                "last_name": c.last,
                "avatar": "",
                "private_metadata": "{}",
                "metadata": "{}",
                "jwt_token_key": f"{c.id * 104729:x}",
                "language_code": "fr",
                "updated_at": time(c.updated, TIME),
                "uuid": uuid("user", c.id),
                "is_confirmed": "t",
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "product_product.csv",
        [
            {
                "id": p.id,
                "name": p.name,
                "description": "{}",
                "product_type_id": 3,
                "category_id": 20 + p.kind,
                "seo_title": "",
                "weight": "",
                "metadata": "{}",
                "slug": p.name.lower().replace(" ", "-"),
                "rating": "",
                "default_variant_id": p.variants[0],
                "created_at": "2024-11-03 10:00:00.654321+00",
                "updated_at": "2025-02-03 10:00:00.654321+00",
            }
            for p in shop.products
        ],
    )
    write(
        folder / "product_productvariant.csv",
        [
            {
                "id": variant,
                "sku": f"{p.sku}-{variant}",
                "name": ("S", "M")[variant % 2],
                "product_id": p.id,
                "track_inventory": "t",
                "weight": "",
                "metadata": "{}",
                "sort_order": variant % 2,
                "is_preorder": "f",
                "created_at": "2024-11-03 10:00:00.654321+00",
                "updated_at": "2025-02-03 10:00:00.654321+00",
            }
            for p in shop.products
            for variant in p.variants
        ],
    )
    write(
        folder / "product_category.csv",
        [
            {"id": 20 + n, "name": name, "slug": name.lower(), "description": "{}", "lft": n,
             "rght": n + 1, "tree_id": n, "level": 0, "parent_id": ""}
            for n, name in enumerate(shop.kinds)
        ],
    )  # fmt: skip
    write(
        folder / "payment_payment.csv",
        [
            {"id": o.id, "gateway": "mirumee.payments.dummy", "is_active": "t",
             "created_at": time(o.paid, TIME), "charge_status": "fully-charged",
             "order_id": uuid("order", o.id), "currency": "EUR", "total": money(o.total, 3),
             "captured_amount": money(o.total, 3), "billing_email": o.customer.email}
            for o in shop.placed
            if o.paid
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: order_order.csv
    format: csv
    columns:
      order_id: id
      ordered_at: created_at
      updated_at: updated_at
      status: status
      total_amount: total_gross_amount
      contact_id: user_id
      email: user_email
      currency: currency
      shipping_amount: shipping_price_gross_amount
      coupon_code: voucher_code
    values:
      status: {unfulfilled: paid, fulfilled: completed, canceled: cancelled, returned: refunded,
               partially fulfilled: shipped}
    skip:
      status: [draft]
  lines:
    entity: order_lines
    path: order_orderline.csv
    format: csv
    columns:
      order_id: order_id
      product_id: variant_id
      quantity: quantity
      unit_price: unit_price_gross_amount
    number_lines: true
  customers:
    entity: contacts
    path: account_user.csv
    format: csv
    columns:
      contact_id: id
      email: email
      first_name: first_name
      last_name: last_name
      language: language_code
      created_at: date_joined
      updated_at: updated_at
  products:
    entity: products
    path: product_productvariant.csv
    format: csv
    columns:
      product_id: id
      name: sku
    constants: {category: uncategorised}
"""

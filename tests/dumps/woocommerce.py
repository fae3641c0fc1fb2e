"""Tables of a WooCommerce database: refunds and drafts beside orders of one table, lines that tell
what they come to and no price, customers under two ids, times called gmt."""

from pathlib import Path

from tests.dumps.shop import Shop, money, net, time, write

STATUS = {"cart": "wc-checkout-draft", "pending": "wc-on-hold", "paid": "wc-processing",
          "shipped": "wc-completed", "completed": "wc-completed", "cancelled": "wc-cancelled",
          "refunded": "wc-refunded"}  # fmt: skip


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    orders = [
        {
            "id": 1000 + o.id,
            "status": STATUS[o.state],
            "currency": "EUR",
            "type": "shop_order",
            "tax_amount": money(o.tax, 8),
            "total_amount": money(o.total, 8),
            "customer_id": 0 if o.is_guest else o.customer.id + 10,
            "billing_email": o.customer.email,
            "date_created_gmt": time(o.placed or o.begun),
            "date_updated_gmt": time(o.updated),
            "parent_order_id": 0,
            "payment_method": "stripe",
            "payment_method_title": "Card",
            "transaction_id": f"pi_{o.id * 7919}" if o.paid else "",
            "ip_address": "127.0.0.1",
            "user_agent": "Mozilla/5.0",
            "customer_note": "",
        }
        for o in shop.orders
    ]
    refunds = [
        {**order, "id": 2000 + i, "type": "shop_order_refund", "status": "wc-completed",
         "total_amount": f"-{order['total_amount']}", "parent_order_id": order["id"]}
        for i, order in enumerate(orders)
        if order["status"] == "wc-refunded"
    ]  # fmt: skip
    write(folder / "wp_wc_orders.csv", [*orders, *refunds])
    write(
        folder / "wp_wc_order_product_lookup.csv",
        [
            {
                "order_item_id": 3 * line.id,
                "order_id": 1000 + o.id,
                "product_id": 500 + line.product.id,
                "variation_id": 0,
                "customer_id": o.customer.id,
                "date_created": time(o.placed or o.begun),
                "product_qty": line.quantity,
                "product_net_revenue": money(net(line.total)),
                "product_gross_revenue": money(line.total),
                "coupon_amount": money(0),
                "tax_amount": money(line.total - net(line.total)),
                "shipping_amount": money(0),
                "shipping_tax_amount": money(0),
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "wp_wc_customer_lookup.csv",
        [
            {
                "customer_id": c.id,
                "user_id": c.id + 10,
                "username": f"{c.first.lower()}{c.id}",
                "first_name": c.first,
                "last_name": c.last,
                "email": c.email,
                "date_last_active": time(c.updated),
                "date_registered": time(c.joined),
                "country": "FR",
                "postcode": c.postcode,
                "city": c.town,
                "state": "",
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "wp_users.csv",
        [
            {
                "ID": c.id + 10,
                "user_login": f"{c.first.lower()}{c.id}",
                "user_pass": "$P$Babcdef",
                "user_nicename": f"{c.first.lower()}{c.id}",
                "user_email": c.email,
                "user_url": "",
                "user_registered": time(c.joined),
                "user_activation_key": "",
                "user_status": 0,
                "display_name": f"{c.first} {c.last}",
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "wp_posts.csv",
        [
            {
                "ID": 500 + p.id,
                "post_author": 1,
                "post_date": "2024-11-03 10:00:00",
                "post_content": f"A fine thing, number {p.id}",
                "post_title": p.name,
                "post_excerpt": "",
                "post_status": "publish",
                "post_name": p.name.lower().replace(" ", "-"),
                "post_modified": "2025-02-03 10:00:00",
                "post_parent": 0,
                "guid": f"https://shop.example/?p={500 + p.id}",
                "menu_order": 0,
                "post_type": "product",
                "comment_count": 0,
            }
            for p in shop.products
        ],
    )
    write(
        folder / "wp_wc_product_meta_lookup.csv",
        [
            {
                "product_id": 500 + p.id,
                "sku": p.sku,
                "virtual": 0,
                "downloadable": 0,
                "min_price": money(p.price, 4),
                "max_price": money(p.price, 4),
                "onsale": 0,
                "stock_quantity": 50,
                "stock_status": "instock",
                "rating_count": 0,
                "average_rating": "0.00",
                "total_sales": p.id,
                "tax_status": "taxable",
                "tax_class": "",
            }
            for p in shop.products
        ],
    )
    write(
        folder / "wp_options.csv",
        [{"option_id": n, "option_name": f"option_{n}", "option_value": "x", "autoload": "yes"}
         for n in range(1, 30)],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: wp_wc_orders.csv
    format: csv
    time_zone: UTC
    columns:
      order_id: id
      ordered_at: date_created_gmt
      updated_at: date_updated_gmt
      status: status
      total_amount: total_amount
      tax_amount: tax_amount
      contact_id: customer_id
      email: billing_email
      currency: currency
    values:
      contact_id: {"0": ""}
      status: {wc-on-hold: pending, wc-processing: paid, wc-completed: completed,
               wc-cancelled: cancelled, wc-refunded: refunded}
    skip:
      status: [wc-checkout-draft]
      type: [shop_order_refund]
  lines:
    entity: order_lines
    path: wp_wc_order_product_lookup.csv
    format: csv
    line_totals: true
    columns:
      order_id: order_id
      line_number: order_item_id
      product_id: product_id
      quantity: product_qty
      unit_price: product_gross_revenue
  customers:
    entity: contacts
    path: wp_wc_customer_lookup.csv
    format: csv
    columns:
      contact_id: user_id
      email: email
      first_name: first_name
      last_name: last_name
      postal_code: postcode
      city: city
      country: country
      created_at: date_registered
      updated_at: date_last_active
  products:
    entity: products
    path: wp_wc_product_meta_lookup.csv
    format: csv
    columns:
      product_id: product_id
      name: sku
      price: min_price
    constants: {category: uncategorised}
"""

"""Tables of a Zen Cart database (MySQL), as phpMyAdmin exports them: every column named after its
table, amounts with four decimals, zero dates."""

from pathlib import Path

from tests.dumps.shop import Shop, money, net, time, write

STATUS = {"pending": 1, "paid": 2, "shipped": 3, "completed": 3, "cancelled": 5, "refunded": 6}


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    write(
        folder / "zen_orders.csv",
        [
            {
                "orders_id": o.id,
                "customers_id": 0 if o.is_guest else o.customer.id,
                "customers_name": f"{o.customer.first} {o.customer.last}",
                "customers_company": "",
                "customers_street_address": f"{o.id} rue Haute",
                "customers_city": o.customer.town,
                "customers_postcode": o.customer.postcode,
                "customers_country": "France",
                "customers_telephone": o.customer.phone,
                "customers_email_address": o.customer.email,
                "delivery_name": f"{o.customer.first} {o.customer.last}",
                "delivery_city": o.customer.town,
                "delivery_postcode": o.customer.postcode,
                "billing_name": f"{o.customer.first} {o.customer.last}",
                "billing_city": o.customer.town,
                "payment_method": "PayPal",
                "payment_module_code": "paypalwpp",
                "shipping_method": "Colissimo",
                "coupon_code": "WELCOME" if o.discount else "",
                "last_modified": time(o.updated),
                "date_purchased": time(o.placed),
                "orders_status": STATUS[o.state],
                "orders_date_finished": time(o.shipped, never="0000-00-00 00:00:00"),
                "currency": "EUR",
                "currency_value": "1.000000",
                "order_total": money(o.total, 4),
                "order_tax": money(o.tax, 4),
                "ip_address": f"10.0.0.{o.id % 250} - 10.0.0.{o.id % 250}",
                "language_code": "fr",
            }
            for o in shop.placed
        ],
    )
    write(
        folder / "zen_orders_products.csv",
        [
            {
                "orders_products_id": line.id,
                "orders_id": o.id,
                "products_id": line.product.id,
                "products_model": line.product.sku,
                "products_name": line.product.name,
                "products_price": money(net(line.price), 4),
                "final_price": money(net(line.price), 4),
                "products_tax": "20.0000",
                "products_quantity": line.quantity,
                "onetime_charges": "0.0000",
                "products_prid": f"{line.product.id}:abc",
                "product_is_free": 0,
            }
            for o in shop.placed
            for line in o.lines
        ],
    )
    write(
        folder / "zen_customers.csv",
        [
            {
                "customers_id": c.id,
                "customers_gender": "f" if c.is_woman else "m",
                "customers_firstname": c.first,
                "customers_lastname": c.last,
                "customers_dob": f"{c.born} 00:00:00" if c.born else "0001-01-01 00:00:00",
                "customers_email_address": c.email,
                "customers_nick": "",
                "customers_default_address_id": c.id + 3,
                "customers_telephone": c.phone,
                "customers_password": "$2y$10$abcdef",
                "customers_newsletter": int(c.agreed),
                "customers_group_pricing": 0,
                "customers_email_format": "HTML",
                "customers_authorization": 0,
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "zen_customers_info.csv",
        [
            {
                "customers_info_id": c.id,
                "customers_info_date_of_last_logon": time(c.updated),
                "customers_info_number_of_logons": c.id % 7,
                "customers_info_date_account_created": time(c.joined),
                "customers_info_date_account_last_modified": time(c.updated),
                "global_product_notifications": 0,
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "zen_products.csv",
        [
            {
                "products_id": p.id,
                "products_type": 1,
                "products_quantity": 50,
                "products_model": p.sku,
                "products_image": f"p{p.id}.jpg",
                "products_price": money(net(p.price), 4),
                "products_virtual": 0,
                "products_date_added": "2024-11-03 10:00:00",
                "products_last_modified": "2025-02-03 10:00:00",
                "products_weight": "0.5",
                "products_status": 1,
                "products_tax_class_id": 1,
                "manufacturers_id": 1 + p.id % 3,
                "products_ordered": p.id,
                "master_categories_id": 10 + p.kind,
            }
            for p in shop.products
        ],
    )
    write(
        folder / "zen_products_description.csv",
        [
            {
                "products_id": p.id,
                "language_id": 1,
                "products_name": p.name,
                "products_description": f"A fine thing, number {p.id}",
                "products_url": "",
                "products_viewed": p.id,
            }
            for p in shop.products
        ],
    )
    write(
        folder / "zen_orders_status.csv",
        [
            {"orders_status_id": n, "language_id": 1, "orders_status_name": name}
            for n, name in ((1, "Pending"), (2, "Processing"), (3, "Delivered"), (4, "Update"),
                            (5, "Cancelled"), (6, "Refunded"))
        ],
    )  # fmt: skip
    write(
        folder / "zen_orders_total.csv",
        [
            {"orders_total_id": 3 * o.id + i, "orders_id": o.id, "title": title, "text": "",
             "value": money(value, 4), "class": kind, "sort_order": 100 * i}
            for o in shop.placed
            for i, (title, value, kind) in enumerate((
                ("Sub-Total:", o.goods, "ot_subtotal"), ("Total:", o.total, "ot_total"),
            ))
        ],
    )  # fmt: skip
    write(
        folder / "zen_manufacturers.csv",
        [{"manufacturers_id": n, "manufacturers_name": name, "date_added": "2024-01-01 00:00:00"}
         for n, name in enumerate(("Acme", "Globex", "Initech"), start=1)],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: zen_orders.csv
    format: csv
    columns:
      order_id: orders_id
      ordered_at: date_purchased
      updated_at: last_modified
      status: orders_status
      total_amount: order_total
      tax_amount: order_tax
      contact_id: customers_id
      email: customers_email_address
      phone: customers_telephone
      currency: currency
      coupon_code: coupon_code
    values:
      contact_id: {"0": ""}
      status: {"1": pending, "2": paid, "3": completed, "5": cancelled, "6": refunded}
  lines:
    entity: order_lines
    path: zen_orders_products.csv
    format: csv
    columns:
      order_id: orders_id
      line_number: orders_products_id
      product_id: products_id
      quantity: products_quantity
      unit_price: final_price
  customers:
    entity: contacts
    path: zen_customers.csv
    format: csv
    empty_values: ["0001-01-01 00:00:00"]
    columns:
      contact_id: customers_id
      email: customers_email_address
      phone: customers_telephone
      first_name: customers_firstname
      last_name: customers_lastname
      birth_date: customers_dob
      gender: customers_gender
    constants: {updated_at: "2000-01-01"}
  newsletter:
    entity: consents
    path: zen_customers.csv
    format: csv
    columns: {contact_id: customers_id, status: customers_newsletter}
    constants: {channel: email, changed_at: "2000-01-01"}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: zen_products.csv
    format: csv
    columns:
      product_id: products_id
      name: products_model
      category: master_categories_id
      brand: manufacturers_id
      price: products_price
      is_active: products_status
"""

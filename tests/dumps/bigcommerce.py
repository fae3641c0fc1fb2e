"""Answers of BigCommerce's API, saved as JSON arrays: times as in e-mails, amounts as texts, lines
in a file of their own, carts as orders without a status."""

import json
from pathlib import Path
from typing import Any

from tests.dumps.shop import Line, Order, Shop, money, net, time, write_json

STATUS = {"cart": (0, "Incomplete"), "pending": (7, "Awaiting Payment"),
          "paid": (11, "Awaiting Fulfillment"), "shipped": (2, "Shipped"),
          "completed": (10, "Completed"), "cancelled": (5, "Cancelled"),
          "refunded": (4, "Refunded")}  # fmt: skip
TIME = "%a, %d %b %Y %H:%M:%S +0000"


def _order(o: Order) -> dict[str, Any]:
    number, status = STATUS[o.state]
    person = {"first_name": o.customer.first, "last_name": o.customer.last,
              "street_1": "rue Haute", "city": o.customer.town, "zip": o.customer.postcode,
              "country": "France", "country_iso2": "FR", "phone": o.customer.phone,
              "email": o.customer.email}  # fmt: skip
    return {
        "id": o.id,
        "customer_id": 0 if o.is_guest else o.customer.id,
        "date_created": time(o.placed or o.begun, TIME),
        "date_modified": time(o.updated, TIME),
        "date_shipped": time(o.shipped, TIME),
        "status_id": number,
        "status": status,
        "subtotal_ex_tax": money(net(o.goods), 4),
        "subtotal_inc_tax": money(o.goods, 4),
        "base_shipping_cost": money(o.shipping, 4),
        "shipping_cost_ex_tax": money(net(o.shipping), 4),
        "shipping_cost_inc_tax": money(o.shipping, 4),
        "total_ex_tax": money(net(o.total), 4),
        "total_inc_tax": money(o.total, 4),
        "total_tax": money(o.tax, 4),
        "items_total": sum(line.quantity for line in o.lines),
        "payment_method": "Credit Card",
        "payment_status": "captured" if o.paid else "",
        "refunded_amount": money(o.total if o.state == "refunded" else 0, 4),
        "currency_id": 1,
        "currency_code": "EUR",
        "discount_amount": money(0, 4),
        "coupon_discount": money(o.discount, 4),
        "is_deleted": False,
        "ip_address": "127.0.0.1",
        "billing_address": person,
        "channel_id": 1,
        "external_source": "",
        "products": {"url": f"https://api.example/orders/{o.id}/products"},
    }


def _line(o: Order, line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "order_id": o.id,
        "product_id": line.product.id + 70,
        "variant_id": line.variant,
        "order_address_id": o.id,
        "name": line.product.name,
        "sku": line.product.sku,
        "type": "physical",
        "base_price": money(line.price, 4),
        "price_ex_tax": money(net(line.price), 4),
        "price_inc_tax": money(line.price, 4),
        "price_tax": money(line.price - net(line.price), 4),
        "base_total": money(line.total, 4),
        "total_ex_tax": money(net(line.total), 4),
        "total_inc_tax": money(line.total, 4),
        "quantity": line.quantity,
        "is_refunded": o.state == "refunded",
        "quantity_refunded": 0,
        "refund_amount": money(0, 4),
        "return_id": 0,
        "applied_discounts": [],
        "product_options": [],
    }


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write_json(folder / "orders.json", [_order(o) for o in shop.orders])
    write_json(folder / "order_products.json", [_line(o, x) for o in shop.orders for x in o.lines])
    write_json(
        folder / "customers.json",
        [
            {
                "id": c.id,
                "company": "",
                "first_name": c.first,
                "last_name": c.last,
                "email": c.email,
                "phone": c.phone,
                "date_created": c.joined.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "date_modified": c.updated.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "customer_group_id": 0,
                "notes": "",
                "accepts_product_review_abandoned_cart_emails": c.agreed,
                "registration_ip_address": "",
                "origin_channel_id": 1,
                "addresses": [],
            }
            for c in shop.customers
        ],
    )
    write_json(
        folder / "products.json",
        [
            {
                "id": p.id + 70,
                "name": p.name,
                "type": "physical",
                "sku": p.sku,
                "description": "",
                "weight": 1,
                "price": p.price / 100,
                "cost_price": 0,
                "retail_price": 0,
                "sale_price": 0,
                "brand_id": 30 + p.id % 3,
                "categories": [20 + p.kind],
                "inventory_level": 50,
                "is_visible": True,
                "date_created": "2024-11-03T10:00:00+00:00",
                "date_modified": "2025-02-03T10:00:00+00:00",
            }
            for p in shop.products
        ],
    )
    (folder / "store.json").write_text(json.dumps({"id": "x", "domain": "shop.example"}))


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: orders.json
    format: json
    timestamp_format: "%a, %d %b %Y %H:%M:%S %z"
    columns:
      order_id: id
      ordered_at: date_created
      updated_at: date_modified
      status: status
      total_amount: total_inc_tax
      tax_amount: total_tax
      contact_id: customer_id
      email: billing_address.email
      phone: billing_address.phone
      currency: currency_code
      shipping_amount: shipping_cost_inc_tax
      discount_amount: coupon_discount
    values:
      contact_id: {"0": ""}
      status: {Awaiting Payment: pending, Awaiting Fulfillment: paid, Shipped: shipped,
               Completed: completed, Cancelled: cancelled, Refunded: refunded}
    skip:
      status: [Incomplete]
  lines:
    entity: order_lines
    path: order_products.json
    format: json
    columns:
      order_id: order_id
      line_number: id
      product_id: product_id
      quantity: quantity
      unit_price: price_inc_tax
  customers:
    entity: contacts
    path: customers.json
    format: json
    columns:
      contact_id: id
      email: email
      phone: phone
      first_name: first_name
      last_name: last_name
      created_at: date_created
      updated_at: date_modified
  products:
    entity: products
    path: products.json
    format: json
    columns:
      product_id: id
      name: name
      category: "categories[0]"
      brand: brand_id
      price: price
      is_active: is_visible
"""

"""Answers of Ecwid's API, saved as JSON documents: lines within the orders, two states in capitals,
times with an offset after a blank, unfinished orders."""

import json
from pathlib import Path
from typing import Any

from tests.dumps.shop import Line, Order, Shop, time

PAYMENT = {"cart": "INCOMPLETE", "pending": "AWAITING_PAYMENT", "cancelled": "CANCELLED",
           "refunded": "REFUNDED"}  # fmt: skip
PARCEL = {"shipped": "SHIPPED", "completed": "DELIVERED", "refunded": "RETURNED"}
TIME = "%Y-%m-%d %H:%M:%S +0000"


def _item(line: Line) -> dict[str, Any]:
    return {
        "id": line.id * 31 + 10_000,
        "productId": line.product.id + 900,
        "categoryId": line.product.kind + 50,
        "price": line.price / 100,
        "productPrice": line.price / 100,
        "sku": line.product.sku,
        "quantity": line.quantity,
        "shortDescription": "",
        "tax": 0,
        "shipping": 0,
        "quantityInStock": 50,
        "name": line.product.name,
        "isShippingRequired": True,
        "weight": 0.5,
        "digital": False,
        "couponApplied": False,
    }


def _order(o: Order) -> dict[str, Any]:
    person = {"name": f"{o.customer.first} {o.customer.last}", "street": "rue Haute",
              "city": o.customer.town, "countryCode": "FR", "postalCode": o.customer.postcode,
              "phone": o.customer.phone}  # fmt: skip
    return {
        "id": f"X{o.id:05d}",
        "internalId": o.id + 7000,
        "subtotal": o.goods / 100,
        "total": o.total / 100,
        "tax": o.tax / 100,
        "couponDiscount": o.discount / 100,
        "paymentMethod": "Card",
        "email": o.customer.email,
        "paymentStatus": PAYMENT.get(o.state, "PAID"),
        "fulfillmentStatus": PARCEL.get(o.state, "AWAITING_PROCESSING"),
        "orderNumber": o.id + 7000,
        "refererUrl": "https://shop.example/",
        "createDate": time(o.placed or o.begun, TIME),
        "updateDate": time(o.updated, TIME),
        "createTimestamp": int((o.placed or o.begun).timestamp()),
        "updateTimestamp": int(o.updated.timestamp()),
        "hidden": False,
        **({} if o.is_guest else {"customerId": o.customer.id + 40_000}),
        "items": [_item(line) for line in o.lines],
        "billingPerson": person,
        "shippingPerson": person,
        "shippingOption": {"shippingMethodName": "DHL", "shippingRate": o.shipping / 100},
        "ipAddress": "127.0.0.1",
        "acceptMarketing": o.customer.agreed,
    }


def _save(folder: Path, name: str, items: list[dict[str, Any]]) -> None:
    document = {"total": len(items), "count": len(items), "offset": 0, "limit": 100, "items": items}
    (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    _save(folder, "orders", [_order(o) for o in shop.orders])
    _save(
        folder,
        "customers",
        [
            {
                "id": c.id + 40_000,
                "email": c.email,
                "name": f"{c.first} {c.last}",
                "totalOrderCount": 1,
                "registered": time(c.joined, TIME),
                "updated": time(c.updated, TIME),
                "customerGroupId": 0,
                "billingPerson": {"name": f"{c.first} {c.last}", "city": c.town,
                                  "postalCode": c.postcode, "countryCode": "FR",
                                  "phone": c.phone},
                "acceptMarketing": c.agreed,
                "lang": "fr",
            }
            for c in shop.customers
        ],
    )  # fmt: skip
    _save(
        folder,
        "products",
        [
            {
                "id": p.id + 900,
                "sku": p.sku,
                "quantity": 50,
                "unlimited": False,
                "inStock": True,
                "name": p.name,
                "price": p.price / 100,
                "url": "",
                "created": "2024-11-03 10:00:00 +0000",
                "updated": "2025-02-03 10:00:00 +0000",
                "weight": 0.5,
                "enabled": True,
                "categoryIds": [p.kind + 50],
                "defaultCategoryId": p.kind + 50,
                "attributes": [],
            }
            for p in shop.products
        ],
    )


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: orders.json
    format: json
    records: items
    timestamp_format: "%Y-%m-%d %H:%M:%S %z"
    columns:
      order_id: id
      ordered_at: createDate
      updated_at: updateDate
      status: fulfillmentStatus
      total_amount: total
      tax_amount: tax
      discount_amount: couponDiscount
      shipping_amount: shippingOption.shippingRate
      contact_id: customerId
      email: email
      phone: billingPerson.phone
    values:
      status: {AWAITING_PROCESSING: paid, SHIPPED: shipped, DELIVERED: completed,
               RETURNED: refunded}
    overrides:
      status:
        paymentStatus: {CANCELLED: cancelled}
    skip:
      paymentStatus: [INCOMPLETE]
  lines:
    entity: order_lines
    path: orders.json
    format: json
    records: items
    elements: items
    columns:
      order_id: parent.id
      line_number: parent.position
      product_id: productId
      quantity: quantity
      unit_price: price
  customers:
    entity: contacts
    path: customers.json
    format: json
    records: items
    timestamp_format: "%Y-%m-%d %H:%M:%S %z"
    columns:
      contact_id: id
      email: email
      phone: billingPerson.phone
      last_name: name
      city: billingPerson.city
      postal_code: billingPerson.postalCode
      country: billingPerson.countryCode
      language: lang
      created_at: registered
      updated_at: updated
  newsletter:
    entity: consents
    path: customers.json
    format: json
    records: items
    timestamp_format: "%Y-%m-%d %H:%M:%S %z"
    columns: {contact_id: id, status: acceptMarketing, changed_at: updated}
    constants: {channel: email}
    values:
      status: {"false": withdrawn, "true": granted}
  products:
    entity: products
    path: products.json
    format: json
    records: items
    columns:
      product_id: id
      name: name
      category: defaultCategoryId
      price: price
      is_active: enabled
"""

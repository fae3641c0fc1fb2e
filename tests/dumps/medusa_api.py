"""Answers of Medusa's API, saved as JSON documents: amounts in cents, lines within the orders and
naming them, variants within the products, states in three fields."""

import json
from pathlib import Path
from typing import Any

from tests.dumps.shop import Line, Order, Product, Shop, time

PAYMENT = {"pending": "awaiting", "cancelled": "canceled", "refunded": "refunded"}
FULFILLMENT = {"pending": "not_fulfilled", "paid": "not_fulfilled", "cancelled": "canceled",
               "refunded": "returned"}  # fmt: skip
STATUS = {"completed": "completed", "cancelled": "canceled", "refunded": "completed"}
TIME = "%Y-%m-%dT%H:%M:%S.123Z"


def _save(folder: Path, name: str, records: list[dict[str, Any]]) -> None:
    document = {name: records, "count": len(records), "offset": 0, "limit": 1000}
    (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")


def _item(order: Order, line: Line) -> dict[str, Any]:
    product = f"prod_01H{line.product.id:06d}"
    return {
        "id": f"item_01H{line.id:06d}",
        "created_at": time(order.placed, TIME),
        "updated_at": time(order.placed, TIME),
        "order_id": f"order_01H{order.id:06d}",
        "title": line.product.name,
        "description": "M",
        "is_return": False,
        "is_giftcard": False,
        "unit_price": line.price,
        "variant_id": f"variant_01H{line.variant:06d}",
        "quantity": line.quantity,
        "fulfilled_quantity": line.quantity if order.shipped else None,
        "returned_quantity": None,
        "metadata": {},
        "variant": {
            "id": f"variant_01H{line.variant:06d}",
            "title": "M",
            "product_id": product,
            "sku": f"{line.product.sku}-{line.variant}",
            "inventory_quantity": 50,
            "product": {"id": product, "title": line.product.name, "status": "published"},
        },
        "subtotal": line.total,
        "tax_total": 0,
        "total": line.total,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": f"order_01H{order.id:06d}",
        "status": STATUS.get(order.state, "pending"),
        "fulfillment_status": FULFILLMENT.get(order.state, "shipped"),
        "payment_status": PAYMENT.get(order.state, "captured"),
        "display_id": order.id,
        "cart_id": f"cart_01H{order.id:06d}",
        "customer_id": f"cus_01H{order.customer.id:06d}",
        "customer": {"id": f"cus_01H{order.customer.id:06d}", "email": order.customer.email},
        "email": order.customer.email,
        "region_id": "reg_01H",
        "currency_code": "eur",
        "tax_rate": None,
        "canceled_at": time(order.updated, TIME) if order.state == "cancelled" else None,
        "created_at": time(order.placed, TIME),
        "updated_at": time(order.updated, TIME),
        "items": [_item(order, line) for line in order.lines],
        "sales_channel_id": "sc_01H",
        "shipping_total": order.shipping,
        "discount_total": order.discount,
        "tax_total": 0,
        "refunded_total": order.total if order.state == "refunded" else 0,
        "total": order.total,
        "subtotal": order.goods,
        "paid_total": order.total if order.paid else 0,
    }


def _product(product: Product, kind: str) -> dict[str, Any]:
    return {
        "id": f"prod_01H{product.id:06d}",
        "created_at": "2024-11-03T10:00:00.000Z",
        "updated_at": "2025-02-03T10:00:00.000Z",
        "title": product.name,
        "handle": product.name.lower().replace(" ", "-"),
        "status": "published",
        "thumbnail": None,
        "collection": {"id": f"pcol_{kind}", "title": kind},
        "type": None,
        "variants": [
            {"id": f"variant_01H{v:06d}", "title": "M", "product_id": f"prod_01H{product.id:06d}",
             "sku": f"{product.sku}-{v}", "inventory_quantity": 50,
             "prices": [{"currency_code": "eur", "amount": product.price}]}
            for v in product.variants
        ],
    }  # fmt: skip


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    _save(folder, "orders", [_order(order) for order in shop.placed])
    _save(
        folder,
        "customers",
        [
            {
                "id": f"cus_01H{c.id:06d}",
                "email": c.email,
                "first_name": c.first,
                "last_name": c.last,
                "billing_address_id": None,
                "phone": c.phone,
                "has_account": c.id % 3 > 0,
                "created_at": time(c.joined, TIME),
                "updated_at": time(c.updated, TIME),
                "deleted_at": None,
                "metadata": {"newsletter": c.agreed},
            }
            for c in shop.customers
        ],
    )
    _save(folder, "products", [_product(p, shop.kinds[p.kind]) for p in shop.products])


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: orders.json
    format: json
    records: orders
    minor_units: true
    columns:
      order_id: id
      ordered_at: created_at
      updated_at: updated_at
      cancelled_at: canceled_at
      status: status
      total_amount: total
      contact_id: customer_id
      email: email
      currency: currency_code
      discount_amount: discount_total
      shipping_amount: shipping_total
      tax_amount: tax_total
    values:
      status: {canceled: cancelled}
    overrides:
      status:
        payment_status: {refunded: refunded}
  lines:
    entity: order_lines
    path: orders.json
    format: json
    records: orders
    elements: items
    minor_units: true
    columns:
      order_id: order_id
      line_number: parent.position
      product_id: variant.product_id
      quantity: quantity
      unit_price: unit_price
  customers:
    entity: contacts
    path: customers.json
    format: json
    records: customers
    columns:
      contact_id: id
      email: email
      phone: phone
      first_name: first_name
      last_name: last_name
      created_at: created_at
      updated_at: updated_at
  newsletter:
    entity: consents
    path: customers.json
    format: json
    records: customers
    columns: {contact_id: id, status: metadata.newsletter, changed_at: updated_at}
    constants: {channel: email}
    values:
      status: {"false": withdrawn, "true": granted}
  products:
    entity: products
    path: products.json
    format: json
    records: products
    columns:
      product_id: id
      name: title
      category: collection.title
"""

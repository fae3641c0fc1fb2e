"""Orders, customers and products of a commercetools project as JSON lines: money as objects of
cents, lines within the orders that do not name them, names in two languages."""

import json
from pathlib import Path
from typing import Any

from tests.dumps.shop import Line, Order, Product, Shop, time, uuid

STATE = {"pending": "Open", "paid": "Confirmed", "shipped": "Confirmed", "completed": "Complete",
         "cancelled": "Cancelled", "refunded": "Complete"}  # fmt: skip
PAYMENT = {"pending": "Pending", "cancelled": "Failed", "refunded": "CreditOwed"}
TIME = "%Y-%m-%dT%H:%M:%S.123Z"


def _save(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records))


def _money(cents: int) -> dict[str, Any]:
    return {
        "type": "centPrecision", "currencyCode": "EUR", "centAmount": cents, "fractionDigits": 2
    }  # fmt: skip


def _names(name: str) -> dict[str, str]:
    return {"en-GB": name, "fr-FR": f"Le {name}"}


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": uuid("line", line.id),
        "productId": uuid("product", line.product.id),
        "productKey": f"product-{line.product.id}",
        "name": _names(line.product.name),
        "productSlug": {"en-GB": line.product.sku.lower()},
        "variant": {"id": 1 + line.variant % 2, "sku": f"{line.product.sku}-{line.variant}"},
        "price": {"id": uuid("price", line.product.id), "value": _money(line.price)},
        "quantity": line.quantity,
        "taxRate": {"name": "FR", "amount": 0.2, "includedInPrice": True, "country": "FR"},
        "totalPrice": _money(line.total),
        "taxedPrice": {"totalGross": _money(line.total)},
        "lineItemMode": "Standard",
    }


def _order(order: Order) -> dict[str, Any]:
    customer = {} if order.is_guest else {"customerId": uuid("customer", order.customer.id)}
    return {
        "id": uuid("order", order.id),
        "version": 3,
        "createdAt": time(order.placed, TIME),
        "lastModifiedAt": time(order.updated, TIME),
        "orderNumber": order.number,
        **customer,
        "customerEmail": order.customer.email,
        "totalPrice": _money(order.total),
        "taxedPrice": {"totalGross": _money(order.total)},
        "shippingInfo": {"shippingMethodName": "Standard", "price": _money(order.shipping)},
        "orderState": STATE[order.state],
        "paymentState": PAYMENT.get(order.state, "Paid"),
        "country": "FR",
        "store": {"typeId": "store", "key": "fr"},
        "lineItems": [_line(line) for line in order.lines],
        "origin": "Customer",
        "locale": "fr-FR",
    }


def _product(product: Product, kind: str) -> dict[str, Any]:
    return {
        "id": uuid("product", product.id),
        "version": 2,
        "createdAt": "2024-11-03T10:00:00.000Z",
        "lastModifiedAt": "2025-02-03T10:00:00.000Z",
        "key": f"product-{product.id}",
        "productType": {"typeId": "product-type", "id": uuid("type", 1)},
        "name": _names(product.name),
        "description": {"en-GB": f"A fine thing, number {product.id}"},
        "categories": [{"typeId": "category", "id": uuid("category", product.kind)}],
        "slug": {"en-GB": product.sku.lower()},
        "masterVariant": {
            "id": 1,
            "sku": f"{product.sku}-{product.variants[0]}",
            "prices": [{"value": _money(product.price)}],
            "attributes": [{"name": "kind", "value": kind}],
        },
        "published": True,
    }


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    _save(folder / "orders.jsonl", [_order(order) for order in shop.placed])
    _save(
        folder / "customers.jsonl",
        [
            {
                "id": uuid("customer", c.id),
                "version": 1,
                "createdAt": time(c.joined, TIME),
                "lastModifiedAt": time(c.updated, TIME),
                "email": c.email,
                "firstName": c.first,
                "lastName": c.last,
                "dateOfBirth": str(c.born) if c.born else None,
                "addresses": [{"id": "a", "city": c.town, "postalCode": c.postcode}],
                "isEmailVerified": True,
                "locale": "fr-FR",
                "customerGroup": {"typeId": "customer-group", "id": uuid("group", 1)},
            }
            for c in shop.customers
        ],
    )
    _save(folder / "products.jsonl", [_product(p, shop.kinds[p.kind]) for p in shop.products])


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: orders.jsonl
    format: jsonl
    minor_units: true
    columns:
      order_id: id
      ordered_at: createdAt
      updated_at: lastModifiedAt
      status: orderState
      total_amount: totalPrice.centAmount
      contact_id: customerId
      email: customerEmail
      currency: totalPrice.currencyCode
      shipping_amount: shippingInfo.price.centAmount
      store_id: store.key
    values:
      status: {Open: pending, Confirmed: paid, Complete: completed, Cancelled: cancelled}
    overrides:
      status:
        paymentState: {CreditOwed: refunded}
  lines:
    entity: order_lines
    path: orders.jsonl
    format: jsonl
    elements: lineItems
    minor_units: true
    columns:
      order_id: parent.id
      line_number: parent.position
      product_id: productId
      quantity: quantity
      unit_price: price.value.centAmount
  customers:
    entity: contacts
    path: customers.jsonl
    format: jsonl
    columns:
      contact_id: id
      email: email
      first_name: firstName
      last_name: lastName
      birth_date: dateOfBirth
      language: locale
      created_at: createdAt
      updated_at: lastModifiedAt
  products:
    entity: products
    path: products.jsonl
    format: jsonl
    columns:
      product_id: id
      name: name.fr-FR
      category: "categories[0].id"
      is_active: published
"""

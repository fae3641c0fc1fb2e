"""Answers of Square's API, saved as JSON documents: money as objects of cents, lines within the
orders, open tabs among them, people who have unsubscribed, variations within items."""

import json
from pathlib import Path
from typing import Any

from tests.dumps.shop import Line, Order, Product, Shop, time

STATE = {"cart": "DRAFT", "pending": "OPEN", "paid": "OPEN", "cancelled": "CANCELED"}
TIME = "%Y-%m-%dT%H:%M:%S.000Z"


def _money(cents: int) -> dict[str, Any]:
    return {"amount": cents, "currency": "EUR"}


def _id(kind: str, n: int) -> str:
    return f"{kind}{n * 7919:012X}"


def _line(line: Line) -> dict[str, Any]:
    return {
        "uid": _id("U", line.id),
        "catalog_object_id": _id("V", line.variant),
        "catalog_version": 1620000000000,
        "quantity": str(line.quantity),
        "name": line.product.name,
        "variation_name": "Regular",
        "base_price_money": _money(line.price),
        "gross_sales_money": _money(line.total),
        "total_tax_money": _money(0),
        "total_discount_money": _money(0),
        "total_money": _money(line.total),
        "item_type": "ITEM",
    }


def _order(o: Order) -> dict[str, Any]:
    return {
        "id": _id("O", o.id),
        "location_id": "L8HQ",
        **({} if o.is_guest else {"customer_id": _id("C", o.customer.id)}),
        "created_at": time(o.placed or o.begun, TIME),
        "updated_at": time(o.updated, TIME),
        **({"closed_at": time(o.paid, TIME)} if o.paid else {}),
        "state": STATE.get(o.state, "COMPLETED"),
        "version": 4,
        "line_items": [_line(line) for line in o.lines],
        "total_money": _money(o.total),
        "total_tax_money": _money(o.tax),
        "total_discount_money": _money(o.discount),
        "total_tip_money": _money(0),
        "total_service_charge_money": _money(o.shipping),
        "net_amounts": {"total_money": _money(o.total)},
        "source": {"name": "Square Online"},
    }


def _item(product: Product, kind: str) -> dict[str, Any]:
    return {
        "type": "ITEM",
        "id": _id("I", product.id),
        "updated_at": "2025-02-03T10:00:00.000Z",
        "is_deleted": False,
        "present_at_all_locations": True,
        "item_data": {"name": product.name, "reporting_category": {"id": kind}},
    }


def _variation(product: Product, variant: int) -> dict[str, Any]:
    return {
        "type": "ITEM_VARIATION",
        "id": _id("V", variant),
        "updated_at": "2025-02-03T10:00:00.000Z",
        "is_deleted": False,
        "item_variation_data": {
            "item_id": _id("I", product.id),
            "name": f"{product.name} {'SM'[variant % 2]}",
            "sku": f"{product.sku}-{variant}",
            "price_money": _money(product.price),
        },
    }


def _save(folder: Path, file: str, name: str, records: list[dict[str, Any]]) -> None:
    (folder / f"{file}.json").write_text(json.dumps({name: records}), encoding="utf-8")


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    _save(folder, "orders", "orders", [_order(o) for o in shop.orders])
    _save(
        folder,
        "customers",
        "customers",
        [
            {
                "id": _id("C", c.id),
                "created_at": time(c.joined, TIME),
                "updated_at": time(c.updated, TIME),
                "given_name": c.first,
                "family_name": c.last,
                "email_address": c.email,
                "phone_number": c.phone,
                "address": {"locality": c.town, "postal_code": c.postcode, "country": "FR"},
                "birthday": str(c.born) if c.born else None,
                "preferences": {"email_unsubscribed": not c.agreed},
                "creation_source": "THIRD_PARTY",
            }
            for c in shop.customers
        ],
    )
    _save(folder, "items", "objects", [_item(p, shop.kinds[p.kind]) for p in shop.products])
    _save(
        folder,
        "item_variations",
        "objects",
        [_variation(p, v) for p in shop.products for v in p.variants],
    )


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
      status: state
      total_amount: total_money.amount
      tax_amount: total_tax_money.amount
      discount_amount: total_discount_money.amount
      contact_id: customer_id
      currency: total_money.currency
      store_id: location_id
      channel: source.name
    values:
      channel: {Square Online: web}
      status: {OPEN: pending, COMPLETED: completed, CANCELED: cancelled}
    skip:
      state: [DRAFT]
  lines:
    entity: order_lines
    path: orders.json
    format: json
    records: orders
    elements: line_items
    minor_units: true
    columns:
      order_id: parent.id
      line_number: parent.position
      product_id: catalog_object_id
      quantity: quantity
      unit_price: base_price_money.amount
      discount_amount: total_discount_money.amount
  customers:
    entity: contacts
    path: customers.json
    format: json
    records: customers
    columns:
      contact_id: id
      email: email_address
      phone: phone_number
      first_name: given_name
      last_name: family_name
      birth_date: birthday
      city: address.locality
      postal_code: address.postal_code
      country: address.country
      created_at: created_at
      updated_at: updated_at
  products:
    entity: products
    path: item_variations.json
    format: json
    records: objects
    minor_units: true
    columns:
      product_id: id
      name: item_variation_data.name
      price: item_variation_data.price_money.amount
    constants: {category: uncategorised}
"""

"""Collections of a GrandNode database (MongoDB), as mongoexport writes them: typed values, lines
within the orders, states as numbers, a list of subscribers."""

import json
from pathlib import Path
from typing import Any

from tests.dumps.shop import Line, Order, Shop, net, time

STATUS = {"pending": 10, "paid": 20, "shipped": 20, "completed": 30, "cancelled": 40,
          "refunded": 30}  # fmt: skip
PAYMENT = {"pending": 10, "cancelled": 50, "refunded": 40}
TIME = "%Y-%m-%dT%H:%M:%S.123Z"


def _id(kind: str, n: int) -> str:
    return f"{kind:0<4}{n * 7919:020x}"[:24]


def _number(cents: int) -> dict[str, str]:
    return {"$numberDecimal": f"{cents / 100:.2f}"}


def _date(order: Order, at: str) -> dict[str, str] | None:
    moment = getattr(order, at)
    return {"$date": time(moment, TIME)} if moment else None


def _item(order: Order, line: Line) -> dict[str, Any]:
    return {
        "_id": _id("1e", line.id),
        "OrderItemGuid": {"$binary": "abc", "$type": "03"},
        "ProductId": _id("9d", line.product.id),
        "Sku": line.product.sku,
        "ProductName": line.product.name,
        "Quantity": line.quantity,
        "UnitPriceInclTax": line.price / 100,
        "UnitPriceExclTax": net(line.price) / 100,
        "PriceInclTax": line.total / 100,
        "PriceExclTax": net(line.total) / 100,
        "DiscountAmountInclTax": 0,
        "OriginalProductCost": 0,
        "Status": 0,
        "CreatedOnUtc": _date(order, "placed"),
    }


def _order(o: Order) -> dict[str, Any]:
    return {
        "_id": _id("0d", o.id),
        "OrderNumber": o.id,
        "Code": f"{o.id * 104729:X}",
        "StoreId": "5f8a0001",
        "CustomerId": _id("c5", o.customer.id),
        "OrderStatusId": STATUS[o.state],
        "ShippingStatusId": 40 if o.shipped else 20,
        "PaymentStatusId": PAYMENT.get(o.state, 30),
        "PaymentMethodSystemName": "Payments.CashOnDelivery",
        "CustomerCurrencyCode": "EUR",
        "PrimaryCurrencyCode": "EUR",
        "CurrencyRate": _number(100),
        "CustomerEmail": o.customer.email,
        "FirstName": o.customer.first,
        "LastName": o.customer.last,
        "OrderSubtotalInclTax": o.goods / 100,
        "OrderSubtotalExclTax": net(o.goods) / 100,
        "OrderShippingInclTax": o.shipping / 100,
        "OrderShippingExclTax": net(o.shipping) / 100,
        "OrderTax": o.tax / 100,
        "OrderDiscount": o.discount / 100,
        "OrderTotal": o.total / 100,
        "PaidAmount": (o.total if o.paid else 0) / 100,
        "RefundedAmount": (o.total if o.state == "refunded" else 0) / 100,
        "PaidDateUtc": _date(o, "paid"),
        "Deleted": False,
        "CreatedOnUtc": _date(o, "placed"),
        "OrderItems": [_item(o, line) for line in o.lines],
        "BillingAddress": {"City": o.customer.town, "ZipPostalCode": o.customer.postcode,
                           "PhoneNumber": o.customer.phone},
        "OrderTags": [],
    }  # fmt: skip


def _save(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    _save(folder / "Order.json", [_order(o) for o in shop.placed])
    _save(
        folder / "Customer.json",
        [
            {
                "_id": _id("c5", c.id),
                "Username": c.email,
                "Email": c.email,
                "Active": True,
                "Deleted": False,
                "IsSystemAccount": False,
                "CreatedOnUtc": {"$date": time(c.joined, TIME)},
                "LastActivityDateUtc": {"$date": time(c.updated, TIME)},
                "StoreId": "5f8a0001",
                "UserFields": [{"Key": "FirstName", "Value": c.first, "StoreId": ""}],
                "Groups": ["registered"],
            }
            for c in shop.customers
        ],
    )
    _save(
        folder / "NewsLetterSubscription.json",
        [
            {
                "_id": _id("7e", c.id),
                "Email": c.email,
                "CustomerId": _id("c5", c.id),
                "Active": c.id % 6 == 0,
                "StoreId": "5f8a0001",
                "CreatedOnUtc": {"$date": time(c.joined, TIME)},
                "Categories": [],
            }
            for c in shop.customers
            if c.agreed
        ],
    )
    _save(
        folder / "Product.json",
        [
            {
                "_id": _id("9d", p.id),
                "Name": p.name,
                "SeName": p.name.lower().replace(" ", "-"),
                "ProductTypeId": 5,
                "ShortDescription": "A fine thing",
                "Sku": p.sku,
                "BrandId": f"b{p.id % 3}",
                "StockQuantity": 50,
                "Price": p.price / 100,
                "OldPrice": 0,
                "Published": True,
                "ProductCategories": [{"_id": f"x{p.id}", "CategoryId": f"k{p.kind}"}],
                "CreatedOnUtc": {"$date": "2024-11-03T10:00:00.000Z"},
                "UpdatedOnUtc": {"$date": "2025-02-03T10:00:00.000Z"},
            }
            for p in shop.products
        ],
    )
    _save(
        folder / "Category.json",
        [{"_id": f"k{n}", "Name": name, "Published": True, "DisplayOrder": n}
         for n, name in enumerate(shop.kinds)],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: Order.json
    format: jsonl
    columns:
      order_id: _id
      ordered_at: CreatedOnUtc.$date
      status: OrderStatusId
      total_amount: OrderTotal
      tax_amount: OrderTax
      discount_amount: OrderDiscount
      shipping_amount: OrderShippingInclTax
      contact_id: CustomerId
      email: CustomerEmail
      phone: BillingAddress.PhoneNumber
      currency: CustomerCurrencyCode
      store_id: StoreId
    values:
      status: {"10": pending, "20": paid, "30": completed, "40": cancelled}
    overrides:
      status:
        PaymentStatusId: {"40": refunded}
  lines:
    entity: order_lines
    path: Order.json
    format: jsonl
    elements: OrderItems
    columns:
      order_id: parent._id
      line_number: parent.position
      product_id: ProductId
      quantity: Quantity
      unit_price: UnitPriceInclTax
      discount_amount: DiscountAmountInclTax
  customers:
    entity: contacts
    path: Customer.json
    format: jsonl
    columns:
      contact_id: _id
      email: Email
      created_at: CreatedOnUtc.$date
      updated_at: LastActivityDateUtc.$date
      is_deleted: Deleted
  subscribers:
    entity: consents
    path: NewsLetterSubscription.json
    format: jsonl
    columns: {contact_id: CustomerId, email: Email, status: Active,
              changed_at: CreatedOnUtc.$date}
    constants: {channel: email}
    values:
      status: {"false": withdrawn, "true": granted}
  products:
    entity: products
    path: Product.json
    format: jsonl
    columns:
      product_id: _id
      name: Name
      category: "ProductCategories[0].CategoryId"
      brand: BrandId
      price: Price
      is_active: Published
"""

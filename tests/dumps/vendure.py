"""Tables of a Vendure database (Postgres): names in camelCase, cents, active carts beside orders
that were placed, a total without shipping, variants, addresses as JSON."""

import json
from pathlib import Path

from tests.dumps.shop import Shop, net, time, write

STATE = {"cart": "AddingItems", "pending": "PaymentAuthorized", "paid": "PaymentSettled",
         "shipped": "Shipped", "completed": "Delivered", "cancelled": "Cancelled",
         "refunded": "Delivered"}  # fmt: skip
TIME = "%Y-%m-%d %H:%M:%S.123456"


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "order.csv",
        [
            {
                "createdAt": time(o.begun, TIME),
                "updatedAt": time(o.updated, TIME),
                "type": "Regular",
                "code": f"{o.id * 7919:X}",
                "state": STATE[o.state],
                "active": "t" if o.is_cart else "f",
                "orderPlacedAt": time(o.placed, TIME),
                "couponCodes": "WELCOME" if o.discount else "",
                "shippingAddress": json.dumps({"city": o.customer.town, "countryCode": "FR"}),
                "billingAddress": "{}",
                "currencyCode": "EUR",
                "id": o.id,
                "aggregateOrderId": "",
                "customerId": "" if o.is_cart and o.id % 2 else o.customer.id,
                "taxZoneId": 2,
                "subTotal": net(o.goods - o.discount),
                "subTotalWithTax": o.goods - o.discount,
                "shipping": net(o.shipping),
                "shippingWithTax": o.shipping,
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "order_line.csv",
        [
            {
                "createdAt": time(o.begun, TIME),
                "updatedAt": time(o.begun, TIME),
                "quantity": line.quantity,
                "orderPlacedQuantity": 0 if o.is_cart else line.quantity,
                "listPriceIncludesTax": "t",
                "adjustments": "[]",
                "taxLines": json.dumps([{"description": "standard", "taxRate": 20}]),
                "id": line.id,
                "sellerChannelId": 1,
                "shippingLineId": o.id,
                "productVariantId": line.variant,
                "initialListPrice": line.price,
                "listPrice": line.price,
                "orderId": o.id,
                "taxCategoryId": 1,
                "featuredAssetId": line.product.id,
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "customer.csv",
        [
            {
                "createdAt": time(c.joined, TIME),
                "updatedAt": time(c.updated, TIME),
                "deletedAt": time(c.updated, TIME) if c.id % 40 == 0 else "",
                "title": "Ms" if c.is_woman else "Mr",
                "firstName": c.first,
                "lastName": c.last,
                "phoneNumber": c.phone,
                "emailAddress": c.email,
                "id": c.id,
                "userId": c.id + 1,
                "customFieldsNewsletter": "t" if c.agreed else "f",
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "user.csv",
        [
            {"createdAt": time(c.joined, TIME), "updatedAt": time(c.updated, TIME),
             "deletedAt": "", "identifier": c.email, "verified": "t", "lastLogin": "",
             "id": c.id + 1}
            for c in shop.customers
        ],
    )  # fmt: skip
    variants = [(p, v) for p in shop.products for v in p.variants]
    write(
        folder / "product_variant.csv",
        [
            {
                "createdAt": "2024-11-03 10:00:00.123456",
                "updatedAt": "2025-02-03 10:00:00.123456",
                "deletedAt": "",
                "enabled": "t",
                "sku": f"{p.sku}-{v}",
                "outOfStockThreshold": 0,
                "useGlobalOutOfStockThreshold": "t",
                "trackInventory": "INHERIT",
                "id": v,
                "featuredAssetId": "",
                "taxCategoryId": 1,
                "productId": p.id,
            }
            for p, v in variants
        ],
    )
    write(
        folder / "product_variant_translation.csv",
        [
            {"createdAt": "2024-11-03 10:00:00.123456", "updatedAt": "2024-11-03 10:00:00.123456",
             "languageCode": "fr", "name": f"{p.name} {'SM'[v % 2]}", "id": v + 3, "baseId": v}
            for p, v in variants
        ],
    )  # fmt: skip
    write(
        folder / "product_variant_price.csv",
        [
            {"createdAt": "2024-11-03 10:00:00.123456", "updatedAt": "2024-11-03 10:00:00.123456",
             "currencyCode": "EUR", "id": v + 5, "channelId": 1, "price": p.price, "variantId": v}
            for p, v in variants
        ],
    )  # fmt: skip
    write(
        folder / "product.csv",
        [
            {"createdAt": "2024-11-03 10:00:00.123456", "updatedAt": "2024-11-03 10:00:00.123456",
             "deletedAt": "", "enabled": "t", "id": p.id, "featuredAssetId": p.id}
            for p in shop.products
        ],
    )  # fmt: skip
    write(
        folder / "payment.csv",
        [
            {"createdAt": time(o.paid, TIME), "updatedAt": time(o.paid, TIME), "method": "stripe",
             "amount": o.total, "state": "Settled", "errorMessage": "", "transactionId": o.id,
             "metadata": "{}", "id": o.id, "orderId": o.id}
            for o in shop.placed
            if o.paid
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: false}
sources:
  orders:
    entity: orders
    path: order.csv
    format: csv
    minor_units: true
    columns:
      order_id: id
      ordered_at: orderPlacedAt
      updated_at: updatedAt
      status: state
      total_amount: subTotalWithTax
      shipping_amount: shippingWithTax
      contact_id: customerId
      currency: currencyCode
      coupon_code: couponCodes
    values:
      status: {PaymentAuthorized: pending, PaymentSettled: paid, Shipped: shipped,
               Delivered: completed, Cancelled: cancelled}
    skip:
      orderPlacedAt: [""]
  lines:
    entity: order_lines
    path: order_line.csv
    format: csv
    minor_units: true
    columns:
      order_id: orderId
      line_number: id
      product_id: productVariantId
      quantity: quantity
      unit_price: listPrice
  customers:
    entity: contacts
    path: customer.csv
    format: csv
    columns:
      contact_id: id
      email: emailAddress
      phone: phoneNumber
      first_name: firstName
      last_name: lastName
      gender: title
      created_at: createdAt
      updated_at: updatedAt
    overrides:
      is_deleted:
        deletedAt: {"*": "true"}
  newsletter:
    entity: consents
    path: customer.csv
    format: csv
    columns: {contact_id: id, status: customFieldsNewsletter, changed_at: updatedAt}
    constants: {channel: email}
    values:
      status: {f: withdrawn, t: granted}
  products:
    entity: products
    path: product_variant.csv
    format: csv
    columns:
      product_id: id
      name: sku
      is_active: enabled
    constants: {category: uncategorised}
"""

"""Tables of an Odoo database (psql): quotations among the orders, receipts of a till beside them
with the same ids, translated names as JSON, variants, t and f."""

import json
from pathlib import Path

from tests.dumps.shop import Line, Order, Shop, money, net, time, write

STATE = {"pending": "sent", "paid": "sale", "shipped": "sale", "completed": "done",
         "cancelled": "cancel", "refunded": "done"}  # fmt: skip
TIME = "%Y-%m-%d %H:%M:%S.123456"


def _line(o: Order, line: Line) -> dict[str, object]:
    return {
        "id": line.id,
        "order_id": o.id,
        "sequence": 10 * line.rank,
        "company_id": 1,
        "currency_id": 1,
        "order_partner_id": o.customer.id,
        "product_id": line.variant,
        "product_uom": 1,
        "state": STATE[o.state],
        "display_type": "",
        "name": f"[{line.product.sku}] {line.product.name}",
        "product_uom_qty": f"{line.quantity}.0",
        "price_unit": money(line.price),
        "discount": "0.0",
        "price_subtotal": money(net(line.total)),
        "price_tax": money(line.total - net(line.total)),
        "price_total": money(line.total),
        "qty_delivered": f"{line.quantity}.0" if o.shipped else "0.0",
        "qty_invoiced": f"{line.quantity}.0" if o.paid else "0.0",
        "create_uid": 2,
        "write_uid": 2,
        "create_date": time(o.begun, TIME),
        "write_date": time(o.updated, TIME),
    }


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    web = [o for o in shop.orders if o.id % 5]
    till = [o for o in shop.orders if not o.id % 5 and o.state != "pending"]
    write(
        folder / "sale_order.csv",
        [
            {
                "id": o.id,
                "name": f"S{o.id:05d}",
                "state": STATE[o.state],
                "client_order_ref": "",
                "origin": "",
                "date_order": time(o.placed),
                "validity_date": "",
                "create_date": time(o.begun, TIME),
                "write_date": time(o.updated, TIME),
                "commitment_date": "",
                "user_id": 2,
                "partner_id": o.customer.id,
                "partner_invoice_id": o.customer.id,
                "partner_shipping_id": o.customer.id,
                "pricelist_id": 1,
                "currency_id": 1,
                "company_id": 1,
                "team_id": 2,
                "warehouse_id": 1,
                "invoice_status": "invoiced" if o.paid else "no",
                "amount_untaxed": money(net(o.goods)),
                "amount_tax": money(o.goods - net(o.goods)),
                "amount_total": money(o.goods),
                "currency_rate": "1.000000",
                "require_signature": "t",
                "require_payment": "f",
                "note": "",
                "website_id": 1,
            }
            for o in web
        ],
    )
    write(folder / "sale_order_line.csv", [_line(o, line) for o in web for line in o.lines])
    write(
        folder / "pos_order.csv",
        [
            {
                "id": n,
                "name": f"Shop/{n:04d}",
                "date_order": time(o.placed),
                "user_id": 2,
                "amount_tax": money(o.goods - net(o.goods)),
                "amount_total": money(o.goods),
                "amount_paid": money(o.goods),
                "amount_return": "0.00",
                "company_id": 1,
                "pricelist_id": 1,
                "partner_id": o.customer.id if n % 2 else "",
                "session_id": 1 + n // 20,
                "state": ("done", "paid", "invoiced")[n % 3],
                "pos_reference": f"Order {n:05d}-001-{n:04d}",
                "sequence_number": n,
                "create_date": time(o.begun, TIME),
                "write_date": time(o.begun, TIME),
                "to_invoice": "f",
                "tip_amount": "",
            }
            for n, o in enumerate(till, start=1)
        ],
    )
    write(
        folder / "pos_order_line.csv",
        [
            {
                "id": line.id,
                "company_id": 1,
                "name": f"Shop/{line.id:05d}",
                "notice": "",
                "product_id": line.variant,
                "price_unit": money(line.price),
                "qty": f"{line.quantity}.0",
                "price_subtotal": money(net(line.total)),
                "price_subtotal_incl": money(line.total),
                "discount": "0.0",
                "order_id": n,
                "full_product_name": line.product.name,
                "create_date": time(o.begun, TIME),
                "write_date": time(o.begun, TIME),
            }
            for n, o in enumerate(till, start=1)
            for line in o.lines
        ],
    )
    write(
        folder / "res_partner.csv",
        [
            {
                "id": c.id,
                "name": f"{c.first} {c.last}",
                "company_id": "",
                "create_date": time(c.joined, TIME),
                "display_name": f"{c.first} {c.last}",
                "ref": "",
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "vat": "",
                "website": "",
                "parent_id": "",
                "employee": "f",
                "type": "contact",
                "street": f"{c.id} rue Haute",
                "zip": c.postcode,
                "city": c.town,
                "state_id": "",
                "country_id": 75,
                "email": c.email,
                "phone": c.phone,
                "mobile": "",
                "is_company": "f",
                "active": "t",
                "color": 0,
                "write_date": time(c.updated, TIME),
                "email_normalized": c.email,
                "customer_rank": 1,
                "supplier_rank": 0,
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "product_template.csv",
        [
            {
                "id": p.id,
                "categ_id": 4 + p.kind,
                "name": json.dumps({"en_US": p.name, "fr_FR": f"Le {p.name}"}),
                "description_sale": "",
                "type": "consu",
                "list_price": money(p.price),
                "default_code": "",
                "sale_ok": "t",
                "purchase_ok": "t",
                "active": "t",
                "create_date": "2024-11-03 10:00:00.123456",
                "write_date": "2025-02-03 10:00:00.123456",
            }
            for p in shop.products
        ],
    )
    write(
        folder / "product_product.csv",
        [
            {
                "id": variant,
                "product_tmpl_id": p.id,
                "default_code": f"{p.sku}-{variant}",
                "active": "t",
                "combination_indices": variant % 2,
                "barcode": f"{3700000000000 + variant}",
                "volume": "0.0",
                "weight": "0.5",
                "create_date": "2024-11-03 10:00:00.123456",
                "write_date": "2025-02-03 10:00:00.123456",
            }
            for p in shop.products
            for variant in p.variants
        ],
    )
    write(
        folder / "product_category.csv",
        [
            {"id": 4 + n, "name": name, "complete_name": f"All / {name}", "parent_id": 1,
             "parent_path": f"1/{4 + n}/", "create_date": "2024-11-03 10:00:00.123456"}
            for n, name in enumerate(shop.kinds)
        ],
    )  # fmt: skip
    write(
        folder / "res_currency.csv",
        [{"id": 1, "name": "EUR", "symbol": "€", "rounding": "0.010000", "active": "t"},
         {"id": 2, "name": "USD", "symbol": "$", "rounding": "0.010000", "active": "f"}],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  web_orders:
    entity: orders
    path: sale_order.csv
    format: csv
    columns:
      order_id: id
      ordered_at: date_order
      updated_at: write_date
      status: state
      total_amount: amount_total
      tax_amount: amount_tax
      contact_id: partner_id
    values:
      status: {sale: paid, done: completed, cancel: cancelled}
    constants: {channel: web}
    skip:
      state: [sent]
  web_lines:
    entity: order_lines
    path: sale_order_line.csv
    format: csv
    columns:
      order_id: order_id
      line_number: id
      product_id: product_id
      quantity: product_uom_qty
      unit_price: price_unit
  receipts:
    entity: orders
    path: pos_order.csv
    format: csv
    columns:
      order_id: id
      ordered_at: date_order
      updated_at: write_date
      status: state
      total_amount: amount_total
      tax_amount: amount_tax
      contact_id: partner_id
    values:
      status: {done: completed, invoiced: paid}
    constants: {channel: store}
    prefixes: {order_id: "POS-"}
  receipt_lines:
    entity: order_lines
    path: pos_order_line.csv
    format: csv
    columns:
      order_id: order_id
      line_number: id
      product_id: product_id
      quantity: qty
      unit_price: price_unit
    prefixes: {order_id: "POS-"}
  customers:
    entity: contacts
    path: res_partner.csv
    format: csv
    columns:
      contact_id: id
      email: email
      phone: phone
      last_name: name
      postal_code: zip
      city: city
      language: lang
      created_at: create_date
      updated_at: write_date
  products:
    entity: products
    path: product_product.csv
    format: csv
    columns:
      product_id: id
      name: default_code
      is_active: active
    constants: {category: uncategorised}
"""

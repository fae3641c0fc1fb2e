"""Tables of a Navision (Business Central) database: names with blanks and signs, kinds of lines as
numbers, totals per document, dates of SQL Server, no status at all."""

from pathlib import Path

from tests.dumps.shop import Shop, money, net, time, write

TIME = "%Y-%m-%d %H:%M:%S.000"


def make(folder: Path) -> None:
    shop = Shop(carts=False)
    orders = [o for o in shop.placed if o.state != "cancelled"]
    write(
        folder / "Sales Invoice Header.csv",
        [
            {
                "No_": f"SI{o.id:06d}",
                "Sell-to Customer No_": f"K{o.customer.id:05d}",
                "Bill-to Customer No_": f"K{o.customer.id:05d}",
                "Bill-to Name": f"{o.customer.first} {o.customer.last}",
                "Order No_": f"SO{o.id:06d}",
                "Order Date": time(o.placed, TIME),
                "Posting Date": f"{o.placed:%Y-%m-%d} 00:00:00.000",
                "Due Date": "1753-01-01 00:00:00.000",
                "Shipment Date": time(o.shipped, TIME, "1753-01-01 00:00:00.000"),
                "Currency Code": "EUR",
                "Location Code": "MAIN",
                "Salesperson Code": "",
                "Payment Method Code": "CARD",
                "Sell-to E-Mail": o.customer.email,
                "Amount": money(net(o.goods)),
                "Amount Including VAT": money(o.goods),
            }
            for o in orders
        ],
        ";",
    )
    write(
        folder / "Sales Invoice Line.csv",
        [
            {
                "Document No_": f"SI{o.id:06d}",
                "Line No_": 10000 * line.rank,
                "Sell-to Customer No_": f"K{o.customer.id:05d}",
                "Type": 2,
                "No_": line.product.sku,
                "Description": line.product.name,
                "Unit of Measure": "PCS",
                "Quantity": f"{line.quantity}.00000",
                "Unit Price": money(line.price, 5),
                "VAT %": "20.00",
                "Line Discount %": "0.00",
                "Line Discount Amount": "0.00",
                "Amount": money(net(line.total)),
                "Amount Including VAT": money(line.total),
                "Item Category Code": shop.kinds[line.product.kind].upper(),
            }
            for o in orders
            for line in o.lines
        ],
        ";",
    )
    write(
        folder / "Customer.csv",
        [
            {
                "No_": f"K{c.id:05d}",
                "Name": f"{c.first} {c.last}",
                "Search Name": f"{c.first} {c.last}".upper(),
                "Address": "rue Haute",
                "City": c.town,
                "Phone No_": c.phone,
                "Customer Posting Group": "DOMESTIC",
                "Currency Code": "",
                "Language Code": "FRA",
                "Country_Region Code": "FR",
                "Blocked": 0,
                "Last Date Modified": f"{c.updated:%Y-%m-%d} 00:00:00.000",
                "Post Code": c.postcode,
                "E-Mail": c.email,
                "Newsletter": int(c.agreed),
            }
            for c in shop.customers
        ],
        ";",
    )
    write(
        folder / "Item.csv",
        [
            {
                "No_": p.sku,
                "Description": p.name,
                "Base Unit of Measure": "PCS",
                "Unit Price": money(p.price, 5),
                "Unit Cost": money(net(p.price) // 2, 5),
                "Vendor No_": f"V{p.id % 3}",
                "Item Category Code": shop.kinds[p.kind].upper(),
                "Blocked": 0,
                "Last Date Modified": "2025-02-03 00:00:00.000",
            }
            for p in shop.products
        ],
        ";",
    )
    write(
        folder / "Vendor.csv",
        [{"No_": f"V{n}", "Name": f"Vendor {n}", "City": "Lyon", "E-Mail": f"v{n}@example.org",
          "Last Date Modified": "2025-02-03 00:00:00.000"} for n in range(3)],
        ";",
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: Sales Invoice Header.csv
    format: csv
    delimiter: ";"
    columns:
      order_id: No_
      ordered_at: Order Date
      total_amount: Amount Including VAT
      contact_id: Sell-to Customer No_
      email: Sell-to E-Mail
      currency: Currency Code
      store_id: Location Code
    constants: {status: completed}
  lines:
    entity: order_lines
    path: Sales Invoice Line.csv
    format: csv
    delimiter: ";"
    columns:
      order_id: Document No_
      line_number: Line No_
      product_id: No_
      quantity: Quantity
      unit_price: Unit Price
      discount_amount: Line Discount Amount
  customers:
    entity: contacts
    path: Customer.csv
    format: csv
    delimiter: ";"
    columns:
      contact_id: No_
      email: E-Mail
      phone: Phone No_
      last_name: Name
      postal_code: Post Code
      city: City
      country: Country_Region Code
      language: Language Code
      updated_at: Last Date Modified
  newsletter:
    entity: consents
    path: Customer.csv
    format: csv
    delimiter: ";"
    columns: {contact_id: No_, status: Newsletter, changed_at: Last Date Modified}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: Item.csv
    format: csv
    delimiter: ";"
    columns:
      product_id: No_
      name: Description
      category: Item Category Code
      brand: Vendor No_
      price: Unit Price
"""

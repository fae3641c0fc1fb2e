"""Tables of an OXID database: OX before every name, hashes as ids, a cancellation told by a flag,
orders that were never finished, a list of subscribers with codes."""

from pathlib import Path

from tests.dumps.shop import Shop, money, net, time, uuid, write

NEVER = "0000-00-00 00:00:00"


def _id(kind: str, n: int) -> str:
    return uuid(kind, n).replace("-", "")


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(
        folder / "oxorder.csv",
        [
            {
                "OXID": _id("order", o.id),
                "OXSHOPID": 1,
                "OXUSERID": _id("user", o.customer.id),
                "OXORDERDATE": time(o.placed or o.begun),
                "OXORDERNR": o.id,
                "OXBILLCOMPANY": "",
                "OXBILLEMAIL": o.customer.email,
                "OXBILLFNAME": o.customer.first,
                "OXBILLLNAME": o.customer.last,
                "OXBILLSTREET": "rue Haute",
                "OXBILLCITY": o.customer.town,
                "OXBILLCOUNTRYID": "a7c40f63272a57296",
                "OXBILLZIP": o.customer.postcode,
                "OXBILLFON": o.customer.phone,
                "OXBILLSAL": ("MR", "MRS")[o.customer.is_woman],
                "OXPAYMENTTYPE": "oxidpaypal",
                "OXTOTALNETSUM": money(net(o.goods)),
                "OXTOTALBRUTSUM": money(o.goods),
                "OXTOTALORDERSUM": money(o.total),
                "OXARTVAT1": 20,
                "OXARTVATPRICE1": money(o.goods - net(o.goods)),
                "OXDELCOST": money(o.shipping),
                "OXDELVAT": 20,
                "OXPAYCOST": 0,
                "OXWRAPCOST": 0,
                "OXCARDTEXT": "",
                "OXDISCOUNT": money(o.discount),
                "OXBILLNR": "",
                "OXTRACKCODE": "",
                "OXSENDDATE": time(o.shipped, never=NEVER),
                "OXREMARK": "",
                "OXVOUCHERDISCOUNT": money(0),
                "OXCURRENCY": "EUR",
                "OXCURRATE": 1,
                "OXFOLDER": "ORDERFOLDER_FINISHED" if o.shipped else "ORDERFOLDER_NEW",
                "OXTRANSID": "",
                "OXPAID": time(o.paid, never=NEVER),
                "OXSTORNO": int(o.state == "cancelled"),
                "OXIP": "",
                "OXTRANSSTATUS": "NOT_FINISHED" if o.is_cart else "OK",
                "OXLANG": 0,
                "OXDELTYPE": "oxidstandard",
                "OXTIMESTAMP": time(o.updated),
            }
            for o in shop.orders
        ],
    )
    write(
        folder / "oxorderarticles.csv",
        [
            {
                "OXID": _id("line", line.id),
                "OXORDERID": _id("order", o.id),
                "OXAMOUNT": line.quantity,
                "OXARTID": _id("article", line.product.id),
                "OXARTNUM": line.product.sku,
                "OXTITLE": line.product.name,
                "OXSHORTDESC": "",
                "OXSELVARIANT": "",
                "OXNETPRICE": money(net(line.total)),
                "OXBRUTPRICE": money(line.total),
                "OXVATPRICE": money(line.total - net(line.total)),
                "OXVAT": 20,
                "OXPERSPARAM": "",
                "OXPRICE": money(line.price),
                "OXBPRICE": money(line.price),
                "OXNPRICE": money(net(line.price)),
                "OXWRAPID": "",
                "OXSTOCK": -1,
                "OXWEIGHT": 0.5,
                "OXINSERT": "2024-11-03",
                "OXSTORNO": int(o.state == "cancelled"),
                "OXORDERSHOPID": 1,
                "OXISBUNDLE": 0,
                "OXTIMESTAMP": time(o.updated),
            }
            for o in shop.orders
            for line in o.lines
        ],
    )
    write(
        folder / "oxuser.csv",
        [
            {
                "OXID": _id("user", c.id),
                "OXACTIVE": 1,
                "OXRIGHTS": "user",
                "OXSHOPID": 1,
                "OXUSERNAME": c.email,
                "OXPASSWORD": "abcdef",
                "OXPASSSALT": "",
                "OXCUSTNR": c.id,
                "OXUSTID": "",
                "OXCOMPANY": "",
                "OXFNAME": c.first,
                "OXLNAME": c.last,
                "OXSTREET": "rue Haute",
                "OXSTREETNR": c.id,
                "OXCITY": c.town,
                "OXCOUNTRYID": "a7c40f63272a57296",
                "OXZIP": c.postcode,
                "OXFON": c.phone,
                "OXFAX": "",
                "OXSAL": ("MR", "MRS")[c.is_woman],
                "OXBONI": 1000,
                "OXCREATE": time(c.joined),
                "OXREGISTER": time(c.joined),
                "OXPRIVFON": "",
                "OXMOBFON": "",
                "OXBIRTHDATE": c.born or "0000-00-00",
                "OXURL": "",
                "OXTIMESTAMP": time(c.updated),
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "oxnewssubscribed.csv",
        [
            {
                "OXID": _id("letter", c.id),
                "OXSHOPID": 1,
                "OXUSERID": _id("user", c.id),
                "OXSAL": ("MR", "MRS")[c.is_woman],
                "OXFNAME": c.first,
                "OXLNAME": c.last,
                "OXEMAIL": c.email,
                "OXDBOPTIN": int(c.agreed),
                "OXEMAILFAILED": 0,
                "OXSUBSCRIBED": time(c.joined) if c.agreed else NEVER,
                "OXUNSUBSCRIBED": NEVER,
                "OXTIMESTAMP": time(c.updated),
            }
            for c in shop.customers
        ],
    )
    write(
        folder / "oxarticles.csv",
        [
            {
                "OXID": _id("article", p.id),
                "OXSHOPID": 1,
                "OXPARENTID": "",
                "OXACTIVE": 1,
                "OXACTIVEFROM": NEVER,
                "OXARTNUM": p.sku,
                "OXEAN": "",
                "OXTITLE": p.name,
                "OXSHORTDESC": "",
                "OXPRICE": money(p.price),
                "OXPRICEA": 0,
                "OXBPRICE": money(p.price // 2),
                "OXTPRICE": 0,
                "OXVAT": "",
                "OXWEIGHT": 0.5,
                "OXSTOCK": 50,
                "OXSTOCKFLAG": 1,
                "OXINSERT": "2024-11-03",
                "OXTIMESTAMP": "2025-02-03 10:00:00",
                "OXMANUFACTURERID": _id("brand", p.id % 3),
                "OXSEARCHKEYS": "",
                "OXRATING": 0,
            }
            for p in shop.products
        ],
    )
    write(
        folder / "oxobject2category.csv",
        [
            {"OXID": _id("link", p.id), "OXOBJECTID": _id("article", p.id),
             "OXCATNID": _id("category", p.kind), "OXPOS": 0, "OXTIME": 0,
             "OXTIMESTAMP": "2025-02-03 10:00:00"}
            for p in shop.products
        ],
    )  # fmt: skip
    write(
        folder / "oxcategories.csv",
        [
            {"OXID": _id("category", n), "OXPARENTID": "oxrootid", "OXLEFT": 1, "OXRIGHT": 2,
             "OXROOTID": _id("category", n), "OXSORT": n, "OXACTIVE": 1, "OXSHOPID": 1,
             "OXTITLE": name, "OXDESC": "", "OXTIMESTAMP": "2025-02-03 10:00:00"}
            for n, name in enumerate(shop.kinds)
        ],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: oxorder.csv
    format: csv
    columns:
      order_id: OXID
      ordered_at: OXORDERDATE
      updated_at: OXTIMESTAMP
      status: OXTRANSSTATUS
      total_amount: OXTOTALORDERSUM
      contact_id: OXUSERID
      email: OXBILLEMAIL
      phone: OXBILLFON
      currency: OXCURRENCY
      discount_amount: OXDISCOUNT
      shipping_amount: OXDELCOST
      store_id: OXSHOPID
    values:
      status: {OK: paid}
    overrides:
      status:
        OXSTORNO: {"1": cancelled}
    skip:
      OXTRANSSTATUS: [NOT_FINISHED]
  lines:
    entity: order_lines
    path: oxorderarticles.csv
    format: csv
    columns:
      order_id: OXORDERID
      product_id: OXARTID
      quantity: OXAMOUNT
      unit_price: OXPRICE
    number_lines: true
  customers:
    entity: contacts
    path: oxuser.csv
    format: csv
    empty_values: ["0000-00-00"]
    columns:
      contact_id: OXID
      email: OXUSERNAME
      phone: OXFON
      first_name: OXFNAME
      last_name: OXLNAME
      birth_date: OXBIRTHDATE
      gender: OXSAL
      postal_code: OXZIP
      city: OXCITY
      created_at: OXCREATE
      updated_at: OXTIMESTAMP
  subscribers:
    entity: consents
    path: oxnewssubscribed.csv
    format: csv
    columns: {contact_id: OXUSERID, email: OXEMAIL, status: OXDBOPTIN, changed_at: OXTIMESTAMP}
    constants: {channel: email}
    values:
      status: {"0": withdrawn, "1": granted}
  products:
    entity: products
    path: oxarticles.csv
    format: csv
    columns:
      product_id: OXID
      name: OXTITLE
      brand: OXMANUFACTURERID
      price: OXPRICE
      is_active: OXACTIVE
    constants: {category: uncategorised}
"""

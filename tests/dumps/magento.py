"""Tables of a Magento database, an e-mail tool's events and flat GA4 events."""

from datetime import timedelta
from pathlib import Path

from tests.dumps.first_shop import FirstShop, Rows, write


def make(folder: Path) -> None:
    shop = FirstShop()
    orders: Rows = []
    items: Rows = []
    for n, customer, when in shop.orders:
        basket = shop.basket(n)
        goods = round(sum(q * p for _, q, p in basket), 4)
        state = ("complete", "complete", "processing", "closed", "complete", "canceled", "pending",
                 "complete", "holded")[n % 9]  # fmt: skip
        guest = n % 5 == 0
        orders.append(
            (n, state, "new", "M2 - Flat", 1, "" if guest else customer, f"{goods + 5:.4f}",
             f"{goods + 5:.4f}", "0.0000", "5.0000", f"{goods:.4f}", f"{goods / 6:.4f}",
             f"{goods + 5:.4f}", "EUR", shop.person(customer)[2], int(guest), f"{100000 + n:09d}",
             "" if n % 6 else "WELCOME", f"{when:%Y-%m-%d %H:%M:%S}",
             f"{when + timedelta(days=1):%Y-%m-%d %H:%M:%S}", len(basket), f"{goods / 1.2:.4f}")
        )  # fmt: skip
        for product, quantity, price in basket:
            items.append(
                (len(items) + 1, n, "", n + 900, 1, f"{when:%Y-%m-%d %H:%M:%S}",
                 f"{when:%Y-%m-%d %H:%M:%S}", product + 2000, "simple", f"SKU-{product:04d}",
                 f"Product {product}", f"{quantity}.0000", "0.0000", "0.0000", f"{quantity}.0000",
                 f"{price / 1.2:.4f}", f"{price:.4f}", "20.0000", f"{quantity * price / 6:.4f}",
                 "0.0000", f"{quantity * price / 1.2:.4f}", f"{quantity * price:.4f}")
            )  # fmt: skip
    write(
        folder / "sales_order.csv",
        "entity_id status state_label shipping_description store_id customer_id base_grand_total"
        " grand_total discount_amount shipping_amount subtotal_incl_tax tax_amount total_paid"
        " order_currency_code customer_email customer_is_guest increment_id coupon_code created_at"
        " updated_at total_item_count subtotal",
        orders,
    )  # fmt: skip
    write(
        folder / "sales_order_item.csv",
        "item_id order_id parent_item_id quote_item_id store_id created_at updated_at product_id"
        " product_type sku name qty_ordered qty_canceled qty_refunded qty_invoiced price"
        " price_incl_tax tax_percent tax_amount discount_amount row_total row_total_incl_tax",
        items,
    )  # fmt: skip
    people: Rows = []
    for n in shop.customers:
        first, last, email = shop.person(n)
        joined = shop.moment(0.2)
        people.append(
            (n, 1, email, 1 + n % 3, "", 1, f"{joined:%Y-%m-%d %H:%M:%S}",
             f"{joined + timedelta(days=9):%Y-%m-%d %H:%M:%S}", 1, first, last,
             f"19{60 + n % 40}-0{1 + n % 9}-1{n % 10}" if n % 3 else "", n % 3)
        )  # fmt: skip
    write(
        folder / "customer_entity.csv",
        "entity_id website_id email group_id increment_id store_id created_at updated_at is_active"
        " firstname lastname dob gender",
        people,
    )  # fmt: skip
    write(
        folder / "newsletter_subscriber.csv",
        "subscriber_id store_id change_status_at customer_id subscriber_email subscriber_status",
        [(n, 1, f"{shop.moment(0.3):%Y-%m-%d %H:%M:%S}", n, shop.person(n)[2], 1 if n % 4 else 3)
         for n in shop.customers],
    )  # fmt: skip
    write(
        folder / "catalog_product.csv",
        "entity_id sku type_id name price status visibility manufacturer category_name created_at",
        [(p + 2000, f"SKU-{p:04d}", "simple", f"Product {p}", f"{4.9 + 3 * p:.4f}", 1, 4, "Acme",
          ("Shoes", "Coats", "Bags")[p % 3], "2024-12-01 09:00:00") for p in shop.products],
    )  # fmt: skip
    metrics = ("Opened Email", "Opened Email", "Clicked Email", "Received Email",
               "Bounced Email", "Unsubscribed", "Marked Email as Spam")  # fmt: skip
    write(
        folder / "klaviyo_events.csv",
        "event_id metric_name profile_email campaign_id subject timestamp",
        [(f"ev{n:05d}", metrics[n % 7], shop.person(1 + n % 120)[2], f"KC{n % 4}",
          f"Subject {n % 4}",
          f"{shop.moment(n / 400):%Y-%m-%dT%H:%M:%S}+00:00") for n in range(400)],
    )  # fmt: skip
    names = ("page_view", "view_item", "add_to_cart", "begin_checkout", "purchase",
             "session_start", "scroll")  # fmt: skip
    write(
        folder / "ga4_events_20260622.csv",
        "event_date event_timestamp event_name user_pseudo_id user_id ga_session_id page_location"
        " device_category traffic_source_source traffic_source_medium item_id transaction_id",
        [("20260622", 1782086400000000 + n * 61_000_000, names[n % 7],
          f"{n % 90}.17000000{n % 90:02d}",
          n % 90 if n % 3 == 0 else "", 1700000000 + n % 50, f"https://shop.example/p/{n % 20}",
          ("mobile", "desktop")[n % 2], "google", "cpc",
          f"SKU-{1 + n % 40:04d}" if n % 7 in (1, 2) else "",
          f"{100000 + n % 300:09d}" if n % 7 == 4 else "") for n in range(700)],
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  customers:
    entity: contacts
    path: customer_entity.csv
    format: csv
    columns:
      contact_id: entity_id
      updated_at: updated_at
      created_at: created_at
      email: email
      first_name: firstname
      last_name: lastname
      birth_date: dob
      gender: gender
  subscribers:
    entity: consents
    path: newsletter_subscriber.csv
    format: csv
    columns:
      contact_id: customer_id
      email: subscriber_email
      status: subscriber_status
      changed_at: change_status_at
    constants: {channel: email}
    values:
      status: {"1": granted, "3": withdrawn}
  orders:
    entity: orders
    path: sales_order.csv
    format: csv
    columns:
      order_id: entity_id
      ordered_at: created_at
      updated_at: updated_at
      status: status
      total_amount: grand_total
      contact_id: customer_id
      email: customer_email
      currency: order_currency_code
      discount_amount: discount_amount
      shipping_amount: shipping_amount
      tax_amount: tax_amount
      coupon_code: coupon_code
      store_id: store_id
    values:
      status:
        complete: completed
        processing: paid
        closed: refunded
        canceled: cancelled
        holded: pending
  lines:
    entity: order_lines
    path: sales_order_item.csv
    format: csv
    columns:
      order_id: order_id
      line_number: item_id
      product_id: sku
      quantity: qty_ordered
      unit_price: price_incl_tax
      discount_amount: discount_amount
  products:
    entity: products
    path: catalog_product.csv
    format: csv
    columns:
      product_id: sku
      name: name
      category: category_name
      brand: manufacturer
      is_active: status
      price: price
  mails:
    entity: campaign_events
    path: klaviyo_events.csv
    format: csv
    columns:
      campaign_id: campaign_id
      email: profile_email
      event_name: metric_name
      occurred_at: timestamp
    values:
      event_name:
        Opened Email: open
        Clicked Email: click
        Received Email: delivered
        Bounced Email: bounce
        Unsubscribed: unsubscribe
        Marked Email as Spam: complaint
  web:
    entity: web_events
    path: "ga4_events_{date}.csv"
    date_in_path: "%Y%m%d"
    on_missing: go_on
    format: csv
    timestamp_format: epoch_microseconds
    columns:
      event_id: event_timestamp
      occurred_at: event_timestamp
      event_name: event_name
      visitor_id: user_pseudo_id
      contact_id: user_id
      session_id: ga_session_id
      page: page_location
      device: device_category
      source: traffic_source_source
      medium: traffic_source_medium
      product_id: item_id
      order_id: transaction_id
    values:
      event_name: {view_item: product_view, session_start: app_activity}
"""

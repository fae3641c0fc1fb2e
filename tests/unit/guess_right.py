"""The configurations that somebody who knows the tools would write for the dumps."""

RIGHT = {
    "prestashop": """
customers:
  entity: contacts
  path: ps_customer.csv
  format: csv
  delimiter: ";"
  empty_values: ["0000-00-00"]
  columns:
    contact_id: id_customer
    updated_at: date_upd
    created_at: date_add
    email: email
    first_name: firstname
    last_name: lastname
    birth_date: birthday
    gender: id_gender
    is_deleted: deleted
newsletter:
  entity: consents
  path: ps_customer.csv
  format: csv
  delimiter: ";"
  columns: {contact_id: id_customer, status: newsletter, changed_at: date_upd}
  constants: {channel: email}
  values:
    status: {"0": withdrawn, "1": granted}
orders:
  entity: orders
  path: ps_orders.csv
  format: csv
  delimiter: ";"
  round_amounts: true
  columns:
    order_id: id_order
    ordered_at: date_add
    updated_at: date_upd
    status: current_state
    total_amount: total_paid_tax_incl
    contact_id: id_customer
    discount_amount: total_discounts_tax_incl
    shipping_amount: total_shipping
    store_id: id_shop
  values:
    status:
      {"2": paid, "3": paid, "4": shipped, "5": completed, "6": cancelled, "7": refunded}
lines:
  entity: order_lines
  path: ps_order_detail.csv
  format: csv
  delimiter: ";"
  columns:
    order_id: id_order
    line_number: id_order_detail
    product_id: product_id
    quantity: product_quantity
    unit_price: unit_price_tax_incl
products:
  entity: products
  path: ps_product.csv
  format: csv
  delimiter: ";"
  round_amounts: true
  columns:
    product_id: id_product
    name: reference
    category: id_category_default
    brand: id_manufacturer
    price: price
    is_active: active
""",
    "magento": """
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
    price: price
    is_active: status
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
""",
    "french_erp": """
customers:
  entity: contacts
  path: CLIENT.csv
  format: csv
  delimiter: ";"
  encoding: windows-1252
  date_format: "%d/%m/%Y"
  timestamp_format: "%d/%m/%Y"
  columns:
    contact_id: CLICOD
    updated_at: CLIDMJ
    created_at: CLIDCR
    email: CLIMEL
    phone: CLITEL
    first_name: CLIPRE
    last_name: CLINOM
    birth_date: CLIDNA
    gender: CLICIV
    postal_code: CLICP
    city: CLIVIL
    country: CLIPAY
mails:
  entity: consents
  path: CLIENT.csv
  format: csv
  delimiter: ";"
  encoding: windows-1252
  timestamp_format: "%d/%m/%Y"
  columns: {contact_id: CLICOD, status: CLIOPTMAIL, changed_at: CLIDMJ}
  constants: {channel: email}
  values:
    status: {"N": withdrawn, "O": granted}
texts:
  entity: consents
  path: CLIENT.csv
  format: csv
  delimiter: ";"
  encoding: windows-1252
  timestamp_format: "%d/%m/%Y"
  columns: {contact_id: CLICOD, status: CLIOPTSMS, changed_at: CLIDMJ}
  constants: {channel: sms}
  values:
    status: {"N": withdrawn, "O": granted}
orders:
  entity: orders
  path: CDEENT.csv
  format: csv
  delimiter: ";"
  decimal: ","
  timestamp_format: "%d/%m/%Y"
  columns:
    order_id: CDENUM
    ordered_at: CDEDAT
    status: CDEETA
    total_amount: CDEMTTTC
    channel: CDECAN
    contact_id: CLICOD
    currency: DEVCOD
    discount_amount: CDEREM
    shipping_amount: CDEPORT
    tax_amount: CDEMTTVA
    store_id: MAGCOD
  values:
    status: {LIV: completed, EXP: shipped, ENC: pending, ANN: cancelled}
    channel: {WEB: web, MAG: store, TEL: phone}
lines:
  entity: order_lines
  path: CDELIG.csv
  format: csv
  delimiter: ";"
  decimal: ","
  columns:
    order_id: CDENUM
    line_number: LIGNUM
    product_id: ARTCOD
    quantity: LIGQTE
    unit_price: LIGPUTTC
    discount_amount: LIGREM
products:
  entity: products
  path: ARTICLE.csv
  format: csv
  delimiter: ";"
  encoding: windows-1252
  decimal: ","
  columns:
    product_id: ARTCOD
    name: ARTLIB
    category: ARTFAM
    subcategory: ARTSFAM
    brand: ARTMRQ
    price: ARTPVTTC
    is_active: ARTACT
stores:
  entity: stores
  path: MAGASIN.csv
  format: csv
  delimiter: ";"
  columns: {store_id: MAGCOD, name: MAGLIB, postal_code: MAGCP, country: MAGPAY}
stock:
  entity: stock
  path: STOCK.csv
  format: csv
  delimiter: ";"
  timestamp_format: "%d/%m/%Y"
  columns: {product_id: ARTCOD, store_id: MAGCOD, quantity: STKQTE, observed_at: STKDAT}
""",
}

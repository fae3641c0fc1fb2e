"""Tables of a PrestaShop database: amounts with six decimals, zero dates, numeric states."""

from datetime import timedelta
from pathlib import Path

from tests.dumps.first_shop import NEVER, TOWNS, FirstShop, Rows, six, write


def make(folder: Path) -> None:
    shop = FirstShop()
    orders: Rows = []
    details: Rows = []
    for n, customer, when in shop.orders:
        basket = shop.basket(n)
        goods = sum(q * p for _, q, p in basket)
        state = (5, 5, 5, 5, 4, 2, 6, 7, 3, 5)[n % 10]
        ship = 4.9
        orders.append(
            (n, f"XK{n * 7919 % 999983:06d}Q", 1, 1, 2, 1, customer, n + 400, 1, n + 10, n + 11,
             state, "a1b2c3", "Carte bancaire", "1.000000", "ps_checkout", six(0), six(0),
             six(goods + ship), six(goods + ship), six((goods + ship) / 1.2),
             six(goods + ship), six(goods / 1.2), six(goods), six(ship), six(ship / 1.2),
             n + 500, f"{when:%Y-%m-%d %H:%M:%S}",
             f"{when + timedelta(days=2):%Y-%m-%d %H:%M:%S}", 1, f"{when:%Y-%m-%d %H:%M:%S}",
             f"{when + timedelta(days=3):%Y-%m-%d %H:%M:%S}")
        )  # fmt: skip
        for product, quantity, price in basket:
            details.append(
                (len(details) + 1, n, 0, 0, 1, product, 0, f"Produit {product}", quantity, 0, 0,
                 six(price / 1.2), six(0), f"REF{product:03d}", six(0.3),
                 six(quantity * price), six(quantity * price / 1.2), six(price),
                 six(price / 1.2), six(price / 1.2))
            )  # fmt: skip
    write(
        folder / "ps_orders.csv",
        "id_order reference id_shop_group id_shop id_carrier id_lang id_customer id_cart"
        " id_currency"
        " id_address_delivery id_address_invoice current_state secure_key payment conversion_rate"
        " module total_discounts total_discounts_tax_incl total_paid total_paid_tax_incl"
        " total_paid_tax_excl total_paid_real total_products total_products_wt total_shipping"
        " total_shipping_tax_excl invoice_number invoice_date delivery_date valid date_add"
        " date_upd",
        orders, ";",
    )  # fmt: skip
    write(
        folder / "ps_order_detail.csv",
        "id_order_detail id_order id_order_invoice id_warehouse id_shop product_id"
        " product_attribute_id product_name product_quantity product_quantity_refunded"
        " product_quantity_return product_price reduction_percent product_reference product_weight"
        " total_price_tax_incl total_price_tax_excl unit_price_tax_incl unit_price_tax_excl"
        " original_product_price",
        details, ";",
    )  # fmt: skip
    customers: Rows = []
    addresses: Rows = []
    for n in shop.customers:
        first, last, email = shop.person(n)
        asked, joined = n % 3 == 0, shop.moment(0.1)
        customers.append(
            (n, 1, 1, 1 + n % 2, 3, 1, first, last, email, "$2y$10$abcdef", NEVER,
             f"19{60 + n % 40}-0{1 + n % 9}-1{n % 10}" if n % 4 else "0000-00-00", int(asked),
             f"{joined:%Y-%m-%d %H:%M:%S}" if asked else NEVER, n % 2, 1, 0,
             f"{joined:%Y-%m-%d %H:%M:%S}", f"{joined + timedelta(days=30):%Y-%m-%d %H:%M:%S}")
        )  # fmt: skip
        code, town = TOWNS[n % 4]
        addresses.append(
            (n + 10, 8, 0, n, "Mon adresse", last, first, f"{n} rue des Lilas", code, town,
             f"06{n:08d}", f"{joined:%Y-%m-%d %H:%M:%S}", f"{joined:%Y-%m-%d %H:%M:%S}", 0)
        )  # fmt: skip
    write(
        folder / "ps_customer.csv",
        "id_customer id_shop_group id_shop id_gender id_default_group id_lang firstname lastname"
        " email passwd last_passwd_gen birthday newsletter newsletter_date_add optin active deleted"
        " date_add date_upd",
        customers, ";",
    )  # fmt: skip
    write(
        folder / "ps_address.csv",
        "id_address id_country id_state id_customer alias lastname firstname address1 postcode city"
        " phone date_add date_upd deleted",
        addresses, ";",
    )  # fmt: skip
    write(
        folder / "ps_product.csv",
        "id_product id_supplier id_manufacturer id_category_default on_sale ean13 quantity price"
        " wholesale_price reference active date_add date_upd",
        [(p, 1, 2, 3 + p % 5, 0, 3700000000000 + p, 50, six((4.9 + 3 * p) / 1.2), six(2 + p),
          f"REF{p:03d}", 1, "2024-11-03 10:00:00", "2025-02-03 10:00:00") for p in shop.products],
        ";",
    )  # fmt: skip
    write(
        folder / "ps_product_lang.csv",
        "id_product id_shop id_lang description description_short link_rewrite name",
        [(p, 1, 1, f"Un joli produit numéro {p}", "Joli", f"produit-{p}", f"Produit {p}")
         for p in shop.products],
        ";",
    )  # fmt: skip
    write(
        folder / "ps_order_state_lang.csv",
        "id_order_state id_lang name template",
        [(2, 1, "Paiement accepté", "payment"), (3, 1, "En cours de préparation", "preparation"),
         (4, 1, "Expédié", "shipped"), (5, 1, "Livré", ""), (6, 1, "Annulé", "order_canceled"),
         (7, 1, "Remboursé", "refund")],
        ";",
    )  # fmt: skip
    write(
        folder / "ps_carrier.csv",
        "id_carrier id_reference name active deleted position",
        [(1, 1, "Retrait", 1, 0, 0), (2, 2, "Colissimo", 1, 0, 1)],
        ";",
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
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
"""

"""Small dumps shaped like those of well-known tools, made up value by value: `nocturne init` has to
find its way in them. Each maker writes a folder of files; same bytes each time."""

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

_START = datetime(2025, 1, 1, 8)  # noqa: DTZ001
_DAYS = 540
_FIRST = ("Anna", "Bruno", "Chloé", "David", "Emma", "Farid", "Gaëlle", "Hugo")
_LAST = ("Martin", "Bernard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Michel")
_TOWNS = (("75011", "Paris"), ("69003", "Lyon"), ("31000", "Toulouse"), ("59800", "Lille"))
_NEVER = "0000-00-00 00:00:00"

Rows = list[Sequence[object]]


class _Shop:
    """Customers, products and orders that every dump tells in its own words."""

    def __init__(self, customers: int = 120, orders: int = 300) -> None:
        self.dice = random.Random(7)
        self.customers = range(1, customers + 1)
        self.products = range(1, 41)
        self.orders = [
            (n, self.dice.choice(self.customers), self.moment(n / orders))
            for n in range(1, orders + 1)
        ]

    def moment(self, share: float) -> datetime:
        return _START + timedelta(
            days=int(share * _DAYS),
            minutes=self.dice.randrange(600),
            seconds=self.dice.randrange(60),
        )

    def basket(self, order: int) -> list[tuple[int, int, float]]:
        """(product, quantity, unit price with tax) of an order."""
        count = 1 + order % 3
        return [(p, 1 + order % 2, 4.9 + 3 * p) for p in self.dice.sample(self.products, count)]

    def person(self, n: int) -> tuple[str, str, str]:
        first, last = _FIRST[n % 8], _LAST[n // 8 % 8]
        return first, last, f"person{n}@example.org"


def _write(
    path: Path, header: str, rows: Iterable[Sequence[object]], delimiter: str = ",",
    encoding: str = "utf-8",
) -> None:  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        out.writerow(header.split())
        out.writerows(rows)


def _six(amount: float) -> str:
    return f"{amount:.6f}"


def prestashop(folder: Path) -> None:
    """Tables of a PrestaShop database: amounts with six decimals, zero dates, numeric states."""
    shop = _Shop()
    orders: Rows = []
    details: Rows = []
    for n, customer, when in shop.orders:
        basket = shop.basket(n)
        goods = sum(q * p for _, q, p in basket)
        state = (5, 5, 5, 5, 4, 2, 6, 7, 3, 5)[n % 10]
        ship = 4.9
        orders.append(
            (n, f"XK{n * 7919 % 999983:06d}Q", 1, 1, 2, 1, customer, n + 400, 1, n + 10, n + 11,
             state, "a1b2c3", "Carte bancaire", "1.000000", "ps_checkout", _six(0), _six(0),
             _six(goods + ship), _six(goods + ship), _six((goods + ship) / 1.2),
             _six(goods + ship), _six(goods / 1.2), _six(goods), _six(ship), _six(ship / 1.2),
             n + 500, f"{when:%Y-%m-%d %H:%M:%S}",
             f"{when + timedelta(days=2):%Y-%m-%d %H:%M:%S}", 1, f"{when:%Y-%m-%d %H:%M:%S}",
             f"{when + timedelta(days=3):%Y-%m-%d %H:%M:%S}")
        )  # fmt: skip
        for product, quantity, price in basket:
            details.append(
                (len(details) + 1, n, 0, 0, 1, product, 0, f"Produit {product}", quantity, 0, 0,
                 _six(price / 1.2), _six(0), f"REF{product:03d}", _six(0.3),
                 _six(quantity * price), _six(quantity * price / 1.2), _six(price),
                 _six(price / 1.2), _six(price / 1.2))
            )  # fmt: skip
    _write(
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
    _write(
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
            (n, 1, 1, 1 + n % 2, 3, 1, first, last, email, "$2y$10$abcdef", _NEVER,
             f"19{60 + n % 40}-0{1 + n % 9}-1{n % 10}" if n % 4 else "0000-00-00", int(asked),
             f"{joined:%Y-%m-%d %H:%M:%S}" if asked else _NEVER, n % 2, 1, 0,
             f"{joined:%Y-%m-%d %H:%M:%S}", f"{joined + timedelta(days=30):%Y-%m-%d %H:%M:%S}")
        )  # fmt: skip
        code, town = _TOWNS[n % 4]
        addresses.append(
            (n + 10, 8, 0, n, "Mon adresse", last, first, f"{n} rue des Lilas", code, town,
             f"06{n:08d}", f"{joined:%Y-%m-%d %H:%M:%S}", f"{joined:%Y-%m-%d %H:%M:%S}", 0)
        )  # fmt: skip
    _write(
        folder / "ps_customer.csv",
        "id_customer id_shop_group id_shop id_gender id_default_group id_lang firstname lastname"
        " email passwd last_passwd_gen birthday newsletter newsletter_date_add optin active deleted"
        " date_add date_upd",
        customers, ";",
    )  # fmt: skip
    _write(
        folder / "ps_address.csv",
        "id_address id_country id_state id_customer alias lastname firstname address1 postcode city"
        " phone date_add date_upd deleted",
        addresses, ";",
    )  # fmt: skip
    _write(
        folder / "ps_product.csv",
        "id_product id_supplier id_manufacturer id_category_default on_sale ean13 quantity price"
        " wholesale_price reference active date_add date_upd",
        [(p, 1, 2, 3 + p % 5, 0, 3700000000000 + p, 50, _six((4.9 + 3 * p) / 1.2), _six(2 + p),
          f"REF{p:03d}", 1, "2024-11-03 10:00:00", "2025-02-03 10:00:00") for p in shop.products],
        ";",
    )  # fmt: skip
    _write(
        folder / "ps_product_lang.csv",
        "id_product id_shop id_lang description description_short link_rewrite name",
        [(p, 1, 1, f"Un joli produit numéro {p}", "Joli", f"produit-{p}", f"Produit {p}")
         for p in shop.products],
        ";",
    )  # fmt: skip
    _write(
        folder / "ps_order_state_lang.csv",
        "id_order_state id_lang name template",
        [(2, 1, "Paiement accepté", "payment"), (3, 1, "En cours de préparation", "preparation"),
         (4, 1, "Expédié", "shipped"), (5, 1, "Livré", ""), (6, 1, "Annulé", "order_canceled"),
         (7, 1, "Remboursé", "refund")],
        ";",
    )  # fmt: skip
    _write(
        folder / "ps_carrier.csv",
        "id_carrier id_reference name active deleted position",
        [(1, 1, "Retrait", 1, 0, 0), (2, 2, "Colissimo", 1, 0, 1)],
        ";",
    )  # fmt: skip


def magento(folder: Path) -> None:
    """Tables of a Magento database, an e-mail tool's events and flat GA4 events."""
    shop = _Shop()
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
    _write(
        folder / "sales_order.csv",
        "entity_id status state_label shipping_description store_id customer_id base_grand_total"
        " grand_total discount_amount shipping_amount subtotal_incl_tax tax_amount total_paid"
        " order_currency_code customer_email customer_is_guest increment_id coupon_code created_at"
        " updated_at total_item_count subtotal",
        orders,
    )  # fmt: skip
    _write(
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
    _write(
        folder / "customer_entity.csv",
        "entity_id website_id email group_id increment_id store_id created_at updated_at is_active"
        " firstname lastname dob gender",
        people,
    )  # fmt: skip
    _write(
        folder / "newsletter_subscriber.csv",
        "subscriber_id store_id change_status_at customer_id subscriber_email subscriber_status",
        [(n, 1, f"{shop.moment(0.3):%Y-%m-%d %H:%M:%S}", n, shop.person(n)[2], 1 if n % 4 else 3)
         for n in shop.customers],
    )  # fmt: skip
    _write(
        folder / "catalog_product.csv",
        "entity_id sku type_id name price status visibility manufacturer category_name created_at",
        [(p + 2000, f"SKU-{p:04d}", "simple", f"Product {p}", f"{4.9 + 3 * p:.4f}", 1, 4, "Acme",
          ("Shoes", "Coats", "Bags")[p % 3], "2024-12-01 09:00:00") for p in shop.products],
    )  # fmt: skip
    metrics = ("Opened Email", "Opened Email", "Clicked Email", "Received Email",
               "Bounced Email", "Unsubscribed", "Marked Email as Spam")  # fmt: skip
    _write(
        folder / "klaviyo_events.csv",
        "event_id metric_name profile_email campaign_id subject timestamp",
        [(f"ev{n:05d}", metrics[n % 7], shop.person(1 + n % 120)[2], f"KC{n % 4}",
          f"Subject {n % 4}",
          f"{shop.moment(n / 400):%Y-%m-%dT%H:%M:%S}+00:00") for n in range(400)],
    )  # fmt: skip
    names = ("page_view", "view_item", "add_to_cart", "begin_checkout", "purchase",
             "session_start", "scroll")  # fmt: skip
    _write(
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


def french_erp(folder: Path) -> None:
    """Tables of a French ERP: glued cryptic names, day first, decimal comma, codes for states."""
    shop = _Shop()
    heads: Rows = []
    lines: Rows = []

    def money(value: float) -> str:
        return f"{value:.2f}".replace(".", ",")

    for n, customer, when in shop.orders:
        basket = shop.basket(n)
        goods = sum(q * p for _, q, p in basket)
        number = f"C25{n:06d}"
        heads.append(
            (number, f"CL{customer:05d}", f"{when:%d/%m/%Y}",
             ("LIV", "LIV", "LIV", "EXP", "ENC", "ANN")[n % 6],
             money(goods / 1.2), money(goods), money(goods / 6), money(0), money(0),
             ("WEB", "MAG", "TEL")[n % 3], f"M{1 + n % 4:02d}", "EUR", f"REP{n % 5}")
        )  # fmt: skip
        for rank, (product, quantity, price) in enumerate(basket, start=1):
            lines.append(
                (number, rank, f"A{product:05d}", f"Article {product}", quantity, money(price),
                 money(0), money(quantity * price))
            )  # fmt: skip
    heads_name = (
        "CDENUM CLICOD CDEDAT CDEETA CDEMTHT CDEMTTTC CDEMTTVA CDEREM CDEPORT CDECAN MAGCOD"
        " DEVCOD REPCOD"
    )
    _write(folder / "CDEENT.csv", heads_name, heads, ";", "windows-1252")
    _write(
        folder / "CDELIG.csv", "CDENUM LIGNUM ARTCOD ARTLIB LIGQTE LIGPUTTC LIGREM LIGMTTTC",
        lines, ";", "windows-1252",
    )  # fmt: skip
    people: Rows = []
    for n in shop.customers:
        first, last, email = shop.person(n)
        code, town = _TOWNS[n % 4]
        people.append(
            (f"CL{n:05d}", ("M", "MME")[n % 2], last, first, f"{n} rue Haute", code, town, "FR",
             f"06{n:08d}", email, f"1{n % 10}/0{1 + n % 9}/19{60 + n % 40}", "O" if n % 3 else "N",
             "O" if n % 4 else "N", f"{shop.moment(0.1):%d/%m/%Y}", f"{shop.moment(0.6):%d/%m/%Y}")
        )  # fmt: skip
    _write(
        folder / "CLIENT.csv",
        "CLICOD CLICIV CLINOM CLIPRE CLIADR CLICP CLIVIL CLIPAY CLITEL CLIMEL CLIDNA CLIOPTMAIL"
        " CLIOPTSMS CLIDCR CLIDMJ",
        people, ";", "windows-1252",
    )  # fmt: skip
    _write(
        folder / "ARTICLE.csv", "ARTCOD ARTLIB ARTFAM ARTSFAM ARTMRQ ARTPVTTC ARTACT",
        [(f"A{p:05d}", f"Article {p}", ("Vêtements", "Chaussures")[p % 2], f"SF{p % 5}", "Acme",
          money(4.9 + 3 * p), "O") for p in shop.products],
        ";", "windows-1252",
    )  # fmt: skip
    _write(
        folder / "MAGASIN.csv", "MAGCOD MAGLIB MAGCP MAGPAY",
        [(f"M{m:02d}", f"Magasin {m}", *_TOWNS[m - 1][:1], "FR") for m in range(1, 5)],
        ";", "windows-1252",
    )  # fmt: skip
    _write(
        folder / "STOCK.csv", "ARTCOD MAGCOD STKQTE STKDAT",
        [(f"A{p:05d}", f"M{m:02d}", (p * m) % 17, "21/06/2026")
         for p in shop.products for m in (1, 2)],
        ";", "windows-1252",
    )  # fmt: skip
    _write(
        folder / "REPRES.csv", "REPCOD REPNOM", [(f"REP{n}", f"Vendeur {n}") for n in range(5)],
        ";", "windows-1252",
    )  # fmt: skip

"""The shop system's exports: orders, order lines, products, stock, stores."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.shop.baskets import CHANNELS, MARKETPLACE, NEVER, PHONE, STORE
from benchmarks.shop.catalogue import BRANDS, CATEGORIES, STORES, SUBCATEGORIES, stock_levels
from benchmarks.shop.days import iso_offset
from benchmarks.shop.files import CHUNK, euros, write_csv
from benchmarks.shop.settings import IntArray, words
from benchmarks.shop.shop import Shop

ORDER_HEADER = words(
    "order_number,placed_at,updated_at,status,channel,customer_id,customer_email,customer_phone,"
    "loyalty_card,currency,total,discount,shipping,tax,coupon,store,cancelled_at",
    ",",
)
LINE_HEADER = ("order_number", "line", "sku", "qty", "unit_price", "discount", "returned_at")
PRODUCT_HEADER = ("sku", "title", "category", "subcategory", "brand", "price", "margin", "active")
STATUSES = ("En attente", "Payée", "Expédiée", "Livrée", "Remboursée", "Annulée")


def write_orders(shop: Shop, folder: int, span: tuple[int, int], path: Path) -> None:
    """One row per order that is new or changed within the span, in its state at the end."""
    stray = shop.dirt.lines.get((folder, "orders.csv"), ())
    write_csv(path, ORDER_HEADER, _order_rows(shop, span), stray)


def _order_rows(shop: Shop, span: tuple[int, int]) -> Iterator[tuple[str, ...]]:
    orders = shop.orders
    stages = np.stack(
        [
            orders.placed,
            orders.paid,
            orders.shipped,
            orders.completed,
            orders.refunded,
            orders.cancelled,
        ]
    )
    stages = np.where(stages < span[1], stages, -1)
    status = len(stages) - 1 - np.argmax((stages >= 0)[::-1], axis=0)
    corrected = orders.corrected < span[1]
    changed = np.maximum(stages.max(axis=0), np.where(corrected, orders.corrected, -1))
    shown = np.maximum(changed, orders.known_from)
    wanted = np.flatnonzero(
        (orders.placed < span[1]) & (orders.known_from < span[1]) & (shown >= span[0])
    )
    total = np.where(corrected, orders.corrected_total, orders.total)
    ids = orders.order_ids
    for chunk in np.array_split(wanted, max(1, -(-len(wanted) // CHUNK))):
        keys = _customer_keys(shop, chunk)
        gone = stages[5][chunk]
        gone_texts = iso_offset(np.maximum(gone, 0))
        yield from zip(
            [ids[k] for k in chunk.tolist()],
            iso_offset(orders.placed[chunk]),
            iso_offset(changed[chunk]),
            [STATUSES[k] for k in status[chunk].tolist()],
            [CHANNELS[k] for k in orders.channel[chunk].tolist()],
            [key[0] for key in keys],
            [key[1] for key in keys],
            [key[2] for key in keys],
            [key[3] for key in keys],
            ["EUR"] * len(chunk),
            euros(total[chunk].tolist()),
            euros(orders.discount[chunk].tolist()),
            euros(orders.shipping[chunk].tolist()),
            euros(((total[chunk] + 3) // 6).tolist()),
            [orders.coupons[k] for k in chunk.tolist()],
            [
                STORES[store][0] if channel == STORE else ""
                for store, channel in zip(
                    shop.people.store[orders.person[chunk]].tolist(),
                    orders.channel[chunk].tolist(),
                    strict=True,
                )
            ],
            [text if at >= 0 else "" for text, at in zip(gone_texts, gone.tolist(), strict=True)],
            strict=True,
        )


def _customer_keys(shop: Shop, chunk: IntArray) -> list[tuple[str, str, str, str]]:
    """Contact id, e-mail, phone and card, as much as each channel knows of the customer."""
    people, orders, dirt = shop.people, shop.orders, shop.dirt
    ids, cards = people.contact_ids, people.card_numbers
    keys = []
    for order in chunk.tolist():
        person, channel = int(orders.person[order]), int(orders.channel[order])
        if order in dirt.anonymous:
            keys.append(("", "", "", ""))
        elif order in dirt.order_emails:
            keys.append(("", dirt.order_emails[order], "", ""))
        elif channel == STORE:
            keys.append(("", "", "", cards[person]))
        elif channel == MARKETPLACE:
            keys.append(("", f"acheteur-{person * 7919 % 1_000_003}@relais.example", "", ""))
        elif orders.as_guest[order]:
            keys.append(("", people.emails[person], "", ""))
        elif channel == PHONE and people.phones[person]:
            keys.append(("", "", people.phones[person], ""))
        else:
            keys.append((ids[person], "", "", ""))
    return keys


def write_order_lines(shop: Shop, folder: int, span: tuple[int, int], path: Path) -> None:
    """One row per line of an order that became known, or was sent back, within the span."""
    lines, orders, dirt = shop.lines, shop.orders, shop.dirt
    is_sale = lines.occurred == NEVER
    shown = np.where(is_sale, orders.known_from[lines.order], lines.occurred)
    shown = np.maximum(shown, orders.known_from[lines.order])
    again = np.isin(lines.order, sorted(dirt.again.get(folder, set()))) & is_sale
    wanted = np.flatnonzero((shown < span[1]) & ((shown >= span[0]) | again))
    twice = np.isin(lines.order[wanted], sorted(dirt.twice.get(folder, set())))
    wanted = np.repeat(wanted, 1 + (twice & is_sale[wanted]))
    stray = dirt.lines.get((folder, "order_lines.csv"), ())
    write_csv(path, LINE_HEADER, _line_rows(shop, wanted), stray)


def _line_rows(shop: Shop, wanted: IntArray) -> Iterator[tuple[object, ...]]:
    lines = shop.lines
    order_ids, product_ids = shop.orders.order_ids, shop.catalogue.product_ids
    for chunk in np.array_split(wanted, max(1, -(-len(wanted) // CHUNK))):
        occurred = lines.occurred[chunk]
        is_return = occurred != NEVER
        texts = iso_offset(np.where(is_return, occurred, 0))
        yield from zip(
            [order_ids[k] for k in lines.order[chunk].tolist()],
            lines.number[chunk].tolist(),
            [product_ids[k] for k in lines.product[chunk].tolist()],
            lines.quantity[chunk].tolist(),
            euros(lines.unit_price[chunk].tolist()),
            euros(lines.discount[chunk].tolist()),
            [text if back else "" for text, back in zip(texts, is_return.tolist(), strict=True)],
            strict=True,
        )


def write_products(shop: Shop, path: Path) -> None:
    """One row per product: the whole catalogue each time."""
    goods = shop.catalogue
    rows = zip(
        goods.product_ids,
        goods.names,
        [CATEGORIES[k] for k in goods.category.tolist()],
        [
            SUBCATEGORIES[category][sub]
            for category, sub in zip(
                goods.category.tolist(), goods.subcategory.tolist(), strict=True
            )
        ],
        [BRANDS[k] for k in goods.brand.tolist()],
        euros(goods.price.tolist()),
        euros(goods.margin.tolist()),
        ["true" if active else "false" for active in goods.is_active.tolist()],
        strict=True,
    )
    write_csv(path, PRODUCT_HEADER, rows)


def write_stock(shop: Shop, folder: int, span: tuple[int, int], path: Path) -> None:
    """One row per product and place: what is there on the morning of the extract."""
    levels = stock_levels(shop.settings, shop.catalogue, folder).tolist()
    places = ["ENTREPOT", *(store[0] for store in STORES)]
    at = iso_offset(np.array([span[1] - 3600]))[0]
    rows = (
        (product, place, quantity, at)
        for product, row in zip(shop.catalogue.product_ids, levels, strict=True)
        for place, quantity in zip(places, row, strict=True)
    )
    stray = shop.dirt.lines.get((folder, "stock.csv"), ())
    write_csv(path, ("sku", "location", "available", "counted_at"), rows, stray)


def write_stores(path: Path) -> None:
    """One row per store, and the warehouse, which ships the web orders."""
    rows = [("ENTREPOT", "Entrepôt web", "45000", "FR"), *((*store, "FR") for store in STORES)]
    write_csv(path, ("code", "name", "postal_code", "country"), rows)

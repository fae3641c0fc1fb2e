"""The shop system's export: orders and their lines."""

import numpy as np
import polars as pl

from benchmarks.shop import addresses, forms
from benchmarks.shop.addresses import DOUBLE
from benchmarks.shop.block import Block
from benchmarks.shop.catalogue import STORES
from benchmarks.shop.columns import Span, chosen, days_of, only_where, picked, same
from benchmarks.shop.days import NEVER
from benchmarks.shop.people import MARKETPLACE, PHONE, STORE
from benchmarks.shop.settings import IntArray
from benchmarks.shop.state import Table

CHANNELS = ("site", "appli", "boutique", "telephone", "marketplace")
STATUSES = ("En attente", "Payée", "Expédiée", "Livrée", "Remboursée", "Annulée")
RENAMED_FROM = 60
"""The schema drifts: so many days after the first extract `coupon` is called `promo_code`."""


FORMS: dict[str, forms.Form] = {
    "orders": {
        "order_number": forms.TEXT, "placed_at": forms.OFFSET, "updated_at": forms.OFFSET,
        "status": forms.TEXT, "channel": forms.TEXT, "customer_id": forms.TEXT,
        "customer_email": forms.TEXT, "customer_phone": forms.TEXT, "loyalty_card": forms.TEXT,
        "currency": forms.TEXT, "total": forms.EUROS, "discount": forms.EUROS,
        "shipping": forms.EUROS, "tax": forms.EUROS, "coupon": forms.TEXT, "store": forms.TEXT,
        "cancelled_at": forms.OFFSET,
    },
    "order_lines": {
        "order_number": forms.TEXT, "line": forms.INTEGER, "sku": forms.TEXT, "qty": forms.INTEGER,
        "unit_price": forms.EUROS, "discount": forms.EUROS, "returned_at": forms.OFFSET,
    },
}  # fmt: skip


def _stages(orders: Table) -> IntArray:
    """Placed, paid, shipped, completed, refunded, cancelled: (6, orders)."""
    names = ("placed", "paid", "shipped", "completed", "refunded", "cancelled")
    return np.stack([orders[name] for name in names])


def last_change(orders: Table) -> IntArray:
    stages = np.concatenate([_stages(orders), orders["corrected"][None], orders["known"][None]])
    result: IntArray = np.where(stages < NEVER, stages, 0).max(axis=0)
    return result


def order_ids(block: Block, numbers: IntArray) -> pl.Series:
    """Keys of the shop system."""
    return addresses.texts("FR", 10_000_000 * (20 + block.index) + numbers)


def orders_of(block: Block, orders: Table, span: Span, drift: int) -> pl.DataFrame:
    people = block.people
    stages = _stages(orders)
    stages = np.where(stages < span.end, stages, -1)
    corrected = orders["corrected"] < span.end
    changed = np.maximum(stages.max(axis=0), np.where(corrected, orders["corrected"], -1))
    known = orders["known"]
    told = (known < span.end) & span.has(np.maximum(changed, known))
    mine, stages, changed = chosen(orders, told), stages[:, told], changed[told]
    corrected = corrected[told]
    status = len(stages) - 1 - np.argmax((stages >= 0)[::-1], axis=0)
    who, channel, placed = mine["person"], mine["channel"], mine["placed"]
    day = days_of(placed)
    total = mine["goods"] - mine["discount"] + mine["shipping"] - 500 * corrected
    anonymous, as_guest = mine["anonymous"], mine["as_guest"]
    has_account, in_store = people.has_account[who], channel == STORE
    record = addresses.record_of(people, who, day)
    with_double = mine["second_card"] & (day >= people.doubled_on[who])
    email = addresses.emails(people, who, day)
    odd = pl.Series(mine["odd_case"])
    written = pl.select(
        pl.when(odd).then(" " + email.str.to_titlecase() + " ").otherwise(email)
    ).to_series()
    by_email = as_guest | (~has_account & ~in_store & (channel != MARKETPLACE))
    phone = addresses.phones(people, who)
    by_phone = (channel == PHONE) & phone.is_not_null().to_numpy() & ~by_email
    by_card = in_store & ~anonymous & people.has_card[who]
    by_id = ~in_store & (channel != MARKETPLACE) & ~by_email & ~by_phone
    campaign = mine["campaign"]
    coupons = (*(c.coupon or None for c in block.campaigns), "BIENVENUE10", None)
    coupon = np.where(campaign >= 0, campaign, len(block.campaigns) + (campaign == -1))
    frame = pl.DataFrame(
        {
            "order_number": order_ids(block, mine["number"]),
            "placed_at": placed,
            "updated_at": changed,
            "status": picked(STATUSES, status),
            "channel": picked(CHANNELS, channel),
            "customer_id": only_where(by_id, addresses.contact_ids(people, who, record)),
            "customer_email": pl.select(
                pl.when(pl.Series(by_email))
                .then(written)
                .when(pl.Series(channel == MARKETPLACE))
                .then(addresses.relays(people, who))
            ).to_series(),
            "customer_phone": only_where(by_phone, phone),
            "loyalty_card": only_where(
                by_card, addresses.cards(people, who, np.where(with_double, DOUBLE, record))
            ),
            "currency": same("EUR", len(who)),
            "total": total,
            "discount": mine["discount"],
            "shipping": mine["shipping"],
            "tax": (total + 3) // 6,
            "coupon": picked(coupons, coupon),
            "store": only_where(in_store, picked((*(s[0] for s in STORES), ""), mine["place"])),
            "cancelled_at": np.where(stages[5] >= 0, stages[5], NEVER),
        }
    )
    return frame.rename({"coupon": "promo_code"}) if drift >= RENAMED_FROM else frame


def lines_of(block: Block, lines: Table, span: Span) -> pl.DataFrame:
    told = span.has(lines["known"])
    mine = chosen(lines, told)
    place = np.lexsort((mine["number"], mine["order"]))
    again = mine["twice"][place]
    place = np.repeat(place, 1 + again)
    mine = {name: values[place] for name, values in mine.items()}
    return pl.DataFrame(
        {
            "order_number": order_ids(block, mine["order"]),
            "line": mine["number"],
            "sku": picked(tuple(block.goods.product_ids), mine["product"]),
            "qty": mine["quantity"],
            "unit_price": mine["price"],
            "discount": mine["discount"],
            "returned_at": mine["occurred"],
        }
    )

"""The tag manager's export: events, the last three days sent again each time."""

import numpy as np
import polars as pl

from benchmarks.shop import addresses, forms
from benchmarks.shop.block import Block
from benchmarks.shop.browsing import APP_ACTIVITY, EVENT_NAMES, PAGE_VIEW, PURCHASE, SIGN_IN
from benchmarks.shop.catalogue import CATEGORIES
from benchmarks.shop.columns import Span, chosen, days_of, only_where, picked
from benchmarks.shop.days import DAY
from benchmarks.shop.settings import chance, mixed
from benchmarks.shop.state import Table
from benchmarks.shop.trade_extracts import order_ids

PAGES = ("/", "/nouveautes", "/soldes", "/marques")
DEVICES = ("mobile", "desktop", "tablet", "app")
RESENT_DAYS = 3


FORMS: dict[str, forms.Form] = {
    "web_events": {
        "event.id": forms.TEXT, "event.name": forms.TEXT, "ts": forms.UTC, "visitor": forms.TEXT,
        "session": forms.TEXT, "user.id": forms.TEXT, "user.email": forms.TEXT,
        "item.id": forms.TEXT, "item.category": forms.TEXT, "order": forms.TEXT,
        "page": forms.TEXT, "utm.source": forms.TEXT, "utm.medium": forms.TEXT,
        "utm.campaign": forms.TEXT, "device": forms.TEXT, "consent": forms.TEXT,
    },
}  # fmt: skip


def events_of(block: Block, events: Table, span: Span) -> pl.DataFrame:
    people = block.people
    second, known = events["second"], events["known"]
    again = second >= span.end - RESENT_DAYS * DAY
    told = (known < span.end) & ((known >= span.begin) | again)
    mine = chosen(events, told)
    person, name, second = mine["person"], mine["name"], mine["second"]
    session, product = mine["session"], mine["product"]
    who, day = np.maximum(person, 0), days_of(second)
    denied, signed = mine["denied"], mine["signed"]
    leaks = chance(session, 5) < 0.001
    by_id = signed & (~denied | leaks)
    by_email = (name == SIGN_IN) & by_id | (name == PURCHASE) & ~denied & ~by_id
    session_key = pl.Series(block.index * 10_000_000 + session).cast(pl.String)
    campaign = mine["campaign"]
    landed = np.isin(name, (PAGE_VIEW, APP_ACTIVITY))
    kind = mixed(session, 19) % 10
    utm = np.where(campaign >= 0, 0, np.where(kind < 4, 1, np.where(kind < 6, 2, 3)))
    aliases = (*(c.alias for c in block.campaigns), "marque", None)
    alias = np.where(campaign >= 0, campaign, len(block.campaigns) + (utm != 2))
    return pl.DataFrame(
        {
            "event.id": "e" + session_key + "-" + pl.Series(mine["rank"]).cast(pl.String),
            "event.name": picked(EVENT_NAMES, name),
            "ts": second,
            "visitor": addresses.texts("v", mine["visitor"]),
            "session": "s" + session_key,
            "user.id": only_where(
                by_id,
                addresses.contact_ids(people, who, addresses.record_of(block.people, who, day)),
            ),
            "user.email": only_where(by_email, addresses.emails(people, who, day)),
            "item.id": only_where(
                product >= 0, picked(tuple(block.goods.product_ids), np.maximum(product, 0))
            ),
            "item.category": only_where(
                product >= 0, picked(CATEGORIES, block.goods.category[product])
            ),
            "order": only_where(name == PURCHASE, order_ids(block, mine["order"])),
            "page": only_where(product < 0, picked(PAGES, session % len(PAGES))),
            "utm.source": only_where(
                landed, picked(("newsletter", "google", "google", "direct"), utm)
            ),
            "utm.medium": only_where(landed, picked(("email", "organic", "cpc", "none"), utm)),
            "utm.campaign": only_where(landed, pl.Series(aliases, dtype=pl.String).gather(alias)),
            "device": picked(DEVICES, mine["device"]),
            "consent": picked(("granted", "denied"), denied),
        }
    )

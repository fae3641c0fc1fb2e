"""The tag manager's export: nested JSON lines, the last three days sent again each time."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.shop.catalogue import CATEGORIES
from benchmarks.shop.days import DAY, iso_utc
from benchmarks.shop.files import CHUNK, write_lines
from benchmarks.shop.settings import IntArray
from benchmarks.shop.shop import Shop
from benchmarks.shop.web import APP_ACTIVITY, EVENT_NAMES, PAGE_VIEW, PURCHASE, SIGN_IN

RESENT_DAYS = 3
PAGES = ("/", "/nouveautes", "/soldes", "/marques")
DEVICES = ("mobile", "desktop", "tablet")


def write_web_events(shop: Shop, folder: int, span: tuple[int, int], path: Path) -> None:
    """One line per event; after the first extract, those of the last three days."""
    second = shop.events.second
    start = span[0] if folder == 0 else span[1] - RESENT_DAYS * DAY
    wanted = np.flatnonzero((second >= start) & (second < span[1]))
    stray = shop.dirt.lines.get((folder, "web_events.jsonl.gz"), ())
    write_lines(path, _event_lines(shop, wanted), stray)


def _visitors(shop: Shop) -> list[str]:
    """The cookie of each session: one per device, or a new one each time without consent."""
    sessions = shop.sessions
    # An odd multiplier is a bijection modulo 2**32: ids look random and never collide.
    cookie = (sessions.person * 4 + sessions.device) * 2654435761 % 2**32
    is_new = sessions.denied | (sessions.person < 0)
    return [
        f"n{k:06x}" if new else f"v{number:08x}"
        for k, (number, new) in enumerate(zip(cookie.tolist(), is_new.tolist(), strict=True))
    ]


def _event_lines(shop: Shop, wanted: IntArray) -> Iterator[str]:
    events, sessions = shop.events, shop.sessions
    visitors, ids = _visitors(shop), shop.people.contact_ids
    order_ids, product_ids = shop.orders.order_ids, shop.catalogue.product_ids
    leaky = _leaky_sessions(shop)
    for chunk in np.array_split(wanted, max(1, -(-len(wanted) // CHUNK))):
        session = events.session[chunk]
        for position, at, k, name, product, signed in zip(
            chunk.tolist(),
            iso_utc(events.second[chunk]),
            session.tolist(),
            events.name[chunk].tolist(),
            events.product[chunk].tolist(),
            events.signed_in[chunk].tolist(),
            strict=True,
        ):
            denied = bool(sessions.denied[k])
            person = int(sessions.person[k])
            row: dict[str, object] = {
                "event": {"id": f"e{position}", "name": EVENT_NAMES[name]},
                "ts": at,
                "visitor": visitors[k],
                "session": f"s{k}",
            }
            if signed and (not denied or k in leaky):
                row["user"] = {"id": ids[person]}
                if name == SIGN_IN:
                    row["user"] = {"id": ids[person], "email": shop.people.emails[person]}
            elif name == PURCHASE and not denied:
                row["user"] = {"email": shop.people.emails[person]}
            if product >= 0:
                row["item"] = {
                    "id": product_ids[product],
                    "category": CATEGORIES[int(shop.catalogue.category[product])],
                }
            else:
                row["page"] = PAGES[k % len(PAGES)]
            if name == PURCHASE:
                row["order"] = order_ids[int(sessions.order[k])]
            row["device"] = _device(shop, k)
            if name in (PAGE_VIEW, APP_ACTIVITY):
                row["utm"] = _utm(shop, k)
            row["consent"] = "denied" if denied else "granted"
            yield json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _leaky_sessions(shop: Shop) -> set[int]:
    sessions = shop.sessions
    found = np.flatnonzero(sessions.denied & sessions.signed_in)[: shop.dirt.leaky_sessions]
    return set(found.tolist())


def _device(shop: Shop, k: int) -> str:
    if shop.sessions.in_app[k]:
        return "app"
    return DEVICES[(int(shop.sessions.person[k]) + int(shop.sessions.device[k])) % len(DEVICES)]


def _utm(shop: Shop, k: int) -> dict[str, str]:
    campaign = int(shop.sessions.campaign[k])
    if campaign >= 0:
        alias = shop.campaigns[campaign].alias
        return {"source": "newsletter", "medium": "email", "campaign": alias}
    kind = k * 7 % 10
    if kind < 4:
        return {"source": "google", "medium": "organic"}
    if kind < 6:
        return {"source": "google", "medium": "cpc", "campaign": "marque"}
    return {"source": "direct", "medium": "none"}

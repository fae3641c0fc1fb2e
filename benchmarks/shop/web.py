"""Sessions on the web site and in the app, as a tag manager sees them."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.baskets import APP, SITE, Lines, Orders, pick_category
from benchmarks.shop.behaviour import History
from benchmarks.shop.catalogue import Catalogue
from benchmarks.shop.days import DAY, at_day, midnight
from benchmarks.shop.marketing import MailEvents, Sends
from benchmarks.shop.people import Latent, People
from benchmarks.shop.settings import BoolArray, IntArray, ShopSettings, stream

EVENT_NAMES = (
    "page_view",
    "search",
    "product_view",
    "add_to_cart",
    "remove_from_cart",
    "begin_checkout",
    "sign_in",
    "purchase",
    "app_activity",
    "store_locator",
)
(
    PAGE_VIEW,
    SEARCH,
    PRODUCT_VIEW,
    ADD_TO_CART,
    REMOVE_FROM_CART,
    BEGIN_CHECKOUT,
    SIGN_IN,
    PURCHASE,
    APP_ACTIVITY,
    STORE_LOCATOR,
) = range(10)
ANONYMOUS_SHARE = 0.12
LATEST_START = 22 * 3600 + 1800
CHECKOUT_SECONDS = 900


@dataclass(slots=True)
class Sessions:
    """One entry per session, in order of time. `person` is -1 for strangers."""

    person: IntArray
    start: IntArray
    device: IntArray
    order: IntArray
    """Position of the order placed in it, or -1."""
    campaign: IntArray
    """Position of the campaign whose link opened it, or -1."""
    in_app: BoolArray
    denied: BoolArray
    signed_in: BoolArray

    @property
    def count(self) -> int:
        """How many sessions there are."""
        return len(self.person)


@dataclass(slots=True)
class WebEvents:
    """One entry per event, in order of time; `product` is -1 where there is none."""

    session: IntArray
    name: IntArray
    second: IntArray
    product: IntArray
    signed_in: BoolArray


def open_sessions(
    settings: ShopSettings,
    people: People,
    history: History,
    orders: Orders,
    *,
    sends: Sends,
    mail: MailEvents,
) -> Sessions:
    """Sessions of visits, of web and app orders, of clicks in mails, and of strangers."""
    rng = stream(settings.seed, "sessions")
    web_from = midnight(settings.first_day) + (settings.history_days - settings.web_days) * DAY
    visits = len(history.visit_person)
    bought = np.flatnonzero(np.isin(orders.channel, (SITE, APP)) & (orders.placed >= web_from))
    is_click = np.array([name == "click" for name in mail.name]) & ~mail.is_machine
    clicks = np.flatnonzero(is_click & (mail.second >= web_from))
    strangers = int(visits * ANONYMOUS_SHARE)
    stranger_day = rng.integers(
        settings.history_days - settings.web_days, settings.total_days, strangers
    )
    click_send = mail.send[clicks]
    person = np.concatenate(
        [
            history.visit_person,
            orders.person[bought],
            sends.person[click_send],
            np.full(strangers, -1),
        ]
    )
    n = len(person)
    start = np.concatenate(
        [
            at_day(settings, history.visit_day, rng.integers(7 * 3600, LATEST_START, visits)),
            orders.placed[bought] - CHECKOUT_SECONDS,
            mail.second[clicks] + 5,
            at_day(settings, stranger_day, rng.integers(7 * 3600, LATEST_START, strangers)),
        ]
    )
    none = np.full(visits, -1)
    order = np.concatenate([none, bought, np.full(len(clicks) + strangers, -1)])
    campaign = np.full(n, -1)
    campaign[visits + len(bought) : visits + len(bought) + len(clicks)] = sends.campaign[click_send]
    known = person >= 0
    has_account = known & ~people.is_guest[np.maximum(person, 0)]
    in_app = has_account & (rng.random(n) < 0.1)
    in_app[order >= 0] = orders.channel[order[order >= 0]] == APP
    as_guest = np.zeros(n, dtype=np.bool_)
    as_guest[order >= 0] = orders.as_guest[order[order >= 0]]
    signs = has_account & ~as_guest & ((order >= 0) | in_app | (rng.random(n) < 0.12))
    device = np.floor(rng.random(n) * people.devices[np.maximum(person, 0)]).astype(np.int64)
    denied = np.where(known, people.web_denied[np.maximum(person, 0)], rng.random(n) < 0.3)
    place = np.lexsort((person, start))
    return Sessions(
        person=person[place],
        start=start[place],
        device=device[place],
        order=order[place],
        campaign=campaign[place],
        in_app=in_app[place],
        denied=denied[place].astype(np.bool_),
        signed_in=signs[place],
    )


def browse(
    settings: ShopSettings,
    latent: Latent,
    catalogue: Catalogue,
    sessions: Sessions,
    *,
    orders: Orders,
    lines: Lines,
) -> WebEvents:
    """The events of every session."""
    rng = stream(settings.seed, "events")
    n = sessions.count
    every = np.arange(n)
    buys = sessions.order >= 0
    views = 1 + rng.poisson(0.9, n)
    viewed = np.repeat(every, views)
    category = pick_category(rng, latent, np.maximum(sessions.person[viewed], 0))
    stranger = sessions.person[viewed] < 0
    category = np.where(stranger, rng.integers(0, 6, len(viewed)), category)
    product = catalogue.pick(rng, category)
    first_line = np.searchsorted(lines.order, np.maximum(sessions.order, 0))
    first_view = np.searchsorted(viewed, every)
    product[first_view[buys]] = lines.product[first_line[buys]]
    last = product[first_view]
    carts = buys | (rng.random(n) < 0.16)
    removes = carts & ~buys & (rng.random(n) < 0.2)
    checks_out = buys | (carts & (rng.random(n) < 0.25))
    landing = np.where(sessions.in_app, APP_ACTIVITY, PAGE_VIEW)
    groups: list[tuple[IntArray, IntArray | int, IntArray | int, IntArray | None]] = [
        (every, landing, 0, None),
        (np.flatnonzero(rng.random(n) < 0.12), SEARCH, 25, None),
        (viewed, PRODUCT_VIEW, 40 + 45 * (np.arange(len(viewed)) - first_view[viewed]), product),
        (np.flatnonzero(carts), ADD_TO_CART, 400, last[carts]),
        (np.flatnonzero(removes), REMOVE_FROM_CART, 470, last[removes]),
        (np.flatnonzero(sessions.signed_in), SIGN_IN, 500, None),
        (np.flatnonzero(checks_out), BEGIN_CHECKOUT, 600, None),
        (np.flatnonzero(buys), PURCHASE, CHECKOUT_SECONDS, None),
        (np.flatnonzero(rng.random(n) < 0.02), STORE_LOCATOR, 550, None),
    ]
    session = np.concatenate([who for who, _, _, _ in groups])
    size = [len(who) for who, _, _, _ in groups]
    name = np.concatenate(
        [np.broadcast_to(kind, (k,)) for (_, kind, _, _), k in zip(groups, size, strict=True)]
    )
    delay = np.concatenate(
        [np.broadcast_to(wait, (k,)) for (_, _, wait, _), k in zip(groups, size, strict=True)]
    )
    item = np.concatenate(
        [
            np.full(k, -1) if items is None else items
            for (_, _, _, items), k in zip(groups, size, strict=True)
        ]
    )
    second = sessions.start[session] + delay + rng.integers(0, 20, len(session))
    exact = name == PURCHASE
    second[exact] = orders.placed[sessions.order[session[exact]]]
    place = np.lexsort((name, session, second))
    session, second, name = session[place], second[place], name[place]
    signed_at = np.full(n, np.iinfo(np.int64).max)
    signs = name == SIGN_IN
    signed_at[session[signs]] = second[signs]
    return WebEvents(
        session=session,
        name=name,
        second=second,
        product=item[place],
        signed_in=second >= signed_at[session],
    )

"""The events of sessions, as a tag manager reports them."""

import numpy as np

from benchmarks.shop.block import Block
from benchmarks.shop.days import DAY, midnight
from benchmarks.shop.purchases import CHECKOUT_SECONDS, RESEARCH, SHOPPING, TABLET
from benchmarks.shop.settings import BoolArray, IntArray, chance, mixed
from benchmarks.shop.state import State, Table

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


def tell(block: Block, state: State) -> None:
    """Turn the sessions logged so far into events, and forget them."""
    sessions = dict(state.log("sessions"))
    state.keep("sessions", np.zeros(len(sessions["number"]), dtype=np.bool_))
    rng = block.stream("events", state.day)
    n = len(sessions["number"])
    every = np.arange(n)
    kind, person = sessions["kind"], sessions["person"]
    in_app = sessions["in_app"]
    buys = kind == SHOPPING
    looks = kind == RESEARCH
    views = 1 + rng.poisson(np.where(looks, 2.2, 1.1), n)
    views[kind == TABLET] = 1
    viewed = np.repeat(every, views)
    first = np.searchsorted(viewed, every)
    product = sessions["product"][viewed]
    other = np.ones(len(viewed), dtype=np.bool_)
    other[first] = False
    product[other] = block.goods.pick(
        rng.random(int(other.sum())), block.goods.category[product[other]]
    )
    carts = buys | (
        (rng.random(n) < block.given.cart_rate * np.where(looks, 2, 1)) & (kind != TABLET)
    )
    removes = carts & ~buys & (rng.random(n) < 0.2)
    pays = buys | (carts & (rng.random(n) < 0.3))
    who = np.maximum(person, 0)
    known = (person >= 0) & block.people.has_account[who]
    signs = (
        known & ~sessions["as_guest"] & (buys | in_app | (kind == TABLET) | (rng.random(n) < 0.12))
    )
    searches = (rng.random(n) < np.where(looks, 0.25, 0.1)) & (kind != TABLET)
    landing = np.where(in_app, APP_ACTIVITY, PAGE_VIEW)
    steps = 45 * (np.arange(len(viewed)) - first[viewed])
    none = np.full(n, -1)
    focus = sessions["product"]
    groups = (
        (every, landing, np.zeros(n, dtype=np.int64), none),
        _group(searches, SEARCH, 25, none),
        (viewed, np.full(len(viewed), PRODUCT_VIEW), 40 + steps, product),
        _group(carts, ADD_TO_CART, 400, focus),
        _group(removes, REMOVE_FROM_CART, 470, focus),
        _group(signs, SIGN_IN, 20, none),
        _group(pays, BEGIN_CHECKOUT, 600, none),
        _group(buys, PURCHASE, CHECKOUT_SECONDS, none),
        _group(sessions["locator"], STORE_LOCATOR, 550, none),
    )
    session = np.concatenate([g[0] for g in groups])
    name = np.concatenate([g[1] for g in groups])
    second = sessions["second"][session] + np.concatenate([g[2] for g in groups])
    second += np.where(name == PURCHASE, 0, rng.integers(0, 18, len(session)))
    item = np.concatenate([g[3] for g in groups])
    place = np.lexsort((name, session, second))
    session, name, second, item = session[place], name[place], second[place], item[place]
    late = np.where(rng.random(len(session)) < 0.004, rng.integers(1, 3, len(session)) * DAY, 0)
    signed_at = np.full(n, np.iinfo(np.int64).max)
    signed_at[session[name == SIGN_IN]] = second[name == SIGN_IN]
    denied = np.where(
        person >= 0, block.people.refuses_web[who], chance(sessions["number"], 3) < 0.35
    )
    visitor, device = _devices(block, sessions, denied)
    number = sessions["number"]
    order_of = np.argsort(session, kind="stable")
    rank = np.empty(len(session), dtype=np.int64)
    starts = np.searchsorted(session[order_of], every)
    rank[order_of] = np.arange(len(session)) - starts[session[order_of]]
    state.add(
        "events",
        session=number[session],
        rank=rank,
        person=person[session],
        name=name,
        second=second,
        known=second + late,
        product=item,
        signed=second >= signed_at[session],
        order=np.where(name == PURCHASE, sessions["order"][session], -1),
        campaign=sessions["campaign"][session],
        denied=denied[session],
        visitor=visitor[session],
        device=np.where(in_app, 3, device)[session],
    )


def _group(
    mask: BoolArray, name: int, delay: int, item: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    who = np.flatnonzero(mask)
    return who, np.full(len(who), name), np.full(len(who), delay), item[who]


def _devices(block: Block, sessions: Table, denied: BoolArray) -> tuple[IntArray, IntArray]:
    """The visitor id (a cookie lives some weeks to a year; none without consent; members of a
    household share their second device; a store has one tablet for all) and the class of device."""
    people, seed = block.people, block.settings.seed
    person = sessions["person"]
    who = np.maximum(person, 0)
    number = sessions["number"]
    device = (chance(number, 1) * people.devices[who]).astype(np.int64)
    day = (sessions["second"] - midnight(0)) // DAY
    holder = np.where(device == 1, people.household[who], who)
    owner, life = people.number[holder], people.cookie_days[holder] + 30 * device
    spell = (day + 5000 + mixed(owner, device, 7) % life) // life
    visitor = mixed(seed, owner, device, spell)
    alone = denied | (person < 0)
    visitor = np.where(alone, mixed(seed, block.index, number, 11), visitor)
    tablet = sessions["kind"] == TABLET
    visitor = np.where(tablet, mixed(seed, people.city[who], 13), visitor)
    return visitor, np.where(tablet, 2, (people.number[who] + device) % 3)

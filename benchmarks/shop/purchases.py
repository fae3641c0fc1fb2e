"""Purchases: who decides today, what is looked up before, and the orders that are due."""

import numpy as np

from benchmarks.shop import baskets
from benchmarks.shop.baskets import Placed
from benchmarks.shop.block import Block
from benchmarks.shop.catalogue import WAREHOUSE
from benchmarks.shop.days import midnight
from benchmarks.shop.people import APP, PHONE, SITE, STORE, tasted
from benchmarks.shop.settings import BoolArray, IntArray
from benchmarks.shop.state import ORDERS, SESSIONS, State, Table

CHECKOUT_SECONDS = 900
TABLET_EVERY = 4
"""One store in so many has a tablet, on which customers sign in."""
LONGEST_LEAD = 3
"""Days from looking something up to buying it."""
OPENS_AT = 29_700
"""Seconds after midnight at which the first order comes: after the day's messages."""
BROWSE, RESEARCH, SHOPPING, TABLET = range(4)


def decide(block: Block, state: State, who: IntArray, rng: np.random.Generator) -> None:
    """Choose channel, product and day of the purchase of `who`, with the sessions before it."""
    people, goods, given = block.people, block.goods, block.given
    n = len(who)
    channel = (rng.random(n)[:, None] > people.channels[who][:, :4]).sum(axis=1)
    channel = np.where(people.is_guest[who] & np.isin(channel, (APP, PHONE)), SITE, channel)
    place = np.where(channel == STORE, people.city[who], WAREHOUSE)
    product = goods.pick(rng.random(n), tasted(people, who, rng))
    out = goods.is_out(product, place, state.day)
    again = goods.pick(rng.random(n), goods.category[product])
    product = np.where(out, again, product)
    lost = goods.is_out(product, place, state.day) & out
    online = np.isin(channel, (SITE, APP))
    looks = (channel == STORE) & (rng.random(n) < given.research_online)
    looks |= online & (rng.random(n) < 0.35)
    tries = online & (rng.random(n) < given.research_in_store)
    lead = np.where(looks | tries, rng.integers(1, LONGEST_LEAD + 1, n), 0)
    due = state.day + lead
    research = looks | lost
    seen = np.where(
        rng.random(n) < 0.75, product, goods.pick(rng.random(n), goods.category[product])
    )
    open_sessions(
        state,
        who[research],
        second=midnight(state.day) + rng.integers(7 * 3600, 80_000, int(research.sum())),
        product=seen[research],
        kind=np.full(int(research.sum()), RESEARCH),
        in_app=(channel == APP)[research],
        locator=((channel == STORE) & (rng.random(n) < 0.5))[research],
    )
    kept = ~lost
    state.add(
        "due",
        day=due[kept],
        person=who[kept],
        channel=channel[kept],
        product=product[kept],
    )
    state.busy_until[who[kept]] = due[kept]


def open_sessions(
    state: State, who: IntArray, *, second: IntArray, product: IntArray, kind: IntArray,
    in_app: BoolArray, locator: BoolArray | None = None, order: IntArray | None = None,
    campaign: IntArray | None = None, as_guest: BoolArray | None = None,
) -> None:  # fmt: skip
    """Log sessions; `product` is what they are about, `who` is -1 for strangers."""
    n = len(who)
    by_time = np.argsort(second, kind="stable")
    none, no = np.full(n, -1), np.zeros(n, dtype=np.bool_)
    np.add.at(state.visits, who[who >= 0], 1.0)
    columns = {
        "person": who,
        "second": second,
        "product": product,
        "kind": kind,
        "in_app": in_app,
        "locator": no if locator is None else locator,
        "as_guest": no if as_guest is None else as_guest,
        "order": none if order is None else order,
        "campaign": none if campaign is None else campaign,
    }
    state.add(
        "sessions",
        number=state.take_numbers(SESSIONS, n),
        **{name: values[by_time] for name, values in columns.items()},
    )


def place_due(block: Block, state: State, rng: np.random.Generator) -> None:
    """Place the orders that are due today, with their sessions."""
    due = state.log("due")
    today = due["day"] <= state.day
    mixed_up = rng.permutation(np.flatnonzero(today))
    mine: Table = {name: values[mixed_up] for name, values in due.items()}
    state.keep("due", ~today)
    person, channel = mine["person"], mine["channel"]
    n = len(person)
    second = np.sort(midnight(state.day) + rng.integers(OPENS_AT, 79_000, n))
    number = state.take_numbers(ORDERS, n)
    focus = mine["product"]
    as_guest = baskets.fill(block, state, Placed(number, person, channel, second, focus), rng)
    state.last_order[person] = state.day
    state.orders[person] += 1
    online = np.isin(channel, (SITE, APP))
    open_sessions(
        state,
        person[online],
        second=second[online] - CHECKOUT_SECONDS,
        product=focus[online],
        kind=np.full(int(online.sum()), SHOPPING),
        in_app=(channel == APP)[online],
        order=number[online],
        as_guest=as_guest[online],
    )
    has_tablet = block.people.city[person] % TABLET_EVERY == 0
    at_till = (channel == STORE) & block.people.has_card[person] & has_tablet
    at_till &= rng.random(n) < 0.12
    open_sessions(
        state,
        person[at_till],
        second=second[at_till] - 120,
        product=focus[at_till],
        kind=np.full(int(at_till.sum()), TABLET),
        in_app=np.zeros(int(at_till.sum()), dtype=np.bool_),
    )

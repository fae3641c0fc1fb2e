"""Purchases: who decides today, what is looked up before, what is in the basket, what becomes of
the order."""

from dataclasses import dataclass

import numpy as np

from benchmarks.world.campaigns import Campaign
from benchmarks.world.catalogue import HOME, WAREHOUSE, Catalogue
from benchmarks.world.days import DAY, NEVER, in_sales, midnight
from benchmarks.world.parameters import Parameters
from benchmarks.world.people import APP, MARKETPLACE, PHONE, SITE, STORE, People
from benchmarks.world.settings import BoolArray, IntArray, date_of
from benchmarks.world.state import State, Table

ORDERS, SESSIONS = 0, 1
FREE_SHIPPING_FROM, SHIPPING = 6000, 490
WELCOME = -2
CHECKOUT_SECONDS = 900
BROWSE, RESEARCH, SHOPPING, TABLET = range(4)


def decide(
    who: IntArray,
    *,
    people: People,
    state: State,
    goods: Catalogue,
    given: Parameters,
    rng: np.random.Generator,
) -> None:
    """Choose channel, product and day of the purchase of `who`, with the sessions before it."""
    n = len(who)
    if not n:
        return
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
    lead = np.where(looks | tries, rng.integers(1, 7, n), 0)
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


def tasted(people: People, who: IntArray, rng: np.random.Generator) -> IntArray:
    """A category by each person's taste."""
    cumulative = np.cumsum(people.taste[who], axis=1)
    result: IntArray = (rng.random(len(who))[:, None] > cumulative[:, :-1]).sum(axis=1)
    return result.astype(np.int64)


def open_sessions(
    state: State, who: IntArray, *, second: IntArray, product: IntArray, kind: IntArray,
    in_app: BoolArray, locator: BoolArray | None = None, order: IntArray | None = None,
    campaign: IntArray | None = None,
) -> None:  # fmt: skip
    """Log sessions; `product` is what they are about, `who` is -1 for strangers."""
    n = len(who)
    if not n:
        return
    none = np.full(n, -1)
    state.add(
        "sessions",
        number=state.take_numbers(SESSIONS, n),
        person=who,
        second=second,
        product=product,
        kind=kind,
        in_app=in_app,
        locator=np.zeros(n, dtype=np.bool_) if locator is None else locator,
        order=none if order is None else order,
        campaign=none if campaign is None else campaign,
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """The orders placed today."""

    number: IntArray
    person: IntArray
    channel: IntArray
    second: IntArray


def place_due(
    *,
    people: People,
    state: State,
    goods: Catalogue,
    campaigns: list[Campaign],
    given: Parameters,
    rng: np.random.Generator,
) -> None:
    """Place the orders that are due today, with their lines, sessions and further fate."""
    due = state.log("due")
    if not due:
        return
    today = due["day"] <= state.day
    mine: Table = {name: values[today] for name, values in due.items()}
    state.keep("due", ~today)
    person, channel = mine["person"], mine["channel"]
    n = len(person)
    if not n:
        return
    second = np.sort(midnight(state.day) + rng.integers(8 * 3600, 79_000, n))
    placed = _Placed(state.take_numbers(ORDERS, n), person, channel, second)
    _fill(placed, mine["product"], people, state, goods, campaigns, given, rng)
    state.last_order[person] = state.day
    state.orders[person] += 1
    state.touched[person] = np.maximum(state.touched[person], second + 600)


def _fill(
    placed: _Placed,
    focus: IntArray,
    people: People,
    state: State,
    goods: Catalogue,
    campaigns: list[Campaign],
    given: Parameters,
    rng: np.random.Generator,
) -> None:
    person, channel, n = placed.person, placed.channel, len(placed.person)
    place = np.where(channel == STORE, people.city[person], WAREHOUSE)
    order = np.repeat(np.arange(n), 1 + rng.poisson(1.5 + 0.6 * (people.kind[person] == 2), n))
    first = np.searchsorted(order, np.arange(n))
    product = goods.pick(rng.random(len(order)), tasted(people, person[order], rng))
    product[first] = focus
    here = ~goods.is_out(product, place[order], state.day)
    here[first] = True
    _, unique = np.unique(order * goods.count + product, return_index=True)
    keep = np.zeros(len(order), dtype=np.bool_)
    keep[unique] = True
    keep &= here
    order, product = order[keep], product[keep]
    quantity = 1 + (rng.random(len(order)) < 0.12).astype(np.int64)
    price = goods.price[product]
    if in_sales(date_of(state.day)):
        price = np.where(goods.on_sale[product], np.round(price * 0.7).astype(np.int64), price)
    rate, campaign = _coupons(person, people, state, campaigns, rng)
    line_discount = np.round(price * quantity * rate[order] / 100).astype(np.int64)
    total_goods = np.bincount(order, price * quantity, n).astype(np.int64)
    discount = np.bincount(order, line_discount, n).astype(np.int64)
    ships = np.isin(channel, (SITE, APP, PHONE)) & (total_goods - discount < FREE_SHIPPING_FROM)
    shipping = np.where(ships, SHIPPING, 0)
    as_guest = (people.is_guest[person] | (rng.random(n) < 0.05)) & (channel == SITE)
    fates = _fates(placed, given, rng)
    late = np.where(rng.random(n) < 0.004, rng.integers(1, 4, n) * DAY, 0)
    wrong = (rng.random(n) < 0.003) & (total_goods > 2000)
    number = np.arange(len(order)) - np.searchsorted(order, order) + 1
    returned = _returns(placed, fates, order, product, goods, given, rng)
    counts = np.bincount(order, minlength=n)
    whole = np.bincount(order[returned > 0], minlength=n) == counts
    latest = np.zeros(n, dtype=np.int64)
    np.maximum.at(latest, order, returned)
    state.add(
        "orders",
        number=placed.number,
        person=person,
        channel=channel,
        place=place,
        placed=placed.second,
        **fates,
        refunded=np.where(whole, latest + DAY, NEVER),
        known=placed.second + late,
        corrected=np.where(wrong, placed.second + rng.integers(1, 5, n) * DAY, NEVER),
        goods=total_goods,
        discount=discount,
        shipping=shipping,
        campaign=campaign,
        as_guest=as_guest,
        anonymous=(channel == STORE) & (~people.has_card[person] | (rng.random(n) < 0.06)),
        second_card=people.may_be_double[person] & (rng.random(n) < 0.4),
        odd_case=as_guest & (rng.random(n) < 0.03),
    )
    state.add(
        "lines",
        order=placed.number[order],
        number=number,
        product=product,
        quantity=quantity,
        price=price,
        discount=line_discount,
        occurred=np.full(len(order), NEVER),
        known=(placed.second + late)[order],
        twice=rng.random(len(order)) < 0.0006,
    )
    back = np.flatnonzero(returned > 0)
    state.add(
        "lines",
        order=placed.number[order[back]],
        number=number[back] + counts[order[back]],
        product=product[back],
        quantity=-quantity[back],
        price=price[back],
        discount=-line_discount[back],
        occurred=returned[back],
        known=np.maximum(returned, (placed.second + late)[order])[back],
        twice=np.zeros(len(back), dtype=np.bool_),
    )
    kept = fates["cancelled"] == NEVER
    np.add.at(state.spent, person[kept], (total_goods - discount)[kept])
    online = np.isin(channel, (SITE, APP))
    open_sessions(
        state,
        person[online],
        second=placed.second[online] - CHECKOUT_SECONDS,
        product=focus[online],
        kind=np.full(int(online.sum()), SHOPPING),
        in_app=(channel == APP)[online],
        order=placed.number[online],
    )
    at_till = (channel == STORE) & people.has_card[person] & (rng.random(n) < 0.02)
    open_sessions(
        state,
        person[at_till],
        second=placed.second[at_till] - 120,
        product=focus[at_till],
        kind=np.full(int(at_till.sum()), TABLET),
        in_app=np.zeros(int(at_till.sum()), dtype=np.bool_),
    )


def _coupons(
    person: IntArray, people: People, state: State, campaigns: list[Campaign],
    rng: np.random.Generator,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """Percent off, and whose code: of a fresh message, WELCOME, or -1."""
    fresh = np.where(state.fresh_until[person] > state.day, state.fresh_campaign[person], -1)
    rates = np.array([int(c.coupon[-2:]) if c.coupon else 0 for c in campaigns] + [0])
    uses = rng.random(len(person)) < 0.2 + 0.5 * people.discount[person]
    new = (state.orders[person] == 0) & (rng.random(len(person)) < 0.2)
    found = np.where(uses & (rates[fresh] > 0), fresh, np.where(new, WELCOME, -1))
    rate = np.where(found >= 0, rates[found], np.where(found == WELCOME, 10, 0))
    return rate, found


def _fates(placed: _Placed, given: Parameters, rng: np.random.Generator) -> dict[str, IntArray]:
    """When each order is paid, shipped, completed or cancelled; `NEVER` for what does not come."""
    n, second = len(placed.number), placed.second
    in_store = placed.channel == STORE
    cancelled = (rng.random(n) < given.cancel_rate) & ~in_store
    slow = (rng.random(n) < 0.06) & ~in_store
    paid = second + np.where(slow, rng.integers(3600, 2 * DAY, n), 0)
    shipped = paid + rng.integers(8 * 3600, 40 * 3600, n)
    completed = shipped + rng.integers(30 * 3600, 110 * 3600, n)
    ends = np.where(cancelled, second + rng.integers(1800, 30 * 3600, n), NEVER)
    return {
        "paid": np.where(paid < ends, paid, NEVER),
        "shipped": np.where(cancelled | in_store, NEVER, shipped),
        "completed": np.where(in_store, second, np.where(cancelled, NEVER, completed)),
        "cancelled": ends,
    }


def _returns(
    placed: _Placed, fates: dict[str, IntArray], order: IntArray, product: IntArray,
    goods: Catalogue, given: Parameters, rng: np.random.Generator,
) -> IntArray:  # fmt: skip
    """When each line comes back, 0 if it does not: days to weeks after it was delivered."""
    n = len(order)
    done = fates["completed"][order]
    fashion = goods.category[product] < HOME
    chance = np.where(fashion, given.return_rate_fashion, given.return_rate_home)
    chance = chance * np.where(placed.channel[order] == STORE, 0.35, 1.0)
    days = 2 + rng.gamma(2.0, 5.0, n).astype(np.int64)
    at = (done // DAY + days) * DAY + rng.integers(9 * 3600, 19 * 3600, n)
    never = (placed.channel[order] == MARKETPLACE) | (done >= NEVER)
    return np.where((rng.random(n) < chance) & ~never, at, 0)

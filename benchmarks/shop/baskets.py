"""What is in an order, what it costs, and its fate: paid, shipped, cancelled, sent back."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.block import Block
from benchmarks.shop.catalogue import HOME, WAREHOUSE
from benchmarks.shop.days import DAY, NEVER, in_sales, midnight
from benchmarks.shop.people import APP, FAMILY, MARKETPLACE, PHONE, SITE, STORE, tasted
from benchmarks.shop.settings import BoolArray, IntArray, date_of
from benchmarks.shop.state import State

FREE_SHIPPING_FROM, SHIPPING = 6000, 490
WELCOME = -2
SYNCHRONISED_AT = 80_000
"""Seconds after midnight at which the CRM learns of the day's orders."""
LATE_EVERY = 16
"""Tills report one order in so many one to three days late."""
CORRECTED_EVERY = 20
"""One order in so many has a total that is corrected days later."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The orders of a day, in order of time; `focus` is the product they are about."""

    number: IntArray
    person: IntArray
    channel: IntArray
    second: IntArray
    focus: IntArray


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a day's orders; `order` is a position in `Placed`."""

    order: IntArray
    product: IntArray
    quantity: IntArray
    price: IntArray


def fill(block: Block, state: State, placed: Placed, rng: np.random.Generator) -> BoolArray:
    """Log the orders of a day with their lines and returns; returns which are a guest's. The CRM
    learns at night of those that name an account."""
    people = block.people
    person, channel, n = placed.person, placed.channel, len(placed.person)
    place = np.where(channel == STORE, people.city[person], WAREHOUSE)
    lines = _contents(block, state, placed, place, rng)
    order = lines.order
    rate, campaign = _coupons(block, state, person, rng)
    line_discount = np.round(lines.price * lines.quantity * rate[order] / 100).astype(np.int64)
    total_goods = np.bincount(order, lines.price * lines.quantity, n).astype(np.int64)
    discount = np.bincount(order, line_discount, n).astype(np.int64)
    ships = np.isin(channel, (SITE, APP, PHONE)) & (total_goods - discount < FREE_SHIPPING_FROM)
    shipping = np.where(ships, SHIPPING, 0)
    as_guest: BoolArray = (people.is_guest[person] | (rng.random(n) < 0.05)) & (channel == SITE)
    fates = _fates(block, placed, rng)
    tardy = np.where(channel == STORE, placed.number % LATE_EVERY == 5, rng.random(n) < 0.01)
    late = np.where(tardy, rng.integers(1, 4, n) * DAY, 0)
    kept = fates["cancelled"] == NEVER
    wrong = (placed.number % CORRECTED_EVERY == 17) & (total_goods > 2000) & kept
    anonymous = (channel == STORE) & (~people.has_card[person] | (rng.random(n) < 0.06))
    named = people.has_account[person] & ~anonymous & ~as_guest & (channel != MARKETPLACE)
    number = np.arange(len(order)) - np.searchsorted(order, order) + 1
    returned = _returns(block, placed, fates["completed"], lines, rng)
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
        anonymous=anonymous,
        second_card=people.may_be_double[person] & (rng.random(n) < 0.4),
        odd_case=as_guest & (rng.random(n) < 0.03),
    )
    state.add(
        "lines",
        order=placed.number[order],
        number=number,
        product=lines.product,
        quantity=lines.quantity,
        price=lines.price,
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
        product=lines.product[back],
        quantity=-lines.quantity[back],
        price=lines.price[back],
        discount=-line_discount[back],
        occurred=returned[back],
        known=np.maximum(returned, (placed.second + late)[order])[back],
        twice=np.zeros(len(back), dtype=np.bool_),
    )
    state.coupons[person[discount > 0]] += 1
    np.add.at(state.bought, (person[order], block.goods.category[lines.product]), 1)
    spent = total_goods - discount
    np.add.at(state.spent, person[kept], spent[kept])
    np.add.at(state.known_spent, person[kept & named], spent[kept & named])
    np.add.at(state.known_orders, person[named], 1)
    synchronised = midnight(state.day) + SYNCHRONISED_AT + rng.integers(0, 1800, n)
    state.touched[person[named]] = synchronised[named]
    return as_guest


def _contents(
    block: Block, state: State, placed: Placed, place: IntArray, rng: np.random.Generator
) -> _Lines:
    """Products and quantities: the focus, and others by taste that are there; none twice."""
    people, goods = block.people, block.goods
    person, n = placed.person, len(placed.person)
    further = block.given.further_lines * np.where(people.kind[person] == FAMILY, 1.3, 1.0)
    order = np.repeat(np.arange(n), 1 + rng.poisson(rng.gamma(1.2, further / 1.2, n)))
    first = np.searchsorted(order, np.arange(n))
    product = goods.pick(rng.random(len(order)), tasted(people, person[order], rng))
    product[first] = placed.focus
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
    return _Lines(order, product, quantity, price)


def _coupons(
    block: Block, state: State, person: IntArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Percent off, and whose code: of a fresh message, WELCOME, or -1."""
    fresh = np.where(state.fresh_until[person] > state.day, state.fresh_campaign[person], -1)
    rates = np.array([int(c.coupon[-2:]) if c.coupon else 0 for c in block.campaigns] + [0])
    uses = rng.random(len(person)) < 0.2 + 0.5 * block.people.discount[person]
    new = (state.orders[person] == 0) & (rng.random(len(person)) < 0.2)
    found = np.where(uses & (rates[fresh] > 0), fresh, np.where(new, WELCOME, -1))
    rate = np.where(found >= 0, rates[found], np.where(found == WELCOME, 10, 0))
    return rate, found


def _fates(block: Block, placed: Placed, rng: np.random.Generator) -> dict[str, IntArray]:
    """When each order is paid, shipped, completed or cancelled; `NEVER` for what does not come."""
    n, second = len(placed.number), placed.second
    in_store = placed.channel == STORE
    cancelled = (rng.random(n) < block.given.cancel_rate) & ~in_store
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
    block: Block, placed: Placed, completed: IntArray, lines: _Lines, rng: np.random.Generator
) -> IntArray:
    """When each line comes back, 0 if it does not: days to weeks after it was delivered."""
    order, given, n = lines.order, block.given, len(lines.order)
    done = completed[order]
    fashion = block.goods.category[lines.product] < HOME
    chance = np.where(fashion, given.return_rate_fashion, given.return_rate_home)
    chance = chance * np.where(placed.channel[order] == STORE, 0.35, 1.0)
    days = 2 + rng.gamma(2.0, 5.0, n).astype(np.int64)
    at = (done // DAY + days) * DAY + rng.integers(9 * 3600, 19 * 3600, n)
    never = (placed.channel[order] == MARKETPLACE) | (done >= NEVER)
    return np.where((rng.random(n) < chance) & ~never, at, 0)

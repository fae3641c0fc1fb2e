"""What is in an order, what it costs, and what becomes of it: shipped, cancelled, sent back."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from benchmarks.shop.behaviour import History
from benchmarks.shop.catalogue import Catalogue
from benchmarks.shop.days import DAY, at_day, is_sales_period
from benchmarks.shop.marketing import Campaign
from benchmarks.shop.people import Latent, People
from benchmarks.shop.settings import BoolArray, IntArray, ShopSettings, stream

CHANNELS = ("site", "appli", "boutique", "telephone", "marketplace")
SITE, APP, STORE, PHONE, MARKETPLACE = range(5)
NEVER = np.iinfo(np.int64).max
FREE_SHIPPING_FROM = 6000
SHIPPING = 490
WELCOME = "BIENVENUE10"


@dataclass(slots=True)
class Orders:
    """One entry per order, in order of time; amounts in cents including tax, times local.

    A time that never comes is `NEVER`. `known_from` is when the shop's tools first show it.
    """

    person: IntArray
    channel: IntArray
    placed: IntArray
    paid: IntArray
    shipped: IntArray
    completed: IntArray
    cancelled: IntArray
    refunded: IntArray
    known_from: IntArray
    corrected: IntArray
    corrected_total: IntArray
    goods: IntArray
    discount: IntArray
    shipping: IntArray
    coupons: list[str]
    as_guest: BoolArray

    @property
    def count(self) -> int:
        """How many orders there are."""
        return len(self.person)

    @property
    def total(self) -> IntArray:
        """What the customer pays, before any correction."""
        return self.goods - self.discount + self.shipping

    @property
    def order_ids(self) -> list[str]:
        """The orders' keys."""
        return [f"FR{200_000 + index}" for index in range(self.count)]


@dataclass(slots=True)
class Lines:
    """One entry per order line, by order; a return is a line with a negative quantity.

    `occurred` is the time of a return and `NEVER` for a sale.
    """

    order: IntArray
    number: IntArray
    product: IntArray
    quantity: IntArray
    unit_price: IntArray
    discount: IntArray
    occurred: IntArray


def fill_baskets(
    settings: ShopSettings,
    people: People,
    latent: Latent,
    history: History,
    *,
    catalogue: Catalogue,
    campaigns: list[Campaign],
) -> tuple[Orders, Lines]:
    """Turn the simulated purchases into orders and lines."""
    rng = stream(settings.seed, "baskets")
    n = len(history.order_person)
    second = rng.integers(8 * 3600, 22 * 3600, n)
    by_time = np.lexsort((history.order_person, second, history.order_day))
    person, day = history.order_person[by_time], history.order_day[by_time]
    placed = at_day(settings, day, second[by_time])
    channel = _channels(rng, people, latent, person)
    order, product, quantity = _contents(rng, latent, catalogue, person)
    unit_price = _prices(settings, catalogue, product, day[order])
    goods = np.bincount(order, weights=unit_price * quantity, minlength=n).astype(np.int64)
    rate, coupons = _coupons(
        rng,
        people,
        campaign=history.order_campaign[by_time],
        person=person,
        day=day,
        campaigns=campaigns,
    )
    line_discount = np.round(unit_price * quantity * rate[order] / 100).astype(np.int64)
    discount = np.bincount(order, weights=line_discount, minlength=n).astype(np.int64)
    ships = np.isin(channel, (SITE, APP, PHONE)) & (goods - discount < FREE_SHIPPING_FROM)
    orders = Orders(
        person=person,
        channel=channel,
        placed=placed,
        **_fates(rng, placed, channel),
        refunded=np.full(n, NEVER),
        known_from=placed.copy(),
        corrected=np.full(n, NEVER),
        corrected_total=np.zeros(n, dtype=np.int64),
        goods=goods,
        discount=discount,
        shipping=np.where(ships, SHIPPING, 0),
        coupons=coupons,
        as_guest=(people.is_guest[person] | (rng.random(n) < 0.03)) & np.isin(channel, (SITE, APP)),
    )
    position = np.arange(len(order)) - np.searchsorted(order, order)
    sales = Lines(
        order=order,
        number=position + 1,
        product=product,
        quantity=quantity,
        unit_price=unit_price,
        discount=line_discount,
        occurred=np.full(len(order), NEVER),
    )
    return orders, _with_returns(rng, orders, sales)


def _channels(
    rng: np.random.Generator, people: People, latent: Latent, person: IntArray
) -> IntArray:
    """Where each order is placed; guests only meet the web site and the marketplace."""
    cumulative = np.cumsum(latent.channel_shares, axis=1)[person]
    channel = (rng.random(len(person))[:, None] > cumulative[:, :4]).sum(axis=1)
    only_web = people.is_guest[person] & (channel != MARKETPLACE)
    result: IntArray = np.where(only_web, SITE, channel).astype(np.int64)
    return result


def _contents(
    rng: np.random.Generator, latent: Latent, catalogue: Catalogue, person: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Order position, product and quantity of each line; no product twice in an order."""
    order = np.repeat(np.arange(len(person)), 1 + rng.poisson(0.9, len(person)))
    product = catalogue.pick(rng, pick_category(rng, latent, person[order]))
    quantity = 1 + (rng.random(len(order)) < 0.12).astype(np.int64)
    key = order * catalogue.count + product
    _, first = np.unique(key, return_index=True)
    kept = np.sort(first)
    return order[kept], product[kept], quantity[kept]


def pick_category(rng: np.random.Generator, latent: Latent, person: IntArray) -> IntArray:
    """A category by the person's taste."""
    cumulative = np.cumsum(latent.taste, axis=1)[person]
    result: IntArray = (
        (rng.random(len(person))[:, None] > cumulative[:, :-1]).sum(axis=1).astype(np.int64)
    )
    return result


def _prices(
    settings: ShopSettings, catalogue: Catalogue, product: IntArray, day: IntArray
) -> IntArray:
    """List prices, and 30 % less during the legal sales for products on sale."""
    in_sales = np.array(
        [
            is_sales_period(settings.first_day + timedelta(days=index))
            for index in range(settings.total_days)
        ]
    )
    reduced = in_sales[day] & catalogue.on_sale[product]
    price = catalogue.price[product]
    return np.where(reduced, np.round(price * 0.7).astype(np.int64), price)


def _coupons(
    rng: np.random.Generator,
    people: People,
    *,
    campaign: IntArray,
    person: IntArray,
    day: IntArray,
    campaigns: list[Campaign],
) -> tuple[IntArray, list[str]]:
    """Percent off and code per order: a fresh mail's code, or the welcome code."""
    codes = ["", WELCOME, *(item.coupon for item in campaigns)]
    rates = [0, 10, *(int(code[-2:]) if code else 0 for code in codes[2:])]
    uses = rng.random(len(person))
    welcome = (people.arrival[person] == day) & (uses < 0.25)
    from_mail = (campaign >= 0) & (uses < 0.45)
    choice = np.where(welcome, 1, np.where(from_mail, campaign + 2, 0))
    return np.array(rates, dtype=np.int64)[choice], [codes[k] for k in choice.tolist()]


def _fates(rng: np.random.Generator, placed: IntArray, channel: IntArray) -> dict[str, IntArray]:
    """When each order is paid, shipped, completed or cancelled."""
    n = len(placed)
    in_store = channel == STORE
    cancelled = (rng.random(n) < 0.03) & ~in_store
    slow_payment = (rng.random(n) < 0.06) & ~in_store
    paid = placed + np.where(slow_payment, rng.integers(3600, 2 * DAY, n), 0)
    shipped = paid + rng.integers(8 * 3600, 40 * 3600, n)
    completed = shipped + rng.integers(30 * 3600, 110 * 3600, n)
    stopped = placed + rng.integers(1800, 30 * 3600, n)
    ends = np.where(cancelled, stopped, NEVER)
    return {
        "paid": np.where(paid < ends, paid, NEVER),
        "shipped": np.where(cancelled | in_store, NEVER, shipped),
        "completed": np.where(in_store, placed, np.where(cancelled, NEVER, completed)),
        "cancelled": ends,
    }


def _with_returns(rng: np.random.Generator, orders: Orders, sales: Lines) -> Lines:
    """Add the lines that come back; an order that comes back whole is refunded a day later."""
    n = len(sales.order)
    done = orders.completed[sales.order]
    chance = np.where(np.isin(sales.product // 25, (0, 1, 2)), 0.15, 0.05)
    chance = chance * np.where(orders.channel[sales.order] == STORE, 0.4, 1.0)
    back = np.flatnonzero((done != NEVER) & (rng.random(n) < chance))
    delay = rng.integers(3 * DAY, 25 * DAY, n)[back] // DAY * DAY
    at_time = done[back] // DAY * DAY + delay + rng.integers(9 * 3600, 19 * 3600, len(back))
    counts = np.bincount(sales.order, minlength=orders.count)
    rank = np.arange(len(back)) - np.searchsorted(sales.order[back], sales.order[back])
    whole = np.bincount(sales.order[back], minlength=orders.count) == counts
    latest = np.zeros(orders.count, dtype=np.int64)
    np.maximum.at(latest, sales.order[back], at_time)
    orders.refunded = np.where(whole & (counts > 0), latest + DAY, NEVER)
    merged = Lines(
        order=np.concatenate([sales.order, sales.order[back]]),
        number=np.concatenate([sales.number, counts[sales.order[back]] + rank + 1]),
        product=np.concatenate([sales.product, sales.product[back]]),
        quantity=np.concatenate([sales.quantity, -sales.quantity[back]]),
        unit_price=np.concatenate([sales.unit_price, sales.unit_price[back]]),
        discount=np.concatenate([sales.discount, -sales.discount[back]]),
        occurred=np.concatenate([sales.occurred, at_time]),
    )
    place = np.lexsort((merged.number, merged.order))
    return Lines(
        order=merged.order[place],
        number=merged.number[place],
        product=merged.product[place],
        quantity=merged.quantity[place],
        unit_price=merged.unit_price[place],
        discount=merged.discount[place],
        occurred=merged.occurred[place],
    )

"""A shop's facts: figures that say how its customers buy, browse and read, whatever its currency.

Each function reads one frame and gives its facts by name. Shares and rates are fractions of 1. What
cannot be told (no customer came back, nobody was watched for so long) is left out, never a zero.
"""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

Facts = dict[str, float]
"""A fact's name, such as `gap.median_days`, and its value."""

YEAR = 365
"""Days of the window that shops are compared in: the shorter public data hold no more."""

_GAPS = {
    "0_7": (0, 7),
    "8_14": (8, 14),
    "15_28": (15, 28),
    "29_56": (29, 56),
    "57_112": (57, 112),
    "113_224": (113, 224),
    "over_224": (225, None),
}
_ORDERS = {
    "1": (1, 1),
    "2": (2, 2),
    "3": (3, 3),
    "4_5": (4, 5),
    "6_10": (6, 10),
    "over_10": (11, None),
}
_LINES = {"1": (1, 1), "2": (2, 2), "3_5": (3, 5), "over_5": (6, None)}
_DECIMALS = 6  # the complaint rate, the smallest fact, is about 0.0001


def shop_facts(orders: pl.DataFrame, sessions: pl.DataFrame, mails: pl.DataFrame) -> Facts:
    """All facts of a shop; its orders are those of the last `YEAR` days."""
    return {**order_facts(last_days(orders)), **session_facts(sessions), **mail_facts(mails)}


def last_days(orders: pl.DataFrame, days: int = YEAR) -> pl.DataFrame:
    """The orders of the last `days` days, the day of the last order included. Gaps, orders per
    customer and seasons of two shops compare only over windows of the same length."""
    day = pl.col("ordered_at").dt.date()
    return orders.filter(day > day.max() - timedelta(days=days))


def order_facts(orders: pl.DataFrame) -> Facts:
    """Facts of a row per order: customer_id, ordered_at (shop time), total_amount, line_count."""
    if orders.is_empty():
        return {}
    return {
        **_gap_facts(orders),
        **_repeat_facts(orders),
        **_basket_facts(orders),
        **_line_facts(orders),
        **_concentration_facts(orders),
        **_season_facts(orders),
    }


def session_facts(sessions: pl.DataFrame) -> Facts:
    """Facts of a row per web session: has_view, has_cart, has_checkout, has_purchase. Columns may
    be missing; their facts then are too.

    `session.X_share`: share of all sessions with such a step. `session.X_given_Y`: the same among
    sessions with Y. `session.cart_abandonment`: share without a purchase among those with a cart.
    """
    steps = [s for s in ("view", "cart", "checkout", "purchase") if f"has_{s}" in sessions.columns]
    facts = {}
    for step in steps:
        facts[f"session.{step}_share"] = _share(sessions, pl.col(f"has_{step}"))
    for before, after in (("view", "cart"), ("cart", "checkout"), ("checkout", "purchase")):
        if before in steps and after in steps:
            facts[f"session.{after}_given_{before}"] = _share(
                sessions.filter(f"has_{before}"), pl.col(f"has_{after}")
            )
    if "cart" in steps and "purchase" in steps:
        facts["session.cart_abandonment"] = _share(
            sessions.filter("has_cart"), ~pl.col("has_purchase")
        )
    return _told(facts)


def mail_facts(mails: pl.DataFrame) -> Facts:
    """Facts of a row per mail sent: delivered, opened (by whomever), opened_by_machine_only,
    clicked, unsubscribed, complained, bounced.

    Delivered and bounced are shares of the mails sent; the other rates are shares of the delivered,
    but for `mail.machine_only_share` and `mail.click_to_open`, which are shares of the opened.
    """
    delivered = mails.filter("delivered")
    opened = delivered.filter("opened")
    return _told(
        {
            "mail.delivered_rate": _share(mails, pl.col("delivered")),
            "mail.bounce_rate": _share(mails, pl.col("bounced")),
            "mail.open_rate": _share(delivered, pl.col("opened")),
            "mail.human_open_rate": _share(
                delivered, pl.col("opened") & ~pl.col("opened_by_machine_only")
            ),
            "mail.machine_only_share": _share(opened, pl.col("opened_by_machine_only")),
            "mail.click_rate": _share(delivered, pl.col("clicked")),
            "mail.click_to_open": _share(opened, pl.col("clicked")),
            "mail.unsubscribe_rate": _share(delivered, pl.col("unsubscribed")),
            "mail.complaint_rate": _share(delivered, pl.col("complained")),
        }
    )


def _gap_facts(orders: pl.DataFrame) -> Facts:
    """Days from one order of a customer to the next; 0 is the same calendar day."""
    gaps = (
        orders.select("customer_id", day=pl.col("ordered_at").dt.date())
        .sort("customer_id", "day")
        .select(gap=pl.col("day").diff().over("customer_id").dt.total_days())
        .drop_nulls()["gap"]
    )
    return _told(
        {"gap.median_days": _number(gaps.median()), **_histogram("gap.share", gaps, _GAPS)}
    )


def _repeat_facts(orders: pl.DataFrame) -> Facts:
    """Shares of customers. Those within N days of the first order are among customers whose first
    order lies at least N days before the last day of the orders."""
    days = orders.select("customer_id", day=pl.col("ordered_at").dt.date()).sort("day")
    until = days["day"].max()
    customers = days.group_by("customer_id").agg(
        orders=pl.len(),
        watched=(pl.lit(until) - pl.col("day").first()).dt.total_days(),
        second=(pl.col("day").slice(1, 1).first() - pl.col("day").first()).dt.total_days(),
    )
    facts: dict[str, float | None] = {"repeat.share": _share(customers, pl.col("orders") >= 2)}
    for within in (30, 90, 180, 365):
        facts[f"repeat.within_{within}"] = _share(
            customers.filter(pl.col("watched") >= within),
            (pl.col("second") <= within).fill_null(False),
        )
    return _told({**facts, **_histogram("orders.share", customers["orders"], _ORDERS)})


def _basket_facts(orders: pl.DataFrame) -> Facts:
    """Order values, each divided by the median order's."""
    totals = orders["total_amount"]
    median = _number(totals.median())
    if not median:
        return {}
    facts = {
        f"basket.p{percent}_to_median": _number(totals.quantile(percent / 100, "linear"), median)
        for percent in (10, 25, 75, 90, 99)
    }
    return _told({**facts, "basket.mean_to_median": _number(totals.mean(), median)})


def _line_facts(orders: pl.DataFrame) -> Facts:
    """Lines (different products) of an order."""
    lines = orders["line_count"]
    return _told({"lines.mean": _number(lines.mean()), **_histogram("lines.share", lines, _LINES)})


def _concentration_facts(orders: pl.DataFrame) -> Facts:
    """Share of the revenue that the best 1, 5, 10, 20, 50 % of the customers bring (their number
    rounded up), and the Gini coefficient of revenue by customer: 0 when all bring the same."""
    revenue = (
        orders.group_by("customer_id")
        .agg(pl.col("total_amount").sum())["total_amount"]
        .sort(descending=True)
        .to_list()
    )
    total, count = sum(revenue), len(revenue)
    if total <= 0:
        return {}
    facts: dict[str, float | None] = {
        f"revenue.top_{percent}": sum(revenue[: -(-count * percent // 100)]) / total
        for percent in (1, 5, 10, 20, 50)
    }
    ranked = sum((count - 1 - 2 * place) * amount for place, amount in enumerate(revenue))
    return _told({**facts, "revenue.gini": ranked / (count * total)})


def _season_facts(orders: pl.DataFrame) -> Facts:
    """Revenue per calendar month and per weekday (1 is Monday), each divided by the mean of its
    12 or 7. Months are fair only over whole years."""
    parts = (
        ("month", pl.col("ordered_at").dt.month(), 12),
        ("weekday", pl.col("ordered_at").dt.weekday(), 7),
    )
    facts: dict[str, float | None] = {}
    for name, part, count in parts:
        sums = dict(
            orders.group_by(part.alias("part")).agg(pl.col("total_amount").sum()).iter_rows()
        )
        mean = sum(sums.values()) / count
        for number in range(1, count + 1):
            facts[f"season.{name}_{number:02}"] = sums.get(number, 0.0) / mean if mean else None
    return _told(facts)


def _histogram(
    name: str, values: pl.Series, bins: Mapping[str, tuple[int, int | None]]
) -> dict[str, float | None]:
    """Share of the values in each bin, both ends included; None is no end."""
    frame = values.to_frame("value")
    value = pl.col("value")
    return {
        f"{name}_{told}": _share(
            frame, value >= low if high is None else value.is_between(low, high)
        )
        for told, (low, high) in bins.items()
    }


def _share(frame: pl.DataFrame, condition: pl.Expr) -> float | None:
    """Share of the rows that meet the condition; None of no rows."""
    return _number(frame.select(condition.mean()).item())


def _number(value: object, divisor: float = 1.0) -> float | None:
    return float(value) / divisor if isinstance(value, int | float) else None


def _told(facts: Mapping[str, float | None]) -> Facts:
    """Those that can be told, rounded so that sums in another order give the same."""
    return {name: round(value, _DECIMALS) for name, value in facts.items() if value is not None}

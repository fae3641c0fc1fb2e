"""What the page compares: its sections, and each fact's name in words and unit."""

from collections.abc import Callable
from dataclasses import dataclass


def percent(share: float) -> str:
    """A share of 1 in per cent, with two digits that tell, or three near the whole."""
    value = 100 * share
    if 90 <= value <= 100:
        return f"{value:.1f} %"
    decimals = 0 if value >= 10 or value == 0 else 1 if value >= 1 else 2 if value >= 0.1 else 3
    return f"{value:.{decimals}f} %"


def points(share: float) -> str:
    """A difference of two shares in percentage points."""
    return f"{100 * share:.2f} points"


def days(value: float) -> str:
    """Whole days, or halves."""
    return f"{value:g} days"


def number(value: float) -> str:
    """A mean or a ratio."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


@dataclass(frozen=True, slots=True)
class Row:
    """A fact on the page: its name, what it is in words, and how its value is written."""

    name: str
    label: str
    unit: Callable[[float], str] = percent


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page. `key` names the picture."""

    key: str
    title: str
    compares: str
    rows: tuple[Row, ...]


def _rows(prefix: str, labels: dict[str, str], unit: Callable[[float], str]) -> tuple[Row, ...]:
    return tuple(Row(f"{prefix}_{key}", label, unit) for key, label in labels.items())


GAP_BINS = {
    "0_7": "0–7",
    "8_14": "8–14",
    "15_28": "15–28",
    "29_56": "29–56",
    "57_112": "57–112",
    "113_224": "113–224",
    "over_224": "over 224",
}
WITHIN = {"30": "30", "90": "90", "180": "180"}
ORDER_BINS = {"1": "1", "2": "2", "3": "3", "4_5": "4–5", "6_10": "6–10", "over_10": "over 10"}
QUANTILES = {"p10": "10", "p25": "25", "p75": "75", "p90": "90", "p99": "99"}
LINE_BINS = {"1": "1", "2": "2", "3_5": "3–5", "over_5": "over 5"}
TOP = {"1": "1", "5": "5", "10": "10", "20": "20", "50": "50"}
MONTHS = dict(
    zip(
        (f"{month:02}" for month in range(1, 13)),
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        strict=True,
    )
)
WEEKDAYS = dict(
    zip(
        (f"{weekday:02}" for weekday in range(1, 8)),
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        strict=True,
    )
)

GAPS = Section(
    "gaps",
    "Inter-purchase times",
    "The days from one order of a customer to the next, over a year of orders.",
    (
        Row("gap.median_days", "median", days),
        *_rows("gap.share", {key: f"{told} days" for key, told in GAP_BINS.items()}, percent),
    ),
)
REPEAT = Section(
    "repeat",
    "Repeat rates",
    "How many of a year's customers ordered again, how soon after their first order of that year "
    "(of those watched for so long), and how often they ordered.",
    (
        Row("repeat.share", "ordered again in the year"),
        *_rows(
            "repeat.within", {k: f"again within {told} days" for k, told in WITHIN.items()}, percent
        ),
        *_rows(
            "orders.share",
            {
                k: f"{told} order{'' if told == '1' else 's'} in the year"
                for k, told in ORDER_BINS.items()
            },
            percent,
        ),
    ),
)
BASKETS = Section(
    "baskets",
    "Basket sizes",
    "What an order is worth beside the shop's median order, so that currencies and trades do not "
    "matter, and how many lines it has.",
    (
        *(
            Row(f"basket.{key}_to_median", f"{told}th percentile ÷ median", number)
            for key, told in QUANTILES.items()
        ),
        Row("basket.mean_to_median", "mean ÷ median", number),
        Row("lines.mean", "mean lines of an order", number),
        *_rows(
            "lines.share",
            {k: f"{told} line{'' if told == '1' else 's'}" for k, told in LINE_BINS.items()},
            percent,
        ),
    ),
)
REVENUE = Section(
    "revenue",
    "Concentration of revenue",
    "How much of a year's revenue the best customers bring.",
    (
        *_rows(
            "revenue.top", {k: f"best {told} % of customers" for k, told in TOP.items()}, percent
        ),
        Row("revenue.gini", "Gini coefficient", number),
    ),
)
FUNNEL = Section(
    "funnel",
    "Session funnel",
    "How many web sessions see a product, fill a cart, reach the checkout and end in a purchase.",
    (
        Row("session.view_share", "saw a product"),
        Row("session.cart_share", "put something into the cart"),
        Row("session.checkout_share", "began a checkout"),
        Row("session.purchase_share", "bought"),
        Row("session.cart_given_view", "cart, of those who saw a product"),
        Row("session.checkout_given_cart", "checkout, of those with a cart"),
        Row("session.purchase_given_checkout", "bought, of those in the checkout"),
        Row("session.cart_abandonment", "left a cart unbought"),
    ),
)
SEASON = Section(
    "season",
    "Season",
    "Revenue by calendar month and by weekday; 1 is the mean month or weekday.",
    (
        *_rows("season.month", MONTHS, number),
        *_rows("season.weekday", WEEKDAYS, number),
    ),
)
MAILS = Section(
    "mails",
    "E-mail rates",
    "What becomes of a marketing mail. Opens count those of mail programs that fetch images by "
    "themselves, unless it says by people.",
    (
        Row("mail.delivered_rate", "delivered, of those sent"),
        Row("mail.bounce_rate", "bounced, of those sent"),
        Row("mail.open_rate", "opened, of those delivered"),
        Row("mail.human_open_rate", "opened by people"),
        Row("mail.machine_only_share", "opened by machines only, of the opened"),
        Row("mail.click_rate", "clicked, of those delivered"),
        Row("mail.click_to_open", "clicked, of the opened"),
        Row("mail.unsubscribe_rate", "unsubscribed"),
        Row("mail.complaint_rate", "complained of spam"),
    ),
)
OTHERS = (
    Row("return.share", "returned, of what was bought online"),
    Row("effect.visit_points", "effect of a mail: visits in two weeks", points),
    Row("effect.purchase_points", "effect of a mail: buyers in two weeks", points),
    Row("effect.purchase_relative", "effect of a mail: buyers, relative"),
    Row("effect.spend_after_relative", "effect of an offer: spending in the week after its end"),
)
SECTIONS = (GAPS, REPEAT, BASKETS, REVENUE, FUNNEL, SEASON, MAILS)

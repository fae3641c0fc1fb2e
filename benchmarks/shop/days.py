"""Shop time: whole local seconds since 1970 (naive Europe/Paris), and the seasons of trade.

One offset serves a whole date: what moves before 03:00 on the two nights of a clock change is an
hour off, no matter here."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.shop.settings import FloatArray, IntArray, date_of

DAY = 86_400
PARIS = ZoneInfo("Europe/Paris")
EPOCH = date(1970, 1, 1)
WEEKDAYS = (0.95, 0.95, 1.05, 0.95, 1.0, 1.2, 0.9)
NEVER = 2**62


def midnight(day: int) -> int:
    """Local seconds of a day's 00:00."""
    return (date_of(day) - EPOCH).days * DAY


def utc(seconds: IntArray) -> IntArray:
    """UTC seconds of local ones."""
    if not len(seconds):
        return seconds
    days = seconds // DAY
    first = int(days.min())
    table = np.array([_hours_ahead(n) for n in range(first, int(days.max()) + 1)], dtype=np.int64)
    result: IntArray = seconds - table[days - first] * 3600
    return result


@cache
def _hours_ahead(number: int) -> int:
    noon = datetime.combine(EPOCH + timedelta(days=number), time(12), tzinfo=PARIS)
    offset = noon.utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 3600


@cache
def seasons(day: int) -> tuple[float, float, float, float]:
    """How lively the ordinary trade, the sales (soldes, Black Friday), Christmas and the home trade
    of spring and autumn are on a day; each about 1 on average over a year."""
    when = date_of(day)
    week = WEEKDAYS[when.weekday()]
    month_day = (when.month, when.day)
    quiet = 0.72 if when.month == 8 else 0.85 if when.month == 2 else 1.0
    ordinary = week * quiet * (1.15 if in_sales(when) else 1.0) * 1.02
    sales = week * (2.6 if in_sales(when) else 2.9 if _black_friday(when) else 0.55)
    christmas = week * (4.2 if (11, 20) <= month_day <= (12, 22) else 0.68)
    home = week * (1.5 if when.month in (4, 5, 9, 10) else 0.75)
    return ordinary, sales, christmas, home


def in_sales(when: date) -> bool:
    """Whether the legal sales (soldes) are on."""
    month_day = (when.month, when.day)
    return (1, 8) <= month_day <= (2, 4) or (6, 24) <= month_day <= (7, 21)


def _black_friday(when: date) -> bool:
    return (11, 24) <= (when.month, when.day) <= (12, 1)


def season_of(day: int, weights: FloatArray) -> FloatArray:
    """The season's factor of each person. `weights`: (people, 4), each row adding up to 1."""
    result: FloatArray = weights @ np.array(seasons(day))
    return result

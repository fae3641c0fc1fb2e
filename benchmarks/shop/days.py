"""Shop time: whole local seconds since 1970, its text forms, and the seasons of trade.

Local seconds are naive Europe/Paris wall-clock time. One offset serves a whole date, so the few
parcels that move before 03:00 on the two nights of a clock change are an hour off: no matter here.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.shop.settings import FloatArray, IntArray, ShopSettings

DAY = 86_400
PARIS = ZoneInfo("Europe/Paris")
EPOCH = date(1970, 1, 1)
WEEKDAY_FACTORS = (0.95, 0.95, 1.05, 0.95, 1.0, 1.2, 0.9)


def midnight(day: date) -> int:
    """Local seconds of a date's 00:00."""
    return (day - EPOCH).days * DAY


def at_day(settings: ShopSettings, day_index: IntArray, second_of_day: IntArray | int) -> IntArray:
    """Local seconds of a second of a day."""
    return midnight(settings.first_day) + day_index * DAY + second_of_day


def iso_local(seconds: IntArray) -> list[str]:
    """`2026-06-28T21:15:00`, without an offset."""
    return [str(text) for text in np.datetime_as_string(seconds.astype("datetime64[s]"))]


def _offset_hours(seconds: IntArray) -> IntArray:
    """Hours ahead of UTC at noon of each date."""
    if not len(seconds):
        return np.zeros(0, dtype=np.int64)
    days = seconds // DAY
    first = int(days.min())
    table = np.array(
        [
            _hours_ahead(EPOCH + timedelta(days=number))
            for number in range(first, int(days.max()) + 1)
        ],
        dtype=np.int64,
    )
    return table[days - first]


def _hours_ahead(day: date) -> int:
    offset = datetime.combine(day, time(12), tzinfo=PARIS).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 3600


def iso_offset(seconds: IntArray) -> list[str]:
    """`2026-06-28T21:15:00+02:00`."""
    hours = _offset_hours(seconds).tolist()
    return [f"{text}+0{hour}:00" for text, hour in zip(iso_local(seconds), hours, strict=True)]


def iso_utc(seconds: IntArray) -> list[str]:
    """`2026-06-28T19:15:00Z`."""
    return [f"{text}Z" for text in iso_local(seconds - _offset_hours(seconds) * 3600)]


def french(seconds: IntArray) -> list[str]:
    """`28/06/2026 21:15:00`, as French tools write a time."""
    return [f"{text[8:10]}/{text[5:7]}/{text[0:4]} {text[11:19]}" for text in iso_local(seconds)]


def season(settings: ShopSettings) -> FloatArray:
    """How lively trade is on each day; about 1 on average.

    Soldes in January and from late June to July, Black Friday, Christmas, a quiet August.
    """
    factors = np.ones(settings.total_days)
    for index in range(settings.total_days):
        day = settings.first_day + timedelta(days=index)
        factors[index] = WEEKDAY_FACTORS[day.weekday()] * _time_of_year(day)
    return factors


def is_sales_period(day: date) -> bool:
    """Whether the legal sales (soldes) are on."""
    return (1, 8) <= (day.month, day.day) <= (2, 4) or (6, 24) <= (day.month, day.day) <= (7, 21)


def _time_of_year(day: date) -> float:
    month_day = (day.month, day.day)
    if is_sales_period(day):
        return 1.3
    if (11, 24) <= month_day <= (12, 1):
        return 1.6
    if (12, 2) <= month_day <= (12, 21):
        return 1.5
    if month_day >= (12, 22):
        return 0.7
    return 0.75 if day.month == 8 else 0.92

"""The one place that reads the clock. A night is a function of its date: only the ledger, log
lines and the choice of tonight's date may ask what time it is."""

from datetime import UTC, date, datetime, time
from time import monotonic
from zoneinfo import ZoneInfo

FIRST_MONDAY = date(
    1970, 1, 5
)  # anchors and decision cycles are counted from here: they never move


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def shop_today(time_zone: str) -> date:
    """Today's date in the shop's time zone: the as_of of tonight's run."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def shop_date(moment: datetime, time_zone: str) -> date:
    """The date of an aware `moment` in the shop's time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def shop_midnight(day: date, time_zone: str) -> datetime:
    """`day` 00:00 in the shop's time zone as naive UTC, as the warehouse stores times."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def shop_moment(day: date, at: time, time_zone: str) -> datetime:
    """`day` at the time `at` in the shop's time zone, in UTC."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def seconds() -> float:
    """A running count of seconds, for durations only."""
    return monotonic()

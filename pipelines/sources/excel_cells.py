"""Cells of a worksheet as text: what a person sees, without the noise of how it is stored."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

_DIGITS = 15  # what Excel itself keeps of a number: 0.30000000000000004 is its 0.3


class _NoValue:
    """The value of a formula that nothing has computed."""


NO_VALUE: Final = _NoValue()
Value = str | int | float | bool | date | datetime | time | timedelta | _NoValue | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as stored; `is_error`: it is one of Excel's errors, such as #N/A."""

    value: Value
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`number`: 1-based, as the sheet shows it."""

    number: int
    cells: tuple[Cell, ...]


def cell_text(cell: Cell, decimal: str, written_as: str | None) -> str | None:
    """The text of a cell; None when it is empty. Numbers have the decimal mark `decimal`; dates and
    times are `written_as` that format where it says all of them, else in ISO 8601."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value).replace(".", decimal)
    if isinstance(value, datetime | date):
        return _moment(value, written_as)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return value.isoformat() if isinstance(value, time) else ""


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    text = format(Decimal(f"{value:.{_DIGITS}g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: date, written_as: str | None) -> str:
    moment = value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])  # noqa: DTZ001 - as written
    if moment.microsecond % 1000:  # a fraction of a day is not exact
        moment += timedelta(microseconds=500)
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    if written_as and _says_all(moment, written_as):
        return moment.strftime(written_as)
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(" ")


def _says_all(moment: datetime, written_as: str) -> bool:
    try:
        return datetime.strptime(moment.strftime(written_as), written_as) == moment  # noqa: DTZ007
    except ValueError:
        return False

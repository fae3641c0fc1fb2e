"""What values look like: times, numbers, e-mail addresses, texts that mean nothing."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache

from pydantic import ValidationError

from pipelines.specs.contract import Column, Kind
from pipelines.specs.source import Source

_NOTHING = re.compile(  # empty values as databases write them, and dates before any
    r"NULL|\\N"
    r"|(0000-00-00|0001-01-01|1753-01-01|1899-12-3[01]|1900-01-01)([T ]00:00(:00(\.0+)?)?Z?)?"
    r"|01[./]01[./](0001|1900)( 00:00(:00)?)?"
)
MOST = 0.9  # of the values must look like what the column holds
FEW = 40  # distinct values of a closed set, at most
EPOCHS = {10: "epoch_seconds", 13: "epoch_milliseconds", 16: "epoch_microseconds"}  # by digits
_LONGEST_ID = 40
_LOOKED_AT = 2_000  # values that tell how all are written
_TESTED = 500  # values that tell what a column may hold
_DAYS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y")
_CLOCKS = (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "")
_TIMES = (
    *(day + clock for clock in _CLOCKS for day in _DAYS),
    *("%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S", "%Y%m%d %H%M%S", "%Y%m%d"),
    *("%d %b %Y %H:%M:%S", "%d %b %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d-%b-%Y %H:%M:%S"),
    *("%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S", "%b %d %Y %I:%M%p", "%d. %m. %Y"),
    *(
        "%m/%d/%Y, %I:%M:%S %p",
        "%d/%m/%Y, %H:%M:%S",
        "%B %d, %Y",
        "%Y.%m.%d",
        "%Y/%m/%d %H:%M:%S.%f",
    ),
)
_ISO_THEN_ZONE = "%Y-%m-%d %H:%M:%S %z"  # a blank before the offset has to be told
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?")
_TIMED = re.compile(r"\d{1,4}[-./]\d\d?[-./]\d{1,4}.*\d\d:\d\d.*")  # a time is no id
_OFFSET = re.compile(r":\d\d(\.\d+)? ?(Z|[+-]\d\d(:?\d\d)?)$")
_NUMBER = re.compile(r"[+-]?\d[\d .,'\u00a0\u202f]*")
BOOLEANS = {
    *("true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"),
    *("oui", "non", "o", "vrai", "faux"),
}
YES = {"true", "t", "yes", "y", "1", "oui", "o", "vrai", "s", "si", "j", "ja", "tak"}
_NO = {"nein", "nie", "nee"}  # beside the booleans
_PATTERNS: dict[Kind, re.Pattern[str]] = {
    Kind.EMAIL: re.compile(r"\S+@\S+"),
    Kind.PHONE: re.compile(r"\D*(\d\D*){6,}"),
    Kind.QUANTITY: _NUMBER,
    Kind.RATE: _NUMBER,
    Kind.INTEGER: re.compile(r"[+-]?\d+"),
}
_TEXTS = {  # of free texts: what a value looks like, by its column
    "currency": re.compile(r"[A-Za-z]{3}"),
    **dict.fromkeys(
        ("country", "language", "city", "first_name", "last_name", "name"), re.compile(r".*\D.*")
    ),
    "postal_code": re.compile(r".*\d.*"),
    "gender": re.compile(
        r"(\d|[a-z]|mrs?|ms|miss|mme|mlle|monsieur|madame|mademoiselle|f?e?male|(wo)?man|homme|femme"
        r"|herr|frau|divers|keine angabe|sig\.?(ra)?|other|autre|unknown|inconnu|non[- ]binary"
        r"|dhr|mevr|mw|heer|mevrouw|sra?|señora?|hombre|mujer|uomo|donna|pani?|vrouw|dr)\.?",
        re.IGNORECASE,
    ),
}


def nothings(values: Iterable[str]) -> frozenset[str]:
    """Those of the values that stand for none."""
    return frozenset(value for value in set(values) if _NOTHING.fullmatch(value))


def can_hold(column: Column, values: list[str]) -> bool:
    """Whether the values can be what a column of the contract holds; no values can be anything."""
    if not values:
        return True
    if column.kind in (Kind.TIMESTAMP, Kind.DATE):
        style = time_format(values)
        return style is not None and (column.kind is Kind.TIMESTAMP or style not in EPOCHS.values())
    if column.allowed:
        return len(set(values)) <= FEW
    test = _test(column)
    return share(test(value) for value in values[:: len(values) // _TESTED + 1]) >= MOST


def _test(column: Column) -> Callable[[str], object]:
    """Whether one value can be what a column of no times and no closed set holds."""
    if column.kind is Kind.BOOLEAN:
        return lambda value: value.lower() in BOOLEANS | YES | _NO
    if column.kind is Kind.ID:
        return lambda v: (" " not in v or len(v) <= _LONGEST_ID) and not _TIMED.fullmatch(v)
    if column.kind is Kind.AMOUNT:
        return lambda value: value != "1" and _NUMBER.fullmatch(value)  # a flag is no money
    pattern = _PATTERNS.get(column.kind) or _TEXTS.get(column.name)
    if column.kind is Kind.TEXT:  # JSON is no text to read
        return lambda v: v[:1] not in ("{", "[") and (pattern is None or pattern.fullmatch(v))
    return pattern.fullmatch if pattern else bool


def share(tests: Iterable[object]) -> float:
    """The share of those that are true; there must be one at least."""
    results = [bool(test) for test in tests]
    return sum(results) / len(results)


def are_yes_or_no(values: list[str]) -> bool:
    """Whether the values are two words for yes and no."""
    return (
        bool(values)
        and len(set(values)) <= 2
        and {v.lower() for v in values} <= BOOLEANS | YES | _NO
    )


def time_format(values: list[str]) -> str | None:
    """How times are written: empty for ISO 8601, a format, an epoch, or None for no times."""
    return _time_format(tuple(values[:_LOOKED_AT]))


@lru_cache(maxsize=4096)
def _time_format(values: tuple[str, ...]) -> str | None:
    if share(bool(_ISO.fullmatch(v)) for v in values) >= MOST:
        return _ISO_THEN_ZONE if reads(values[0], _ISO_THEN_ZONE) else ""
    for style in _TIMES:
        is_likely = reads(values[0], style) or reads(values[-1], style)
        if is_likely and share(reads(v, style) for v in values) >= MOST:
            return style
    digits = len(values[0])
    if digits in EPOCHS and _knows_epochs() and share(_is_epoch(v, digits) for v in values) >= MOST:
        return EPOCHS[digits]
    return None


def reads(value: str, style: str) -> bool:
    """Whether a value is a time of our age, written in the style."""
    try:
        return 1900 <= datetime.strptime(value, style).year <= 2100  # noqa: DTZ007
    except ValueError:
        return False


def _is_epoch(value: str, digits: int) -> bool:
    return len(value) == digits and value.isdigit() and "10" <= value[:2] <= "20"


def _knows_epochs() -> bool:
    """Whether a source may be told that its times are counted from 1970."""
    columns = {"order_id": "a", "ordered_at": "b", "status": "c", "total_amount": "d"}
    source = {"entity": "orders", "path": "x", "format": "csv", "columns": columns}
    try:
        Source.model_validate({**source, "timestamp_format": EPOCHS[10]})
    except ValidationError:
        return False
    return True


def has_offset(value: str) -> bool:
    """Whether a time in ISO 8601 says how far from UTC it is."""
    return bool(_OFFSET.search(value))


def digits_after(mark: str, values: list[str]) -> int:
    """Digits after the decimal mark that are not zeros at the end, at most."""
    return max((len(v.partition(mark)[2].rstrip("0")) for v in values), default=0)


def number(text: str, decimal: str) -> float | None:
    """A number as it is written with a decimal mark; None when it is none."""
    kept = "".join(letter for letter in text if letter.isdigit() or letter in ("-", decimal))
    try:
        return float(kept.replace(decimal, "."))
    except ValueError:
        return None


def number_marks(values: list[str]) -> tuple[str, str]:
    """The decimal mark and the thousands separator of amounts."""
    is_comma = any(re.search(r",(\d{1,2}|\d{4,})$", v) for v in values) and not any(
        re.search(r"\.\d{1,2}$", v) for v in values
    )
    decimal, other = (",", ".") if is_comma else (".", ",")
    if any(re.search(r"\d[ \u00a0\u202f]\d{3}", v) for v in values):
        return decimal, " "
    has_groups = any(re.search(rf"\d{re.escape(other)}\d{{3}}", v) for v in values)
    return decimal, other if has_groups else ""

"""From text to types, as SQL expressions. A value that cannot be read exactly is NULL and has a
reason; nothing is rounded, cut or guessed."""

import re
from dataclasses import dataclass

from pipelines.sources.engine import name, quoted
from pipelines.specs.contract import SQL_TYPE, Column, Kind
from pipelines.specs.source import Source

SOFT = (Kind.EMAIL, Kind.PHONE)
_BLANKS = " \t\r\n\u00a0\u202f"
_SCALE = {Kind.AMOUNT: 4, Kind.QUANTITY: 3, Kind.RATE: 6}
_ISO_DATE = r"\d{4}-\d{2}-\d{2}"
_OFFSET = r"(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"  # no clock is further from UTC
_ISO_TIME = rf"{_ISO_DATE}([T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?)?"
_NOT_IN_EMAIL = r"""@\s\pZ\pC"(),:;<>\[\]\\"""  # no blank or control character of Unicode either
_EMAIL = rf"[^{_NOT_IN_EMAIL}]+@[^{_NOT_IN_EMAIL}.]+(\.[^{_NOT_IN_EMAIL}.]+)+"
_TRUE = ("true", "t", "yes", "y", "1", "oui", "o", "vrai")
_FALSE = ("false", "f", "no", "n", "0", "non", "faux")


@dataclass(frozen=True, slots=True)
class Value:
    """`sql`: the typed value, NULL when it cannot be read. `reasons`: (condition, sentence), tried
    in order when there is text and no value."""

    sql: str
    reasons: tuple[tuple[str, str], ...]


def text(column: Column, source: Source, landed: tuple[str, ...]) -> str:
    """SQL: what the extract says, trimmed, NULL when empty, in the shop's own words replaced by the
    contract's (`values`), or the source's constant."""
    if column.name in source.constants and column.name not in source.columns:
        return f"{quoted(source.constants[column.name])}::varchar"
    if column.name not in landed:
        return "null::varchar"
    trimmed = f"nullif(trim({name(column.name)}, {quoted(_BLANKS)}), '')"
    if column.kind in (Kind.TEXT, Kind.PHONE):  # a spreadsheet's mark of text: '06…, '75001
        marked = f"regexp_matches({trimmed}, '^''[0-9+]')"
        trimmed = f"case when {marked} then {trimmed}[2:] else {trimmed} end"
    pairs = source.values.get(column.name, {})
    if not pairs:
        return trimmed
    whens = " ".join(f"when {quoted(a)} then {quoted(b)}" for a, b in pairs.items())
    return f"case {trimmed} {whens} else {trimmed} end"


def value(column: Column, given: str, source: Source, time_zone: str) -> Value:
    """The typed value of the text in `given` (an SQL expression). `time_zone`: of naive times."""
    match column.kind:
        case Kind.ID | Kind.TEXT:
            found = Value(given, ())
        case Kind.EMAIL:
            lowered = f"regexp_replace(lower({given}), '^mailto:', '')"
            found = Value(_if_matches(lowered, _EMAIL, lowered), ())
        case Kind.PHONE:
            found = Value("null::varchar", ())  # joined in by load: see phones
        case Kind.TIMESTAMP:
            found = _timestamp(given, source, time_zone)
        case Kind.DATE:
            found = _date(given, source)
        case Kind.BOOLEAN:
            found = _boolean(given)
        case _:
            found = _number(column.kind, given, source)
    return found


def _if_matches(given: str, pattern: str, then: str) -> str:
    return f"case when regexp_full_match({given}, {quoted(pattern)}) then {then} end"


def _timestamp(given: str, source: Source, zone: str) -> Value:
    def to_utc(naive: str) -> str:
        if zone == "UTC":
            return naive
        return f"({naive} at time zone {quoted(zone)}) at time zone 'UTC'"

    if source.timestamp_format:
        parsed = f"try_strptime({given}, {quoted(source.timestamp_format)})"
        has_offset = re.search("%[zZ]", source.timestamp_format)
        sql = f"{parsed} at time zone 'UTC'" if has_offset else to_utc(parsed)
        return Value(sql, (("true", f"not a time written as {source.timestamp_format}"),))
    with_offset = f"try_cast({given} as timestamptz) at time zone 'UTC'"
    sql = (
        f"case when regexp_full_match({given}, {quoted(_ISO_TIME)})"
        f" then {to_utc(f'try_cast({given} as timestamp)')}"
        f" when regexp_full_match({given}, {quoted(_ISO_TIME + ' ?' + _OFFSET)})"
        f" then {with_offset} end"
    )
    return Value(sql, (("true", "not a time written in ISO 8601 (2026-07-01 14:30:00)"),))


def _date(given: str, source: Source) -> Value:
    if source.date_format:
        parsed = f"try_strptime({given}, {quoted(source.date_format)})::date"
        return Value(parsed, (("true", f"not a date written as {source.date_format}"),))
    midnight = rf"{_ISO_DATE}([T ]00:00(:00(\.0+)?)?(Z|\+00(:?00)?)?)?"
    sql = _if_matches(given, midnight, f"try_cast(left({given}, 10) as date)")
    return Value(sql, (("true", "not a date written in ISO 8601 (2026-07-01)"),))


def _boolean(given: str) -> Value:
    def listed(words: tuple[str, ...]) -> str:
        return f"lower({given}) in ({', '.join(map(quoted, words))})"

    sql = f"case when {listed(_TRUE)} then true when {listed(_FALSE)} then false end"
    return Value(sql, (("true", "not a yes or no (true, false, 1, 0, oui, non)"),))


def _number(kind: Kind, given: str, source: Source) -> Value:
    point, group = re.escape(source.decimal), re.escape(source.thousands)
    if source.thousands == " ":
        group = "[ \u00a0\u202f]"
    whole = rf"(\d+|\d{{1,3}}({group}\d{{3}})+)" if source.thousands else r"\d+"
    scale = _SCALE.get(kind, 0)
    exact = rf"[+-]?({whole}({point}\d{{0,{scale}}}0*)?|{point}\d{{1,{scale or 1}}}0*)"
    any_number = rf"[+-]?({whole}({point}\d*)?|{point}\d+)"
    plain = f"regexp_replace({given}, {quoted(group)}, '', 'g')" if source.thousands else given
    if source.decimal != ".":
        plain = f"replace({plain}, {quoted(source.decimal)}, '.')"
    if kind is Kind.INTEGER:
        exact = rf"[+-]?{whole}({point}0*)?"
        plain = f"split_part({plain}, '.', 1)"
    sql = _if_matches(given, exact, f"try_cast({plain} as {SQL_TYPE[kind]})")
    example = f"-1{source.thousands}234{source.decimal}5" if scale else f"1{source.thousands}234"
    is_number = f"regexp_full_match({given}, {quoted(any_number)})"
    too_long = f"more digits than {SQL_TYPE[kind]} keeps" if scale else "not a whole number"
    return Value(sql, ((is_number, too_long), ("true", f"not a number written like {example}")))

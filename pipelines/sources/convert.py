"""From what an extract says to types, as SQL expressions. A value that cannot be read exactly is
NULL and has a reason; nothing is rounded (unless the source says so), cut or guessed.

Nearly every value is written plainly. Each conversion therefore looks first whether it can be taken
as it is, and does the careful work (blanks, marks, the shop's own words) for the others only."""

import re
from dataclasses import dataclass

from pipelines.sources import further, native
from pipelines.sources.engine import name, quoted
from pipelines.sources.rows import Rows
from pipelines.specs.contract import SQL_TYPE, Column, Kind
from pipelines.specs.further import NONE
from pipelines.specs.source import EPOCHS, Source

SOFT = (Kind.EMAIL, Kind.PHONE)
NOTHING = "null::varchar"  # the text of a column that the source does not have
_MARK = "'"  # of text, before a number in a spreadsheet: '06…, '75001
_SCALE = {Kind.AMOUNT: 4, Kind.QUANTITY: 3, Kind.RATE: 6}
_ISO_DATE = r"\d{4}-\d{2}-\d{2}"
_OFFSET = r"(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"  # no clock is further from UTC
_ISO_TIME = rf"{_ISO_DATE}([T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?)?"
_NOT_IN_EMAIL = r"""@\s\pZ\pC"(),:;<>\[\]\\"""  # no blank or control character of Unicode either
_EMAIL = rf"[^{_NOT_IN_EMAIL}]+@[^{_NOT_IN_EMAIL}.]+(\.[^{_NOT_IN_EMAIL}.]+)+"
_PLAIN_EMAIL = r"[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+"
_TRUE = ("true", "t", "yes", "y", "1", "oui", "o", "vrai")
_FALSE = ("false", "f", "no", "n", "0", "non", "faux")


@dataclass(frozen=True, slots=True)
class Value:
    """`sql`: the typed value, NULL when it cannot be read. `reasons`: (condition, sentence), tried
    in order when there is text and no value. `given`: what the extract holds, before any change."""

    sql: str
    reasons: tuple[tuple[str, str], ...]
    given: str = NOTHING


def text(column: Column, source: Source, types: dict[str, str]) -> str:
    """SQL: what the extract says, trimmed, NULL when empty, in the shop's own words (an empty text
    may be one) replaced by the contract's (`values`), or the source's constant, unless a further
    column overrides it. `types`: of the columns that the rows have."""
    return further.overridden(_own_text(column, source, types), column, source, types)


def _own_text(column: Column, source: Source, types: dict[str, str]) -> str:
    if column.name in source.constants and column.name not in source.columns:
        return f"{quoted(source.constants[column.name])}::varchar"
    if column.name not in types:
        return NOTHING
    trimmed = further.trimmed(name(column.name), types[column.name])
    if column.kind in (Kind.TEXT, Kind.PHONE):
        marked = f"regexp_matches({trimmed}, '^''[0-9+]')"
        trimmed = f"case when {marked} then {trimmed}[2:] else {trimmed} end"
    words = source.values.get(column.name, {})
    pairs: dict[str, str | None] = dict.fromkeys(source.empty_values, words.get(NONE))
    pairs |= words
    if not pairs:
        return trimmed
    if NONE in pairs:
        trimmed = f"coalesce({trimmed}, '')"
    whens = " ".join(
        f"when {quoted(a)} then {quoted(b) if b else 'null'}" for a, b in pairs.items()
    )
    return f"case {trimmed} {whens} else {trimmed} end"


def value(column: Column, given: str, source: Source, rows: Rows, time_zone: str) -> Value:
    """The typed value of a column of `rows` whose text is `given` (an SQL expression). `time_zone`:
    of naive times."""
    slow = careful(column.kind, given, source, time_zone)
    if column.name not in rows.types or column.name in source.overrides:
        return Value(slow.sql, slow.reasons, given)
    field, kind = name(column.name), rows.types[column.name]
    if column.name in source.values:
        if kind != "VARCHAR":
            return Value(slow.sql, slow.reasons, field)
        test, sql = _in_own_words(column, source, time_zone)
    elif kind == "VARCHAR":
        test, sql = _plainly(column, source, time_zone, rows.is_tidy)
    else:
        test, sql = native.plainly(column.kind, field, kind, time_zone)
        if source.minor_units and column.kind is Kind.AMOUNT:
            test, sql = native.hundredths(field, kind)
    if test == "true":
        return Value(sql, slow.reasons, field)
    if source.empty_values:
        listed = ", ".join(map(quoted, source.empty_values))
        test = f"{test} and {field}::varchar not in ({listed})"
    return Value(f"case when {test} then {sql} else {slow.sql} end", slow.reasons, field)


def _in_own_words(column: Column, source: Source, zone: str) -> tuple[str, str]:
    """For a column that has `values`: when its text is one of the words, and the value then."""
    field, pairs = name(column.name), source.values[column.name]
    words = pairs | {word: word for word in column.allowed if word not in pairs}
    whens = " ".join(
        f"when {quoted(a)} then {quoted(b) if b else 'null'}" for a, b in words.items()
    )
    mapped = careful(column.kind, f"(case {field} {whens} end)", source, zone)
    return f"{field} in ({', '.join(map(quoted, words))})", mapped.sql


def _plainly(column: Column, source: Source, zone: str, is_tidy: bool) -> tuple[str, str]:
    """For a text: when it can be taken as it is, and the value then."""
    field = name(column.name)
    test = f"{_begins_plainly(field)} and {_begins_plainly(f'{field}[-1]')}"
    if is_tidy:
        may_be_none = source.empty_values or column.kind not in (Kind.ID, Kind.TEXT)
        test = f"{field} <> ''" if may_be_none else "true"
    sql = careful(column.kind, field, source, zone).sql
    match column.kind:
        case Kind.TEXT | Kind.PHONE if not is_tidy:
            test += f" and not starts_with({field}, {quoted(_MARK)})"
        case Kind.EMAIL:
            test, sql = f"regexp_full_match({field}, {quoted(_PLAIN_EMAIL)})", field
        case Kind.DATE if not source.date_format:
            test = f"regexp_full_match({field}, {quoted(_ISO_DATE)})"
            sql = f"try_cast({field} as date)"
        case Kind.INTEGER:
            sql = _cast(field, column.kind)
            test = f"{sql}::varchar = {field}"
        case Kind.AMOUNT if source.minor_units:
            test, sql = f"regexp_full_match({field}, '-?\\d+')", native.of_hundredths(field)
        case Kind.AMOUNT | Kind.QUANTITY | Kind.RATE:
            part = rf"(\.\d{{1,{_SCALE[column.kind]}}})?"
            plain = quoted(rf"-?\d+{part if source.decimal == '.' else ''}")
            test, sql = f"regexp_full_match({field}, {plain})", _cast(field, column.kind)
    return test, sql


def _begins_plainly(text: str) -> str:
    """SQL: whether it begins with a character of ASCII that is no blank. To compare takes a quarter
    of what a regular expression does."""
    return f"{text} >= '!' and {text} <= '~~'"


def careful(kind: Kind, given: str, source: Source, time_zone: str) -> Value:
    """The value of the trimmed text `given`, however it is written."""
    match kind:
        case Kind.ID | Kind.TEXT:
            found = Value(given, ())
        case Kind.EMAIL:
            lowered = f"regexp_replace(lower({given}), '^mailto:', '')"
            found = Value(_if_matches(lowered, _EMAIL, lowered), ())
        case Kind.PHONE:
            found = Value(f"e164({given})", ())
        case Kind.TIMESTAMP:
            found = _timestamp(given, source, time_zone)
        case Kind.DATE:
            found = _date(given, source)
        case Kind.BOOLEAN:
            found = _boolean(given)
        case _:
            found = _number(kind, given, source)
    return found


def _if_matches(given: str, pattern: str, then: str) -> str:
    return f"case when regexp_full_match({given}, {quoted(pattern)}) then {then} end"


def _timestamp(given: str, source: Source, zone: str) -> Value:
    if source.timestamp_format in EPOCHS:
        return _epoch(given, source.timestamp_format)
    if source.timestamp_format:
        parsed = f"try_strptime({given}, {quoted(source.timestamp_format)})"
        has_offset = re.search("%[zZ]", source.timestamp_format)
        sql = native.utc(parsed) if has_offset else native.to_utc(parsed, zone)
        return Value(sql, (("true", f"not a time written as {source.timestamp_format}"),))
    glued = f"regexp_replace({given}, ' ([Z+-])', '\\1')"  # the cast takes no blank before it
    after = f"({given})[11:]"
    tells_offset = f"(contains({after}, '+') or contains({after}, '-') or suffix({after}, 'Z'))"
    sql = (
        f"case when regexp_full_match({given}, {quoted(f'{_ISO_TIME}{_OFFSET}?')})"
        f" then case when {tells_offset} then {_offset_cast(given)}"
        f" else {native.to_utc(f'try_cast({given} as timestamp)', zone)} end"
        f" when regexp_full_match({given}, {quoted(_ISO_TIME + ' ' + _OFFSET)})"
        f" then {_offset_cast(glued)} end"
    )
    return Value(sql, (("true", "not a time written in ISO 8601 (2026-07-01 14:30:00)"),))


def _offset_cast(given: str) -> str:
    return native.utc(f"try_cast({given} as timestamptz)")


def _epoch(given: str, unit: str) -> Value:
    microseconds = f"try_cast({given} as decimal(38, 6)) * {1_000_000 // EPOCHS[unit]}"
    moment = f"make_timestamp(try_cast({microseconds} as bigint))"
    # Beyond the year 9999 it is another unit, and what is far beyond overflows.
    is_sane = f"abs(try_cast({given} as double)) < {253_402_300_800 * EPOCHS[unit]}"
    sql = (
        f"case when regexp_full_match({given}, '-?\\d+(\\.\\d+)?') and {is_sane} then {moment} end"
    )
    return Value(sql, (("true", f"not a number of {unit.removeprefix('epoch_')} since 1970"),))


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


def _cast(given: str, kind: Kind) -> str:
    return f"try_cast({given} as {SQL_TYPE[kind]})"


def _number(kind: Kind, given: str, source: Source) -> Value:
    point, group = re.escape(source.decimal), re.escape(source.thousands)
    if source.thousands == " ":
        group = "[ \u00a0\u202f]"
    whole = rf"(\d+|\d{{1,3}}({group}\d{{3}})+)" if source.thousands else r"\d+"
    scale = _SCALE.get(kind, 0)
    any_number = rf"[+-]?({whole}({point}\d*)?|{point}\d+)"
    exact = rf"[+-]?({whole}({point}\d{{0,{scale}}}0*)?|{point}\d{{1,{scale or 1}}}0*)"
    if kind is Kind.AMOUNT and source.round_amounts:
        exact = any_number
    plain = f"regexp_replace({given}, {quoted(group)}, '', 'g')" if source.thousands else given
    if source.decimal != ".":
        plain = f"replace({plain}, {quoted(source.decimal)}, '.')"
    in_hundredths = kind is Kind.AMOUNT and source.minor_units
    if kind is Kind.INTEGER or in_hundredths:
        exact = rf"[+-]?{whole}({point}0*)?"
        plain, scale = f"split_part({plain}, '.', 1)", 0
    cast = native.of_hundredths(plain) if in_hundredths else _cast(plain, kind)
    sql = _if_matches(given, exact, cast)
    if scale:
        is_dust = native.is_dust(f"{cast}::double", f"try_cast({plain} as double)")
        dusty = f"case when {is_dust} then {cast} end"
        sql = f"coalesce({sql}, {_if_matches(given, any_number, dusty)})"
    example = f"-1{source.thousands}234{source.decimal}5" if scale else f"1{source.thousands}234"
    is_number = f"regexp_full_match({given}, {quoted(any_number)})"
    too_long = f"more digits than {SQL_TYPE[kind]} keeps" if scale else "not a whole number"
    if in_hundredths:
        too_long += " of hundredths, as minor_units says, or one beyond what is kept"
    return Value(sql, ((is_number, too_long), ("true", f"not a number written like {example}")))


def per_unit(total: Value, quantity: Value) -> Value:
    """The price of one, of the value of a whole line: rounded to four decimals, half of the last
    one away from 0, in whole numbers, for a division of decimals is none that is exact."""
    units = f"(({total.sql})::decimal(24, 4) * 10000)::hugeint * 1000"
    pieces = f"(({quantity.sql})::decimal(24, 3) * 1000)::hugeint"
    halves = f"(2 * abs({units}) + abs({pieces})) // (2 * abs(nullif({pieces}, 0)))"
    price = f"(sign({units}) * sign({pieces}) * {halves})::decimal(30, 0) * 0.0001::decimal(4, 4)"
    of_none = (f"({quantity.sql}) = 0", "what a line of no quantity comes to has no unit price")
    sql = f"try_cast({price} as {SQL_TYPE[Kind.AMOUNT]})"
    return Value(sql, (of_none, *total.reasons), total.given)

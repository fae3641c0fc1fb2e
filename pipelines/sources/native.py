"""Values that a file holds as what they are, not as text: Parquet, and what databases answer."""

from pipelines.specs.contract import SQL_TYPE, Kind

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_NAIVE = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_FLOATING = ("DOUBLE", "FLOAT")
_SCALE = {Kind.AMOUNT: 4, Kind.QUANTITY: 3, Kind.RATE: 6, Kind.INTEGER: 0}


def to_utc(naive: str, zone: str) -> str:
    """SQL: the naive UTC time of a naive time in `zone`."""
    if zone == "UTC":
        return naive
    return utc(f"({naive} at time zone '{zone}')")


def utc(moment: str) -> str:
    """SQL: the naive UTC time of a TIMESTAMP WITH TIME ZONE, without a look at the calendar, which
    `at time zone` takes for every value."""
    return f"make_timestamp(epoch_us({moment}))"


def text(field: str, kind: str) -> str:
    """SQL: a value of the type `kind` as text, without loss: times in ISO 8601, nested values as
    JSON. A whole floating-point number is written as an integer (identifiers that a NULL turned
    into floats), a small one without an exponent."""
    if kind == "VARCHAR":
        return field
    if kind in _FLOATING:
        plain = f"try_cast({field} as decimal(38, 18))"
        return (
            f"case when {field} = trunc({field}) and abs({field}) < 9007199254740992"
            f" then {field}::bigint::varchar"
            f" when contains({field}::varchar, 'e') and {plain}::double = {field}"
            f" then rtrim({plain}::varchar, '0') else {field}::varchar end"
        )
    if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")):
        return f"to_json({field})::varchar"
    return f"{field}::varchar"


def plainly(kind: Kind, field: str, held_as: str, zone: str) -> tuple[str, str]:
    """When a value held as the type `held_as` can be taken without its text, and the value then."""
    test, sql = "false", "null"
    match kind:
        case Kind.TIMESTAMP if held_as in _NAIVE:
            test, sql = f"isfinite({field})", to_utc(f"{field}::timestamp", zone)
        case Kind.TIMESTAMP if held_as == "TIMESTAMP WITH TIME ZONE":
            test, sql = f"isfinite({field})", utc(field)
        case Kind.DATE if held_as == "DATE":
            test, sql = f"isfinite({field})", field
        case Kind.BOOLEAN if held_as == "BOOLEAN":
            test, sql = f"{field} is not null", field
        case Kind.ID | Kind.TEXT if held_as in _WHOLE:
            test, sql = f"{field} is not null", f"{field}::varchar"
        case Kind.AMOUNT | Kind.QUANTITY | Kind.RATE | Kind.INTEGER:
            test, sql = _number(kind, field, held_as)
    return test, sql


def is_dust(kept: str, given: str) -> str:
    """SQL: whether a binary fraction differs from its decimal by no more than such fractions and
    sums of them do: 25.900000000000002 is 25.9. No price has a remainder that small."""
    return f"abs({kept} - {given}) <= 1e-9 + 1e-12 * abs({given})"


def hundredths(field: str, held_as: str) -> tuple[str, str]:
    """The same for an amount that is a number of hundredths of the currency."""
    if held_as not in _WHOLE:
        return "false", "null"
    sql = of_hundredths(field)
    return f"{sql} is not null", sql


def of_hundredths(whole: str) -> str:
    """SQL: the amount of a whole number of hundredths, exactly; NULL beyond what is kept."""
    return f"try_cast(try_cast({whole} as decimal(20, 0)) * 0.01 as {SQL_TYPE[Kind.AMOUNT]})"


def _number(kind: Kind, field: str, held_as: str) -> tuple[str, str]:
    cast = f"try_cast({field} as {SQL_TYPE[kind]})"
    scale = int(held_as[:-1].split(",")[1]) if held_as.startswith("DECIMAL") else None
    if held_as in _WHOLE or (scale is not None and scale <= _SCALE[kind]):
        return f"{cast} is not null", cast
    if held_as == "DOUBLE" and kind is not Kind.INTEGER:
        return is_dust(f"{cast}::double", field), cast
    if held_as in _FLOATING and kind is not Kind.INTEGER:
        return f"{cast}::{held_as} = {field}", cast
    return "false", "null"

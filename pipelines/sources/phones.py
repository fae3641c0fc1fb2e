"""Phone numbers become E.164."""

from functools import lru_cache

import duckdb
import phonenumbers
import pyarrow as pa

from pipelines.sources import engine

_SHORTEST, _LONGEST = 5, 40  # characters; anything else is no phone number
_REMEMBERED = 10_000  # numbers; the same ones come again in orders of one customer


def e164(text: str, region: str) -> str | None:
    """`text` as +33612345678, None when it is no valid number. `region`: ISO country of numbers
    without a prefix."""
    if not _SHORTEST <= len(text) <= _LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def register(con: duckdb.DuckDBPyConnection, region: str) -> None:
    """Make the SQL function `e164(text)`, NULL for what is no valid number."""
    known = lru_cache(_REMEMBERED)(lambda text: e164(text, region))

    def of_texts(texts: pa.ChunkedArray) -> pa.Array:
        numbers = [None if text is None else known(text) for text in texts.to_pylist()]
        return pa.array(numbers, pa.string())

    engine.add_function(con, "e164", of_texts, duckdb.sqltypes.VARCHAR)

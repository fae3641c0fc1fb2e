"""Phone numbers become E.164."""

import duckdb
import phonenumbers
import pyarrow as pa

_SHORTEST, _LONGEST = 5, 40  # characters; anything else is no phone number


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


def register(con: duckdb.DuckDBPyConnection, view: str, query: str, region: str) -> None:
    """Make `view` (text, e164) of the distinct texts that `query` selects."""
    texts = [row[0] for row in con.execute(query).fetchall()]
    numbers = [e164(text, region) for text in texts]
    con.register(
        view,
        pa.table({"text": pa.array(texts, pa.string()), "e164": pa.array(numbers, pa.string())}),
    )

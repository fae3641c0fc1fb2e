"""Brings an answer of an SQLite file. SQLite types its values one by one, so each is written as
text by itself: integers and texts as they are, floats with the digits that give the same float
again, bytes as \\x…"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.sources.sql import batches
from pipelines.sources.sql.asked import Asked, name

_WAIT = 30.0  # seconds for a writer to end, before the night is told to run again
_WHOLE = 2**53  # up to here every float that is whole is that integer
_FIRST_ROWS, _MOST_ROWS = 1_000, 100_000
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_ISO = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"


def bring(asked: Asked, target: Path) -> str:
    """Write the answer to `target`; returns the cursor's last value, empty without rows."""
    if not asked.to.path.is_file():
        raise asked.wrong(
            f"no SQLite file {asked.to.place}; correct the URL in {asked.sql.connection}"
        )
    uri = f"file:{quote(str(asked.to.path))}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=_WAIT)) as connection:
            connection.execute("begin")  # all queries see one moment
            return _bring(asked, connection, target)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY:
            raise asked.passing(f"{asked.to.place} is locked by a writer") from None
        what = str(error).partition(" with text")[0]  # a value: it may be personal
        raise asked.wrong(f"{asked.to.place}: {what}") from None


def _bring(asked: Asked, connection: sqlite3.Connection, target: Path) -> str:
    names = _names(asked, connection)
    asked.require(names)
    where = _slice(asked, connection) if asked.sql.cursor else ""
    rows = connection.execute(f"select * from {asked.rows()} {where}")
    schema = batches.text_schema(names)
    written = batches.write(_batches(asked, rows, schema), schema, target, asked.sql.cursor)
    asked.tell(written.rows, written.without_cursor)
    if not asked.sql.cursor:
        return ""
    field = _seconds(asked.sql.cursor)
    last = f"select datetime(max({field}), 'unixepoch') from {asked.rows()} {where}"
    return connection.execute(last).fetchone()[0] or ""


def _names(asked: Asked, connection: sqlite3.Connection) -> list[str]:
    try:
        found = connection.execute(f"select * from {asked.rows()} limit 0")
    except sqlite3.OperationalError as error:
        if asked.sql.table and "no such table" in str(error):
            tables = "select name from sqlite_master where type in ('table', 'view')"
            raise asked.no_table([row[0] for row in connection.execute(tables)]) from None
        if asked.sql.query and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR:
            raise asked.wrong(f"sql.query: {error}") from None
        raise
    names = [column[0] for column in found.description]
    if asked.sql.query:  # within a subquery SQLite calls a second `id` `id:1`
        first = ((n, n.rpartition(":")) for n in names)
        names = [p[0] if p[2].isdigit() and p[0] in names else n for n, p in first]
    return names


def _seconds(column: str) -> str:
    return f"cast(strftime('%s', asked.{name(column)}) as integer)"


def _slice(asked: Asked, connection: sqlite3.Connection) -> str:
    """The rows of tonight, and those of which nobody knows when they changed."""
    column = asked.sql.cursor or ""
    has_offset = _one_form(asked, connection, column)
    end = asked.midnight if has_offset else asked.local_midnight
    test = f"{_seconds(column)} < {_epoch(end)}"
    if asked.last:
        start = _epoch(datetime.fromisoformat(asked.last)) - round(asked.sql.lag_hours * 3600)
        test += f" and {_seconds(column)} >= {start}"
    return f"where ({test}) or asked.{name(column)} is null"


def _one_form(asked: Asked, connection: sqlite3.Connection, column: str) -> bool:
    """Whether the cursor's values end with an offset; SourceError when they are no times, or some
    end with one and some do not."""
    field = f"asked.{name(column)}"
    is_time = (
        f"(typeof({field}) = 'text' and {field} glob '{_ISO}'"
        f" and strftime('%s', {field}) is not null)"
    )
    other = connection.execute(
        f"select typeof({field}) from {asked.rows()}"
        f" where {field} is not null and not {is_time} limit 1"
    ).fetchone()
    if other:
        raise _unordered(asked, column, other[0])
    offset = f"({field} glob '*[Zz]' or {field} glob '*[+-][0-9][0-9]:[0-9][0-9]')"
    least, most = connection.execute(
        f"select min({offset}), max({offset}) from {asked.rows()}"
    ).fetchone()
    if least != most:
        raise asked.wrong(
            f"sql.cursor: some values of {column!r} end with an offset from UTC and some do not, "
            "so their order is not known; make one form of them in sql.query"
        )
    return bool(most)


def _unordered(asked: Asked, column: str, kind: str) -> SourceError:
    found = "text that is no time" if kind == "text" else kind
    return asked.wrong(
        f"sql.cursor: {column!r} holds values of type {found}, which do not say when a row last "
        "changed; allowed: texts in ISO 8601 such as 2026-07-01 14:30:00 (sql.query can make them: "
        "datetime(seconds, 'unixepoch') || 'Z' as changed_at)"
    )


def _epoch(naive: datetime) -> int:
    return int(naive.replace(tzinfo=UTC).timestamp())


def _batches(asked: Asked, rows: sqlite3.Cursor, schema: Any) -> Iterator[Any]:
    """Batches of about `batch_mb`."""
    wanted, size = asked.sql.batch_mb << 20, _FIRST_ROWS
    while found := rows.fetchmany(size):
        arrays = [_texts(column) for column in zip(*found, strict=True)]
        batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
        yield batch
        size = min(max(size * wanted // max(batch.nbytes, 1), 1), _MOST_ROWS)


def _texts(values: tuple[object, ...]) -> Any:
    """The values of a column as text. Most columns hold one type: Arrow then takes them at once."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return pa.array(values, pa.string())
    if kinds == {int}:
        return pa.array(values, pa.int64()).cast(pa.string())
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        digits = repr(value)  # the fewest that give the same float again
        if "e" in digits or "n" in digits:  # exponents, infinities
            digits = format(Decimal(digits), "f")
        return digits.removesuffix(".0") if abs(value) < _WHOLE else digits
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)

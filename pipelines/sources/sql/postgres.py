"""Brings an answer of PostgreSQL, streamed as Arrow through COPY by the ADBC driver.

Numbers that binary floats and integers hold come as such, text as text, times as times, which costs
the server a third of what it costs it to write them; all other types come as the server itself
writes them, so that no digit is lost on the way: numeric of any precision, uuid, json, enums,
intervals in ISO 8601, bytea as \\x…; arrays and composite values come as JSON, money as a number.
An answer with a time that Arrow does not hold (infinity, BC) is asked for once more, with times as
the server writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import SourceError
from pipelines.sources.engine import quoted
from pipelines.sources.sql import batches, postgres_errors
from pipelines.sources.sql.asked import Asked, name

_AS_IT_IS = {"int2", "int4", "int8", "float8", "bool", "text", "varchar"}
_ORDERED = ("timestamptz", "timestamp", "date")
_MICROSECONDS = (-62_135_596_800_000_000, 253_402_300_799_999_999)  # of the years 1 to 9999
_DAYS = (-719_162, 2_932_896)
_DEFAULTS = {  # without them a lost network would hold the night for hours
    "connect_timeout": "30",
    "keepalives_idle": "60",
    "keepalives_interval": "10",
    "keepalives_count": "6",
    "client_encoding": "UTF8",
    "application_name": "nocturne",
}
_SESSION = (
    "begin isolation level repeatable read read only",
    "set local timezone = 'UTC'",
    "set local datestyle = 'ISO'",
    "set local intervalstyle = 'iso_8601'",
    "set local bytea_output = 'hex'",
)
_TABLES = (
    "select table_schema || '.' || table_name from information_schema.tables"
    " where table_schema not in ('pg_catalog', 'information_schema')"
)


class _Beyond(Exception):
    """A time outside the years 1 to 9999."""


def bring(asked: Asked, target: Path) -> str:
    """Write the answer to `target`; returns the cursor's last value, empty without rows."""
    try:
        written = _bring(asked, target, times_as_text=False)
    except _Beyond:
        written = _bring(asked, target, times_as_text=True)
    asked.tell(written.rows, written.without_cursor)
    return written.last


def _bring(asked: Asked, target: Path, *, times_as_text: bool) -> batches.Written:
    with _session(asked) as cursor:
        query = _query(asked, _types(asked, cursor), times_as_text)
        with postgres_errors.sentences(asked, cursor):
            cursor.execute(query)
            with cursor.fetch_record_batch() as reader:
                within = map(_within, reader)
                return batches.write(within, reader.schema, target, asked.sql.cursor)


def _within(batch: Any) -> Any:
    """The batch; _Beyond when a time in it is no time of our calendar. The driver moves infinity
    to somewhere far away."""
    for column in batch.columns:
        if not pa.types.is_temporal(column.type):
            continue
        is_day = pa.types.is_date32(column.type)
        least, most = _DAYS if is_day else _MICROSECONDS
        found = pc.min_max(column.view(pa.int32() if is_day else pa.int64()))
        if column.null_count < len(column) and not (
            least <= found["min"].as_py() <= found["max"].as_py() <= most
        ):
            raise _Beyond
    return batch


def _driver(asked: Asked) -> Any:
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise asked.wrong(
            "PostgreSQL is read with a library that is not installed; run "
            "pip install -e '.[postgres]' in the checkout"
        ) from None
    return dbapi


@contextmanager
def _session(asked: Asked) -> Iterator[Any]:
    """A cursor in a transaction that sees one moment and can write nothing."""
    dbapi = _driver(asked)
    absent = {k: v for k, v in _DEFAULTS.items() if k not in asked.to.parameters}
    url = asked.to.url.rstrip("?&")
    for key, value in absent.items():
        url += f"{'&' if '?' in url else '?'}{key}={value}"
    size = {"adbc.postgresql.batch_size_hint_bytes": str(asked.sql.batch_mb << 20)}
    with postgres_errors.connecting(asked):
        connection = dbapi.connect(url, autocommit=True)
    with connection, connection.cursor(adbc_stmt_kwargs=size) as cursor:
        with postgres_errors.sentences(asked, cursor):
            for command in _SESSION:
                cursor.execute(command)
        yield cursor


def _types(asked: Asked, cursor: Any) -> dict[str, str]:
    """Column → its type there; arrays and composite values as `json`."""
    with postgres_errors.sentences(asked, cursor, lambda: _tables(cursor)):
        schema = cursor.adbc_execute_schema(f"select * from {asked.rows()}")
    asked.require(list(schema.names))
    return {f.name: _type(f) for f in schema}


def _type(field: Any) -> str:
    if pa.types.is_nested(field.type):
        return "json"
    return str((field.metadata or {}).get(b"POSTGRESQL:type", b"").decode())


def _tables(cursor: Any) -> list[str]:
    cursor.execute("rollback")  # the failed transaction answers nothing more
    cursor.execute(_TABLES)
    return [row[0] for row in cursor.fetchall()]


def _query(asked: Asked, types: dict[str, str], times_as_text: bool) -> str:
    native = _AS_IT_IS if times_as_text else _AS_IT_IS.union(_ORDERED)
    values = ", ".join(f"{_value(c, kind, native)} as {name(c)}" for c, kind in types.items())
    query = f"select {values} from {asked.rows()}"
    column = asked.sql.cursor
    return f"{query} where {_slice(asked, column, types[column])}" if column else query


def _value(column: str, kind: str, native: set[str]) -> str:
    field = f"asked.{name(column)}"
    if kind in native:
        return field
    if kind == "json":
        return f"to_json({field})::text"
    if kind == "float4":  # its shortest digits, not those that a float8 of it would have
        return f"{field}::text::float8"
    return f"{field}::numeric::text" if kind == "money" else f"{field}::text"


def _slice(asked: Asked, column: str, kind: str) -> str:
    """The rows of tonight, and those of which nobody knows when they changed."""
    if kind not in _ORDERED:
        raise _unordered(asked, column, kind)
    field = f"asked.{name(column)}"
    end = {
        "timestamptz": f"{asked.midnight.isoformat(' ')}+00",
        "timestamp": asked.local_midnight.isoformat(" "),
        "date": asked.as_of.isoformat(),
    }[kind]
    test = f"{field} < {quoted(end)}::{kind}"
    if asked.last:
        back = timedelta(hours=asked.sql.lag_hours).total_seconds()
        start = f"{quoted(asked.last)}::{kind} - interval '{back} seconds'"
        test += f" and {field} >= ({start})::{kind}"
    return f"({test}) or {field} is null"


def _unordered(asked: Asked, column: str, kind: str) -> SourceError:
    return asked.wrong(
        f"sql.cursor: {column!r} is {kind or 'of an unknown type'}, which does not say when a row "
        f"last changed; allowed: a column of type {', '.join(_ORDERED)} (sql.query can make one: "
        "to_timestamp(seconds) as changed_at)"
    )

"""Loaded records that mention somebody in passing: an e-mail address in a free text or in a column
that the contract does not know."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb
import pyarrow as pa

from pipelines.sources import engine
from pipelines.sources.engine import name
from pipelines.sources.mentions import Mentions
from pipelines.specs import identifiers
from pipelines.specs.contract import Entity

_MENTIONED = """
create or replace temp table mentioned (
    entity varchar, _path varchar, _row bigint, extract_date date, is_whole boolean, event varchar
)"""


def start(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `mentioned`, empty: one row per record found, with its place.
    `is_whole`: the record goes, as a visit of a page whose address holds theirs does; of the others
    only what the contract does not know of them."""
    con.execute(_MENTIONED)


def find(con: duckdb.DuckDBPyConnection, entity: Entity, rows: str) -> None:
    """Add to `mentioned` those of `rows` (SQL: raw rows with `_path` and `_row`) that mention
    somebody. Run it within `judged_by`."""
    if not rows:
        return
    is_web = entity.name == "web_events"
    columns = identifiers.free_texts(entity) if is_web else []
    whole = " or ".join(_mentions(name(column)) for column in columns) or "false"
    event = "event_id || '|' || occurred_at" if is_web else "null"
    con.execute(
        f"insert into mentioned select '{entity.name}', _path, _row, extract_date, is_whole, event"
        f" from (select *, coalesce({whole}, false) as is_whole, {event} as event from ({rows}))"
        f" where is_whole or {_mentions('extra')}"
    )


def _mentions(column: str) -> str:
    """Most texts hold no address at all, which is quick to see."""
    return (
        f"((contains({column}, '@') or contains({column}, '%40')) and has_erased_email({column}))"
    )


@contextmanager
def judged_by(con: duckdb.DuckDBPyConnection, people: Mentions | None) -> Iterator[None]:
    """The SQL functions `names_erased(record)` and `has_erased_email(text)`: false for NULL."""

    def records(texts: pa.ChunkedArray) -> pa.Array:
        given = texts.to_pylist() if people else [None] * len(texts)
        return pa.array([bool(t and people and people.is_named_in(t)) for t in given], pa.bool_())

    def emails(texts: pa.ChunkedArray) -> pa.Array:
        given = texts.to_pylist() if people else [None] * len(texts)
        return pa.array([bool(t and people and people.has_email_in(t)) for t in given], pa.bool_())

    functions = {"names_erased": records, "has_erased_email": emails}
    for called, of_texts in functions.items():
        engine.add_function(con, called, of_texts, duckdb.sqltypes.BOOLEAN)
    try:
        yield
    finally:
        for called in functions:
            with suppress(
                duckdb.Error
            ):  # where a query has failed, it is gone with the transaction
                con.remove_function(called)

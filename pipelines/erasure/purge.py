"""Takes the people of `ops.erasing` out of every table of the warehouse."""

from collections.abc import Collection
from datetime import date

import duckdb

from pipelines import keyed
from pipelines.erasure import keys
from pipelines.specs import identifiers
from pipelines.warehouse import transaction

_HEIRS = """
create or replace temp table heirs as
select split_part(identifier, ' ', 1) as contact_point_id,
    split_part(identifier, ' ', 2) as customer_id
from ops.erasing where identifier_type = 'heir'"""
_EVENT = """event_id || '|' || occurred_at in (
    select identifier from ops.erasing where identifier_type = 'event'
)"""
_ERASED = """
create or replace temp table erased as
select identifier_type, {digest} as identifier_hash, requested_at, as_of
from ops.erasing where requested_at is not null and identifier_type in {kinds}"""


def purge(con: duckdb.DuckDBPyConnection, key: str) -> int:
    """Delete every row of theirs and remember them as keyed hashes, in one transaction; the number
    of rows. Tables of identity that are derived whole are dropped: the transform of this night
    makes them anew, as if these people had never been. Rows that are about an address which
    somebody else keeps go on in their name."""
    gone = 0
    with transaction(con):
        con.execute(_HEIRS)
        for table, columns in tables(con).items():
            if keys.is_derived(table):
                con.execute(f"drop table {_quoted(table)}")
            elif table not in keys.BY_HAND and (mine := keys.keys_of(columns)):
                if {"contact_point_id", "customer_id"} <= set(columns):
                    _inherit(con, table)
                condition = _are_theirs(columns, mine)
                [(count,)] = con.execute(
                    f"delete from {_quoted(table)} where {condition}"
                ).fetchall()
                gone += int(count)
                if keys.is_kept_up(table, columns):
                    # Who is who is told anew from the beginning, and so are they.
                    con.execute(f"update {_quoted(table)} set extract_cut = date '9999-12-31'")
        con.execute(
            _ERASED.format(
                digest=keyed.hashed_sql("identifier_type || '|' || identifier"),
                kinds=(*identifiers.KINDS.values(), "request", "event"),
            ),
            keyed.parameters(key),
        )
        con.execute(
            "delete from ops.erasures where (identifier_type, identifier_hash) in"
            " (select (identifier_type, identifier_hash) from erased)"
        )
        con.execute("insert into ops.erasures from erased")
    return gone


def counted_again_since(con: duckdb.DuckDBPyConnection) -> date | None:
    """The extract from which web events have to be read again: the earliest that tells of these
    people on a browser that others use too, whose visits are counted per day."""
    columns = tables(con).get("marts.web_events")
    if columns is None:
        return None
    [(since,)] = con.execute(
        "select min(known_from_date) from marts.web_events"
        f" where ({_are_theirs(columns, keys.keys_of(columns))}) and not {_is_theirs('visitor_id')}"
    ).fetchall()
    return since if isinstance(since, date) else None


def tables(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Every table of the warehouse: name → column → type."""
    found: dict[str, dict[str, str]] = {}
    rows = con.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " semi join duckdb_tables() using (database_name, schema_name, table_name)"
        " where database_name = current_database() and not internal and schema_name <> 'temp'"
        " order by all"
    ).fetchall()
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _inherit(con: duckdb.DuckDBPyConnection, table: str) -> None:
    con.execute(
        f"update {_quoted(table)} as kept set customer_id = heirs.customer_id from heirs"
        " where heirs.contact_point_id = kept.contact_point_id and kept.customer_id in"
        " (select identifier from ops.erasing where identifier_type = 'customer')"
    )


def _are_theirs(columns: Collection[str], mine: list[str]) -> str:
    conditions = [_is_theirs(column) for column in mine]
    if {"event_id", "occurred_at"} <= set(columns):
        conditions.append(_EVENT)
    return " or ".join(conditions)


def _is_theirs(column: str) -> str:
    asked = [
        f"{identifiers.compared(kind, _quoted(column))} in (select identifier from ops.erasing"
        f" where identifier_type = '{kind}' and requested_at is not null)"
        for kind in keys.KEYS[column]
    ]
    return f"({' or '.join(f'coalesce({one}, false)' for one in asked)})"


def _quoted(name: str) -> str:
    return ".".join(f'"{part}"' for part in name.split("."))

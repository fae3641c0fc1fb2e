"""Restructures the rows of a reader: those of an export become rows of an entity (by a preset),
records are left out, ids told apart, lines numbered."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.sources import further, native
from pipelines.sources.convert import text
from pipelines.sources.engine import name, quoted
from pipelines.sources.rows import Account, Rows
from pipelines.specs.contract import ENTITIES
from pipelines.specs.further import NUMBERED
from pipelines.specs.further import further as further_of
from pipelines.specs.presets import EXTRACT_DATE, LINE, no_records
from pipelines.specs.source import Source


def to_read(source: Source) -> Source:
    """The source as a reader takes it: with the further columns that its settings read; with a
    preset, the columns of the export under their own names."""
    if source.preset is None:
        return source.model_copy(update={"columns": source.columns | further_of(source)})
    columns = {column: column for column in source.preset.declaration.declared}
    return source.model_copy(update={"columns": columns})


def is_needed(source: Source) -> bool:
    """Whether the rows of a reader are not yet those of the entity."""
    asked = (source.preset, source.elements, source.skip, source.keep, source.prefixes)
    return bool(any(asked) or source.number_lines)


def applied(con: duckdb.DuckDBPyConnection, rows: Rows, source: Source, extract_date: date) -> Rows:
    """The rows of an entity that `source` makes of staged `rows`. On settling, the records that
    gave no row are set aside, and rows beyond the first of a record (by a preset) are added."""
    sql, types = rows.sql, rows.types
    if source.preset:
        texts = "".join(
            f"{native.text(name(column), kind)} as {name(column)}, "
            for column, kind in types.items()
        )
        sql = restructured(f"select {texts}_line, extra from ({sql})", source, extract_date)
        types = dict.fromkeys(source.columns, "VARCHAR")
    sql, types = _told_apart(*_numbered(*_taken(sql, types, source), source), source)

    def settle(target: Path) -> Account:
        account = rows.settle(target)
        [(made, records)] = con.execute(
            f"select count(*), count(distinct {LINE}) from read_parquet({quoted(str(target))})"
        ).fetchall()
        readable = account.records_read - len(account.rejects)
        return replace(account, first_line=None, set_aside=readable - records, added=made - records)

    return Rows(sql, types, settle)


Typed = tuple[str, dict[str, str]]  # SQL of rows, their columns with their types


def _taken(rows: str, types: dict[str, str], source: Source) -> Typed:
    if not (source.skip or source.keep):
        return rows, types
    return f"select * from ({rows}) where {further.is_taken(source, types)} order by _line", types


def _numbered(rows: str, types: dict[str, str], source: Source) -> Typed:
    if not source.number_lines:
        return rows, types
    order = further.trimmed(name("order_id"), types["order_id"])
    number = f"row_number() over (partition by {order} order by _line) as {name(NUMBERED)}"
    return f"select *, {number} from ({rows}) order by _line", {**types, NUMBERED: "BIGINT"}


def _told_apart(rows: str, types: dict[str, str], source: Source) -> Typed:
    """The rows with what goes before their ids; an empty one stays empty."""
    entity = ENTITIES[source.entity]
    ids = {
        column: f"{quoted(prefix)} || {text(entity.column(column), source, types)}"
        for column, prefix in source.prefixes.items()
        if column in types
    }
    if not ids:
        return rows, types
    replaced = ", ".join(f"{sql} as {name(column)}" for column, sql in ids.items())
    return f"select * replace ({replaced}) from ({rows})", types | dict.fromkeys(ids, "VARCHAR")


def restructured(rows: str, source: Source, extract_date: date) -> str:
    """SQL of the canonical text rows that the preset of `source` makes of `rows`, SQL of what a
    reader returns: the declared columns, `_line`, `extra`. Without a preset, `rows`.

    A record gives no row, one or several; each has the `_line` and `extra` of its record,
    and they come in the order of their lines. Declared columns that `rows` lack are NULL."""
    if source.preset is None:
        return rows
    select = source.preset.selects[source.entity]
    returned = ", ".join(f"made.{name(column)} as {name(column)}" for column in select.returns)
    # Rows of one record are told apart by the key, so that each run writes them in one order.
    keys = [f"made.{name(key)}" for key in ENTITIES[source.entity].key if key in select.returns]
    return (
        f"with read as materialized ({rows}), records as ({no_records(source.preset.declaration)}"
        f" union all by name select * exclude (extra),"
        f" {quoted(str(extract_date))} as {EXTRACT_DATE} from read),"
        f" made as ({select.sql}\n)"
        f" select {returned}, read.{LINE}, read.extra"
        f" from made inner join read on read.{LINE} = made.{LINE}"
        f" order by read.{LINE}{''.join(f', {key}' for key in keys)}"
    )

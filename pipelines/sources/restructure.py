"""Applies a preset: the rows of a reader become rows of an entity."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.sources import native
from pipelines.sources.engine import name, quoted
from pipelines.sources.rows import Account, Rows
from pipelines.specs.contract import ENTITIES
from pipelines.specs.presets import EXTRACT_DATE, LINE, no_records
from pipelines.specs.source import Source


def to_read(source: Source) -> Source:
    """The source as a reader takes it: the columns of the export under their own names. Of a
    source without a preset, the source itself."""
    if source.preset is None:
        return source
    columns = {column: column for column in source.preset.declaration.declared}
    return source.model_copy(update={"columns": columns})


def applied(con: duckdb.DuckDBPyConnection, rows: Rows, source: Source, extract_date: date) -> Rows:
    """The rows of an entity that the preset of `source` makes of staged `rows`. On settling, the
    records that gave no row are set aside, and rows beyond the first of a record are added."""
    texts = "".join(
        f"{native.text(name(column), kind)} as {name(column)}, "
        for column, kind in rows.types.items()
    )
    sql = restructured(f"select {texts}_line, extra from ({rows.sql})", source, extract_date)

    def settle(target: Path) -> Account:
        account = rows.settle(target)
        [(made, records)] = con.execute(
            f"select count(*), count(distinct {LINE}) from read_parquet({quoted(str(target))})"
        ).fetchall()
        readable = account.records_read - len(account.rejects)
        return replace(account, first_line=None, set_aside=readable - records, added=made - records)

    return Rows(sql, dict.fromkeys(source.columns, "VARCHAR"), settle)


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

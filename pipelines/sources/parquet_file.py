"""Reads one Parquet file."""

from pathlib import Path

import duckdb

from pipelines.errors import SourceError
from pipelines.sources import columns, engine, native
from pipelines.sources.prepare import Extract
from pipelines.sources.rows import Account, Rows
from pipelines.specs.source import Source


def read(con: duckdb.DuckDBPyConnection, extract: Extract, source: Source, scratch: Path) -> Rows:
    """The rows of a Parquet file, each column as what it is; a row's line is its number."""
    rows = f"read_parquet({engine.quoted(str(extract.path))})"
    try:
        described = con.execute(f"describe select * from {rows}").fetchall()
        [(counted,)] = con.execute(
            f"select sum(num_rows) from parquet_file_metadata({engine.quoted(str(extract.path))})"
        ).fetchall()
    except duckdb.Error as error:
        raise SourceError(
            f"{extract.label}: not readable as Parquet ({str(error).splitlines()[0]}); it is "
            "damaged, was still being copied, or `format` should be another"
        ) from None
    types = {row[0]: row[1] for row in described}
    source = columns.there(extract, source, list(types))
    unknown = columns.unknown(source, list(types))
    fields = {ours: _field(theirs, types) for ours, theirs in source.columns.items()}
    values = "".join(f"{field} as {engine.name(ours)}, " for ours, (field, _) in fields.items())
    kept = engine.extra({name: engine.name(name) for name in unknown})

    def settle(target: Path) -> Account:
        good = engine.count(con, target)
        if (counted or 0) != good:
            raise SourceError(
                f"{extract.label}: its footer counts {counted} rows, {good} are readable"
            )
        return Account(good, [], columns.present(source, types), tuple(unknown), first_line=1)

    return Rows(
        f"select {values}{kept} as extra from {rows}",
        {ours: held_as for ours, (_, held_as) in fields.items()},
        settle,
        has_lines=False,
    )


def _field(theirs: str, types: dict[str, str]) -> tuple[str, str]:
    """SQL of a mapped column, and its type."""
    column, path = columns.place(theirs, types) or (theirs, "")
    field = engine.name(column)
    if not path:
        return field, types[column]
    return columns.within(native.text(field, types[column]), path), "VARCHAR"

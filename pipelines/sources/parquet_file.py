"""Lands one Parquet file as text."""

from pathlib import Path

import duckdb

from pipelines.errors import SourceError
from pipelines.sources import columns, engine
from pipelines.sources.csv_file import Landed
from pipelines.sources.prepare import Extract
from pipelines.specs.source import Source


def land(con: duckdb.DuckDBPyConnection, extract: Extract, source: Source, target: Path) -> Landed:
    """Write the rows of a Parquet file to the Parquet file `target`, all columns as text, without
    loss: times in ISO 8601, nested values as JSON. `_line` is the row's number."""
    rows = f"read_parquet({engine.quoted(str(extract.path))}, file_row_number = true)"
    try:
        described = con.execute(
            f"describe select * exclude (file_row_number) from {rows}"
        ).fetchall()
    except duckdb.Error as error:
        raise SourceError(
            f"{extract.label}: not readable as Parquet ({str(error).splitlines()[0]}); it is "
            "damaged, was still being copied, or `format` should be another"
        ) from None
    types = {row[0]: row[1] for row in described}
    columns.require(extract, source, list(types))
    unknown = columns.unknown(source, list(types))
    values = ", ".join(
        f"{_text(theirs, types[theirs])} as {engine.name(ours)}"
        for ours, theirs in source.columns.items()
    )
    kept = engine.extra({name: engine.name(name) for name in unknown})
    engine.copy(
        con,
        f"select {values}, file_row_number + 1 as _line, {engine.quoted(extract.file)} as _file,"
        f" {kept} as extra from {rows}",
        target,
    )
    [(read,)] = con.execute(
        f"select sum(num_rows) from parquet_file_metadata({engine.quoted(str(extract.path))})"
    ).fetchall()
    good = engine.count(con, target)
    if (read or 0) != good:
        raise SourceError(f"{extract.label}: its footer counts {read} rows, {good} are readable")
    return Landed(good, good, [], tuple(unknown))


def _text(column: str, kind: str) -> str:
    """SQL: the column as text. A whole floating-point number is written as an integer (identifiers
    that a NULL turned into floats), a small one without an exponent."""
    field = engine.name(column)
    if kind in ("DOUBLE", "FLOAT"):
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

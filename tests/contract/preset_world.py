"""What the tests of presets share: an extract read by its reader and restructured by its preset."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Machine, Paths
from pipelines.sources import engine, restructure
from pipelines.sources.extract import READERS
from pipelines.sources.prepare import Extract
from pipelines.specs.source import Source

DAY = date(2026, 7, 1)
EXTRACTS = Path(__file__).parent / "presets"


def source_of(entity: str, preset: str, format_: str, **settings: Any) -> Source:
    """A source of that preset, as a configuration would declare it."""
    block = {"entity": entity, "preset": preset, "path": "x", "format": format_} | settings
    return Source.model_validate(block)


def as_read(source: Source, extract: Path) -> Source:
    """What the reader takes of an extract: the optional columns that a header lacks left out."""
    to_read = restructure.to_read(source)
    assert source.preset
    there = _header(extract) or set(source.preset.declaration.declared)
    columns = {
        c: c for c in to_read.columns if c in there or c in source.preset.declaration.columns
    }
    return to_read.model_copy(update={"columns": columns})


def _header(extract: Path) -> set[str]:
    """The columns of a file that has a header; empty for JSON, whose reader leaves out nothing."""
    if extract.suffix == ".csv":
        with extract.open(encoding="utf-8") as file:
            return set(next(csv.reader(file)))
    return set(duckdb.read_parquet(str(extract)).columns) if extract.suffix == ".parquet" else set()


def restructured(tmp_path: Path, source: Source, extract: Path) -> list[dict[str, Any]]:
    """The rows that a preset makes of an extract, with `_line`, `_file` and `extra`."""
    target = tmp_path / "read.parquet"
    with engine.reader(Machine(2, "1GB"), Paths(tmp_path)) as con:
        reader = READERS[source.reads_as]
        reader(con, Extract("s", extract.name, extract), as_read(source, extract), target)
        rows = f"select * from read_parquet({engine.quoted(str(target))})"
        made = con.sql(restructure.restructured(rows, source, DAY))
        return [dict(zip(made.columns, row, strict=True)) for row in made.fetchall()]

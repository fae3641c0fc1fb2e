"""What the tests of presets share: an extract read by its reader and restructured by its preset."""

from datetime import date
from pathlib import Path
from typing import Any

from pipelines.settings import Machine, Paths
from pipelines.sources import engine, restructure
from pipelines.sources.land import READERS
from pipelines.sources.prepare import Extract
from pipelines.sources.rows import staged
from pipelines.specs.source import Source

DAY = date(2026, 7, 1)
EXTRACTS = Path(__file__).parent / "presets"


def source_of(entity: str, preset: str, format_: str, **settings: Any) -> Source:
    """A source of that preset, as a configuration would declare it."""
    block = {"entity": entity, "preset": preset, "path": "x", "format": format_} | settings
    return Source.model_validate(block)


def restructured(tmp_path: Path, source: Source, extract: Path) -> list[dict[str, Any]]:
    """The rows that a preset makes of an extract, with `_line` and `extra`."""
    with engine.reader(Machine(2, "1GB"), Paths(tmp_path)) as con:
        read = READERS[source.reads_as]
        file = Extract("s", extract.name, extract)
        rows = read(con, file, restructure.to_read(source), tmp_path)
        rows, _ = staged(con, rows, tmp_path / "rows.parquet")
        made = con.sql(restructure.applied(con, rows, source, DAY).sql)
        return [dict(zip(made.columns, row, strict=True)) for row in made.fetchall()]

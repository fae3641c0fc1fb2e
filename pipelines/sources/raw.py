"""The views `raw.<entity>`: what is loaded, read where it landed.

A view names the very Parquet files that `ops.books` holds, so what extract writes is seen by nobody
before load has checked it. Their folders tell the extract_date: a reader of one night opens the
files of that night only."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines import catalog
from pipelines.catalog import raw_columns, source_column
from pipelines.landing import Partition
from pipelines.settings import Paths
from pipelines.sources.engine import name, quoted
from pipelines.sources.rows import line_of
from pipelines.specs.contract import ENTITIES, Entity

_BOOKED = "select source, extract_date, file, landed_as, first_line, columns from ops.books"


def refresh(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    """Make the views read what the books say is loaded."""
    for entity in ENTITIES.values():
        booked = con.execute(f"{_BOOKED} where entity = ?", [entity.name]).fetchall()
        for statement in catalog.raw_view(entity, rows(paths, entity, booked)):
            con.execute(statement)


def placed(paths: Paths, entity: Entity, partitions: Iterable[Partition]) -> str:
    """SQL of the records of partitions of an entity that met the contract, each with its place:
    `_path` of the Parquet file and `_row` in it; empty without any."""
    files = [
        (p.source, p.extract_date, file.file, file.landed_as, file.first_line, ",".join(p.columns))
        for p in partitions
        for file in p.files
    ]
    return rows(paths, entity, files, place=", filename as _path, file_row_number as _row")


def rows(
    paths: Paths, entity: Entity, booked: Iterable[tuple[object, ...]], place: str = ""
) -> str:
    """SQL of the loaded records of some files, given as rows of `_BOOKED`; empty without any.
    `place`: what is selected further."""
    alike: dict[tuple[str, int | None, str], dict[Path, str]] = {}
    for source, extract_date, file, landed_as, first_line, columns in booked:
        folder = paths.landing / str(source) / f"extract_date={extract_date}"
        key = (str(source), first_line if isinstance(first_line, int) else None, str(columns))
        alike.setdefault(key, {})[folder / str(landed_as)] = str(file)
    return " union all ".join(
        _select(entity, *key, files=alike[key], place=place)
        for key in sorted(alike, key=lambda k: (k[0], k[1] or 0, k[2]))
    )


def _select(  # noqa: PLR0917
    entity: Entity,
    source: str,
    first_line: int | None,
    columns: str,
    files: dict[Path, str],
    place: str,
) -> str:
    held = set(columns.split(","))
    paths = ", ".join(quoted(str(path)) for path in sorted(files))
    names = ", ".join(quoted(files[path]) for path in sorted(files))
    file = f"map([{paths}], [{names}])[filename]"
    meta = {source_column(entity): quoted(source), "file": file, "line": line_of(first_line)}
    meta |= {"extract_date": "extract_date", "extra": "extra"}
    contract = {c.name for c in entity.columns}
    selected = ", ".join(
        f"{(name(c) if c in held else f'null::{kind}') if c in contract else meta[c]} as {name(c)}"
        for c, kind in raw_columns(entity).items()
    )
    return (
        f"select {selected}{place} from read_parquet([{paths}], hive_partitioning = true,"
        " hive_types = {'extract_date': 'DATE'}, file_row_number = true, filename = true)"
        " where problem is null"
    )

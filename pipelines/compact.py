"""Writes the warehouse file anew: DuckDB files do not shrink, and what was deleted can be read in
their free blocks."""

from contextlib import suppress

import duckdb

from pipelines import warehouse
from pipelines.settings import Machine, Paths


def compact(paths: Paths, machine: Machine) -> tuple[int, int]:
    """Copy all tables, views and comments to a new file and rename it over the old one; bytes
    before and after. Killed before the rename, the old file is as it was. Hold `warehouse.lock`,
    with no connection open."""
    file = paths.warehouse
    new = file.with_name(f"{file.name}.compacted")
    for left in (new, new.with_name(f"{new.name}.wal")):
        left.unlink(missing_ok=True)
    with warehouse.connect(paths, machine) as con:
        con.execute("checkpoint")
        before = file.stat().st_size
        quoted = str(new).replace("'", "''")
        con.execute(f"attach '{quoted}' as compacted")
        try:
            con.execute(f'copy from database "{file.stem}" to compacted')
            con.execute("checkpoint compacted")
        finally:
            with suppress(duckdb.Error):
                con.execute("detach compacted")
    new.replace(file)
    file.with_name(f"{file.name}.wal").unlink(missing_ok=True)
    return before, file.stat().st_size

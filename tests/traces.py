"""Where a text stands in the files of a data folder, once they are decoded: a compressed file does
not show what it holds."""

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb

from pipelines.sources.engine import name


def traces(folder: Path, text: str) -> set[str]:
    """The files below `folder`, relative to it, that hold `text` in any case; of databases, the
    tables and views, as `file: schema.table`."""
    found: set[str] = set()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        shown = str(path.relative_to(folder))
        if path.suffix == ".duckdb":
            found |= {f"{shown}: {table}" for table in _tables(path, text)}
        elif text.lower() in _decoded(path).lower():
            found.add(shown)
    return found


def _decoded(path: Path) -> str:
    if path.suffix == ".parquet":
        return str(duckdb.sql(f"select * from read_parquet('{path}')").fetchall())
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as con:
            return "\n".join(con.iterdump())
    return path.read_bytes().decode("utf-8", "replace")


def _tables(path: Path, text: str) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
        held = [
            (f"{schema}.{table}", con.execute(f"from {name(schema)}.{name(table)}").fetchall())
            for schema, table in tables
        ]
    return [table for table, rows in held if text.lower() in str(rows).lower()]

"""Every file of a data folder, decoded to texts: an unknown kind of file is an error, so that no
new one escapes who looks for what must be nowhere."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from pipelines.sources.engine import name

_TEXTS = {".csv", ".json", ".html", ".log", ".txt", ".yml", ".sql", ".md"}
# dbt's own memory of the project, which is not read from data.
_OF_THE_PROJECT = {".msgpack", ".gpickle"}


def traces_of(folder: Path, words: Collection[str]) -> dict[str, set[str]]:
    """Where (file, or file: table) → which of the words stand there, in any case."""
    lowered = {word.lower() for word in words}
    found = {}
    for place, text in decoded(folder):
        seen = {word for word in lowered if word in text}
        if seen:
            found[place] = seen
    return found


def decoded(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file below `folder`, each table of a database apart: where, and its text in lower case.
    Databases also as bytes, which show what their free blocks hold."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        shown = str(path.relative_to(folder))
        if path.suffix in _TEXTS or path.name.endswith("_DONE"):
            yield shown, path.read_text(encoding="utf-8").lower()
        elif path.suffix == ".parquet":
            yield shown, str(duckdb.sql(f"select * from read_parquet('{path}')").fetchall()).lower()
        elif path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as con:
                yield shown, "\n".join(con.iterdump()).lower()
            yield f"{shown} (bytes)", _bytes(path)
        elif path.suffix == ".duckdb":
            yield from _tables(path, shown)
            yield f"{shown} (bytes)", _bytes(path)
        elif path.suffix in _OF_THE_PROJECT:
            yield shown, _bytes(path)
        else:
            assert path.name == ".lock" and not path.stat().st_size, f"{shown}: what is this?"


def _bytes(path: Path) -> str:
    return path.read_bytes().decode("latin-1").lower()


def _tables(path: Path, shown: str) -> Iterator[tuple[str, str]]:
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("load icu")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables()"  # views: of what is decoded apart
        ).fetchall()
        for schema, table in tables:
            rows = con.execute(f"from {name(schema)}.{name(table)}").fetchall()
            yield f"{shown}: {schema}.{table}", str(rows).lower()

"""What the report reads: the published file, already counted. No row here is about one person."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import NotReady
from pipelines.reporting.queries import QUERIES, SCALARS

Row = dict[str, Any]
Rows = list[Row]


@dataclass(frozen=True, slots=True)
class Tables:
    """The answers to `queries.QUERIES` (lists of rows) and `queries.SCALARS` (one number each)."""

    as_of: date
    rows: dict[str, Rows]
    numbers: dict[str, Any]

    def __getitem__(self, name: str) -> Rows:
        return self.rows[name]


def read(path: Path, as_of: date) -> Tables:
    """Read the published file at `path`. NotReady when it is missing or holds another night."""
    if not path.is_file():
        raise NotReady(f"{path}: no such file; run `publish` of {as_of} first")
    with duckdb.connect(str(path), read_only=True) as con:
        held = con.execute("select max(as_of) from marts.freshness").fetchall()[0][0]
        if held != as_of:
            raise NotReady(
                f"{path}: holds the night of {held}; run `publish` of {as_of} before its report"
            )
        rows = {name: _rows(con, sql, as_of) for name, sql in QUERIES.items()}
        numbers = {
            name: next(iter(_rows(con, sql, as_of)[0].values())) for name, sql in SCALARS.items()
        }
    return Tables(as_of, rows, numbers)


def _rows(con: duckdb.DuckDBPyConnection, sql: str, as_of: date) -> Rows:
    result = con.execute(sql, {"as_of": as_of} if "$as_of" in sql else None)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

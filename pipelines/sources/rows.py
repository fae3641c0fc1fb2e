"""What the reader of a format gives: the records of one file as rows of SQL, and their account."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.sources import engine


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the records of a file: those that were read are in the rows or are `rejects`.
    `first_line`: the physical line of the first row where each row is one line further; None where
    the rows have a column `_line`. Records may be `set_aside` (by a preset, `skip` or `keep`), and
    those that become several rows have `added` the further ones."""

    records_read: int
    rejects: list[engine.RejectRow]
    columns: tuple[str, ...]  # of the extract, by their own names
    unknown_columns: tuple[str, ...]  # those that nothing maps
    first_line: int | None = None
    set_aside: int = 0
    added: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """`sql`: a row for each record that can be read, in the order of the file, with the columns
    `types` (name → SQL type), `extra` (JSON of the unknown columns) and, where the file
    tells it at once, `_line`. `settle` accounts for them once they are written to a Parquet file,
    which it corrects where it has to; SourceError when nothing of the file is to be trusted.
    `is_rough`: that correction needs the rows as they are, before they are converted. `is_tidy`: no
    text begins or ends with a blank or is empty."""

    sql: str
    types: dict[str, str]
    settle: Callable[[Path], Account]
    has_lines: bool = True
    is_rough: bool = False
    is_tidy: bool = False


def line_of(first_line: int | None) -> str:
    """SQL: the physical line of a row of such a Parquet file (read with `file_row_number`)."""
    return "_line" if first_line is None else f"file_row_number + {first_line}"


def numbered(parquet: Path, first_line: int | None, *, with_row: bool = False) -> str:
    """SQL: the rows of such a Parquet file, each with its `_line`, in their order; `with_row`: also
    with its number in the file, `_row`."""
    hidden = "file_row_number, _line" if first_line is None else "file_row_number"
    row = ", file_row_number as _row" if with_row else ""
    return (
        f"select * exclude ({hidden}), {line_of(first_line)} as _line{row}"
        f" from read_parquet({engine.quoted(str(parquet))}, file_row_number = true)"
    )


def staged(con: duckdb.DuckDBPyConnection, rows: Rows, stage: Path) -> tuple[Rows, Account]:
    """The rows as the Parquet file `stage` holds them, settled, each with its `_line`."""
    engine.copy(con, rows.sql, stage)
    account = rows.settle(stage)
    return Rows(numbered(stage, account.first_line), rows.types, lambda _: account), account

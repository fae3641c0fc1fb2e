"""The same shop told piece by piece: of its first extract a part comes in the nights after, as from
a CRM that is joined late. So there is something to learn each night of who is who."""

from datetime import date, timedelta
from pathlib import Path

import duckdb

_KEYS = {"contacts": "ID_CLIENT", "orders": "order_number", "order_lines": "order_number"}
_LATE_TENTHS = 3


def hold_back(extracts: Path, first: date, nights: int) -> None:
    """Move three in ten contacts and orders (with their lines) of the Parquet extract `first` into
    those of the `nights` after it, each as many."""
    with duckdb.connect() as con:
        for entity, key in _KEYS.items():
            whole = _aside(extracts / str(first) / f"{entity}.parquet")
            is_late = f"hash({key}) % 10 < {_LATE_TENTHS}"
            rest = f"from read_parquet('{whole}') where"
            _write(con, f"{rest} not {is_late}", whole)
            for night in range(nights):
                own = _aside(
                    extracts / str(first + timedelta(days=night + 1)) / f"{entity}.parquet"
                )
                theirs = f"{rest} {is_late} and hash({key}) // 10 % {nights} = {night}"
                _write(con, f"from read_parquet('{own}') union all by name {theirs}", own)
                own.unlink()
            whole.unlink()


def _aside(file: Path) -> Path:
    return file.rename(file.with_suffix(".whole"))


def _write(con: duckdb.DuckDBPyConnection, rows: str, aside: Path) -> None:
    con.execute(f"copy ({rows}) to '{aside.with_suffix('.parquet')}' (format parquet)")

"""The same shop told piece by piece: of its first extract a part comes in the nights after, as from
a CRM that is joined late. So there is something to learn each night of who is who."""

from datetime import date, timedelta
from pathlib import Path

import duckdb

from benchmarks.customer_360.shorter import keep

_KEYS = {"contacts": "ID_CLIENT", "orders": "order_number", "order_lines": "order_number"}
_LATE_TENTHS = 3


def hold_back(extracts: Path, first: date, nights: int) -> None:
    """Move three in ten contacts and orders (with their lines) of the Parquet extract `first` into
    those of the `nights` after it, each as many."""
    with duckdb.connect() as con:
        for entity, key in _KEYS.items():
            whole = extracts / str(first) / f"{entity}.parquet"
            late = f"hash({key}) % 10 < {_LATE_TENTHS}"
            rest = f"from read_parquet('{whole}') where {late}"
            for night in range(nights):
                file = extracts / str(first + timedelta(days=night + 1)) / whole.name
                own = file.rename(file.with_suffix(".own"))
                con.execute(
                    f"copy (from read_parquet('{own}') union all by name {rest}"
                    f" and hash({key}) // 10 % {nights} = {night}) to '{file}' (format parquet)"
                )
                own.unlink()
            keep(con, whole, f"not ({late})")

"""The same shop with a shorter past: its first extract without what happened before a date.

python -m benchmarks.customer_360.shorter EXTRACTS FIRST SINCE TARGET
"""

import sys
from datetime import date
from pathlib import Path
from shutil import copytree

import duckdb

_MOMENTS = {  # entity: when its records happened
    "orders": "placed_at",
    "web_events": "ts",
    "campaign_sends": "sent_at",
    "campaign_events": "occurred_at",
}


def shorten(extracts: Path, first: date, since: date, target: Path) -> None:
    """Copy the Parquet `extracts` to `target`; its extract `first` holds orders, lines, web events,
    sends and their answers from `since` on; people, consents and products stay."""
    copytree(extracts, target)
    folder = target / str(first)
    with duckdb.connect() as con:
        for entity, moment in _MOMENTS.items():
            keep(con, folder / f"{entity}.parquet", f"{moment}::timestamp >= date '{since}'")
        orders = folder / "orders.parquet"
        keep(
            con,
            folder / "order_lines.parquet",
            f"order_number in (select order_number from read_parquet('{orders}'))",
        )


def keep(con: duckdb.DuckDBPyConnection, file: Path, condition: str) -> None:
    """Leave only the rows of a Parquet file that meet the condition."""
    whole = file.rename(file.with_suffix(".whole"))
    con.execute(
        f"copy (from read_parquet('{whole}') where {condition}) to '{file}'"
        " (format parquet, compression zstd)"
    )
    whole.unlink()


if __name__ == "__main__":
    source, first_night, beginning, copy = sys.argv[1:]
    shorten(
        Path(source), date.fromisoformat(first_night), date.fromisoformat(beginning), Path(copy)
    )

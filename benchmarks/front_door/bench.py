"""The front door beside DuckDB alone: what extract and load take for a shop's first orders and
order lines, as CSV and as Parquet, against reading the same files into tables; and PostgreSQL
against `COPY … TO STDOUT` (see `sql`).

    python -m benchmarks.front_door.bench [--customers 150000] [--extracts FOLDER] [--times 7]

The shop is simulated, unless `--extracts` holds one that was, and its records are written `--times`
over, each time under other order numbers: 13 million in all. Every turn runs in a process of its
own, after its imports; both sides take turns and their medians count. Without `--postgres URL`, a
server is started for as long as it is measured."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median

import duckdb
import yaml

from benchmarks.figures import Figure, write
from benchmarks.front_door import sql
from pipelines.settings import PROJECT_ROOT
from pipelines.specs.shop import Shop

SEED = 7
AS_OF = date(2026, 6, 29)
ENTITIES = ("orders", "order_lines")
MOST, FLAT = 2.0, 1.3  # times the reference; times the peak memory of a quarter of the rows
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Spent:
    """What one turn took: records, wall and CPU seconds, the most memory held (MiB)."""

    records: int
    wall: float
    cpu: float
    peak: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=150_000)
    parser.add_argument("--times", type=int, default=7, help="how often the records are written")
    parser.add_argument("--extracts", type=Path, help="extracts that the simulator has made")
    parser.add_argument("--postgres", help="postgresql://user@host/database to measure with")
    parser.add_argument("--postgres-rows", type=int, default=5_000_000)
    parser.add_argument("--turn", nargs=3, help=argparse.SUPPRESS)  # of a measured process
    asked = parser.parse_args()
    if asked.turn:
        side, files, scratch = asked.turn
        print(json.dumps(asdict(_SIDES[side](Path(files), Path(scratch)))))
        return
    with tempfile.TemporaryDirectory(prefix="nocturne-bench-") as folder:
        extracts = asked.extracts or _simulated(asked.customers, Path(folder))
        figures = measure(extracts, Path(folder), times=asked.times)
    figures += _postgres(asked.postgres, asked.postgres_rows)
    write("front-door", figures, seed=SEED, command="make bench NAME=front-door")


def measure(extracts: Path, folder: Path, *, times: int = 1, rounds: int = ROUNDS) -> list[Figure]:
    """The figures of the first day's orders and order lines below `extracts`, `times` over."""
    figures: list[Figure] = []
    for suffix in ("csv", "parquet"):
        files = folder / suffix
        files.mkdir()
        for entity in ENTITIES:
            csv = folder / "csv" / f"{entity}.csv"
            if suffix == "csv":
                _repeat(extracts / str(AS_OF) / csv.name, csv, times)
            else:
                _copy(_rows(csv), files / f"{entity}.parquet")
        figures += _beside_bare(files, folder, rounds)
    return figures


def _beside_bare(files: Path, folder: Path, rounds: int) -> list[Figure]:
    turns = [(_turn("bare", files, folder), _turn("ours", files, folder)) for _ in range(rounds)]
    part = _turn("ours", _quarter(files, folder), folder)
    bare, ours = (list(side) for side in zip(*turns, strict=True))
    if bare[0].records > ours[0].records:
        raise SystemExit(f"{bare[0].records} records of {files}, but we read {ours[0].records}")
    wall, reference = (median(spent.wall for spent in side) for side in (ours, bare))
    cpu, cpu_reference = (median(spent.cpu for spent in side) for side in (ours, bare))
    peak = max(spent.peak for spent in ours)
    label = f"{ours[0].records:,} orders and lines of {files.name}:"
    return [
        Figure(
            f"{label} extract + load, wall (into tables)", wall, "s", reference,
            f"≤ {MOST:g}×", wall <= MOST * reference,
        ),
        Figure(f"{label} extract + load, CPU (into tables)", cpu, "s", cpu_reference),
        Figure(
            f"{label} peak memory (of a quarter)", peak, "MiB", part.peak,
            f"≤ {FLAT:g}×", peak <= FLAT * part.peak,
        ),
        Figure(f"{label} into tables, peak memory", max(s.peak for s in bare), "MiB"),
    ]  # fmt: skip


def _simulated(customers: int, folder: Path) -> Path:
    command = ["-m", "benchmarks.shop", "make", "--out", folder, "--customers", customers]
    command += ["--seed", SEED, "--extracts-only"]
    subprocess.run([sys.executable, *map(str, command)], cwd=PROJECT_ROOT, check=True)
    return folder / "extracts"


def _repeat(file: Path, target: Path, times: int) -> None:
    """The records of `file` so many times. Their first value is the order's number."""
    header, *lines = file.read_bytes().splitlines(keepends=True)
    with target.open("wb") as whole:
        whole.write(header)
        for time_over in range(times):
            begin = b"%d-" % time_over if time_over else b""
            whole.writelines(begin + line for line in lines)


def _rows(file: Path) -> str:
    if file.suffix == ".parquet":
        return f"'{file}'"
    # The few broken records would stop the bare reader, which leaves them out.
    return f"read_csv('{file}', delim = ',', quote = '\"', header = true, ignore_errors = true)"


def _copy(rows: str, target: Path) -> None:
    how = "format parquet, compression zstd" if target.suffix == ".parquet" else "header"
    duckdb.sql(f"copy (from {rows}) to '{target}' ({how})")


def _quarter(files: Path, folder: Path) -> Path:
    part = folder / f"quarter of {files.name}"
    part.mkdir()
    for file in files.iterdir():
        if file.suffix == ".parquet":
            count = f"(select count(*) // 4 from '{file}')"
            _copy(f"{_rows(file)} limit {count}", part / file.name)
        else:
            with file.open("rb") as whole:
                quarter = whole.read(file.stat().st_size // 4) + whole.readline()
            (part / file.name).write_bytes(quarter)
    return part


def _turn(side: str, files: Path, folder: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = ["-m", "benchmarks.front_door.bench", "--turn", side, files, scratch]
        done = subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
    return Spent(**json.loads(done.stdout.splitlines()[-1]))


def _bare(files: Path, scratch: Path) -> Spent:
    records = 0
    wall, cpu = time.perf_counter(), time.process_time()
    with duckdb.connect(str(scratch / "bare.duckdb"), config={"threads": 2}) as con:
        for file in sorted(files.iterdir()):
            con.execute(f"create table {file.stem} as from {_rows(file)}")
            [(count,)] = con.execute(f"select count(*) from {file.stem}").fetchall()
            records += count
    return Spent(records, time.perf_counter() - wall, time.process_time() - cpu, sql.peak())


def _ours(files: Path, scratch: Path) -> Spent:
    """Extract and load, with their books and checks, as a night runs them."""
    import great_expectations  # noqa: F401  importing is not what is measured

    from pipelines import contracts, warehouse
    from pipelines.ledger import Ledger
    from pipelines.settings import Machine, Paths
    from pipelines.sources import extract, load
    from pipelines.specs.night import Night

    night = Night(AS_OF, _shop(files), {}, Paths(scratch), Machine(threads=2))
    wall, cpu = time.perf_counter(), time.process_time()
    extract(night, Ledger(night.paths.ledger))
    with warehouse.connect(night.paths, night.machine) as con:
        load(con, night, contracts.auditor(lambda _: None), lambda: "benchmark")
        [(records,)] = con.execute("select sum(records_read)::bigint from ops.books").fetchall()
    return Spent(records, time.perf_counter() - wall, time.process_time() - cpu, sql.peak())


def _shop(files: Path) -> Shop:
    """The sample shop's own declarations of the two sources, for these files."""
    content = yaml.safe_load((PROJECT_ROOT / "config" / "sample.yml").read_text("utf-8"))
    sources = {}
    for source in content["sources"].values():
        for file in files.glob(f"{source['entity']}.*"):
            sources[file.stem] = source | {"path": str(file), "format": file.suffix[1:]}
    kept = {key: content[key] for key in ("shop", "title", "time_zone", "currency", "country")}
    return Shop.model_validate(kept | {"sources": sources})


def _postgres(url: str | None, rows: int) -> list[Figure]:
    if url:
        return sql.measure(url, rows)
    from tests.servers import postgres

    with postgres.postgres() as server:
        return sql.measure(server.url(), rows)


_SIDES = {"bare": _bare, "ours": _ours}

if __name__ == "__main__":
    main()

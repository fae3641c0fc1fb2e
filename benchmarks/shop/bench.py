"""How fast, how large and how hard the simulated shop is, and how it compares with public data.

    python -m benchmarks.shop.bench [--customers 2000 200000 1000000] [--studied 40000]

Makes shops of the given sizes as Parquet and lives one more day of each (wall seconds, peak memory
of all processes together, rows); then, at one size, measures each preset's difficulty, and writes
the page that compares the default with public data."""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import polars as pl
import psutil

from benchmarks.figures import Figure, write
from benchmarks.shop import difficulty
from benchmarks.shop.parameters import PRESETS
from benchmarks.shop.validation.page import write_page
from benchmarks.shop.validation.public import load_public
from benchmarks.shop.validation.simulated import facts_of

SEED = 7
MILLION = 1_000_000
MILLION_SECONDS, MILLION_MIB = 900, 6144
PAGE = Path(__file__).parent / "validation"


def main() -> None:
    """Read the command line, measure, write the figures and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="*", default=[2_000, 200_000, MILLION])
    parser.add_argument("--studied", type=int, default=40_000, help="customers of the studied ones")
    asked = parser.parse_args()
    figures: list[Figure] = []
    for customers in asked.customers:
        with tempfile.TemporaryDirectory(prefix="nocturne-shop-") as folder:
            figures += _size_figures(customers, Path(folder))
    for preset in PRESETS:
        with tempfile.TemporaryDirectory(prefix="nocturne-shop-") as folder:
            shop = Path(folder)
            _make(shop, asked.studied, preset)
            figures += difficulty.figures(shop, preset)
            if preset == "default":
                told = f"preset {preset}, {asked.studied:,} customers, seed {SEED}"
                write_page(facts_of(shop), load_public(), PAGE, told)
    write("shop", figures, seed=SEED, command="make bench NAME=shop")


def _size_figures(customers: int, shop: Path) -> list[Figure]:
    label = f"{customers:,} customers"
    wall, peak = _make(shop, customers, "default")
    extract = min((shop / "extracts").iterdir())
    day, _ = _run("answer", "--out", shop)
    rows = {
        table: pl.scan_parquet(extract / f"{table}.parquet").select(pl.len()).collect().item()
        for table in ("orders", "order_lines", "web_events", "campaign_sends", "campaign_events")
    }
    is_largest = customers == MILLION
    return [
        Figure(
            f"{label}: make, wall", wall, "s", None,
            f"≤ {MILLION_SECONDS} s" if is_largest else None,
            wall <= MILLION_SECONDS if is_largest else None,
        ),
        Figure(
            f"{label}: make, peak memory", peak, "MiB", None,
            f"≤ {MILLION_MIB} MiB" if is_largest else None,
            peak <= MILLION_MIB if is_largest else None,
        ),
        Figure(f"{label}: one more day, wall", day, "s"),
        *(Figure(f"{label}: {table}", count, "rows") for table, count in rows.items()),
    ]  # fmt: skip


def _make(shop: Path, customers: int, preset: str) -> tuple[float, float]:
    return _run(
        "make", "--out", shop, "--customers", customers, "--seed", SEED, "--preset", preset,
        "--format", "parquet", "--days", 0,
    )  # fmt: skip


def _run(*arguments: object) -> tuple[float, float]:
    """Wall seconds of a command of the shop, and the peak MiB of its processes together."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.shop", *map(str, arguments)], stdout=subprocess.DEVNULL
    )
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(psutil.Process(process.pid), peak))
    watcher.start()
    status = process.wait()
    watcher.join()
    if status:
        sys.exit(f"python -m benchmarks.shop {' '.join(map(str, arguments))} failed")
    return time.perf_counter() - started, peak[0]


def _watch(process: psutil.Process, peak: list[float]) -> None:
    """Keep the largest memory of a process and its children in `peak` until it ends."""
    while True:
        try:
            family = [process, *process.children(recursive=True)]
            total = sum(one.memory_info().rss for one in family if one.is_running())
            if process.status() == psutil.STATUS_ZOMBIE:
                return
        except psutil.Error:
            if not process.is_running():
                return
            continue
        peak[0] = max(peak[0], total / 2**20)
        time.sleep(0.1)


if __name__ == "__main__":
    main()

"""How long a night takes, step by step, beside the bare work in it.

Generates a shop, runs every verb in a process of its own (wall seconds, CPU seconds and peak memory
of the process as the operating system counted them), then, in the same run, a bare DuckDB scan of
the same extracts and bare LightGBM training and prediction on the same matrices.

    python -m benchmarks.night [--customers 20000 200000] [--nights 2]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from benchmarks.figures import Figure, write
from benchmarks.processes import Cost, run, shop_config
from pipelines.verbs import VERBS

SEED = 7
MANY = 100_000  # customers
FIRST_NIGHT = date(2026, 6, 29)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--nights", type=int, default=2, help="the first, then so many after it")
    parser.add_argument("--name", default="night", help="name of the file of results")
    asked = parser.parse_args()
    figures: list[Figure] = []
    command = "make bench NAME=night" if asked.name == "night" else " ".join(sys.argv)
    for customers in asked.customers:
        with tempfile.TemporaryDirectory(prefix="nocturne-bench-") as folder:
            figures += measure(customers, asked.nights, Path(folder))
        write(asked.name, figures, seed=SEED, command=command)  # a size at a time: they take long


def measure(customers: int, nights: int, folder: Path) -> list[Figure]:
    """The figures of one generated shop of `customers` people."""
    size = f"{customers // 1000}k"
    extracts, data_dir = folder / "extracts", folder / "data"
    made = run(
        "-m",
        "benchmarks.shop",
        "make",
        "--out",
        folder,
        "--customers",
        customers,
        "--seed",
        SEED,
        "--extracts-only",
    )
    config = shop_config(folder, extracts)
    figures = [Figure(f"{size} generate the shop, wall", made.wall, "s")]
    for night in range(nights):
        as_of = FIRST_NIGHT + timedelta(days=night)
        told = "first night" if night == 0 else f"night {night + 1}"
        costs = {
            verb: run(
                "-m", "pipelines.cli", verb, "--config", config, "--as-of", as_of,
                "--data-dir", data_dir,
            )
            for verb in VERBS
        }  # fmt: skip
        if night in (0, nights - 1):
            figures += _step_figures(f"{size} {told}", costs)
        if night == 0:
            times = 3 if customers < MANY else 1  # a fit of the larger shop takes ten minutes
            figures += _beside_bare(size, costs, extracts, data_dir, folder, times=times)
    return figures


def _step_figures(label: str, costs: dict[str, Cost]) -> list[Figure]:
    figures = []
    for verb, cost in costs.items():
        figures.append(Figure(f"{label} {verb}, wall", round(cost.wall, 2), "s"))
        figures.append(Figure(f"{label} {verb}, CPU", round(cost.cpu, 2), "s"))
        figures.append(Figure(f"{label} {verb}, peak memory", round(cost.peak_mib), "MiB"))
    total = sum(cost.wall for cost in costs.values())
    peak = max(cost.peak_mib for cost in costs.values())
    figures.append(Figure(f"{label} all steps, wall", round(total, 1), "s"))
    figures.append(
        Figure(f"{label} peak memory", round(peak), "MiB", None, "≤ 8192 MiB", peak <= 8192)
    )
    return figures


def _beside_bare(
    size: str, costs: dict[str, Cost], extracts: Path, data_dir: Path, folder: Path, *, times: int
) -> list[Figure]:
    """Our steps beside the bare work on the same bytes, CPU seconds, medians of `times`."""
    scan = _median(run("-m", "benchmarks.bare", "scan", extracts) for _ in range(times))
    fit = _median(
        run("-m", "benchmarks.bare", "fit", data_dir, folder / "bare") for _ in range(times)
    )
    predict = _median(
        run("-m", "benchmarks.bare", "predict", data_dir, folder / "bare") for _ in range(times)
    )
    front = costs["extract"].cpu + costs["load"].cpu
    return [
        Figure(f"{size} extract + load, CPU (bare scan of the files)", front, "s", scan.cpu),
        Figure(f"{size} train, CPU (bare LightGBM)", costs["train"].cpu, "s", fit.cpu),
        Figure(f"{size} score, CPU (bare prediction)", costs["score"].cpu, "s", predict.cpu),
    ]


def _median(costs: Iterable[Cost]) -> Cost:
    ordered = sorted(costs, key=lambda cost: cost.cpu)
    return ordered[len(ordered) // 2]


if __name__ == "__main__":
    main()

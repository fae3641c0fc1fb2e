"""How right the identity is, whether ids keep, and what the customer 360 costs.

    python -m benchmarks.customer_360.bench [--part PART] [--customers 200000] [--nights 30]
        [--large 1000000] [--shops FOLDER]

Of its parts each may be run alone; the figures of the others are then kept.

identity: shops of `--customers` people, presets default and hard: pairs of profiles beside the
    simulator's truth, and beside tying everybody together who shares an identifier.
nights: `--nights` nights of a shop of a tenth of that, of whose contacts and orders three in ten
    come late: ids that changed beside those that were recorded.
first-nights: a shop of `--large` people with two years of history, and the same with the later one
    only: the first night, each step in a process of its own (wall and CPU seconds, peak memory),
    beside a bare scan of the extracts.
days: three days more of both shops, in turn: medians, and what the longer history adds to a day.
    The shops lie in `--shops`, a temporary folder when it is not given; where they have had their
    first nights, this part can be run alone."""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.customer_360.accuracy import accuracy
from benchmarks.customer_360.later import hold_back
from benchmarks.figures import RESULTS, Figure, write
from benchmarks.processes import Cost, run, shop_config

NAME = "customer-360"
PARTS = ("identity", "nights", "first-nights", "days")
SEED = 7
FIRST = date(2026, 6, 29)
PRECISION, RECALL, PEOPLE = 0.999, 0.97, 5
MEMORY_MIB, LONGER = 8192, 1.1
ONE_YEAR, DAYS = date(2025, 7, 1), 3
FRONT, BEHIND = ("extract", "load"), ("transform", "snapshot")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--shops", type=Path)
    parser.add_argument("--turn", nargs=4, help=argparse.SUPPRESS)  # of a measured process
    asked = parser.parse_args()
    if asked.turn:
        _turn(*asked.turn)
        return
    if asked.part == "days" and asked.shops is None:
        parser.error("days needs --shops FOLDER, where --part first-nights has left its shops")
    figures: list[Figure] = []
    with _folder() as kept:
        shops = asked.shops or kept / "shops"
        for part in PARTS:
            if asked.part not in (None, part):
                figures += _kept(part)
                continue
            with _folder() as folder:
                found = _part(part, folder, shops, asked)
            figures += [replace(figure, metric=f"{part}: {figure.metric}") for figure in found]
    write(NAME, figures, seed=SEED, command=f"make bench NAME={NAME}")


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nocturne-bench-") as folder:
        yield Path(folder)


def _part(part: str, folder: Path, shops: Path, asked: argparse.Namespace) -> list[Figure]:
    if part == "nights":
        return nights(folder, asked.customers // 10, asked.nights)
    if part == "first-nights":
        return first_nights(shops, asked.large)
    if part == "days":
        return days(shops, asked.large)
    return [
        figure
        for preset in ("default", "hard")
        for figure in identity(folder / preset, preset, asked.customers)
    ]


def _kept(part: str) -> list[Figure]:
    """The figures of a part as an earlier run has written them, perhaps on another machine."""
    file = RESULTS / f"{NAME}.json"
    if not file.exists():
        return []
    listed = json.loads(file.read_text("utf-8"))["figures"]
    return [Figure(**figure) for figure in listed if figure["metric"].startswith(f"{part}: ")]


def identity(folder: Path, preset: str, customers: int) -> list[Figure]:
    """How right the pairs of profiles are, as of the first night."""
    _make(folder, customers, preset, days=0)
    config = shop_config(folder, folder / "extracts", as_parquet=True)
    for verb in (*FRONT, "transform"):
        _step(verb, config, folder / "data", FIRST)
    warehouse, truth = folder / "data" / "warehouse" / "nocturne.duckdb", folder / "truth"
    ours = accuracy(warehouse, truth, FIRST)
    naive = accuracy(warehouse, truth, FIRST, is_naive=True)
    label = f"{customers:,} people, {preset}:"
    return [
        Figure(
            f"{label} pairs that are right (all ties)", ours.precision, "share", naive.precision,
            f"≥ {PRECISION}", ours.precision >= PRECISION,
        ),
        Figure(
            f"{label} linkable pairs found (all ties)", ours.recall, "share", naive.recall,
            f"≥ {RECALL}", ours.recall >= RECALL,
        ),
        Figure(
            f"{label} most people in a customer (all ties)", ours.most_people, "people",
            naive.most_people, f"≤ {PEOPLE}", ours.most_people <= PEOPLE,
        ),
        Figure(f"{label} pairs said", ours.pairs, "pairs", naive.pairs),
    ]  # fmt: skip


def nights(folder: Path, customers: int, count: int) -> list[Figure]:
    """Ids of people that a night changed, beside the merges and splits that it recorded."""
    _make(folder, customers, "hard", days=count - 1)
    hold_back(folder / "extracts", FIRST, count - 1)
    # The month ends in the holidays, when half as many orders a day are no broken export.
    checks = {"volume_drop_critical": "off"}
    config = shop_config(folder, folder / "extracts", as_parquet=True, checks=checks)
    warehouse = folder / "data" / "warehouse" / "nocturne.duckdb"
    before: dict[str, str] = {}
    changed, moved = set(), 0
    for night in range(count):
        as_of = FIRST + timedelta(days=night)
        for verb in (*FRONT, "transform"):
            _step(verb, config, folder / "data", as_of)
        with duckdb.connect(str(warehouse), read_only=True) as con:
            now = dict(con.execute(_PEOPLE).fetchall())
            recorded = set(con.execute(_RECORDED, [as_of]).fetchall())
        moves = {(before[p], now.get(p)) for p in before if now.get(p) != before[p]}
        moved += len(moves)
        changed |= moves - recorded
        before = now
    label = f"{customers:,} people, hard, {count} nights:"
    return [
        Figure(f"{label} ids that changed", moved, "changes"),
        Figure(
            f"{label} … without a recorded merge or split", len(changed), "changes", None, "0",
            not changed,
        ),
    ]  # fmt: skip


_PEOPLE = """
select profile_id, customer_id from identity.identity_map
where as_of = (select max(as_of) from identity.identity_map) and profile_id not like 'visitor:%'
"""
_RECORDED = """
select old_customer_id, new_customer_id from identity.customer_changes where as_of = ?
"""


def first_nights(folder: Path, customers: int) -> list[Figure]:
    """What the first night takes, with two years of history and with one."""
    _make(folder, customers, "default", days=DAYS)
    whole = folder / "extracts"
    # A process of its own: what this one takes would count as the least peak of every step.
    run("-m", "benchmarks.customer_360.shorter", whole, FIRST, ONE_YEAR, _extracts(folder, 1))
    figures = []
    for years in (2, 1):
        (folder / f"years{years}").mkdir()
        taken = _night(folder, years, FIRST)
        figures += _figures(f"{_label(customers, years)} first night", [taken])
    return figures


def days(folder: Path, customers: int) -> list[Figure]:
    """What a day more takes, with two years of history and with one: medians of three days."""
    longer: list[dict[str, Cost]] = []
    shorter: list[dict[str, Cost]] = []
    for _ in range(DAYS):
        for years, taken in ((2, longer), (1, shorter)):
            taken.append(_night(folder, years, _last_night(folder, years) + timedelta(days=1)))
    figures = _figures(f"{_label(customers, 2)} one day", longer)
    figures += _figures(f"{_label(customers, 1)} one day", shorter)
    day, reference = (
        median(sum(night[verb].wall for verb in (*FRONT, *BEHIND)) for night in nights)
        for nights in (longer, shorter)
    )
    figures.append(
        Figure(
            f"{customers:,} people: one day on two years (on one)", day, "s", reference,
            f"≤ {LONGER}×", day <= LONGER * reference,
        )
    )  # fmt: skip
    return figures


def _label(customers: int, years: int) -> str:
    return f"{customers:,} people, {years} year{'s' if years > 1 else ''}:"


def _extracts(folder: Path, years: int) -> Path:
    return folder / ("extracts" if years > 1 else "shorter")


def _night(folder: Path, years: int, as_of: date) -> dict[str, Cost]:
    """What a bare scan of the night's extracts takes, and each step."""
    home, extracts = folder / f"years{years}", _extracts(folder, years)
    config = shop_config(home, extracts, as_parquet=True)
    scan = _step("scan", config, extracts / str(as_of), as_of)
    steps = {verb: _step(verb, config, home / "data", as_of) for verb in (*FRONT, *BEHIND)}
    return {"scan": scan} | steps


def _last_night(folder: Path, years: int) -> date:
    warehouse = folder / f"years{years}" / "data" / "warehouse" / "nocturne.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        last: date = con.execute("select max(as_of) from marts.customer_360").fetchall()[0][0]
    return last


def _figures(label: str, nights: Sequence[dict[str, Cost]]) -> list[Figure]:
    """The medians of these nights, and the most memory that one of them took."""
    figures = []
    for verb in (*FRONT, *BEHIND):
        for kind in ("wall", "CPU"):
            value, scan = (
                median(getattr(night[step], kind.lower()) for night in nights)
                for step in (verb, "scan")
            )
            figures.append(Figure(f"{label}, {verb}, {kind} (bare scan)", value, "s", scan))
    peak, scan = (
        max(night[step].peak_mib for night in nights for step in steps)
        for steps in ((*FRONT, *BEHIND), ("scan",))
    )
    held = f"≤ {MEMORY_MIB} MiB"
    figures.append(Figure(f"{label}, peak memory", peak, "MiB", scan, held, peak <= MEMORY_MIB))
    return figures


def _make(folder: Path, customers: int, preset: str, *, days: int) -> None:
    folder.mkdir(exist_ok=True)
    run(
        "-m", "benchmarks.shop", "make", "--out", folder, "--customers", customers,
        "--preset", preset, "--seed", SEED, "--days", days, "--format", "parquet",
    )  # fmt: skip


def _step(verb: str, config: Path, data_dir: Path, as_of: date) -> Cost:
    return run("-m", "benchmarks.customer_360.bench", "--turn", verb, config, data_dir, as_of)


def _turn(verb: str, config: str, data_dir: str, as_of: str) -> None:
    """One step, or the bare scan of a folder of Parquet files."""
    if verb == "scan":
        with duckdb.connect(config={"threads": "2"}) as con:
            for file in sorted(Path(data_dir).glob("*.parquet")):
                con.execute(f"select bit_xor(hash(columns(*))) from read_parquet('{file}')")
                con.fetchall()
        return
    from pipelines import steps, verbs
    from pipelines.ledger import Ledger

    night = steps.open_night(date.fromisoformat(as_of), Path(config), Path(data_dir))
    ledger = Ledger(night.paths.ledger)
    verbs.STEPS[verb](verbs.Step(night, ledger, ledger.start(night.as_of, verb), recompute=False))


if __name__ == "__main__":
    main()

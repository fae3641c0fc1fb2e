"""A whole shop on disk: its extracts, its truth, and the world that goes on.

    OUT/extracts/<date>/   what the tools hand over; all that a pipeline may read
    OUT/truth/             what really is
    OUT/world/             where everybody is, to live the next day

Blocks are lived by a pool of processes and written as parts, which are put together in the order of
the blocks: the same bytes on any number of processes."""

import json
import shutil
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.shop import browsing, dirt, extracts, forms, shared, truth
from benchmarks.shop.block import make_block
from benchmarks.shop.campaigns import make_campaigns
from benchmarks.shop.catalogue import make_catalogue
from benchmarks.shop.columns import span_of
from benchmarks.shop.imports import Imports, addressed
from benchmarks.shop.living import begin, live
from benchmarks.shop.settings import HISTORY_DAYS, Settings, date_of
from benchmarks.shop.state import State

CSV, PARQUET = "csv", "parquet"
FORMATS = (CSV, PARQUET)
NOTED = Path("world") / "shop.json"
FILES = {
    "web_events": "web_events.jsonl.gz",
    "campaign_sends": "campaign_sends.csv.gz",
    "campaign_events": "campaign_events.csv.gz",
    "stock": "stock.csv.gz",
}
"""The files that are not `<table>.csv`."""


def make(
    settings: Settings,
    out: Path,
    *,
    file_format: str = CSV,
    processes: int = 1,
    tell_truth: bool = True,
) -> Path:
    """Live the history and write the first extract; returns its folder. What an earlier shop left
    in OUT is removed; nothing else is."""
    if (out / NOTED).exists():
        for name in ("extracts", "truth", "world"):
            shutil.rmtree(out / name, ignore_errors=True)
    (out / "world").mkdir(parents=True, exist_ok=True)
    content = asdict(settings) | {"format": file_format, "tell_truth": tell_truth, "day": 0}
    _note(out, content)
    return _extract(out, HISTORY_DAYS, Imports(), processes)


def answer(out: Path, exports: Iterable[Path] = (), *, processes: int = 1) -> Path:
    """Live one more day and write the next extract; returns its folder. `exports`: folders of files
    that were imported this morning; what is in none has no effect."""
    day = _noted(out)["day"]
    if not day:
        raise ValueError(f"{out}: its first extract was never finished; make it anew")
    return _extract(out, day + 1, Imports.read(exports), processes)


def _noted(out: Path) -> dict[str, Any]:
    if not (out / NOTED).exists():
        raise ValueError(f"{out}: there is no shop to go on with; make one first")
    content: dict[str, Any] = json.loads((out / NOTED).read_text("utf-8"))
    return content


def _note(out: Path, content: dict[str, Any]) -> None:
    path = out / NOTED
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)


def _settings(content: dict[str, Any]) -> Settings:
    return Settings(content["customers"], content["seed"], content["preset"])


def _extract(out: Path, day: int, imports: Imports, processes: int) -> Path:
    noted = _noted(out)
    settings = _settings(noted)
    folder = out / "extracts" / str(date_of(day))
    parts = out / "world" / "parts"
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir()
    text = noted["format"] == CSV
    work = partial(_live_block, out, noted, day, imports)
    if processes == 1 or settings.blocks == 1:
        for index in range(settings.blocks):
            work(index)
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            list(pool.map(work, range(settings.blocks)))
    goods = make_catalogue(settings.seed, settings.parameters)
    for name, table in shared.tables(goods, make_campaigns(), day).items():
        stray = dirt.stray(name, day - HISTORY_DAYS) if text else ()
        forms.write(table, shared.FORMS[name], folder / _file(name, text), stray=stray)
    for name in extracts.FORMS:
        _join(sorted(parts.glob(f"{name}-*")), folder / _file(name, text))
    if noted["tell_truth"]:
        for name in {path.name.rpartition("-")[0] for path in parts.glob("truth.*")}:
            target = out / "truth" / name.removeprefix("truth.") / f"{date_of(day)}.parquet"
            _join(sorted(parts.glob(f"{name}-*")), target)
    shutil.rmtree(parts)
    _note(out, noted | {"day": day})  # from here on the day is lived
    for state in (out / "world").glob(f"block-*-{noted['day']}.npz"):
        state.unlink()
    return folder


def _live_block(out: Path, noted: dict[str, Any], day: int, imports: Imports, index: int) -> None:
    """Live a block up to the morning of `day` and write its parts."""
    block, world = make_block(_settings(noted), index), out / "world"
    text, tells = noted["format"] == CSV, noted["tell_truth"]
    first = noted["day"] == 0
    state = begin(block) if first else State.load(_saved(world, index, noted["day"]))
    marks = []
    while state.day < day:
        live(block, state, addressed(imports, block, state.day))
        if tells and first and truth.is_marked(state.day, HISTORY_DAYS):
            marks.append(truth.hazards(block, state))
    browsing.tell(block, state)
    span = span_of(day, first=first)
    drift = day - HISTORY_DAYS
    for name, table in extracts.tables(block, state, span, drift).items():
        form = extracts.form_of(name, drift)
        french = name in extracts.FRENCH and text
        target = world / "parts" / f"{name}-{index:03d}.{_ending(name, text)}"
        stray = dirt.stray(name, drift) if text and index == 0 else ()
        forms.write(table, form, target, french=french, stray=stray, header=index == 0)
    if tells:
        if not marks:
            marks.append(truth.hazards(block, state))
        told = {
            "hazards": pl.concat(marks),
            "effects": truth.effects(block, state),
            "visitors": truth.visitors(block, state, span),
            "orders": truth.orders(block, state, span),
            "sends": truth.sends(block, state, span),
        }
        told = {name: table for name, table in told.items() if table.width}
        if first:
            told |= {"people": truth.people(block), "identifiers": truth.identifiers(block)}
        for name, table in told.items():
            table.write_parquet(world / "parts" / f"truth.{name}-{index:03d}.parquet")
    extracts.forget(state, span)
    state.save(_saved(world, index, day))


def _saved(world: Path, index: int, day: int) -> Path:
    return world / f"block-{index:03d}-{day}.npz"


def _file(name: str, text: bool) -> str:
    return FILES.get(name, f"{name}.csv") if text else f"{name}.parquet"


def _ending(name: str, text: bool) -> str:
    return _file(name, text).partition(".")[2]


def _join(parts: list[Path], target: Path) -> None:
    """One file out of those of the blocks, in their order."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"unfinished-{target.name}")
    if len(parts) == 1:
        shutil.copyfile(parts[0], unfinished)
    elif target.suffix == ".parquet":
        pl.scan_parquet(parts).sink_parquet(unfinished, maintain_order=True)
    else:
        with unfinished.open("wb") as out:
            for part in parts:
                with part.open("rb") as file:
                    shutil.copyfileobj(file, out)
    unfinished.replace(target)

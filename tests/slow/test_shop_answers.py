"""The simulated shop where chance is small, and in a loop with the product's own nights."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
import yaml

from benchmarks.shop.block import Block, make_block
from benchmarks.shop.campaigns import EMAIL, IMPORTED
from benchmarks.shop.days import season_of
from benchmarks.shop.effects import WITHIN_DAYS, effect_on
from benchmarks.shop.living import begin, hazard_of, live
from benchmarks.shop.mailing import Addressed
from benchmarks.shop.settings import BLOCK, BoolArray, Settings
from benchmarks.shop.shop import PARQUET, answer, make
from benchmarks.shop.state import State
from pipelines.settings import Paths
from tests.nights import SAMPLE, bytes_of, nocturne

pytestmark = pytest.mark.slow


def test_any_number_of_processes_writes_the_same_bytes(tmp_path: Path) -> None:
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        make(Settings(BLOCK + 300), folder, file_format=PARQUET, processes=processes)
        answer(folder, processes=processes)
    one, two = bytes_of(tmp_path / "1"), bytes_of(tmp_path / "2")
    assert len(one) > 40
    assert one == two


def test_messages_do_what_the_truth_says(tmp_path: Path) -> None:
    make(Settings(2 * BLOCK, preset="easy"), tmp_path, file_format=PARQUET, processes=2)
    sends = pl.read_parquet(tmp_path / "truth" / "sends" / "*.parquet").filter(
        pl.col("has_control"), pl.col("sent_at") < date(2026, 6, 20), pl.col("channel") == "email"
    )
    orders = pl.read_parquet(tmp_path / "truth" / "orders" / "*.parquet")
    bought = (
        sends.select("send_id", "person_id", "sent_at")
        .join(orders.select("person_id", "ordered_at"), on="person_id")
        .filter(
            pl.col("ordered_at") >= pl.col("sent_at"),
            pl.col("ordered_at") < pl.col("sent_at") + pl.duration(days=7),
        )["send_id"]
        .unique()
    )
    extract = pl.read_parquet(tmp_path / "extracts" / "2026-06-29" / "campaign_sends.parquet")
    told = sends.with_columns(bought=pl.col("send_id").is_in(bought.to_list())).join(
        extract.select("send_id", probability=pl.col("assignment_probability")), on="send_id"
    )
    for group, is_certain in (
        (told, True),
        (told.filter(pl.col("effect") > 0.02), True),
        (told.filter(pl.col("effect") < -0.01), False),
    ):
        found, noise, stated = _tested(group)
        assert abs(found - stated) < 3 * noise
        assert not is_certain or found > 3 * noise


def _tested(sends: pl.DataFrame) -> tuple[float, float, float]:
    """The difference that a test finds, weighted by the probability of the arm (the marketer's
    choice is written to more often, and buys more), its standard error, and the stated mean."""
    weight = 1 / sends["probability"].cast(pl.Float64).to_numpy()
    bought, treated = sends["bought"].to_numpy(), sends["is_treated"].to_numpy()
    means, noise = [], 0.0
    for arm in (treated, ~treated):
        w, y = weight[arm], bought[arm].astype(float)
        mean = (w * y).sum() / w.sum()
        means.append(mean)
        noise += ((w * (y - mean)) ** 2).sum() / w.sum() ** 2
    return means[0] - means[1], noise**0.5, float(sends["effect"].to_numpy().mean())


def test_a_week_lived_again_shows_the_effects_that_the_truth_states() -> None:
    """The same week, lived forty times with a mail to everybody and without: those who gain decide
    to buy as much more often, those who lose as much less, as the truth says."""
    settings = Settings(6000, seed=5)
    block = make_block(settings, 0)
    state = begin(block)
    while state.day < 600:
        live(block, state)
    position = next(k for k, c in enumerate(block.campaigns) if (c.channel, c.theme) == (EMAIL, 1))
    campaign = block.campaigns[position]
    hazard = hazard_of(block, state, season_of(state.day, block.people.season))
    who = np.flatnonzero(block.people.has_account & (block.people.arrival < state.day))
    effect = effect_on(block, state, campaign, who, hazard).gain
    groups = np.stack([effect > 0, effect < 0])
    stated = groups @ effect
    quiet = replace(block, campaigns=[replace(c, way=IMPORTED) for c in block.campaigns])
    more = []
    for week in range(40):
        world = replace(quiet, settings=replace(settings, seed=100 + week))
        told = {position: Addressed(who, np.zeros(len(who), dtype=np.bool_))}
        with_mail, without = (_decided(world, deepcopy(state), one)[who] for one in (told, None))
        more.append(groups @ (with_mail.astype(float) - without))
    lived, noise = np.mean(more, axis=0), np.std(more, axis=0) / len(more) ** 0.5
    assert np.all(noise < 0.2 * np.abs(stated))
    assert np.all(np.abs(lived - stated) < 3 * noise)


def _decided(block: Block, state: State, told: dict[int, Addressed] | None) -> BoolArray:
    """Who decides to buy within a week."""
    before = state.orders + (state.busy_until >= state.day)
    for day in range(WITHIN_DAYS):
        live(block, state, told if day == 0 else None)
    decided: BoolArray = state.orders + (state.busy_until >= state.day) > before
    return decided


def test_what_a_night_exports_comes_back_and_is_known_as_its_own(tmp_path: Path) -> None:
    make(Settings(preset="easy"), tmp_path)
    content: dict[str, Any] = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    for source in content["sources"].values():
        source["path"] = source["path"].replace("data/sample", str(tmp_path))
    config, data_dir = tmp_path / "shop.yml", tmp_path / "data"
    config.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    first, second = date(2026, 6, 29), date(2026, 6, 30)
    nocturne("run", first, data_dir, config=config)
    exports = data_dir / "exports" / "crm" / f"as_of={first}"
    answer(tmp_path, [exports])
    nocturne("run", second, data_dir, config=config)
    with duckdb.connect(str(Paths(data_dir).warehouse), read_only=True) as con:
        sent = con.sql(
            "select count(*), count(distinct campaign_id) from raw.campaign_sends"
            f" where extract_date = date '{second}' and campaign_id like 'msg-%'"
        ).fetchall()[0]
        known = con.sql(
            "select count(*) from marts.campaign_contacts"
            f" where sent_at >= timestamp '{first}' and campaign_id like 'CMP1%'"
        ).fetchall()[0]
        unknown = con.sql(
            "select count(*) from marts.campaign_contacts"
            f" where sent_at >= timestamp '{first}' and contact_point_id is null"
        ).fetchall()[0]
    exported = sum(
        len(path.read_text(encoding="utf-8-sig").splitlines()) - 1
        for path in exports.glob("audience_*.csv")
    )
    assert exported > 40
    assert 0.9 * exported < sent[0] <= exported
    assert sent[1] > 1
    assert known[0] == sent[0]
    assert unknown[0] == 0

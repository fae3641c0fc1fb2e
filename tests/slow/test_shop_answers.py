"""The simulated shop where chance is small, and in a loop with the product's own nights."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from benchmarks.shop.settings import BLOCK, Settings
from benchmarks.shop.shop import PARQUET, answer, make
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
    told = sends.with_columns(bought=pl.col("send_id").is_in(bought.to_list()))
    rates = {}
    for name, group in (
        ("all", told),
        ("gain", told.filter(pl.col("effect") > 0.02)),
        ("harm", told.filter(pl.col("effect") < -0.01)),
    ):
        treated, held = group.filter("is_treated"), group.filter(~pl.col("is_treated"))
        found = [float(part["bought"].cast(pl.Float64).mean()) for part in (treated, held)]  # type: ignore[arg-type]
        noise = sum(
            rate * (1 - rate) / part.height
            for rate, part in zip(found, (treated, held), strict=True)
        )
        rates[name] = (found[0] - found[1], noise**0.5)
    assert rates["all"][0] > 3 * rates["all"][1]
    assert rates["gain"][0] > 3 * rates["gain"][1]
    assert rates["harm"][0] < 0


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

"""Which files a night lands, where, and what it does the second time."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import landing
from pipelines.errors import SourceError
from tests.contract.world import D1, D2, D3, D4, ORDERS, FrontDoor, order, orders


def dates(door: FrontDoor) -> dict[str, list[str]]:
    """extract_date → the dates of the files in that partition."""
    return {str(p.extract_date): [f.date for f in p.files] for p in door.landed()}


def put_days(door: FrontDoor, *days: int) -> None:
    for day in days:
        door.put(f"orders_2026-07-0{day}.csv", orders(order(day)))


def test_the_first_night_lands_each_past_file_in_its_own_partition(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    put_days(door, 1, 2, 3, 4)
    report = door.extract(D3)
    assert dates(door) == {str(d): [str(d)] for d in (D1, D2, D3)}
    assert (report.rows, report.facts["partitions"], report.facts["late_files"]) == (3, 3, 0)


def test_landing_again_changes_no_byte(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    put_days(door, 1)
    door.extract(D1)
    before = {p: p.stat().st_mtime_ns for p in door.paths.landing.rglob("*") if p.is_file()}
    assert door.extract(D1).rows == 0
    after = {p: p.stat().st_mtime_ns for p in door.paths.landing.rglob("*") if p.is_file()}
    assert before == after
    assert len(before) == 3


def test_landing_elsewhere_gives_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        door = FrontDoor(tmp_path / name, shop_orders={**ORDERS, "path": "in/{date}.csv"})
        source = {**ORDERS, "path": "{folder}/orders_{date}.csv"}
        door.configure(shop_orders=source)
        put_days(door, 1)
        door.extract(D1)
        manifest = next(door.paths.landing.rglob(landing.MANIFEST)).read_text()
        # the Parquet file holds where its records came from
        manifest = re.sub(r'"landed_sha256": "\w+",|-\w{12}\.parquet', "", manifest)
        contents.append(manifest.replace(str(door.folder), ""))
    assert contents[0] == contents[1]


def test_a_late_file_lands_in_the_night_that_finds_it(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    put_days(door, 1, 3)
    door.run(D1)
    door.run(D3)
    put_days(door, 2, 4)
    report = door.extract(D4)
    assert dates(door)[str(D4)] == [str(D2), str(D4)]
    assert report.facts["late_files"] == 1
    loaded = door.load(D4, audit=lambda *_: [])
    assert (loaded.facts["late_files"], loaded.facts["orders"]) == (1, 2)


def test_a_file_that_comes_before_load_joins_its_partition(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "path": "{folder}/{date}_*.csv"})
    door.put("2026-07-01_web.csv", orders(order(1)))
    door.extract(D1)
    door.put("2026-07-01_store.csv", orders(order(2)))
    assert door.extract(D1).rows == 2
    assert [len(p.files) for p in door.landed()] == [2]


def test_the_latest_night_takes_a_corrected_file_until_it_is_delivered(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    put_days(door, 1)
    door.run(D1)
    door.put("orders_2026-07-01.csv", orders(order(1), order(2)))
    door.run(D1)
    assert door.rows("select order_id from raw.orders") == [("O1",), ("O2",)]
    door.ledger.seal(D1)
    door.put("orders_2026-07-01.csv", orders(order(1), order(2), order(3)))
    assert door.extract(D1).facts["waiting"] == 1
    assert len(door.landed_rows("order_id")) == 2


def test_a_rewritten_file_of_a_finished_night_lands_again(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    put_days(door, 1, 2)
    door.run(D1)
    door.put("orders_2026-07-01.csv", orders(order(9)))  # as long as it was
    door.run(D2)
    assert dates(door) == {str(D1): [str(D1)], str(D2): [str(D1), str(D2)]}


def test_an_earlier_night_lands_nothing_once_a_later_one_is_loaded(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "on_missing": "go_on"})
    put_days(door, 3)
    door.run(D3)
    put_days(door, 2)
    assert door.extract(D2).facts["waiting"] == 1
    assert list(dates(door)) == [str(D3)]


def test_a_path_without_a_date_is_a_new_extract_every_night(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "path": "{folder}/orders.csv"})
    door.put("orders.csv", orders(order(1)))
    door.run(D1)
    door.run(D2)
    assert dates(door) == {str(D1): [str(D1)], str(D2): [str(D2)]}
    assert door.extract(D2).rows == 0


def test_a_missing_file_may_be_told_instead(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "on_missing": "go_on"})
    with caplog.at_level("WARNING", logger="pipelines"):
        assert door.extract(D1).facts["missing"] == "shop_orders"


def test_tonights_file_may_go_once_it_is_landed(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    put_days(door, 1)
    door.extract(D1)
    (door.folder / "orders_2026-07-01.csv").unlink()
    assert door.extract(D1).rows == 0


def test_other_reading_settings_land_an_open_night_again(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    put_days(door, 1)
    door.extract(D1)
    columns = {k: v for k, v in ORDERS["columns"].items() if ORDERS["columns"][k] != "phone"}
    door.configure(shop_orders={**ORDERS, "columns": columns})
    door.extract(D1)
    assert door.landed()[0].unknown_columns == ("phone",)
    (door.folder / "orders_2026-07-01.csv").unlink()
    door.configure(shop_orders=ORDERS)
    assert door.extract(D1).rows == 0


def test_dates_are_read_as_the_path_writes_them(tmp_path: Path) -> None:
    source = {**ORDERS, "path": "{folder}/{date}/orders-{date}.csv", "date_in_path": "%d%m%y"}
    door = FrontDoor(tmp_path, shop_orders=source)
    door.put("010726/orders-010726.csv", orders(order(1)))
    door.put("010726/orders-020726.csv", orders(order(2)))
    door.extract(D1)
    assert dates(door) == {str(D1): [str(D1)]}
    with pytest.raises(SourceError, match=r"020726/orders-020726\.csv"):
        door.extract(D2)


def test_a_date_may_be_several_folders(tmp_path: Path) -> None:
    source = {**ORDERS, "path": "{folder}/{date}/orders.csv", "date_in_path": "%Y/%m/%d"}
    door = FrontDoor(tmp_path, shop_orders=source)
    door.put("2026/06/30/orders.csv", orders(order(1)))
    door.put("2026/07/01/orders.csv", orders(order(2)))
    door.extract(D1)
    assert dates(door) == {"2026-06-30": ["2026-06-30"], str(D1): [str(D1)]}


def test_the_manifest_says_what_was_read(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    text = "id,at,state,total,email,phone,note\n" + order(1) + ",gift\n" + order(2) + "\n"
    door.put("orders_2026-07-01.csv", text)
    door.extract(D1)
    content: dict[str, Any] = json.loads(
        (landing.partition_dir(door.paths, "shop_orders", D1) / "manifest.json").read_text()
    )
    assert (content["records_read"], content["records"], content["rejects"]) == (2, 1, 1)
    assert content["unknown_columns"] == ["note"]
    assert content["files"][0]["size"] == len(text)
    rejects = duckdb.sql(
        f"select line, reason, record from '{door.paths.landing}/*/*/rejects-*.parquet'"
    ).fetchall()
    assert rejects == [(3, "fewer values than the header has columns", order(2))]

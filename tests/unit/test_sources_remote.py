"""Extracts on other machines: what holds for SFTP servers and buckets alike."""

import asyncio
import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import landing
from pipelines.cli import doctor
from pipelines.errors import SourceError, TransientError
from pipelines.sources.find import find
from pipelines.specs.source import Source
from tests.contract.world import D1, D2, D3, D4, ORDERS, FrontDoor, order, orders
from tests.servers.cutter import cutter
from tests.servers.remote import Remote, impatient, remote

JUNE = date(2026, 6, 20)  # older than what a night compares by its bytes


@pytest.fixture(params=["sftp", "s3"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Remote]:
    impatient(monkeypatch)
    with remote(request.param, tmp_path, monkeypatch) as started:
        yield started


def landed(door: FrontDoor, begins: str) -> dict[str, Any]:
    """What is landed, without where it came from (which is in the Parquet files, too)."""
    found: dict[str, Any] = {}
    for path in sorted(door.paths.landing.rglob("*")):
        name = str(path.relative_to(door.paths.landing))
        if path.name == landing.MANIFEST:
            text = path.read_text().replace(begins, "")
            found[name] = re.sub(r'"landed_sha256": "\w+"|-\w{12}\.parquet', "", text)
        elif path.suffix == ".parquet":
            rows = duckdb.sql(f"select * from '{path}'")
            kept = [column for column in rows.columns if column not in ("file", "_file")]
            found[re.sub(r"-\w{12}\.parquet", "", name)] = rows.select(*kept).fetchall()
    return found


def test_a_remote_folder_lands_as_a_local_one_does(tmp_path: Path, place: Remote) -> None:
    (tmp_path / "here").mkdir()
    here, there = FrontDoor(tmp_path / "here"), FrontDoor(tmp_path)
    there.configure(shop_orders=place.source(ORDERS))
    for day in (D1, D2, D3):
        text = orders(order(day.day), order(day.day + 10, total="no number"), "too,few")
        here.put(f"orders_{day}.csv", text)
        place.put(f"orders_{day}.csv", text)
    place.put("orders_of_2026.csv", "another file")
    for door in (here, there):
        door.run(D1)
        door.run(D3)
    assert landed(there, place.begins()) == landed(here, str(here.folder))
    query = "select * exclude (file) from raw.orders order by all"
    assert there.rows(query) == here.rows(query) != []
    assert list(there.paths.inbox.iterdir()) == []


def test_dates_may_be_folders_and_names_may_vary(tmp_path: Path, place: Remote) -> None:
    source = place.source({**ORDERS, "date_in_path": "%Y/%m/%d"}, "shop */{date}/or*rs été.csv")
    door = FrontDoor(tmp_path, shop_orders=source)
    place.put("shop 1/2026/06/30/orders été.csv", orders(order(1)))
    place.put("shop 2/2026/07/01/orders été.csv", orders(order(2)))
    place.put("shop 2/2026/07/01/sub/orders été.csv", orders(order(3)))
    place.put("shop/2026/07/01/orders été.csv", orders(order(4)))
    door.extract(D1)
    assert door.landed_rows("order_id") == [("O1",), ("O2",)]


def test_a_line_that_breaks_again_and_again_brings_the_file_in_pieces(
    tmp_path: Path, place: Remote
) -> None:
    size, piece = 20_000_000, 6_000_000
    content = random.Random(1).randbytes(size)
    place.put("orders_2026-07-01.csv", content)
    with cutter(place.port, budget=piece) as line:
        source = Source.model_validate(place.source(ORDERS, port=line.port))
        (found,) = find("shop_orders", source, D1, tmp_path / "inbox")
        found.here()
    assert found.extract.path.read_bytes() == content
    assert line.cuts >= size // piece
    assert line.passed < 1.7 * size  # nothing was fetched from its beginning again


def test_a_broken_transfer_lands_nothing_and_a_rerun_every_row_once(
    tmp_path: Path, place: Remote, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [
        order(number, email=f"{random.Random(number).random()}@b.example") for number in range(4000)
    ]
    place.put("orders_2026-07-01.csv", orders(*rows))
    door = FrontDoor(tmp_path)
    with cutter(place.port, budget=100_000, connections=2) as line:  # to list, to fetch
        door.configure(shop_orders=place.source(ORDERS, port=line.port))
        with pytest.raises(TransientError, match=r"source 'shop_orders': .*broke off"):
            door.extract(D1)
    assert line.cuts == 1
    assert next((door.paths.inbox / "shop_orders").iterdir()).name.endswith(".unfinished")
    assert door.landed() == []
    assert "attempt 4 of 5 failed" in caplog.text
    door.configure(shop_orders=place.source(ORDERS))
    door.run(D1)
    assert door.rows("select count(*), count(distinct order_id) from raw.orders") == [(4000, 4000)]
    assert list(door.paths.inbox.iterdir()) == []


def test_a_server_that_is_down_is_said_to_pass_and_other_sources_land(
    tmp_path: Path, place: Remote
) -> None:
    door = FrontDoor(tmp_path)
    with cutter(place.port, budget=None, connections=0) as line:
        away = place.source(ORDERS, port=line.port)
        door.configure(shop_orders=away, other={**ORDERS, "path": "{folder}/{date}.csv"})
        door.put("2026-07-01.csv", orders(order(1)))
        with pytest.raises(TransientError, match="cannot be reached"):
            door.extract(D1)
    assert len(door.landed("other")) == 1


def test_a_file_that_is_landed_and_old_is_not_fetched_again(tmp_path: Path, place: Remote) -> None:
    with cutter(place.port, budget=None) as line:
        door = FrontDoor(tmp_path, shop_orders=place.source(ORDERS, port=line.port))
        numbers = random.Random(2)
        emails = [f"{numbers.random()}@b.example" for _ in range(8000)]
        rows = [order(n, at="2026-06-01 10:00:00", email=to) for n, to in enumerate(emails)]
        place.put(f"orders_{JUNE}.csv", orders(*rows))
        place.put("orders_2026-07-01.csv", orders(order(1)))
        door.run(D1)
        first = line.passed
        place.put("orders_2026-07-02.csv", orders(order(2)))
        door.run(D2)
    assert first > 500_000
    assert line.passed - first < 50_000
    assert door.rows("select count(*) from raw.orders") == [(8002,)]


def test_a_file_that_its_tool_rewrites_within_days_lands_again(
    tmp_path: Path, place: Remote
) -> None:
    door = FrontDoor(tmp_path, shop_orders=place.source(ORDERS))
    place.put("orders_2026-07-01.csv", orders(order(1)))
    door.run(D1)
    place.put("orders_2026-07-01.csv", orders(order(9)))  # as long as it was
    place.put("orders_2026-07-02.csv", orders(order(2)))
    door.run(D2)
    assert {str(p.extract_date): [f.date for f in p.files] for p in door.landed()} == {
        str(D1): [str(D1)],
        str(D2): [str(D1), str(D2)],
    }


def test_half_a_file_is_never_finished_with_another_version(tmp_path: Path, place: Remote) -> None:
    source = Source.model_validate(place.source(ORDERS))
    old, new = b"a" * 1000, b"b" * 1000
    place.put("orders_2026-07-01.csv", old)
    (found,) = find("shop_orders", source, D1, tmp_path / "inbox")
    found.extract.path.parent.mkdir()
    found.extract.path.with_name(f"{found.extract.path.name}.unfinished").write_bytes(old[:500])
    place.put("orders_2026-07-01.csv", new)
    (again,) = find("shop_orders", source, D1, tmp_path / "inbox")
    again.here()
    assert again.extract.path.read_bytes() == new
    with pytest.raises(TransientError, match="still being written"):
        found.here()


@pytest.mark.parametrize("change", [b"a" * 2000, b"b" * 1000, b"", None])
def test_a_file_that_is_not_as_it_was_listed_is_not_landed(
    tmp_path: Path, place: Remote, change: bytes | None
) -> None:
    place.put("orders_2026-07-01.csv", b"a" * 1000)
    source = Source.model_validate(place.source(ORDERS))
    (found,) = find("shop_orders", source, D1, tmp_path / "inbox")
    if change is None:
        place.delete("orders_2026-07-01.csv")
    else:
        place.put("orders_2026-07-01.csv", change)
    with pytest.raises(TransientError, match="gone" if change is None else "still being written"):
        found.here()
    assert list((tmp_path / "inbox").iterdir()) == []


def test_a_missing_file_is_told_with_what_is_there(tmp_path: Path, place: Remote) -> None:
    door = FrontDoor(tmp_path, shop_orders=place.source(ORDERS))
    place.put("orders_2026-07-01.csv", orders(order(1)))
    begins = re.escape(place.begins())
    told = rf"expected {begins}/orders_2026-07-02.csv .*; nearest in {begins}/: orders_2026-07-01"
    with pytest.raises(SourceError, match=told):
        door.extract(D2)


def test_a_missing_folder_is_told_with_what_is_there(tmp_path: Path, place: Remote) -> None:
    door = FrontDoor(tmp_path, shop_orders=place.source(ORDERS, "none/at/{date}.csv"))
    place.put("note.csv", orders(order(1)))
    with pytest.raises(SourceError, match=rf"nearest in {re.escape(place.begins())}/: note\.csv"):
        door.extract(D1)


def test_a_file_waits_for_its_done_marker(
    tmp_path: Path, place: Remote, caplog: pytest.LogCaptureFixture
) -> None:
    source = place.source({**ORDERS, "done_marker": "{stem}.done", "on_missing": "go_on"})
    door = FrontDoor(tmp_path, shop_orders=source)
    for day in (D1, D2):
        place.put(f"orders_{day}.csv", orders(order(day.day)))
    place.put("orders_2026-07-01.done", b"")
    door.extract(D2)
    assert door.landed_rows("order_id") == [("O1",)]
    assert "1 file(s) wait for their done marker" in caplog.text
    place.put("orders_2026-07-02.done", b"")
    door.extract(D2)
    assert door.landed_rows("order_id") == [("O1",), ("O2",)]


def test_a_night_may_run_where_an_event_loop_is_running(tmp_path: Path, place: Remote) -> None:
    door = FrontDoor(tmp_path, shop_orders=place.source(ORDERS))
    place.put(f"orders_{D1}.csv", orders(order(1)))

    async def cell_of_a_notebook() -> None:
        door.run(D1)

    asyncio.run(cell_of_a_notebook())
    assert len(door.landed()) == 1


def test_a_path_without_a_date_is_one_file(tmp_path: Path, place: Remote) -> None:
    source = place.source({**ORDERS, "done_marker": "{folder}/_SUCCESS"}, "orders.csv")
    door = FrontDoor(tmp_path, shop_orders=source)
    place.put("orders.csv", orders(order(1)))
    with pytest.raises(SourceError, match="which is there and waits for its done marker"):
        door.extract(D3)
    place.put("_SUCCESS", b"")
    door.run(D3)
    door.run(D4)
    assert [str(p.extract_date) for p in door.landed()] == [str(D3), str(D4)]


def test_a_folder_where_a_file_should_be_is_told(tmp_path: Path, place: Remote) -> None:
    door = FrontDoor(tmp_path, shop_orders=place.source(ORDERS))
    place.put("orders_2026-07-01.csv/part-0.csv", orders(order(1)))
    with pytest.raises(SourceError, match="a folder, where an extract file is expected"):
        door.extract(D1)


def test_doctor_counts_remote_files(tmp_path: Path, place: Remote) -> None:
    source = place.source({**ORDERS, "done_marker": "{path}.done"})
    place.put("orders_2026-07-01.csv", orders(order(1)))
    place.put("orders_2026-07-01.csv.done", b"")
    place.put("orders_2026-07-02.csv", orders(order(2)))
    finding = doctor._source("shop_orders", Source.model_validate(source))
    assert (finding.fine, finding.found) == (
        True,
        f"2 files at {source['path']}, 1 of them without {{path}}.done",
    )
    with cutter(place.port, budget=None, connections=0) as line:
        away = Source.model_validate(place.source(ORDERS, port=line.port))
        finding = doctor._source("shop_orders", away)
    assert not finding.fine
    assert "cannot be reached" in finding.found

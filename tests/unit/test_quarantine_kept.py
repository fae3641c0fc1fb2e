"""Records in quarantine are kept for a while only, and none of people who asked to be erased."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import landing, warehouse
from pipelines.errors import SourceError
from pipelines.landing import Partition
from pipelines.settings import Machine
from pipelines.sources import enter, quarantined, raw, replay, rewrite
from pipelines.sources.quarantine import Where
from pipelines.specs.night import StepReport
from pipelines.specs.shop import Retention
from tests.contract.world import D1, D2, D3, D4, KEY, ORDERS, FrontDoor, order, orders, unaudited
from tests.traces import traces

ANN = "ann@shop.example"
FORGET: dict[str, Any] = {
    "entity": "erasure_requests",
    "path": "{folder}/forget_{date}.csv",
    "format": "csv",
    "columns": {"contact_id": "client", "email": "email", "requested_at": "at"},
    "on_missing": "go_on",
}
CONTACTS: dict[str, Any] = {
    "entity": "contacts",
    "path": "{folder}/contacts_{date}.csv",
    "format": "csv",
    "delimiter": ";",
    "columns": {"contact_id": "client", "updated_at": "at", "email": "email"},
    "on_missing": "go_on",
}
BOOKS = "select extract_date, records_read, landed, quarantined, refused, no_longer_kept"
BOOKS += " from ops.books where source = 'shop_orders' order by all"
GOOD = "select order_id, line, extract_date from raw.orders order by all"
GONE: set[str] = set()  # the request names the person too


def door_of(root: Path, **changes: Any) -> FrontDoor:
    sources = {"shop_orders": {**ORDERS, **changes}, "forget": FORGET, "contacts": CONTACTS}
    return FrontDoor(root, **sources)


def forget(door: FrontDoor, day: date, *lines: str) -> None:
    door.put(f"forget_{day}.csv", "client,email,at\n" + "".join(f"{line}\n" for line in lines))


def places(door: FrontDoor, text: str) -> set[str]:
    """Where a text stands in the data folder; a partition's files as its source's folder."""
    found = traces(door.paths.data_dir, text)
    return {"/".join(p.split("/")[:2]) if p.startswith("landing/") else p for p in found}


@pytest.fixture
def door(tmp_path: Path) -> FrontDoor:
    """One night with Ann's order in quarantine, read and unread; the next with her request."""
    door = door_of(tmp_path)
    lines = [order(1), order(2, state="odd", email=ANN), order(3, state="odd"), order(4)]
    door.put("orders_2026-07-01.csv", orders(*lines, f"O5,2026-06-30,paid,1,{ANN.upper()}"))
    door.put("orders_2026-07-02.csv", orders(order(6)))
    forget(door, D2, f",{ANN},2026-07-01")
    door.run(D1)
    assert places(door, ANN) == {"landing/shop_orders", "warehouse/nocturne.duckdb: ops.quarantine"}
    return door


def test_an_erased_person_leaves_quarantine_and_landing_in_the_next_night(door: FrontDoor) -> None:
    before = door.rows(GOOD)
    report = door.run(D2)
    assert (report.facts["erased"], report.facts["expired"]) == (2, 0)
    assert places(door, ANN) == GONE
    assert door.rows("select file, line from ops.quarantine") == [
        (str(door.folder / "orders_2026-07-01.csv"), 4)
    ]
    assert door.rows(BOOKS) == [(D1, 5, 2, 3, 0, 2), (D2, 1, 1, 0, 0, 0)]
    assert door.rows(GOOD) == [*before, ("O6", 2, D2)]


def test_what_is_taken_out_is_said_in_the_manifest_once(door: FrontDoor) -> None:
    door.run(D2)
    [first, _] = door.landed()
    [file] = first.files
    assert (first.rewritten, file.quarantined, file.rejects) == (1, 2, 1)
    assert (file.quarantined_gone, file.rejects_gone, file.records_gone) == (1, 1, 0)
    door.put("orders_2026-07-03.csv", orders(order(7)))
    assert door.run(D3).facts["erased"] == 0
    assert door.landed()[0] == first


def test_a_later_extract_brings_an_erased_person_back_to_no_place(door: FrontDoor) -> None:
    door.run(D2)
    late = [order(7), order(8, state="odd", phone=f"for {ANN}")]
    door.put("orders_2026-07-03.csv", orders(*late))
    assert door.run(D3).facts["erased"] == 1
    assert places(door, ANN) == GONE
    assert door.rows(BOOKS)[-1] == (D3, 2, 1, 1, 0, 1)


def test_a_request_that_is_in_quarantine_itself_is_none(door: FrontDoor) -> None:
    forget(door, D2, f",{ANN},some day", ",someone@shop.example,2026-07-01")
    assert door.run(D2).facts["erased"] == 0
    assert len(door.rows("from ops.quarantine")) == 4


def test_a_contact_id_is_erased_where_it_is_one(tmp_path: Path) -> None:
    door = door_of(tmp_path)
    rows = ["12;odd;", "2012;odd;", "13;odd;", "12;2026-06-30", "13;2026-06-12", "A;;12;x", "120"]
    door.put("contacts_2026-07-01.csv", "client;at;email\n" + "\n".join(rows) + "\n")
    door.put("orders_2026-07-01.csv", orders(order(12, state="odd"), order(1)))
    forget(door, D1, "12,,2026-07-01")
    assert door.run(D1).facts["erased"] == 3
    left = "select record from ops.quarantine where source = 'contacts' order by line"
    assert [record for (record,) in door.rows(left)] == [
        '{"contact_id":"2012","updated_at":"odd"}',
        '{"contact_id":"13","updated_at":"odd"}',
        "13;2026-06-12",
        "120",
    ]
    assert door.rows("select count(*) from ops.quarantine where source = 'shop_orders'") == [(1,)]


def test_old_records_leave_quarantine_and_stay_counted(door: FrontDoor) -> None:
    door.shop = door.shop.model_copy(update={"retention": Retention(quarantine_days=1)})
    forget(door, D2)
    assert door.run(D2).facts["expired"] == 0
    door.put("orders_2026-07-03.csv", orders(order(7, state="odd")))
    assert door.run(D3).facts["expired"] == 3
    assert places(door, ANN) == set()
    assert door.rows("select extract_date from ops.quarantine") == [(D3,)]
    assert door.rows(BOOKS)[0] == (D1, 5, 2, 3, 0, 3)
    assert door.rows(GOOD) == [("O1", 2, D1), ("O4", 5, D1), ("O6", 2, D2)]


def test_a_warehouse_made_anew_from_landing_knows_what_is_gone(door: FrontDoor) -> None:
    door.run(D2)
    before = door.rows(BOOKS), door.rows(GOOD), door.rows("from ops.quarantine")
    door.paths.warehouse.unlink()
    door.load(D2, unaudited)
    assert (door.rows(BOOKS), door.rows(GOOD), door.rows("from ops.quarantine")) == before


def test_a_source_that_is_configured_no_more_is_erased_from_as_well(door: FrontDoor) -> None:
    door.configure(forget=FORGET, web={**ORDERS, "path": "{folder}/web.csv", "on_missing": "go_on"})
    door.run(D2)
    assert places(door, ANN) == GONE


class KilledError(BaseException):
    """What no code of ours catches."""


def _kill(_: Any, *args: Any, **kwargs: Any) -> None:
    raise KilledError


def _after(work: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    work(*args, **kwargs)
    raise KilledError


def _at_manifest(work: Callable[..., Any], path: Path, target: Path) -> Any:
    return _kill(work) if path.name == landing.MANIFEST else work(path, target)


def _of_rewritten(work: Callable[..., Any], *args: Any) -> Any:
    is_last = isinstance(args[-1], Partition) and args[-1].rewritten
    return _kill(work) if is_last else work(*args)


@pytest.mark.parametrize(
    ("owner", "name", "killed"),
    [
        (rewrite.engine, "copy", _kill),
        (landing, "put", _kill),
        (Path, "replace", _at_manifest),
        (landing, "put", _after),
        (enter, "_enter_file", None),
        (raw, "refresh", None),
        (landing, "clear", _of_rewritten),
    ],
)
def test_a_kill_between_the_steps_is_repaired_by_the_next_night(
    door: FrontDoor,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    killed: Callable[..., Any] | None,
) -> None:
    door.extract(D2)
    work, calls = getattr(owner, name), []

    def stopped(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        if killed is not None:
            return killed(work, *args, **kwargs)
        entered = name == "_enter_file" and args[2].rewritten
        again = name == "refresh" and len(calls) == 2
        return _kill(work) if entered or again else work(*args, **kwargs)

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(owner, name, stopped)
        door.load(D2, unaudited)
    assert len(door.rows(GOOD)) in (2, 3)  # nothing is lost, whenever it stops
    door.put("orders_2026-07-03.csv", orders(order(7)))
    door.run(D3)
    assert places(door, ANN) == GONE
    assert door.rows(BOOKS)[:2] == [(D1, 5, 2, 3, 0, 2), (D2, 1, 1, 0, 0, 0)]
    assert [row[0] for row in door.rows(GOOD)] == ["O1", "O4", "O6", "O7"]


def replayed(door: FrontDoor, as_of: date) -> StepReport:
    night = door.night(as_of)
    with warehouse.connect(door.paths, Machine(1, "1GB")) as con:
        partitions = quarantined(con, night, Where("shop_orders"))
        return replay(con, night, unaudited, partitions, lambda: KEY)


def mended(door: FrontDoor, **changes: Any) -> None:
    values = {"values": {"status": {"odd": "paid"}}}
    door.configure(shop_orders={**ORDERS, **values, **changes}, forget=FORGET, contacts=CONTACTS)


def test_a_replay_mends_what_is_kept_and_tells_what_is_not(door: FrontDoor) -> None:
    door.run(D2)
    mended(door)
    facts = replayed(door, D2).facts
    assert (facts["mended"], facts["still_quarantined"], facts["no_longer_kept"]) == (1, 0, 2)
    assert places(door, ANN) == GONE
    assert door.rows(BOOKS)[0] == (D1, 5, 3, 2, 0, 2)


def test_a_replay_that_reads_the_file_again_refuses_the_erased(door: FrontDoor) -> None:
    door.run(D2)
    mended(door, columns=ORDERS["columns"] | {"coupon_code": "state"})
    facts = replayed(door, D2).facts
    assert (facts["landed_again"], facts["mended"]) == (1, 1)
    assert (facts["still_quarantined"], facts["no_longer_kept"]) == (0, 1)
    assert places(door, ANN) == GONE
    assert door.rows(BOOKS)[0] == (D1, 5, 3, 1, 1, 1)


def test_a_replay_leaves_a_partition_whose_records_and_file_are_gone(door: FrontDoor) -> None:
    door.run(D2)
    (door.folder / "orders_2026-07-01.csv").unlink()
    mended(door, columns=ORDERS["columns"] | {"coupon_code": "state"})
    before = door.landed()
    facts = replayed(door, D2).facts
    assert (facts["landed_again"], facts["mended"], facts["no_longer_kept"]) == (0, 0, 2)
    assert door.landed() == before


def test_a_replay_of_old_records_keeps_the_good_ones_only(door: FrontDoor) -> None:
    door.run(D2)
    door.put("orders_2026-07-03.csv", orders(order(7)))
    door.shop = door.shop.model_copy(update={"retention": Retention(quarantine_days=1)})
    door.run(D3)
    door.put("orders_2026-07-04.csv", orders(order(8)))
    door.run(D4)
    mended(door, columns=ORDERS["columns"] | {"coupon_code": "state"})
    door.shop = door.shop.model_copy(update={"retention": Retention(quarantine_days=1)})
    facts = replayed(door, D4).facts
    assert (facts["mended"], facts["still_quarantined"], facts["no_longer_kept"]) == (1, 0, 1)
    assert places(door, ANN) == GONE


@pytest.mark.parametrize(
    ("rows", "rejects", "first"),
    [
        ("order_id = 'O1'", "line = 0", (D1, 5, 1, 3, 1, 0)),
        ("false", "line = 6", (D1, 5, 2, 3, 0, 1)),
        ("true", "true", (D1, 5, 0, 3, 2, 3)),
    ],
)
def test_the_books_follow_whatever_is_taken_out_of_an_older_partition(
    door: FrontDoor, rows: str, rejects: str, first: tuple[Any, ...]
) -> None:
    forget(door, D2)
    door.run(D2)
    with warehouse.connect(door.paths, Machine(1, "1GB")) as con:
        rewrite.rewrite(con, door.paths, door.landed()[0], rows=rows, rejects=rejects)
    door.put("orders_2026-07-03.csv", orders(order(7)))
    door.run(D3)
    assert door.rows(BOOKS)[0] == first
    counts = "select extract_date, count(*) from {} where extract_date = '2026-07-01' group by all"
    landed, kept = first[2], first[3] - first[5]
    assert door.rows(counts.format("raw.orders")) == ([(D1, landed)] if landed else [])
    assert door.rows(counts.format("ops.quarantine")) == ([(D1, kept)] if kept else [])


def test_a_condition_that_nothing_meets_changes_nothing(door: FrontDoor) -> None:
    [before] = door.landed()
    [manifest] = door.paths.landing.rglob(landing.MANIFEST)
    stamp = manifest.stat().st_mtime_ns
    after = rewrite.rewrite(duckdb.connect(), door.paths, before, rows="false", rejects="null")
    assert (after, manifest.stat().st_mtime_ns) == (before, stamp)


def test_damaged_landing_is_not_written_again(door: FrontDoor) -> None:
    [partition] = door.landed()
    [file] = partition.files
    wrong = replace(partition, files=(replace(file, landed_sha256="0"),))
    with pytest.raises(SourceError, match="not those that its manifest tells"):
        rewrite.rewrite(duckdb.connect(), door.paths, wrong, rows="true", rejects="true")


def test_a_manifest_that_tells_another_number_of_rejects_is_refused(door: FrontDoor) -> None:
    [partition] = door.landed()
    [file] = partition.files
    wrong = replace(partition, files=(replace(file, rejects=2, records_read=6),))
    with (
        warehouse.connect(door.paths, Machine(1, "1GB")) as con,
        pytest.raises(SourceError, match="holds 1 quarantined records, and its manifest tells 2"),
    ):
        enter.enter(con, door.paths, wrong)

"""A source whose extracts are whole: what is new or has changed is landed, what has vanished is
seen, and the partitions together always say what the latest extract says."""

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines import transform, warehouse
from pipelines.contracts import auditor
from pipelines.errors import CheckFailed
from pipelines.settings import Machine
from pipelines.sources.replay import replay
from pipelines.specs.source import Source
from tests.contract.world import D1, D2, D3, D4, KEY, ORDERS, FrontDoor, order, orders, unaudited
from tests.nights import bytes_of

CONTACTS: dict[str, Any] = {
    "entity": "contacts",
    "mode": "snapshot",
    "path": "{folder}/crm_{date}.csv",
    "format": "csv",
    "columns": {"contact_id": "id", "updated_at": "at", "email": "email", "first_name": "name"},
}
CONSENTS: dict[str, Any] = {
    "entity": "consents",
    "mode": "snapshot",
    "path": "{folder}/optins_{date}.csv",
    "format": "csv",
    "columns": {"contact_id": "id", "email": "email", "status": "state", "changed_at": "at"},
    "constants": {"channel": "email"},
}
MIDNIGHTS = {D2: "2026-07-01 22:00:00", D3: "2026-07-02 22:00:00"}


def contact(key: str, name: str = "", at: str = "2026-06-01", *more: str) -> str:
    return ",".join([key, at, f"{key}@shop.example", name, *more])


def door_with(tmp_path: Path, **changes: Any) -> FrontDoor:
    return FrontDoor(tmp_path, crm=CONTACTS | changes)


def crm(door: FrontDoor, day: date, *lines: str, header: str = "id,at,email,name") -> None:
    """One night with an extract of contacts, whose books have to balance."""
    door.put(f"crm_{day}.csv", "\n".join([header, *lines]) + "\n")
    door.run(day)


def landed(door: FrontDoor, day: date, columns: str = "contact_id, is_deleted, line") -> Any:
    return door.rows(f"select {columns} from raw.contacts where extract_date = '{day}' order by 1")


def books(door: FrontDoor) -> list[tuple[Any, ...]]:
    return door.rows(
        "select records_read, added, landed, quarantined, set_aside from ops.books"
        " order by extract_date, file"
    )


def test_only_what_is_new_or_has_changed_is_landed(tmp_path: Path) -> None:
    door = door_with(tmp_path)
    crm(door, D1, contact("a"), contact("b"), contact("c"))
    crm(door, D2, contact("a"), contact("c", name="Cléo"), contact("b"), contact("d"))
    assert landed(door, D2, "contact_id, first_name, line") == [("c", "Cléo", 3), ("d", None, 5)]
    assert books(door) == [(3, 0, 3, 0, 0), (4, 0, 2, 0, 2)]


def test_the_same_extract_again_lands_nothing_and_trips_no_check(tmp_path: Path) -> None:
    door = door_with(tmp_path, checks={"freshness_critical_days": 40})
    for day in (D1, D2, D3, D4):
        door.put(f"crm_{day}.csv", "id,at,email,name\n" + contact("a") + "\n" + contact("b"))
        door.extract(day)
        door.load(day, auditor(door.results.extend))
    assert books(door) == [(2, 0, 2, 0, 0), *[(2, 0, 0, 0, 2)] * 3]
    assert door.failed() == []


def test_an_age_is_told_of_the_whole_snapshot_and_not_of_what_has_changed_in_it(
    tmp_path: Path,
) -> None:
    door = door_with(tmp_path, checks={"freshness_critical_days": 10})
    crm(door, D1, contact("a", at="2026-06-28"), contact("b", at="2026-01-01"))
    changed = contact("a", at="2026-06-28"), contact("b", at="2026-01-01", name="Bo")
    door.put(f"crm_{D2}.csv", "\n".join(["id,at,email,name", *changed]))
    door.extract(D2)
    door.load(D2, None)
    assert door.failed() == []


def test_a_snapshot_that_is_old_is_stale_even_when_something_vanishes_from_it(
    tmp_path: Path,
) -> None:
    door = door_with(tmp_path, checks={"freshness_critical_days": 10})
    old = [contact(key, at="2026-06-01") for key in "abcdefgh"]
    crm(door, D1, *old)
    door.put(f"crm_{D2}.csv", "\n".join(["id,at,email,name", *old[1:]]))
    door.extract(D2)
    with pytest.raises(CheckFailed, match="crm_is_not_stale_in_days"):
        door.load(D2, None)


def test_a_record_that_has_vanished_is_told_once_and_may_come_back(tmp_path: Path) -> None:
    door = door_with(tmp_path)
    crm(door, D1, contact("a"), contact("b", name="Bo"))
    for day in (D2, D3):
        crm(door, day, contact("a"))
    row = "contact_id, first_name, is_deleted, updated_at::varchar, line, file"
    file = str(door.folder / f"crm_{D2}.csv")
    assert landed(door, D2, row) == [("b", "Bo", True, MIDNIGHTS[D2], 0, file)]
    assert landed(door, D3) == []
    crm(door, D4, contact("a"), contact("b", name="Bo"))
    assert landed(door, D4) == [("b", None, 3)]
    assert books(door) == [(2, 0, 2, 0, 0), (1, 1, 1, 0, 1), (1, 0, 0, 0, 1), (2, 0, 1, 0, 1)]


def test_what_cannot_be_read_is_not_gone(tmp_path: Path) -> None:
    door = door_with(tmp_path)
    crm(door, D1, contact("a"), contact("b"), contact("c"))
    crm(door, D2, contact("a"), contact("b", at="yesterday"))
    assert landed(door, D2) == [("c", True, 0)]
    crm(door, D3, contact("b"), "too,short")
    assert landed(door, D3) == [("b", None, 2)], "a is perhaps the one that is too short"
    crm(door, D4, contact("b"), contact("", at="2026-06-01"))
    assert landed(door, D4) == [], "the one without a key may be a"
    crm(door, D4 + timedelta(days=1), contact("b"))
    assert landed(door, D4 + timedelta(days=1)) == [("a", True, 0)]


def test_why_nothing_is_taken_for_removed_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = door_with(tmp_path)
    crm(door, D1, contact("a"))
    crm(door, D2, contact("", at="2026-06-01"), "too,short")
    crm(door, D3)
    assert [m for m in caplog.messages if "taken for removed" in m] == [
        "extract crm: no record is taken for removed: it has no record that can be loaded",
    ] * 2
    assert landed(door, D2) + landed(door, D3) == []


def test_a_record_that_follows_a_quarantined_one_is_landed_though_it_is_as_before(
    tmp_path: Path,
) -> None:
    door = door_with(tmp_path)
    crm(door, D1, contact("a"), contact("b"))
    crm(door, D2, contact("a", at="01/07/2026", name="Ann"), contact("b"))
    crm(door, D3, contact("a"), contact("b"))
    assert landed(door, D3) == [("a", None, 2)]


def test_of_records_with_one_key_the_one_that_counts_is_compared(tmp_path: Path) -> None:
    door = door_with(tmp_path)
    twice = contact("a", name="new", at="2026-06-02"), contact("a", name="old", at="2026-06-01")
    crm(door, D1, *twice)
    crm(door, D2, *twice)
    assert landed(door, D2) == []
    crm(door, D3, twice[1])
    assert landed(door, D3, "first_name, is_deleted") == [("old", None)]


def test_unknown_columns_are_compared_too(tmp_path: Path) -> None:
    door = door_with(tmp_path)
    for day, points in ((D1, "1"), (D2, "2")):
        rows = contact("a", "", "2026-06-01", "1"), contact("b", "", "2026-06-01", points)
        crm(door, day, *rows, header="id,at,email,name,points")
    assert landed(door, D2, "contact_id, extra") == [("b", '{"points":"2"}')]


def test_parts_of_one_day_are_one_snapshot(tmp_path: Path) -> None:
    door = door_with(tmp_path, path="{folder}/crm_{date}_*.csv")
    for day, second in ((D1, "b"), (D2, "c")):
        for part, key in (("1", "a"), ("2", second)):
            door.put(f"crm_{day}_{part}.csv", "id,at,email,name\n" + contact(key) + "\n")
        door.run(day)
    assert landed(door, D2) == [("b", True, 0), ("c", None, 2)]


def test_an_extract_that_is_older_than_the_latest_one_tells_nothing(tmp_path: Path) -> None:
    door = door_with(tmp_path, on_missing="go_on")
    crm(door, D2, contact("a", name="new"))
    door.put(f"crm_{D1}.csv", "\n".join(["id,at,email,name", contact("a", name="old"), "x"]))
    door.put(f"crm_{D3}.csv", "\n".join(["id,at,email,name", contact("a", name="new")]))
    door.run(D3)
    assert landed(door, D3) == []
    assert books(door) == [(1, 0, 1, 0, 0), (2, 0, 0, 1, 1), (1, 0, 0, 0, 1)]


def test_a_late_extract_of_an_open_night_has_the_later_ones_compared_again(tmp_path: Path) -> None:
    door = door_with(tmp_path)
    crm(door, D1, contact("a"), contact("b"))
    for day, keys in ((D3, "ab"), (D2, "a")):
        door.put(f"crm_{day}.csv", "\n".join(["id,at,email,name", *map(contact, keys)]))
        door.extract(D3)
    door.load(D3, unaudited)
    assert landed(door, D2) == [("b", True, 0)]
    assert landed(door, D3) == [("b", None, 3)]


def test_a_snapshot_that_shrank_is_stopped_and_landed_again_once_it_is_whole(
    tmp_path: Path,
) -> None:
    door = door_with(tmp_path)
    whole = [contact(str(n)) for n in range(10)]
    crm(door, D1, *whole)
    door.put(f"crm_{D2}.csv", "\n".join(["id,at,email,name", *whole[:5]]))
    door.extract(D2)
    with pytest.raises(CheckFailed, match="crm_has_its_usual_volume"):
        door.load(D2, None)
    assert landed(door, D2) == []
    crm(door, D2, *whole)
    assert landed(door, D2) == []
    assert door.rows("select count(*) from raw.contacts where is_deleted") == [(0,)]


def test_a_partition_is_landed_again_byte_for_byte(tmp_path: Path) -> None:
    door = door_with(tmp_path)
    crm(door, D1, *(contact(str(n)) for n in range(50)))
    crm(door, D2, *(contact(str(n), name="x" * (n % 2)) for n in range(20)))
    folder = door.paths.landing / "crm" / f"extract_date={D2}"
    before = bytes_of(folder)
    (folder / "manifest.json").unlink()
    door.extract(D2)
    assert bytes_of(folder) == before


@pytest.mark.parametrize("is_there", [True, False])
def test_quarantined_records_are_replayed_against_what_came_before_them(
    tmp_path: Path, is_there: bool
) -> None:
    door = door_with(tmp_path)
    crm(door, D1, contact("a"), contact("b"))
    crm(door, D2, contact("a"), contact("b", at="never"), contact("c"))
    crm(door, D3, contact("a"), contact("c"))
    door.configure(crm=CONTACTS | {"values": {"updated_at": {"never": "2026-06-01"}}})
    if not is_there:
        (door.folder / f"crm_{D2}.csv").unlink()
    with warehouse.connect(door.paths, Machine(1, "1GB")) as con:
        again = [p for p in door.landed("crm") if p.extract_date == D2]
        replay(con, door.night(D3), unaudited, again, lambda: KEY)
    assert landed(door, D2) == ([] if is_there else [("b", None, 3)]) + [("c", None, 4)]
    assert landed(door, D3) == [("b", True, 0)]
    of_d2 = (3, 0, 1, 0, 2) if is_there else (3, 0, 2, 0, 1)
    assert books(door) == [(2, 0, 2, 0, 0), of_d2, (2, 1, 1, 0, 2)]


@pytest.mark.parametrize("kind", ["parquet", "json"])
def test_other_formats_are_compared_alike(tmp_path: Path, kind: str) -> None:
    source = {"format": kind.replace("json", "jsonl"), "path": "{folder}/crm_{date}"}
    door = door_with(tmp_path, **source)
    for day, keys in ((D1, "abc"), (D2, "acd")):
        values = ", ".join(f"('{k}', timestamp '2026-06-01', '{k}@b.example', 'N')" for k in keys)
        duckdb.sql(
            f'copy (from (values {values}) as t(id, "at", email, name))'
            f" to '{door.folder}/crm_{day}' (format {kind})"
        )
        door.run(day)
    assert landed(door, D2, "contact_id, is_deleted") == [("b", True), ("d", None)]
    assert books(door) == [(3, 0, 3, 0, 0), (3, 1, 2, 0, 2)]


GONE = {  # entity → columns of a record, what its removal on the second of July changes
    "products": ({"product_id": "p", "name": "n", "category": "c"}, {"is_active": False}),
    "stock": (
        {"product_id": "p", "observed_at": "2026-06-01", "quantity": "7"},
        {"quantity": "0.000", "observed_at": "2026-05-31 22:00:00"},
    ),
    "orders": (
        {"order_id": "o", "ordered_at": "2026-06-01", "status": "paid", "total_amount": "5"},
        {"status": "cancelled", "updated_at": MIDNIGHTS[D2]},
    ),
    "order_lines": (
        {
            "order_id": "o",
            "line_number": "1",
            "product_id": "p",
            "quantity": "2",
            "unit_price": "3",
        },
        {"quantity": "0.000"},
    ),
    "campaigns": (
        {"campaign_id": "c", "name": "n", "channel": "email", "ends_at": "2027-01-01"},
        {"ends_at": MIDNIGHTS[D2]},
    ),
    "subscriptions": (
        {"subscription_id": "s", "contact_id": "c"},
        {"cancelled_at": MIDNIGHTS[D2]},
    ),
    "exclusions": ({"contact_id": "c", "reason": "staff"}, {"until": "2026-07-01"}),
    "consents": (
        {"contact_id": "c", "channel": "sms", "status": "granted", "changed_at": "2026-06-01"},
        {"status": "withdrawn", "changed_at": MIDNIGHTS[D2]},
    ),
}


def files(door: FrontDoor, days: Sequence[date], *rows: dict[str, str], header: str) -> None:
    for day in days:
        lines = [",".join(row.values()) for row in rows]
        door.put(f"{day}.csv", "\n".join([header, *lines]) + "\n")
        door.run(day)


@pytest.mark.parametrize("entity", GONE)
def test_what_a_removal_means_is_declared(tmp_path: Path, entity: str) -> None:
    record, expected = GONE[entity]
    other = {name: f"{value}2" if name.endswith("_id") else value for name, value in record.items()}
    source = {"entity": entity, "mode": "snapshot", "path": "{folder}/{date}.csv", "format": "csv"}
    door = FrontDoor(tmp_path, it=source | {"columns": {name: name for name in record}})
    files(door, [D1], record, other, header=",".join(record))
    files(door, [D2, D3], other, header=",".join(record))
    values = ", ".join(f"{name}::varchar" for name in expected)
    told = door.rows(f"select {values}, line from raw.{entity} where extract_date > '{D1}'")
    assert told == [(*(str(v).lower() if v is False else v for v in expected.values()), 0)]
    files(door, [D4], record, other, header=",".join(record))
    # An entry of a log was said when it was said: it does not count again.
    came_back = door.rows(f"select line from raw.{entity} where extract_date = '{D4}'")
    assert came_back == ([] if entity == "consents" else [(2,)])


def test_where_removal_has_no_meaning_it_is_only_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    columns = {"currency": "currency", "date": "date", "rate": "rate"}
    source = {"entity": "exchange_rates", "mode": "snapshot", "path": "{folder}/{date}.csv"}
    door = FrontDoor(tmp_path, it=source | {"format": "csv", "columns": columns})
    usd, chf = ({"c": c, "d": "2026-06-01", "r": "1.1"} for c in ("USD", "CHF"))
    files(door, [D1], usd, chf, header="currency,date,rate")
    files(door, [D2], usd, header="currency,date,rate")
    gone = "1 record(s) of earlier extracts are gone; of exchange_rates nothing is removed"
    assert f"extract it: {gone}" in caplog.messages
    assert books(door) == [(2, 0, 2, 0, 0), (1, 0, 0, 0, 1)]


def consent(key: str, state: str, at: str, email: str = "") -> dict[str, str]:
    return {"id": key, "email": email, "state": state, "at": at}


def said(door: FrontDoor, day: date) -> list[tuple[Any, ...]]:
    return door.rows(
        "select contact_id, status, changed_at::date::varchar, line from raw.consents"
        f" where extract_date = '{day}' order by line, 1"
    )


def test_a_consent_is_withdrawn_only_when_nothing_is_said_about_it_any_more(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, optins=CONSENTS | {"path": "{folder}/{date}.csv"})
    header = "id,email,state,at"
    before = [
        consent("again", "withdrawn", "2026-05-01"),
        consent("moved", "granted", "2026-05-01", "old@b.example"),
        consent("never", "objected", "2026-05-01"),
        consent("gone", "granted", "2026-05-01"),
    ]
    after = [
        consent("again", "granted", "2026-06-15"),
        consent("moved", "granted", "2026-05-01", "new@b.example"),
    ]
    files(door, [D1], *before, header=header)
    files(door, [D2, D3], *after, header=header)
    assert said(door, D2) == [
        ("gone", "withdrawn", "2026-07-01", 0),
        ("again", "granted", "2026-06-14", 2),
        ("moved", "granted", "2026-04-30", 3),
    ]
    assert said(door, D3) == []


def test_an_address_that_cannot_be_read_may_be_any_that_is_missing(tmp_path: Path) -> None:
    columns = {"email": "email", "reason": "reason"}
    source = {"entity": "exclusions", "mode": "snapshot", "path": "{folder}/{date}.csv"}
    door = FrontDoor(tmp_path, it=source | {"format": "csv", "columns": columns})
    a, b, broken = ({"e": e, "r": "vip"} for e in ("a@b.example", "b@b.example", "a at b"))
    files(door, [D1], a, b, header="email,reason")
    files(door, [D2], b, broken, header="email,reason")
    assert door.rows("select count(*) from raw.exclusions where line = 0") == [(0,)]


def test_the_run_says_what_was_unchanged_changed_and_removed(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, crm=CONTACTS, shop_orders=ORDERS)
    for day, keys in ((D1, "abc"), (D2, "ad")):
        door.put(f"orders_{day}.csv", orders(order(1)))
        door.put(f"crm_{day}.csv", "\n".join(["id,at,email,name", *map(contact, keys)]))
        report = door.extract(day)
        door.load(day, unaudited)
    counted = {fact: report.facts[fact] for fact in ("unchanged", "changed", "removed", "records")}
    assert counted == {"unchanged": 1, "changed": 1, "removed": 2, "records": 4}


@pytest.mark.parametrize(
    ("part", "asks"),
    [
        (
            {"connector": "sql", "sql": {"connection": "DB", "table": "t", "cursor": "at"}},
            "sql.cursor",
        ),
        (
            {
                "connector": "rest",
                "rest": {"url": "https://a.example/x", "parameters": {"from": "{since_date}"}},
            },
            "{since…} in rest",
        ),
    ],
)
def test_a_snapshot_cannot_be_asked_for_the_latest_records_only(
    part: dict[str, Any], asks: str
) -> None:
    block = {"entity": "contacts", "columns": CONTACTS["columns"], **part}
    Source.model_validate(block)
    with pytest.raises(ValidationError, match=f"and {asks} asks for the latest ones; remove one"):
        Source.model_validate(block | {"mode": "snapshot"})


states = st.dictionaries(
    st.sampled_from("abcdef"), st.sampled_from(["", "x", "y"]), min_size=1, max_size=6
)
LATEST = """
    select contact_id, first_name from raw.contacts
    qualify row_number() over (
        partition by contact_id order by extract_date desc, updated_at desc, line desc
    ) = 1 and not coalesce(is_deleted, false)
"""


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(states, min_size=2, max_size=5))
def test_the_partitions_together_say_what_the_latest_extract_says(
    nights: list[dict[str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        door = door_with(Path(folder))
        for number, state in enumerate(nights):
            crm(door, D1 + timedelta(days=number), *(contact(k, v) for k, v in state.items()))
            found = {key: name or "" for key, name in door.rows(LATEST)}
            assert found == state


@pytest.mark.slow
def test_a_contact_that_has_vanished_is_no_longer_written_to(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, crm=CONTACTS, optins=CONSENTS, shop_orders=ORDERS)
    grants = ",".join(consent("a", "granted", "2026-05-01").values())
    for day, keys in ((D1, "ab"), (D2, "b")):
        door.put(f"crm_{day}.csv", "\n".join(["id,at,email,name", *map(contact, keys)]))
        lines = [grants, grants.replace("a,", "b,", 1)]
        door.put(f"optins_{day}.csv", "\n".join(["id,email,state,at", *lines]))
        door.put(f"orders_{day}.csv", orders(order(1)))
        door.run(day)
        transform.transform(door.night(day))
    query = """
        select address, is_contactable, blocked_reason from marts.contact_points
        where address like '_@%' order by address
    """
    assert door.rows(query) == [
        ("a@shop.example", False, "deleted"),
        ("b@shop.example", True, None),
    ]
    fresh = "select entity, age_days from marts.freshness where records_count > 0 order by 1"
    assert door.rows(fresh) == [("consents", 0), ("contacts", 0), ("orders", 0)]

"""What nights land of an SQLite file, and what they say when they cannot."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import SourceError, TransientError
from pipelines.sources import connect
from pipelines.sources.sql import sqlite
from tests.contract.world import D1, D2, D3, FrontDoor

COLUMNS = {"order_id": "id", "ordered_at": "at", "status": "state", "total_amount": "total",
           "email": "email", "updated_at": "changed"}  # fmt: skip
TABLE = "create table orders (id, at, state, total, email, changed)"


def source(**sql: Any) -> dict[str, Any]:
    asked = {"connection": "SHOP_DB", "table": "orders", "cursor": "changed"} | sql
    return {
        "entity": "orders",
        "connector": "sql",
        "sql": {key: value for key, value in asked.items() if value is not None},
        "columns": COLUMNS,
    }


def order(number: int, changed: object, total: object = 12.5, at: object = None) -> tuple[Any, ...]:
    at = at or "2026-06-29 10:00:00"
    return (number, at, "paid", total, f"p{number}@shop.example", changed)


class Database:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.run(TABLE)

    def run(self, statement: str, *rows: tuple[Any, ...]) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.executemany(statement, rows) if rows else connection.execute(statement)

    def put(self, *rows: tuple[Any, ...]) -> None:
        self.run("insert into orders values (?, ?, ?, ?, ?, ?)", *rows)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    path = tmp_path / "a shop.db"
    monkeypatch.setenv("SHOP_DB", f"sqlite:///{path}")
    return Database(path)


def landed(door: FrontDoor) -> dict[str, list[str]]:
    """extract_date → the ids that it holds."""
    rows = door.landed_rows("extract_date::varchar, order_id")
    found: dict[str, list[str]] = {}
    for day, number in sorted(rows):
        found.setdefault(day, []).append(number)
    return found


def test_the_first_night_takes_all_before_its_midnight_and_later_ones_what_changed(
    tmp_path: Path, database: Database
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    # Midnight of 1 July in Paris is 22:00 UTC; times without an offset are the shop's.
    database.put(order(1, "2026-03-01 08:00:00"), order(2, "2026-06-30 23:59:59"))
    database.put(order(3, "2026-07-01 00:00:00"))
    door.run(D1)
    database.put(order(4, "2026-07-01 23:00:00"), order(5, "2026-07-02 00:00:00"))
    database.run("update orders set total = 99, changed = '2026-07-01 12:00:00' where id = 1")
    door.run(D2)
    assert landed(door) == {str(D1): ["1", "2"], str(D2): ["1", "2", "3", "4"]}
    current = "select total_amount from raw.orders where order_id = '1' order by updated_at desc"
    assert [str(row[0]) for row in door.rows(current)] == ["99.0000", "12.5000"]


def test_a_night_asks_again_only_where_its_answer_was_not_landed(
    tmp_path: Path, database: Database
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source(cursor=None))
    database.put(order(1, None))
    door.run(D1)
    database.put(order(2, None))
    assert door.extract(D1).rows == 0
    door.run(D2)
    assert landed(door) == {str(D1): ["1"], str(D2): ["1", "2"]}
    assert not list(door.paths.inbox.rglob("*"))


def test_an_answer_that_was_brought_and_not_landed_is_not_asked_for_again(
    tmp_path: Path, database: Database
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    database.put(order(1, "2026-06-30 20:00:00"))
    night = door.night(D1)
    (found,) = connect.find(night, "shop_orders", door.shop.sources["shop_orders"], [])
    found.here()
    database.path.unlink()
    assert door.extract(D1).rows == 1
    assert door.landed()[0].files[0].goes_on_from.endswith(" 2026-06-30 20:00:00")


def test_the_look_back_reads_rows_that_were_written_late(
    tmp_path: Path, database: Database
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source(lag_hours=2))
    database.put(order(1, "2026-06-30 20:00:00"))
    door.run(D1)
    database.put(order(2, "2026-06-30 18:00:00"), order(3, "2026-06-30 17:59:59"))
    door.run(D2)
    assert landed(door)[str(D2)] == ["1", "2"]


def test_a_night_without_new_rows_goes_on_from_where_the_last_one_did(
    tmp_path: Path, database: Database
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source(lag_hours=0))
    database.put(order(1, "2026-06-30 20:00:00"))
    door.run(D1)
    database.run("delete from orders")
    assert door.run(D2).rows == 0
    database.put(order(2, "2026-07-02 20:00:00"), order(3, "2026-06-01 00:00:00"))
    door.run(D3)
    assert landed(door)[str(D3)] == ["2"]


def test_another_question_reads_everything_once_more(tmp_path: Path, database: Database) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    database.put(order(1, "2026-06-01 20:00:00"), order(2, "2026-06-30 20:00:00"))
    door.run(D1)
    door.configure(shop_orders=source(table=None, query="select * from orders -- all of them\n;"))
    door.run(D2)
    assert landed(door)[str(D2)] == ["1", "2"]


def test_rows_without_a_cursor_are_not_lost(
    tmp_path: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    database.put(order(1, None), order(2, "2026-06-30 20:00:00"))
    with caplog.at_level("WARNING", logger="pipelines"):
        door.extract(D1)
    assert landed(door)[str(D1)] == ["1", "2"]
    assert "1 rows have no changed" in caplog.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-06-30T21:59:59.999Z", "2026-06-30T22:00:00Z"),
        ("2026-06-30T23:59:59+02:00", "2026-06-30T22:30:00+00:00"),
        ("2026-06-30", "2026-07-01"),
    ],
)
def test_midnight_is_the_shops_however_times_are_written(
    tmp_path: Path, database: Database, before: str, after: str
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    database.put(order(1, before), order(2, after))
    door.extract(D1)
    assert landed(door) == {str(D1): ["1"]}


def test_values_come_as_they_are(tmp_path: Path, database: Database) -> None:
    columns = source()["columns"] | {"coupon_code": "total"}
    door = FrontDoor(tmp_path, shop_orders=source(cursor=None) | {"columns": columns})
    totals = [0.1 + 0.2, 1e-7, 12.0, 2**62, "1234567890.123456789", b"\x00\xff", None, "é\n'\""]
    database.put(*(order(i, None, total) for i, total in enumerate(totals)))
    door.extract(D1)
    assert [row[0] for row in door.landed_rows("coupon_code")] == [
        "0.30000000000000004", "0.0000001", "12", str(2**62), "1234567890.123456789", "\\x00ff",
        None, "é\n'\"",
    ]  # fmt: skip


def test_a_large_answer_comes_whole_in_small_batches(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_FIRST_ROWS", 7)
    monkeypatch.setattr(sqlite, "_MOST_ROWS", 100)
    door = FrontDoor(tmp_path, shop_orders=source(batch_mb=1))
    start = D1 - timedelta(days=30)
    database.put(*(order(i, f"{start} 10:00:00") for i in range(5_003)))
    assert door.extract(D1).rows == 5_003
    assert len({row[0] for row in door.landed_rows("order_id")}) == 5_003


def test_a_locked_file_is_for_later(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_WAIT", 0.0)
    door = FrontDoor(tmp_path, shop_orders=source())
    database.put(order(1, "2026-06-01 20:00:00"))
    with closing(sqlite3.connect(database.path)) as writer:
        writer.execute("begin exclusive")
        with pytest.raises(TransientError, match="is locked by a writer; nothing was landed"):
            door.extract(D1)
    assert door.extract(D1).rows == 1


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            {"table": "ordres"},
            r"no table or view 'ordres' \(nearest: 'orders'\); there are: orders",
        ),
        ({"cursor": "chnged"}, r"sql.cursor: no column 'chnged' \(nearest: 'changed'\)"),
        ({"cursor": "id"}, "sql.cursor: 'id' holds values of type integer, which do not say"),
        ({"cursor": "state"}, "sql.cursor: 'state' holds values of type text that is no time"),
        ({"table": None, "query": "select * from nowhere"}, "sql.query: no such table: nowhere"),
        (
            {"table": None, "query": "select id, nope from orders"},
            "sql.query: no such column: nope",
        ),
        ({"table": None, "query": "select *, id from orders"}, "column 'id' is there 2 times"),
        ({"table": None, "query": "select id from orders"}, "missing columns 'at'"),
        (
            {"connection": "NO_DB"},
            "the environment variable NO_DB is not set; it is to hold postgr",
        ),
    ],
    ids=str,
)
def test_each_mistake_is_a_sentence(
    tmp_path: Path, database: Database, sql: dict[str, Any], told: str
) -> None:
    database.put(order(1, "2026-06-01 20:00:00"))
    door = FrontDoor(tmp_path, shop_orders=source(**sql))
    with pytest.raises(SourceError, match=told) as caught:
        door.extract(D1)
    assert "source 'shop_orders': database: " in str(caught.value)
    assert not door.landed()
    door.configure(shop_orders=source())
    assert door.extract(D1).rows == 1


def test_times_with_and_without_an_offset_have_no_order(tmp_path: Path, database: Database) -> None:
    database.put(order(1, "2026-06-01 20:00:00"), order(2, "2026-06-01 20:00:00Z"))
    door = FrontDoor(tmp_path, shop_orders=source())
    with pytest.raises(SourceError, match="some values of 'changed' end with an offset"):
        door.extract(D1)


def test_a_file_that_is_no_database_is_told(tmp_path: Path, database: Database) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    database.path.write_text("id,at\n" * 1000)
    with pytest.raises(SourceError, match="file is not a database"):
        door.extract(D1)
    database.path.unlink()
    with pytest.raises(SourceError, match=r"no SQLite file .*a shop\.db; correct"):
        door.extract(D1)


def test_a_value_that_is_no_text_is_told_without_showing_it(
    tmp_path: Path, database: Database
) -> None:
    database.put(order(1, "2026-06-01 20:00:00"))
    database.run("update orders set email = cast(x'70ff' as text)")
    door = FrontDoor(tmp_path, shop_orders=source())
    with pytest.raises(SourceError, match=r"UTF-8 column 'email'$"):
        door.extract(D1)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a:sEcr3t@host/db",
        "sEcr3t",
        "postgresql://a:sEc/r3t@host/db",
        "postgresql://a:sEc#r3t@host/db",
        "postgresql://a:sEc@r3t@host/db",
        "postgresql://a:sEc?r3t@host/db",
        "postgresql://a:sEc%r3t@host/db",
        "postgresql://a:sEc:r3t@host/db",
        "sqlite://sEcr3t",
    ],
)
def test_a_wrong_url_is_told_without_showing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SHOP_DB", url)
    door = FrontDoor(tmp_path, shop_orders=source())
    with pytest.raises(SourceError, match=r"SHOP_DB .*allowed: postgresql://") as told:
        door.extract(D1)
    assert not any(part in str(told.value) for part in ("sEc", "r3t"))

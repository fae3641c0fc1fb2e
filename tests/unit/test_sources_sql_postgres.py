"""What nights land of a real PostgreSQL, and what they say when they cannot."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import SourceError, TransientError
from pipelines.sources.sql import postgres as dialect
from tests.contract.world import D1, D2, FrontDoor
from tests.servers import postgres as servers
from tests.servers.postgres import PASSWORD, Postgres

COLUMNS = {"order_id": "id", "ordered_at": "at", "status": "state", "total_amount": "total",
           "email": "Email", "updated_at": "changed"}  # fmt: skip
TABLE = """create table sales.orders (id bigint, at timestamp, state text, total numeric,
"Email" varchar(80), changed timestamptz)"""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with servers.postgres() as started:
        yield started


@pytest.fixture
def database(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> Postgres:
    server.run("drop schema if exists sales cascade", "create schema sales", TABLE)
    monkeypatch.setenv("SHOP_DB", server.url())
    return server


def put(database: Postgres, number: int, changed: str, total: str = "12.5") -> None:
    value = f"timestamptz '{changed}'" if changed else "null"
    database.run(
        f"insert into sales.orders values ({number}, '2026-06-29 10:00', 'paid', {total},"
        f" 'p{number}@shop.example', {value})"
    )


def source(**sql: Any) -> dict[str, Any]:
    asked = {"connection": "SHOP_DB", "table": "sales.orders", "cursor": "changed"} | sql
    return {
        "entity": "orders",
        "connector": "sql",
        "sql": {key: value for key, value in asked.items() if value is not None},
        "columns": COLUMNS,
    }


def landed(door: FrontDoor) -> dict[str, list[str]]:
    """extract_date → the ids that it holds."""
    found: dict[str, list[str]] = {}
    for day, number in sorted(door.landed_rows("extract_date::varchar, order_id")):
        found.setdefault(day, []).append(number)
    return found


def test_the_first_night_takes_all_before_its_midnight_and_later_ones_what_changed(
    tmp_path: Path, database: Postgres
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    # Midnight of 1 July in Paris is 22:00 UTC.
    put(database, 1, "2026-03-01 08:00:00Z")
    put(database, 2, "2026-06-30 21:59:59.999999Z")
    put(database, 3, "2026-06-30 22:00:00Z")
    door.run(D1)
    put(database, 4, "2026-07-01 21:59:59Z")
    put(database, 5, "2026-07-01 22:00:00Z")
    database.run("update sales.orders set total = 99, changed = '2026-07-01 12:00Z' where id = 1")
    assert door.run(D2).facts["quarantined"] == 0
    assert landed(door) == {str(D1): ["1", "2"], str(D2): ["1", "2", "3", "4"]}
    current = "select total_amount from raw.orders where order_id = '1' order by updated_at desc"
    assert [str(row[0]) for row in door.rows(current)] == ["99.0000", "12.5000"]


def test_the_whole_table_is_asked_for_once_a_night(tmp_path: Path, database: Postgres) -> None:
    door = FrontDoor(tmp_path, shop_orders=source(cursor=None))
    put(database, 1, "")
    door.run(D1)
    put(database, 2, "")
    assert door.extract(D1).rows == 0
    door.run(D2)
    assert landed(door) == {str(D1): ["1"], str(D2): ["1", "2"]}


@pytest.mark.parametrize(
    ("kind", "zone", "before", "after"),
    [
        ("timestamp", None, "2026-06-30 23:59:59.999999", "2026-07-01 00:00:00"),
        ("timestamp", "UTC", "2026-06-30 21:59:59.999999", "2026-06-30 22:00:00"),
        ("date", None, "2026-06-30", "2026-07-01"),
        ("timestamptz", None, "-infinity", "infinity"),
    ],
)
def test_midnight_is_the_shops_whatever_the_cursors_type(
    tmp_path: Path,
    database: Postgres,
    *,
    kind: str,
    zone: str | None,
    before: str,
    after: str,
) -> None:
    database.run(f"alter table sales.orders alter changed type {kind} using null")
    for number, changed in ((1, before), (2, after)):
        put(database, number, "")
        database.run(f"update sales.orders set changed = '{changed}' where id = {number}")
    extra = {"time_zone": zone} if zone else {}
    door = FrontDoor(tmp_path, shop_orders=source(lag_hours=0) | extra)
    door.run(D1)
    assert landed(door) == {str(D1): ["1"]}
    door.extract(D2)
    assert landed(door)[str(D2)] == (["1"] if kind == "timestamptz" else ["1", "2"])


def test_the_look_back_reads_what_was_committed_late(tmp_path: Path, database: Postgres) -> None:
    door = FrontDoor(tmp_path, shop_orders=source(lag_hours=1.5))
    put(database, 1, "2026-06-30 20:00:00Z")
    door.run(D1)
    put(database, 2, "2026-06-30 18:30:00Z")
    put(database, 3, "2026-06-30 18:29:59Z")
    door.run(D2)
    assert landed(door)[str(D2)] == ["1", "2"]


def test_rows_without_a_cursor_are_not_lost(
    tmp_path: Path, database: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, 1, "")
    put(database, 2, "2026-06-30 20:00:00Z")
    with caplog.at_level("WARNING", logger="pipelines"):
        door = FrontDoor(tmp_path, shop_orders=source())
        door.extract(D1)
    assert landed(door)[str(D1)] == ["1", "2"]
    assert "1 rows have no changed" in caplog.text


KINDS = {
    "numeric '12345678901234567890123456789.000000000000000000000000000001'":
        "12345678901234567890123456789.000000000000000000000000000001",
    "numeric(12, 2) '12.5'": "12.50",
    "numeric 'NaN'": "NaN",
    "9223372036854775807": "9223372036854775807",
    "float8 '0.30000000000000004'": "0.30000000000000004",
    "float8 '1e-7'": "1e-7",
    "float4 '0.1'": "0.1",
    "true": "true",
    "timestamptz '2026-07-01 00:30:00.25+02'": "2026-06-30 22:30:00.25+00",
    "timestamptz 'infinity'": "infinity",
    "timestamptz '2026-07-01 00:30:00+02'": "2026-06-30 22:30:00+00",
    "timestamp '2026-07-01 00:30:00'": "2026-07-01 00:30:00",
    "date '0044-03-15 BC'": "0044-03-15 BC",
    "date '-infinity'": "-infinity",
    "time '10:00:00.5'": "10:00:00.5",
    "interval '1 month -2 days 03:00'": "P1M-2DT3H",
    "uuid '4f4a9e6c-97a9-4c8b-8dc5-5d6ff8e1d2f0'": "4f4a9e6c-97a9-4c8b-8dc5-5d6ff8e1d2f0",
    """json '{"a":  1.10}'""": '{"a":  1.10}',
    """jsonb '{"b": 1.10, "a": "é"}'""": '{"a": "é", "b": 1.10}',
    "array['a', null, 'b\"c']": '["a",null,"b\\"c"]',
    "array[numeric '1.10']": "[1.10]",
    "row(1, 'x')::sales.pair": '{"number":1,"word":"x"}',
    "bytea '\\x00ff'": "\\x00ff",
    "'sad'::sales.mood": "sad",
    "money '1234.56'": "1234.56",
    "inet '10.0.0.1/8'": "10.0.0.1/8",
    "int4range(1, 5)": "[1,5)",
    "'ab'::char(4)": "ab",
    "4294967295::oid": "4294967295",
    "'line\nend, \"quoted\"'": 'line\nend, "quoted"',
    "null::jsonb": None,
}  # fmt: skip


@pytest.mark.parametrize("has_infinity", [True, False])
def test_values_of_all_types_come_without_loss(
    tmp_path: Path, database: Postgres, has_infinity: bool
) -> None:
    kinds = {k: v for k, v in KINDS.items() if has_infinity or not re.search("'infin|'-inf|BC", k)}
    database.run(
        "create type sales.pair as (number int, word text)",
        "create type sales.mood as enum ('sad', 'glad')",
    )
    values = ", ".join(f"{value} as c{i}" for i, value in enumerate(kinds))
    mapped = (
        "'1' as id, now() as at, 'paid' as state, 1 as total, '' as \"Email\", now() as changed"
    )
    query = f"select {mapped}, {values}"
    door = FrontDoor(tmp_path, shop_orders=source(table=None, query=query, cursor=None))
    door.extract(D1)
    for i, value in enumerate(kinds):
        ((found,),) = door.landed_rows(f"extra::json ->> '$.c{i}'")
        assert found == kinds[value], value


@pytest.mark.parametrize("value", ["infinity", "-infinity", "0044-03-15 00:00:00 BC"])
@pytest.mark.parametrize("kind", ["timestamp", "date"])
def test_a_time_outside_the_calendar_is_quarantined_and_the_others_come(
    tmp_path: Path, database: Postgres, kind: str, value: str
) -> None:
    database.run(f"alter table sales.orders alter at type {kind}")
    put(database, 1, "2026-06-29Z")
    put(database, 2, "2026-06-29 10:00:00.25Z")
    database.run(f"update sales.orders set at = '{value}' where id = 1")
    door = FrontDoor(tmp_path, shop_orders=source())
    assert door.run(D1).facts["quarantined"] == 1
    reasons = door.rows("select reason from ops.quarantine")
    assert reasons == [("not a time written in ISO 8601 (2026-07-01 14:30:00)",)]
    changed = door.rows("select order_id, updated_at::varchar from raw.orders")
    assert changed == [("2", "2026-06-29 10:00:00.25")]
    database.run("update sales.orders set at = '2026-06-28', changed = '2026-07-01Z' where id = 1")
    door.run(D2)
    assert landed(door)[str(D2)] == ["1", "2"]
    assert door.rows("select count(distinct order_id) from raw.orders") == [(2,)]


def test_an_empty_answer_is_landed_too(tmp_path: Path, database: Postgres) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    assert door.run(D1).rows == 0
    assert [p.files[0].records_read for p in door.landed()] == [0]


def test_a_connection_that_breaks_lands_nothing_and_a_rerun_everything_once(
    tmp_path: Path, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run(
        "insert into sales.orders select i, '2026-06-29', 'paid', i, repeat('x', 60)"
        " || i || '@shop.example', '2026-06-29Z' from generate_series(1, 100000) i"
    )
    door = FrontDoor(tmp_path, shop_orders=source(batch_mb=1))
    written = dialect.batches.write

    def killed_on_the_way(batches: Any, *others: Any) -> Any:
        def some() -> Iterator[Any]:
            yield next(batches)
            database.run(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'nocturne'"
            )
            yield from batches

        return written(some(), *others)

    monkeypatch.setattr(dialect.batches, "write", killed_on_the_way)
    with pytest.raises(TransientError, match=r"broke off while it answered: .*nothing was landed"):
        door.extract(D1)
    assert not door.landed()
    assert not [p for p in door.paths.inbox.rglob("*") if p.is_file()]
    monkeypatch.undo()
    monkeypatch.setenv("SHOP_DB", database.url())
    assert door.extract(D1).rows == 100_000
    assert len({row[0] for row in door.landed_rows("order_id")}) == 100_000


def test_a_row_that_cannot_be_computed_is_told(tmp_path: Path, database: Postgres) -> None:
    database.run(
        "insert into sales.orders select i, '2026-06-29', 'paid', 1, '', '2026-06-29Z'"
        " from generate_series(1, 100000) i"
    )
    query = "select *, 1 / (id - 99999) as share from sales.orders"
    door = FrontDoor(tmp_path, shop_orders=source(table=None, query=query))
    with pytest.raises(SourceError, match="the database could not answer: division by zero"):
        door.extract(D1)
    assert not door.landed()


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ({"table": "sales.ordres"}, r"no table or view 'sales.ordres' \(nearest: 'sales.orders'\)"),
        ({"table": "Orders"}, r"no table or view 'Orders' \(nearest: 'sales.orders'\)"),
        ({"cursor": "chnged"}, r"sql.cursor: no column 'chnged' \(nearest: 'changed'\)"),
        ({"cursor": "state"}, "sql.cursor: 'state' is text, which does not say when"),
        ({"cursor": "id"}, "sql.cursor: 'id' is int8, which does not say when"),
        ({"table": None, "query": "select * from nowhere"}, 'relation "nowhere" does not exist'),
        ({"table": None, "query": "select nope from sales.orders"}, 'column "nope" does not exist'),
        ({"table": None, "query": "select * from sales.orders where"}, "sql.query: syntax error"),
        ({"table": None, "query": "select *, id from sales.orders"}, "'id' is there 2 times"),
        ({"table": None, "query": "select 1 as id"}, "missing columns 'at', 'state'"),
        ({"table": None, "query": "with a as (delete from sales.orders returning *) select * from"
          " a"}, "sql.query: WITH clause containing a data-modifying statement"),
        ({"table": None, "query": "select * from sales.orders) x; drop table sales.orders; --"},
         "sql.query: "),
    ],
    ids=str,
)  # fmt: skip
def test_each_mistake_is_a_sentence(
    tmp_path: Path, database: Postgres, sql: dict[str, Any], told: str
) -> None:
    put(database, 1, "2026-06-29Z")
    door = FrontDoor(tmp_path, shop_orders=source(**sql))
    with pytest.raises(SourceError, match=told) as caught:
        door.extract(D1)
    assert str(caught.value).startswith("source 'shop_orders': database: ")
    assert not door.landed()
    door.configure(shop_orders=source())
    assert door.extract(D1).rows == 1


def test_a_query_can_write_nothing(tmp_path: Path, database: Postgres) -> None:
    put(database, 1, "2026-06-29Z")
    database.run(
        "create function sales.sneak() returns int language sql"
        " as 'delete from sales.orders returning 1'"
    )
    query = "select *, sales.sneak() from sales.orders"
    door = FrontDoor(tmp_path, shop_orders=source(table=None, query=query))
    with pytest.raises(SourceError, match="cannot execute DELETE in a read-only transaction"):
        door.extract(D1)
    assert database.value("select count(*) from sales.orders") == 1


@pytest.mark.parametrize(
    ("user", "password", "error", "told"),
    [
        ("clerk", "wr0ng%2Fone", SourceError, 'password authentication failed for user "clerk"'),
        ("clerk", "", SourceError, "no password supplied"),
        ("nobody", "", SourceError, 'role "nobody" does not exist'),
        ("clerk", "nights%2F4%40ll", SourceError, "permission denied for schema sales; grant"),
    ],
)
def test_a_refused_user_is_told_without_the_password(
    tmp_path: Path,
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    *,
    user: str,
    password: str,
    error: type[Exception],
    told: str,
) -> None:
    monkeypatch.setenv("SHOP_DB", database.url(user, password))
    door = FrontDoor(tmp_path, shop_orders=source())
    with pytest.raises(error, match=told) as caught:
        door.extract(D1)
    for secret in (password, "wr0ng", PASSWORD):
        assert not secret or secret not in str(caught.value)


def test_a_user_with_a_password_reads_what_is_granted(
    tmp_path: Path, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, 1, "2026-06-29Z")
    database.run("grant usage on schema sales to clerk", "grant select on sales.orders to clerk")
    monkeypatch.setenv("SHOP_DB", database.url("clerk", "nights%2F4%40ll"))
    assert FrontDoor(tmp_path, shop_orders=source()).extract(D1).rows == 1


@pytest.mark.parametrize(
    ("url", "error", "told"),
    [
        (
            "postgresql://a:sEcr3t@localhost:1/db",
            TransientError,
            "localhost:1/db cannot be reached",
        ),
        ("postgresql://a:sEcr3t@shop.invalid/db", SourceError, "shop.invalid/db refused the"),
        (
            "postgresql://a@localhost:1/db?password=sEcr3t&sslmode=sEcr3t",
            SourceError,
            "refused the",
        ),
    ],
)
def test_a_server_that_does_not_answer_is_told_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, error: type[Exception], told: str
) -> None:
    monkeypatch.setenv("SHOP_DB", url)
    with pytest.raises(error, match=told) as caught:
        FrontDoor(tmp_path, shop_orders=source()).extract(D1)
    assert "sEcr3t" not in str(caught.value)


def test_a_missing_library_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DB", "postgresql://a@localhost:1/db")
    monkeypatch.setitem(__import__("sys").modules, "adbc_driver_postgresql", None)
    with pytest.raises(SourceError, match=r"not installed; run pip install -e '\.\[postgres\]'"):
        FrontDoor(tmp_path, shop_orders=source()).extract(D1)

"""What becomes of landed text: types, quarantine, books, checks."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import CheckFailed
from pipelines.sources.checks import Usual, usual_volume
from pipelines.sources.phones import e164
from pipelines.warehouse import connect
from tests.contract.world import D1, D2, D3, D4, ORDERS, FrontDoor, order, orders


def load_one(tmp_path: Path, *lines: str, **settings: Any) -> FrontDoor:
    """A shop that has loaded one extract of orders."""
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, **settings})
    door.put("orders_2026-07-01.csv", orders(*lines))
    door.run(D1)
    return door


def reasons(door: FrontDoor) -> list[tuple[Any, ...]]:
    return door.rows("select line, column_name, reason from ops.quarantine order by line")


def test_every_broken_rule_has_its_sentence(tmp_path: Path) -> None:
    door = load_one(
        tmp_path,
        order(1, id=""),
        order(2, at="30/06/2026"),
        order(3, at="2026-02-30 10:00:00"),
        order(4, state="lost"),
        order(5, total="twelve"),
        order(6, total="12.34567"),
        order(7, total="123456789012345678"),
        order(8, at="2026-07-02 00:00:00"),
        order(9, at="2026-07-01 23:59:59", total="12.500000"),
        order(10, total="99999999999999"),
    )
    iso = "not a time written in ISO 8601 (2026-07-01 14:30:00)"
    statuses = "not one of pending, paid, shipped, completed, cancelled, refunded"
    digits = "more digits than DECIMAL(18,4) keeps"
    assert reasons(door) == [
        (2, "order_id", "required and empty"),
        (3, "ordered_at", iso),
        (4, "ordered_at", iso),
        (5, "status", statuses),
        (6, "total_amount", "not a number written like -1234.5"),
        (7, "total_amount", digits),
        (8, "total_amount", digits),
        (9, "ordered_at", "in the future: after the day of its extract"),
        (11, "total_amount", "beyond 100,000,000,000, the largest amount taken for real"),
    ]
    assert door.rows("select order_id, total_amount from raw.orders") == [("O9", Decimal("12.5"))]
    (record,) = door.rows("select record from ops.quarantine where line = 6")[0]
    assert '"total_amount":"twelve"' in record


def test_negative_values_and_empty_groups(tmp_path: Path) -> None:
    source = {
        "entity": "subscriptions",
        "path": "{folder}/{date}.csv",
        "format": "csv",
        "columns": {
            "subscription_id": "id",
            "email": "email",
            "monthly_amount": "amount",
            "trial_ends_at": "ends",
        },
    }
    door = FrontDoor(tmp_path, plans=source)
    rows = ["S1,a@b.example,-1,", "S2,nobody,5,", "S3,,5,", "S4,a@b.example,5,2027-01-01"]
    door.put("2026-07-01.csv", "id,email,amount,ends\n" + "\n".join(rows))
    door.run(D1)
    group = "none of contact_id, email is filled and valid"
    assert reasons(door) == [
        (2, "monthly_amount", "negative, where that has no meaning"),
        (3, "contact_id", group),
        (4, "contact_id", group),
    ]
    assert door.rows("select subscription_id from raw.subscriptions") == [("S4",)]


def test_french_numbers_dates_and_words(tmp_path: Path) -> None:
    door = FrontDoor(
        tmp_path,
        shop_orders={
            **ORDERS,
            "delimiter": ";",
            "decimal": ",",
            "thousands": " ",
            "timestamp_format": "%d/%m/%Y %H:%M",
            "values": {"status": {"Payée": "paid"}},
            "constants": {"currency": "EUR"},
        },
    )
    lines = [
        "id;at;state;total;email;phone",
        "O1;30/06/2026 10:00;Payée;1 234,50;;",
        "O2;15/01/2026 10:00;Payée;-12\u00a0345\u202f678,5;;",
        "O3;30/06/2026 10:00;Payée;1 23,5;;",
        "O4;30/06/2026 10:00;Payée;12.5;;",
    ]
    door.put("orders_2026-07-01.csv", "\n".join(lines))
    door.run(D1)
    assert door.rows(
        "select ordered_at::varchar, status, total_amount, currency from raw.orders"
    ) == [
        ("2026-06-30 08:00:00", "paid", Decimal("1234.5"), "EUR"),
        ("2026-01-15 09:00:00", "paid", Decimal("-12345678.5"), "EUR"),
    ]
    wrong = "not a number written like -1 234,5"
    assert reasons(door) == [(4, "total_amount", wrong), (5, "total_amount", wrong)]


def test_a_point_that_groups_thousands_is_never_a_decimal(tmp_path: Path) -> None:
    door = load_one(
        tmp_path, order(1, total="1.5"), order(2, total="1.500"), thousands=".", decimal=","
    )
    assert door.rows("select total_amount from raw.orders") == [(Decimal(1500),)]
    assert len(reasons(door)) == 1


@pytest.mark.parametrize(
    ("written", "utc_hour"),
    [
        ("2026-06-30T10:00:00Z", 10),
        ("2026-06-30 10:00:00+02:00", 8),
        ("2026-06-30T10:00:00.000+0200", 8),
        ("2026-06-30 10:00:00 +0200", 8),
        ("2026-06-30 10:00:00 +02:00", 8),
        ("2026-06-30 10:00 Z", 10),
        ("2026-06-30T10:00", 8),
        ("2026-01-15T10:00:00", 9),
    ],
)
def test_times_are_utc_inside(tmp_path: Path, written: str, utc_hour: int) -> None:
    door = load_one(tmp_path, order(1, at=written))
    assert door.rows("select hour(ordered_at) from raw.orders") == [(utc_hour,)]


def test_a_value_that_stands_for_nothing_is_empty(tmp_path: Path) -> None:
    lines = [order(1, phone="0"), order(2, phone=" 0 "), order(3, phone="7")]
    columns = {k: v for k, v in ORDERS["columns"].items() if k != "phone"} | {"contact_id": "phone"}
    door = load_one(tmp_path, *lines, columns=columns, values={"contact_id": {"0": ""}})
    assert door.rows("select contact_id from raw.orders order by order_id") == [
        (None,),
        (None,),
        ("7",),
    ]


def test_an_offset_in_the_format_and_another_zone(tmp_path: Path) -> None:
    form = "%Y%m%d %H%M %z"
    door = load_one(tmp_path, order(1, at="20260630 1000 +0500"), timestamp_format=form)
    assert door.rows("select hour(ordered_at) from raw.orders") == [(5,)]
    (tmp_path / "ny").mkdir()
    zone = "America/New_York"
    door = load_one(tmp_path / "ny", order(1, at="2026-06-30 10:00:00"), time_zone=zone)
    assert door.rows("select hour(ordered_at) from raw.orders") == [(14,)]


def test_the_day_of_an_extract_ends_at_the_shops_midnight(tmp_path: Path) -> None:
    last, first = "2026-07-01T21:59:59Z", "2026-07-01T22:00:00Z"
    door = load_one(tmp_path, order(1, at=last), order(2, at=first))
    assert door.rows("select order_id from raw.orders") == [("O1",)]
    assert len(reasons(door)) == 1


def test_soft_values_are_dropped_kept_aside_and_counted(tmp_path: Path) -> None:
    door = load_one(
        tmp_path,
        order(1, email=" Ann@Shop.Example ", phone="06 12 34 56 78"),
        order(2, email="ann@shop", phone="'0612345678"),
        order(3, email="a b@shop.example", phone="12"),
    )
    assert door.rows("select email, phone, extra from raw.orders") == [
        ("ann@shop.example", "+33612345678", None),
        (None, "+33612345678", '{"invalid_email":"ann@shop"}'),
        (None, None, '{"invalid_email":"a b@shop.example","invalid_phone":"12"}'),
    ]
    assert door.rows("select landed, values_dropped from ops.books") == [(3, 3)]


@pytest.mark.parametrize("blank", ["\x00", "\x07", "\u00a0", "\u2028", "\u200b"], ids=ascii)
def test_an_address_with_an_invisible_character_is_none(tmp_path: Path, blank: str) -> None:
    door = load_one(tmp_path, order(1, email=f"an{blank}n@shop.example"))
    assert door.rows("select email from raw.orders") == [(None,)]
    assert door.rows("select landed, values_dropped from ops.books") == [(1, 1)]


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("06.12.34.56.78", "FR", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "FR", "+33612345678"),
        ("0033612345678", "FR", "+33612345678"),
        ("612345678", "FR", "+33612345678"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("0000000000", "FR", None),
        ("call me", "FR", None),
        ("1" * 41, "FR", None),
    ],
)
def test_phone_numbers(written: str, region: str, number: str | None) -> None:
    assert e164(written, region) == number


def test_rows_stand_in_the_order_of_their_lines(tmp_path: Path) -> None:
    lines = [order(n, phone=f"06123{n % 97:05d}") for n in range(5000)]
    door = load_one(tmp_path, *lines)
    found = [line for (line,) in door.rows("select line from raw.orders")]
    assert found == list(range(2, 5002))


def test_loading_again_replaces(tmp_path: Path) -> None:
    door = load_one(tmp_path, order(1), order(2, at="hier"))
    tables = ("raw.orders", "ops.books", "ops.quarantine")
    before = [door.rows(f"select * from {table}") for table in tables]
    door.run(D1)
    assert [door.rows(f"select * from {table}") for table in tables] == before
    assert [len(rows) for rows in before] == [1, 1, 1]


def test_finished_nights_are_not_loaded_again(tmp_path: Path) -> None:
    door = load_one(tmp_path, order(1))
    door.put("orders_2026-07-02.csv", orders(order(2)))
    assert door.run(D2).facts["orders"] == 1
    found = door.rows("select order_id, extract_date from raw.orders order by 1")
    assert found == [("O1", D1), ("O2", D2)]


def test_a_night_that_was_stopped_is_loaded_with_the_next(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", orders(order(1)))
    door.extract(D1)
    door.put("orders_2026-07-02.csv", orders(order(2)))
    assert door.run(D2).facts["orders"] == 2
    assert door.rows("select count(distinct extract_date) from raw.orders") == [(2,)]


def test_a_failed_check_leaves_the_night_as_it_was(tmp_path: Path) -> None:
    door = load_one(tmp_path, order(1))
    door.put("orders_2026-07-02.csv", orders(order(2)))
    door.extract(D2)

    def refuse(*_: Any) -> Any:
        raise CheckFailed("no")

    with pytest.raises(CheckFailed):
        door.load(D2, refuse)
    assert door.rows("select order_id from raw.orders") == [("O1",)]
    assert door.rows("select count(*) from ops.books") == [(1,)]


def test_a_source_keeps_its_books_apart_from_another_of_its_entity(tmp_path: Path) -> None:
    store = {**ORDERS, "path": "{folder}/store_{date}.csv"}
    door = FrontDoor(tmp_path, web=ORDERS, store=store)
    door.put("orders_2026-07-01.csv", orders(order(1)))
    door.put("store_2026-07-01.csv", orders(order(2)))
    door.run(D1)
    door.run(D1)
    assert door.rows("select source, order_id from raw.orders order by 2") == [
        ("web", "O1"),
        ("store", "O2"),
    ]


def test_a_visit_keeps_the_source_it_came_from(tmp_path: Path) -> None:
    names = ("event_id", "occurred_at", "visitor_id", "event_name", "source")
    source = {
        "entity": "web_events",
        "path": "{folder}/{date}.csv",
        "format": "csv",
        "columns": {name: name for name in names},
    }
    door = FrontDoor(tmp_path, tags=source)
    door.put("2026-07-01.csv", ",".join(names) + "\ne1,2026-06-30,v1,search,newsletter\n")
    door.run(D1)
    door.run(D1)
    found = door.rows("select source, source_name from raw.web_events")
    assert found == [("newsletter", "tags")]


def test_checks_tell_of_duplicates_unknown_orders_and_stale_orders(tmp_path: Path) -> None:
    lines = {
        "entity": "order_lines",
        "path": "{folder}/lines_{date}.csv",
        "format": "csv",
        "columns": {
            "order_id": "order",
            "line_number": "line",
            "product_id": "sku",
            "quantity": "qty",
            "unit_price": "price",
        },
    }
    door = FrontDoor(tmp_path, shop_orders=ORDERS, shop_lines=lines)
    door.put("orders_2026-07-01.csv", orders(order(1, at="2026-06-20 10:00:00")))
    door.put(
        "lines_2026-07-01.csv", "order,line,sku,qty,price\nO1,1,P,1,2\nO1,1,P,1,2\nO7,1,P,1,2\n"
    )
    door.run(D1, audit=None)
    assert sorted(door.failed()) == [
        "shop_lines_belongs_to_known_orders",
        "shop_lines_has_each_key_once_within_an_extract",
        "shop_orders_is_fresh_in_days",
    ]


def test_a_key_that_most_records_share_stops_the_night(tmp_path: Path) -> None:
    columns = {**ORDERS["columns"], "order_id": "state", "status": "state"}
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "columns": columns})
    door.put("orders_2026-07-01.csv", orders(*(order(n) for n in range(30))))
    door.extract(D1)
    with pytest.raises(CheckFailed, match="orders_are_told_apart_by_their_key"):
        door.load(D1)
    assert door.rows("select count(*) from raw.orders") == [(0,)]


def test_a_night_with_hardly_any_records_is_stopped(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-06-29.csv", orders(*(order(n, at="2026-06-28") for n in range(500))))
    for day in ("2026-06-30", "2026-07-01", "2026-07-02"):
        door.put(f"orders_{day}.csv", orders(*(order(n, at="2026-06-28") for n in range(30))))
        door.run(date.fromisoformat(day))
    door.put("orders_2026-07-03.csv", orders(*(order(n) for n in range(20))))
    door.run(D3, audit=None)
    door.put("orders_2026-07-04.csv", orders(*(order(n) for n in range(12))))
    door.extract(D4)
    with pytest.raises(CheckFailed, match="shop_orders_has_its_usual_volume"):
        door.load(D4)


def test_a_night_with_few_records_where_few_are_usual_goes_on(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-06-29.csv", orders(*(order(n, at="2026-06-28") for n in range(500))))
    for day, count in (("2026-06-30", 11), ("2026-07-01", 10), ("2026-07-02", 10), (f"{D3}", 3)):
        door.put(f"orders_{day}.csv", orders(*(order(n, at="2026-06-28") for n in range(count))))
        door.run(date.fromisoformat(day))


def test_the_usual_volume_leaves_the_whole_history_out(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    with connect(door.paths, door.night(D1).machine) as con:
        for day, records in enumerate((9000, 10, 12, 40, 11), start=1):
            con.execute(
                "insert into ops.books (source, extract_date, records_read)"
                " values ('s', date '2026-06-01' + ?::integer, ?)",
                [day, records],
            )
        assert usual_volume(con, "s", D1, needed=5) is None
        assert usual_volume(con, "s", D1, needed=4) == Usual(11.5, 11.5)


def test_a_stopped_load_says_that_a_column_of_numbers_has_become_text(tmp_path: Path) -> None:
    door = load_one(tmp_path, order(1))
    lines = [order(n, total="EUR 12.50") for n in range(3)]
    door.put("orders_2026-07-02.csv", orders(*lines, order(4)))
    door.extract(D2)
    with pytest.raises(CheckFailed) as caught:
        door.load(D2)
    said = str(caught.value)
    assert "shop_orders_is_not_mostly_in_quarantine: 0.75; expected at most 0.5" in said
    assert (
        "orders_2026-07-02.csv: total_amount: not a number written like -1234.5: 3 records" in said
    )
    assert "the first in line 2" in said


def test_a_night_loaded_again_leaves_the_later_ones_loaded(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    for day in (D1, D2):
        door.put(f"orders_{day}.csv", orders(order(day.day)))
        door.run(day)
    door.load(D1)
    assert door.rows("select order_id from raw.orders order by all") == [("O1",), ("O2",)]
    assert door.rows("select extract_date from ops.books order by all") == [(D1,), (D2,)]


def test_what_was_taken_out_of_landing_is_no_longer_loaded(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    for day in (D1, D2):
        door.put(f"orders_{day}.csv", orders(order(day.day)))
        door.run(day)
    shutil.rmtree(door.paths.landing / "shop_orders" / f"extract_date={D1}")
    door.load(D2)
    assert door.rows("select order_id from raw.orders") == [("O2",)]
    assert door.rows("select extract_date from ops.books") == [(D2,)]

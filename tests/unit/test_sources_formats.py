"""What landing holds of each kind of file: text, line by line."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from tests.contract.world import D1, HEADER, ORDERS, FrontDoor, order, orders

JSON = {**ORDERS, "path": "{folder}/{date}.jsonl.gz", "format": "jsonl"}
PARQUET = {**ORDERS, "path": "{folder}/{date}.parquet", "format": "parquet"}


def test_windows_1252_with_euro_and_ligature(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "encoding": "windows-1252"})
    text = HEADER + ",note\r\n" + order(1, phone="sœur") + ",12 €\r\n"
    door.put("orders_2026-07-01.csv", text.encode("windows-1252"))
    door.extract(D1)
    extra = '{"note":"12 €","invalid_phone":"sœur"}'
    assert door.landed_rows("coupon_code, extra, _line") == [("sœur", extra, 2)]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", b"\xef\xbb\xbf" + orders(order(1)).encode())
    door.extract(D1)
    assert door.landed_rows("order_id, _line") == [("O1", 2)]


def test_lines_are_physical_lines(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    quoted = order(2, phone='"two\nlines, ""quoted"""')
    door.put(
        "orders_2026-07-01.csv",
        orders(order(1), quoted, "", order(3), "short", order(4, phone='5" nails')),
    )
    door.extract(D1)
    found = door.landed_rows("order_id, _line, coupon_code")
    assert [row[:2] for row in found] == [("O1", 2), ("O2", 3), ("O3", 6), ("O4", 8)]
    assert (found[1][2], found[3][2]) == ('two\nlines, "quoted"', '5" nails')
    assert door.landed()[0].files[0].rejects == 1


def test_lines_end_as_they_like(tmp_path: Path) -> None:
    rows = orders(order(1), order(2), order(3)).split("\n")
    for day, text in enumerate(
        ("\r\n".join(rows), "\r".join(rows), "\r\n".join(rows[:2]) + "\n" + "\n".join(rows[2:])), 1
    ):
        folder = tmp_path / str(day)
        folder.mkdir()
        door = FrontDoor(folder)
        door.put("orders_2026-07-01.csv", text)
        door.extract(D1)
        assert door.landed_rows("order_id, _line") == [("O1", 2), ("O2", 3), ("O3", 4)]


def test_csv_may_be_packed(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "path": "{folder}/{date}.csv.gz"})
    door.put("2026-07-01.csv.gz", orders(order(1)), packed=True)
    assert door.extract(D1).rows == 1


def test_a_csv_of_one_column_ignores_its_blank_lines(tmp_path: Path) -> None:
    source = {
        "entity": "exclusions",
        "path": "{folder}/{date}.csv",
        "format": "csv",
        "columns": {"email": "address"},
        "constants": {"reason": "staff"},
    }
    door = FrontDoor(tmp_path, staff=source)
    door.put("2026-07-01.csv", "address\na@shop.example\n\nb@shop.example\n\n\n")
    door.run(D1)
    assert door.rows("select email, reason, line from raw.exclusions") == [
        ("a@shop.example", "staff", 2),
        ("b@shop.example", "staff", 4),
    ]
    assert door.rows("select records_read, quarantined from ops.books") == [(2, 0)]


def test_json_lines_by_dotted_path(tmp_path: Path) -> None:
    columns = ORDERS["columns"] | {"email": "customer.email", "phone": "customer.phones[0]"}
    door = FrontDoor(tmp_path, shop_orders={**JSON, "columns": columns})
    lines = [
        '{"id": "O1", "at": "2026-06-30T10:00:00Z", "state": "paid", "total": 12.5, "customer": '
        '{"email": "a@b.example", "phones": ["0612345678"], "vip": true}, "tags": ["x"]}',
        "",
        '{"id": "O2", "at": "2026-06-30T10:00:00Z", "state": "paid", "total": 3, "customer": null}',
        "<html>502</html>",
        "[1]",
    ]
    door.put("2026-07-01.jsonl.gz", "\n".join(lines), packed=True)
    door.run(D1)
    assert door.rows("select order_id, email, phone, line, extra from raw.orders") == [
        ("O1", "a@b.example", "+33612345678", 1, '{"customer.vip":true,"tags":["x"]}'),
        ("O2", None, None, 3, None),
    ]
    assert door.rows("select line, reason from ops.quarantine order by line") == [
        (4, "not JSON"),
        (5, "JSON, but not an object"),
    ]
    assert door.landed()[0].unknown_columns == ("customer.vip", "tags")


def test_json_lines_with_any_key_there_is(tmp_path: Path) -> None:
    columns = ORDERS["columns"] | {"email": "customer.email"}
    del columns["phone"]
    door = FrontDoor(tmp_path, shop_orders={**JSON, "columns": columns})
    row = {"id": "O1", "at": "2026-06-30T10:00:00Z", "state": "paid", "total": 1}
    odd = {"customer.email": "a@b.example", "": 1, "a.b": 2, 'c"d': 3, "*": 4, "e[0]": 5, "f/~": 6}
    lines = [json.dumps(row | odd), "{}", '{"g": {"": 7}}']
    door.put("2026-07-01.jsonl.gz", "\n".join(lines), packed=True)
    door.run(D1)
    [(email, extra)] = door.rows("select email, extra from raw.orders")
    assert email == "a@b.example"
    assert json.loads(extra) == {key: odd[key] for key in odd if key != "customer.email"}
    assert door.rows("select line, reason, record from ops.quarantine order by line") == [
        (2, "required and empty", None),
        (3, "required and empty", '{"extra":{"g.":7}}'),
    ]


def test_json_lines_that_are_not_utf8(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=JSON)
    text = '{"id": "é", "at": "2026-06-30", "state": "paid", "total": 1, "email": null}\n'
    door.put(
        "2026-07-01.jsonl.gz", text.encode() + b'{"id": "\xe9"}\n' + text.encode(), packed=True
    )
    door.run(D1)
    assert door.rows("select line from raw.orders") == [(1,), (3,)]
    assert door.rows("select line, reason from ops.quarantine") == [(2, "a byte that is not UTF-8")]


def test_parquet_lands_without_loss(tmp_path: Path) -> None:
    columns = ORDERS["columns"] | {"contact_id": "who", "discount_amount": "discount"}
    door = FrontDoor(tmp_path, shop_orders={**PARQUET, "columns": columns})
    frame = pl.DataFrame(
        {
            "id": [1, 2],
            "at": pl.Series(
                ["2026-06-30T10:00:00.000005", "2026-06-30T00:00:00"]
            ).str.to_datetime(),
            "state": ["paid", "paid"],
            "total": [19.9, 1e-4],
            "discount": pl.Series(["1.25", None], dtype=pl.Decimal(10, 2), strict=False),
            "email": ["a@b.example", None],
            "phone": [None, None],
            "who": [123.0, None],
            "born": [date(2000, 1, 1), None],
            "basket": [{"size": 2}, {"size": None}],
        },
        schema_overrides={"phone": pl.String},
    )
    frame.write_parquet(door.folder / "2026-07-01.parquet")
    door.extract(D1)
    rows = door.landed_rows(
        "order_id, ordered_at::varchar, total_amount, discount_amount, contact_id, _line"
    )
    assert rows == [
        ("1", "2026-06-30 08:00:00.000005", Decimal("19.9"), Decimal("1.25"), "123", 1),
        ("2", "2026-06-29 22:00:00", Decimal("0.0001"), None, None, 2),
    ]
    extras = door.landed_rows("extra")
    assert extras[0] == ('{"born":"2000-01-01","basket":{"size":2}}',)
    assert door.landed()[0].unknown_columns == ("basket", "born")


def test_columns_may_come_in_any_order_and_with_blanks(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    text: Any = " total ,id,at,state,phone,email\n1.5,O1,2026-06-30,paid,,\n"
    door.put("orders_2026-07-01.csv", text)
    door.extract(D1)
    assert door.landed_rows("order_id, total_amount") == [("O1", Decimal("1.5"))]

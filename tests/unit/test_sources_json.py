"""What landing holds of a JSON document: the elements of one of its arrays."""

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.contract.world import D1, ORDERS, FrontDoor
from tests.unit.test_sources_archives import zipped

JSON: dict[str, Any] = {**ORDERS, "path": "{folder}/orders_{date}.json", "format": "json"}
NAME = "orders_2026-07-01.json"
ROW = {"id": "O1", "at": "2026-06-30T10:00:00Z", "state": "paid", "total": 12.5}


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    return {**ROW, "id": f"O{number}", **more}


def test_an_array_at_the_top_with_nested_objects(tmp_path: Path) -> None:
    columns = ORDERS["columns"] | {"email": "customer.email", "phone": "customer.phones[0]"}
    door = FrontDoor(tmp_path, shop_orders={**JSON, "columns": columns})
    first = row(1, customer={"email": "a@b.example", "phones": ["0612345678"], "vip": True})
    door.put(NAME, json.dumps([first, None, row(3, customer=None), "text", [1]], indent=2))
    door.run(D1)
    assert door.rows("select order_id, email, phone, line, extra from raw.orders") == [
        ("O1", "a@b.example", "+33612345678", 1, '{"customer.vip":true}'),
        ("O3", None, None, 3, None),
    ]
    assert door.rows("select line, reason, record from ops.quarantine order by line") == [
        (2, "JSON, but not an object", "null"),
        (4, "JSON, but not an object", '"text"'),
        (5, "JSON, but not an object", "[1]"),
    ]
    assert door.rows("select records_read, landed, quarantined from ops.books") == [(5, 2, 3)]


def test_an_array_at_a_dotted_path_among_others(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**JSON, "records": "data.items"})
    other = [row(8, email="x", items=[row(9)])]
    document = {"items": other, "data": {"tags": [[1]], "items": [row(1, email="a@b.example")]}}
    door.put(NAME, json.dumps(document | {"after": {"data": {"items": other}}}))
    door.extract(D1)
    assert door.landed_rows("order_id, email, _line") == [("O1", "a@b.example", 1)]


def test_the_arrays_of_several_pages_follow_each_other(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**JSON, "records": "pages.items"})
    pages = [{"items": [row(1, email=""), row(2)]}, {"items": []}, {"items": [row(3)]}]
    door.put(NAME, json.dumps({"pages": pages}))
    door.extract(D1)
    assert door.landed_rows("order_id, _line") == [("O1", 1), ("O2", 2), ("O3", 3)]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("12.10", "12.10"),
        ("12.5", "12.5"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("0.1234567890123456789", "0.1234567890123456789"),
        ("1E2", "100"),
        ("-0.0", "-0.0"),
        ("1e999999999", "1E+999999999"),
        ('"00123"', "00123"),
        ("true", "true"),
        ("null", None),
    ],
)
def test_numbers_keep_all_their_digits(tmp_path: Path, written: str, text: str | None) -> None:
    door = FrontDoor(tmp_path, shop_orders=JSON)
    door.put(NAME, f'[{{"id": {written}, "at": "", "state": "", "total": 1, "email": ""}}]')
    door.extract(D1)
    assert door.landed_rows("order_id") == [(text,)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_any_encoding(tmp_path: Path, encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    door = FrontDoor(tmp_path, shop_orders={**JSON, "encoding": declared})
    text = json.dumps([row(1, email="zoé@b.example", note="€")], ensure_ascii=False)
    door.put(NAME, text.encode(encoding))
    door.extract(D1)
    assert door.landed_rows("email, extra") == [("zoé@b.example", '{"note":"€"}')]


def test_a_document_may_be_packed(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**JSON, "member": "orders.json"})
    data = json.dumps([row(1, email="")]).encode()
    door.put(NAME, zipped({"orders.json": data, "other.json": b"1"}))
    assert door.extract(D1).rows == 1
    door = FrontDoor(tmp_path / "extracts", shop_orders=JSON)
    door.put(NAME, gzip.compress(data))
    assert door.extract(D1).rows == 1


@pytest.mark.parametrize("text", ["[]", ' {"meta": {"n": 0}, "data": []} '])
def test_an_array_without_elements_is_an_extract_without_records(tmp_path: Path, text: str) -> None:
    source = JSON if text == "[]" else {**JSON, "records": "data"}
    door = FrontDoor(tmp_path, shop_orders=source)
    door.put(NAME, text)
    assert door.run(D1).facts["orders"] == 0
    assert door.rows("select records_read, landed from ops.books") == [(0, 0)]


def test_a_document_on_one_line_is_not_held_in_memory(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=JSON)
    one = json.dumps(row(1, email="", note="x" * 10_000))
    door.put(NAME, f"[{','.join([one] * 6000)}]")
    tracemalloc.start()
    assert door.extract(D1).rows == 6000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 << 20 < 6000 * 10_000

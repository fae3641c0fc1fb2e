"""Each broken file is refused with one sentence that holds the facts, and nothing is landed."""

import errno
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import CheckFailed, NotReady, SourceError, StorageError, TransientError
from pipelines.sources import csv_file, engine
from tests.contract.world import D1, D2, HEADER, ORDERS, FrontDoor, order, orders

JSON_ORDERS = {**ORDERS, "path": "{folder}/orders_{date}.jsonl.gz", "format": "jsonl"}
PARQUET_ORDERS = {**ORDERS, "path": "{folder}/orders_{date}.parquet", "format": "parquet"}
GOOD = orders(order(1), order(2))


def refusal(door: FrontDoor, error: type[Exception] = SourceError) -> str:
    """The sentence with which the night is refused; nothing of it may be in landing."""
    with pytest.raises(error) as caught:
        door.extract(D1)
    assert not door.landed()
    assert not list(door.paths.landing.rglob("*.parquet"))
    assert not [p for p in door.paths.scratch.rglob("*") if p.is_file()]
    return str(caught.value)


def test_a_missing_file_is_named_with_what_is_there(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("order_2026-07-01.csv", GOOD)
    said = refusal(door)
    assert "source 'shop_orders': no file for 2026-07-01" in said
    assert "orders_2026-07-01.csv (path" in said
    assert "order_2026-07-01.csv" in said.split("nearest")[1]


def test_a_missing_folder_is_told_like_a_missing_file(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "path": "{folder}/{date}/orders.csv"})
    door.put("2026-06-28/orders.csv", GOOD)
    with pytest.raises(SourceError, match=r"nearest in .*: 2026-06-28"):
        door.extract(D1)


def test_every_source_in_trouble_is_named_at_once(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, one=ORDERS, two={**ORDERS, "path": "{folder}/two_{date}.csv"})
    with pytest.raises(SourceError) as caught:
        door.extract(D1)
    assert [line.split(":")[0] for line in str(caught.value).split("\n")] == [
        "source 'one'",
        "source 'two'",
    ]


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    (door.folder / "orders_2026-07-01.csv").mkdir()
    assert "a folder, where an extract file is expected" in refusal(door)


@pytest.mark.parametrize("source", [ORDERS, JSON_ORDERS, PARQUET_ORDERS], ids=lambda s: s["format"])
def test_an_empty_file(tmp_path: Path, source: dict[str, Any]) -> None:
    door = FrontDoor(tmp_path, shop_orders=source)
    name = source["path"].rpartition("/")[2].replace("{date}", "2026-07-01")
    door.put(name, b"")
    said = refusal(door)
    assert name in said
    assert "empty (0 bytes)" in said


def test_a_header_and_no_records_is_allowed(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", HEADER + "\n")
    assert door.run(D1).facts["orders"] == 0
    assert door.rows("select records_read, landed from ops.books") == [(0, 0)]


def test_a_missing_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", GOOD.replace("total", "totals"))
    said = refusal(door)
    assert "shop_orders" in said
    assert "orders_2026-07-01.csv: missing column 'total' (nearest: 'totals')" in said
    assert "found 6 columns: id, at, state, totals, email, phone" in said


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", "id,at,state,total,email,phone,total\n")
    assert "column 'total' is there 2 times" in refusal(door)


def test_another_delimiter_is_recognised(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", GOOD.replace(",", ";"))
    said = refusal(door)
    assert "the delimiter is ';', not ',' as declared" in said
    assert "found 1 column" in said


def test_a_file_without_a_header_does_not_spill_its_first_row(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", order(1) + "\n")
    said = refusal(door)
    assert "looks like data, not like column names" in said
    assert "p1@shop.example" not in said


@pytest.mark.parametrize("rest", [orders(order(1)), "x" * 200_000], ids=["short", "long"])
def test_a_quote_that_is_open_in_the_header(tmp_path: Path, rest: str) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", '"id,at\n' + rest)
    said = refusal(door)
    assert "a quote may be open" in said
    assert "p1@shop.example" not in said


def test_another_encoding_than_declared(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    data = orders(order(1), order(2, email="zoé@shop.example")).encode("windows-1252")
    door.put("orders_2026-07-01.csv", data)
    said = refusal(door)
    assert "orders_2026-07-01.csv, line 3: byte 0xe9 is not utf-8, the declared encoding" in said
    assert "windows-1252" in said


def test_a_byte_that_the_declared_encoding_does_not_have(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "encoding": "windows-1252"})
    door.put("orders_2026-07-01.csv", orders(order(1), order(2, email="x")).encode() + b"\x81\n")
    said = refusal(door)
    assert "line 4: byte 0x81 is not windows-1252" in said


def test_a_line_that_is_not_utf8_in_a_file_that_is(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    good = orders(order(1, email="zoé@shop.example"), order(2)).encode()
    door.put("orders_2026-07-01.csv", good + order(3).encode() + b"\xe9\n")
    door.run(D1)
    assert door.rows("select line, reason from ops.quarantine") == [
        (4, "a byte that is not text in the declared encoding")
    ]


def test_utf16_is_recognised(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", GOOD.encode("utf-16"))
    assert "it begins like utf-16" in refusal(door)


def test_utf16_without_its_mark(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "encoding": "utf-16"})
    door.put("orders_2026-07-01.csv", GOOD)
    assert "orders_2026-07-01.csv: is not utf-16, the declared encoding" in refusal(door)


def test_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    lines = [order(n) for n in range(47)]
    lines[3] = lines[3].replace("paid", '"paid')
    door.put("orders_2026-07-01.csv", orders(*lines))
    said = refusal(door)
    assert "a quote is opened and never closed" in said
    assert "4 records counted" in said
    assert "nothing of the file was landed" in said


def test_a_stray_quote_that_swallows_records_until_the_next(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    lines = [order(n) for n in range(20)]
    lines[3] = lines[3].replace("paid", '"paid')
    lines[9] = lines[9].replace("paid", '"paid"')
    door.put("orders_2026-07-01.csv", orders(*lines))
    said = refusal(door)
    assert "records counted" in said
    assert "nothing of the file was landed" in said


def test_a_carriage_return_within_a_value(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", orders(order(1, state="pa\rid"), order(2)))
    assert "carriage return" in refusal(door)


def test_a_damaged_gzip_file(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    path = door.put("orders_2026-07-01.csv", GOOD * 50, packed=True)
    path.write_bytes(path.read_bytes()[:-20])
    said = refusal(door)
    assert "cannot be unpacked as gzip" in said
    assert "fetch it again" in said


def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=PARQUET_ORDERS)
    door.put("orders_2026-07-01.parquet", GOOD)
    assert "not readable as Parquet" in refusal(door)


def test_a_file_that_is_no_json_lines(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=JSON_ORDERS)
    door.put("orders_2026-07-01.jsonl.gz", GOOD, packed=True)
    assert "none of its 3 lines is a JSON object" in refusal(door)


def test_a_required_path_that_no_object_has(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=JSON_ORDERS)
    line = '{"id": "O1", "when": "2026-06-30T10:00:00Z", "state": "paid", "total": 1}\n'
    door.put("orders_2026-07-01.jsonl.gz", line, packed=True)
    assert "missing column 'at'" in refusal(door)


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", GOOD)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(engine, "write_rejects", full)
    said = refusal(door, StorageError)
    assert "orders_2026-07-01.csv: No space left on device; free space" in said


def test_a_file_that_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = FrontDoor(tmp_path)
    path = door.put("orders_2026-07-01.csv", GOOD)
    tally = csv_file.tally

    def growing(*args: Any, **options: Any) -> Any:
        with path.open("a") as file:
            file.write(order(3) + "\n")
        return tally(*args, **options)

    monkeypatch.setattr(csv_file, "tally", growing)
    with pytest.raises((TransientError, SourceError)):
        door.extract(D1)
    assert not door.landed()


def test_load_before_extract(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="run extract for that night first"):
        FrontDoor(tmp_path).load(D1)


def test_a_night_mostly_in_quarantine_is_stopped_and_leaves_nothing(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", orders(order(1), order(2, at="hier"), order(3, at="hier")))
    door.extract(D1)
    with pytest.raises(CheckFailed, match="shop_orders_is_not_mostly_in_quarantine") as caught:
        door.load(D1)
    assert "ordered_at: not a time" in str(caught.value)
    assert str(caught.value).endswith("2 records, the first in line 3")
    assert door.rows("select count(*) from raw.orders") == [(0,)]
    assert door.rows("select count(*) from ops.books") == [(0,)]


def test_an_earlier_night_than_the_last_is_told_so(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-02.csv", GOOD)
    door.run(D2)
    with pytest.raises(NotReady, match="the later night 2026-07-02 is loaded"):
        door.load(D1)


@pytest.mark.parametrize("name", ["manifest.json", "records-0-*.parquet", "rejects-*.parquet"])
@pytest.mark.parametrize("keep", [0.5, 0.0, None], ids=["cut", "emptied", "gone"])
def test_a_damaged_landing_is_named_and_mended(
    tmp_path: Path, name: str, keep: float | None
) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", GOOD)
    door.extract(D1)
    folder = door.paths.landing / "shop_orders" / f"extract_date={D1}"
    [file] = folder.glob(name)
    data = file.read_bytes()
    file.unlink() if keep is None else file.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises((SourceError, NotReady)) as caught:
        door.load(D1)
    assert "run extract" in str(caught.value)
    shutil.rmtree(folder)
    assert door.run(D1).facts["orders"] == 2


def test_landing_with_other_rows_than_its_manifest_says(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", GOOD)
    door.extract(D1)
    [rows] = door.paths.landing.rglob("records-0-*.parquet")
    duckdb.sql(f"copy (select * from '{rows}' limit 1) to '{tmp_path}/one.parquet'")
    (tmp_path / "one.parquet").replace(rows)
    with pytest.raises(SourceError, match="not those that its manifest tells"):
        door.load(D1)


def test_a_timestamp_format_that_is_none(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "timestamp_format": "%Q of %d"})
    door.put("orders_2026-07-01.csv", GOOD)
    with pytest.raises(SourceError, match="timestamp_format"):
        door.extract(D1)


def test_a_warehouse_of_an_older_release_gets_the_columns_it_lacks(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", GOOD)
    door.run(D1)
    with duckdb.connect(str(door.paths.warehouse)) as con:
        con.execute("drop view raw.orders")
        con.execute("alter table ops.books drop column landed_as")
    door.put("orders_2026-07-02.csv", orders(order(3)))
    door.run(D2)
    rows = door.rows("select order_id, status, line from raw.orders order by order_id")
    assert rows == [("O1", "paid", 2), ("O2", "paid", 3), ("O3", "paid", 2)]
    assert door.rows("select records_read, landed from ops.books order by extract_date") == [
        (2, 2),
        (1, 1),
    ]

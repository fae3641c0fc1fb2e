"""What a look at a source shows before its first night."""

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.errors import SourceError
from pipelines.sources import look, render
from pipelines.sources.preview import Preview
from tests.contract.world import D1, HEADER, ORDERS, FrontDoor, order, orders


def seen(door: FrontDoor, rows: int = 1000) -> Preview:
    night = door.night(D1)
    return look(night, "shop_orders", night.shop.sources["shop_orders"], rows)


def test_it_shows_how_columns_are_mapped_and_read(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", orders(order(1), order(2, phone="06 12 34 56 78")))
    preview = seen(door)
    assert (preview.records, preview.good, preview.problems) == (2, 2, ())
    examples = {mapped.column: mapped.examples for mapped in preview.mapped}
    assert examples["order_id"] == (("O1", "O1"), ("O2", "O2"))
    assert ("06 12 34 56 78", "+33612345678") in examples["phone"]
    assert "shop_orders → orders" in render(preview)[0]


def test_times_are_shown_with_their_zone(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "time_zone": "Europe/Paris"})
    door.put("orders_2026-07-01.csv", orders(order(1)))
    [line] = [line for line in render(seen(door)) if line.startswith("  ordered_at")]
    assert line.endswith("2026-06-30 10:00:00 = 2026-06-30 08:00:00 UTC")


def test_it_tells_what_would_go_to_quarantine_and_why(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    bad = [order(n).replace("2026-06-30", "30/06/2026") for n in (2, 3)]
    door.put("orders_2026-07-01.csv", orders(order(1), *bad, "short"))
    preview = seen(door)
    assert (preview.records, preview.good) == (4, 1)
    first, second = preview.problems
    assert (first.column, first.count, first.line) == ("ordered_at", 2, 3)
    assert "ISO 8601" in first.reason
    assert "30/06/2026" in str(first.given)
    assert (second.column, second.line) == ("record", 5)
    assert "all 4 records read: 1 fit, 3 would go to quarantine" in render(preview)[0]


def test_it_reads_a_little_only_and_cuts_where_a_record_ends(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    quoted = order(3, phone='"two\nlines"')
    door.put("orders_2026-07-01.csv", orders(order(1), order(2), quoted, order(4)))
    assert [seen(door, rows).records for rows in (1, 2, 3, 4, 100)] == [1, 2, 2, 3, 4]
    assert [seen(door, rows).is_whole for rows in (1, 4, 5, 100)] == [False, False, True, True]
    assert "the first 2 records read: 2 fit, 0 would" in render(seen(door, 2))[0]
    assert render(seen(door, 2))[0].endswith("(--rows reads more)")


def test_it_tells_how_many_records_are_left_out(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "skip": {"state": ["cart"]}})
    door.put("orders_2026-07-01.csv", orders(order(1), order(2, state="cart"), order(3)))
    [first, *_] = render(seen(door))
    assert first.endswith("all 3 records read: 2 fit, 0 would go to quarantine, 1 are left out")


@pytest.mark.parametrize("kind", ["csv.gz", "jsonl.gz", "parquet"])
def test_it_reads_every_format(tmp_path: Path, kind: str) -> None:
    path = {"path": f"{{folder}}/{{date}}.{kind}", "format": kind.removesuffix(".gz")}
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, **path})
    names, values = HEADER.split(","), order(1).split(",")
    row: dict[str, Any] = dict(zip(names, values, strict=True))
    target = door.folder / f"2026-07-01.{kind}"
    if kind == "parquet":
        pl.DataFrame([row] * 30).write_parquet(target)
    else:
        line = json.dumps(row) + "\n" if kind == "jsonl.gz" else order(1) + "\n"
        header = "" if kind == "jsonl.gz" else HEADER + "\n"
        target.write_bytes(gzip.compress((header + 30 * line).encode()))
    preview = seen(door, rows=10)
    assert preview.good == preview.records
    assert 10 <= preview.records <= 11


def test_a_key_that_most_records_share_is_told(tmp_path: Path) -> None:
    columns = {**ORDERS["columns"], "order_id": "state", "status": "state"}
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "columns": columns})
    door.put("orders_2026-07-01.csv", orders(order(1), order(2), order(3)))
    preview = seen(door)
    assert preview.shared_keys
    assert "order_id: only 1 different among 3 records; is it the right column?" in "".join(
        render(preview)
    )


def test_nothing_is_kept(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put("orders_2026-07-01.csv", orders(order(1)))
    seen(door)
    kept = {path for path in door.paths.data_dir.rglob("*") if path.is_file()}
    assert kept <= {door.paths.ledger}
    assert door.landed() == []


def test_what_was_brought_to_be_looked_at_is_not_the_nights_answer(tmp_path: Path) -> None:
    database = tmp_path / "shop.db"
    with closing(sqlite3.connect(database)) as con, con:
        con.execute(f"create table orders ({HEADER})")
        con.execute("insert into orders values ('O1', '2026-06-30', 'paid', '12.50', 'a@b.fr', '')")
    source = {**ORDERS, "connector": "sql", "sql": {"connection": "SHOP_DB", "table": "orders"}}
    door = FrontDoor(
        tmp_path, shop_orders={k: v for k, v in source.items() if k not in ("path", "format")}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOP_DB", f"sqlite:///{database}")
        assert seen(door).good == 1
        with closing(sqlite3.connect(database)) as con, con:
            con.execute("update orders set id = 'O2'")
        door.extract(D1)
    assert door.landed_rows("order_id") == [("O2",)]


def test_a_source_without_an_extract_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no file for 2026-07-01; expected .*orders_2026-07-01"):
        seen(FrontDoor(tmp_path))

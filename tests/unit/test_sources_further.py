"""What a source says of columns beside the mapped ones: records left out, words overruled, ids told
apart, lines numbered."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from pydantic import ValidationError

from pipelines.errors import SourceError
from pipelines.specs.source import Source
from tests.contract.world import D1, ORDERS, FrontDoor

ROWS: list[dict[str, Any]] = [
    {"id": "1", "at": "2026-06-01", "state": "done", "total": "5", "paid": "paid", "gone": None},
    {"id": "2", "at": "2026-06-02", "state": "cart", "total": "6", "paid": None, "gone": None},
    {"id": "3", "at": "2026-06-03", "state": "done", "total": "7", "paid": "back", "gone": None},
    {"id": "4", "at": "2026-06-04", "state": "done", "total": "8", "paid": "paid", "gone": "2026"},
    {"id": "5", "at": "bad", "state": "done", "total": "9", "paid": "back", "gone": None},
]
COLUMNS = {"order_id": "id", "ordered_at": "at", "status": "state", "total_amount": "total"}
DONE = {"values": {"status": {"done": "completed", "cart": "pending"}}}
SHARED = "orders_of_two_sources_have_ids_of_their_own"
FORMATS = ("csv", "jsonl", "json", "parquet", "excel")


def door_of(tmp_path: Path, kind: str = "csv", **more: Any) -> FrontDoor:
    source = {"entity": "orders", "path": f"{{folder}}/x_{{date}}.{kind}", "format": kind}
    return FrontDoor(tmp_path, shop_orders={**source, "columns": COLUMNS, **DONE, **more})


def put(door: FrontDoor, kind: str = "csv", rows: list[dict[str, Any]] = ROWS) -> None:
    target = door.folder / f"x_2026-07-01.{kind}"
    match kind:
        case "csv":
            pl.DataFrame(rows).write_csv(target)
        case "parquet":
            pl.DataFrame(rows).write_parquet(target)
        case "json":
            target.write_text(json.dumps(rows))
        case "jsonl":
            target.write_text("".join(json.dumps(row) + "\n" for row in rows))
        case _:
            book = openpyxl.Workbook()
            for cells in (list(rows[0]), *(list(row.values()) for row in rows)):
                book.active.append(cells)
            book.save(target)


def landed(door: FrontDoor) -> list[Any]:
    return door.rows("select order_id, status from raw.orders order by 1")


def books(door: FrontDoor) -> list[Any]:
    return door.rows("select records_read, landed, quarantined, set_aside, added from ops.books")


@pytest.mark.parametrize("kind", FORMATS)
def test_records_that_a_rule_leaves_out_are_counted(kind: str, tmp_path: Path) -> None:
    door = door_of(tmp_path, kind, skip={"state": ["cart"], "gone": ["*"]})
    put(door, kind)
    door.run(D1)
    assert landed(door) == [("1", "completed"), ("3", "completed")]
    assert books(door) == [(5, 2, 1, 2, 0)]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("empty", [(), ("back",)])
def test_an_empty_text_is_a_word_too(kind: str, empty: tuple[str, ...], tmp_path: Path) -> None:
    words = {"values": {"status": {"": "pending", "back": "refunded"}}}
    columns = {**COLUMNS, "status": "paid"}
    if empty:
        words["values"]["status"].pop("back")
    door = door_of(tmp_path, kind, **{"columns": columns, "empty_values": empty, **words})
    put(door, kind)
    door.run(D1)
    back = "pending" if empty else "refunded"
    assert landed(door) == [("1", "paid"), ("2", "pending"), ("3", back), ("4", "paid")]


@pytest.mark.parametrize(
    ("rule", "ids"),
    [
        ({"skip": {"paid": [""]}}, ["1", "3", "4"]),
        ({"keep": {"paid": ["*"]}}, ["1", "3", "4"]),
        ({"keep": {"paid": ["paid", ""]}}, ["1", "2", "4"]),
        ({"keep": {"paid": ["paid"], "gone": [""]}}, ["1"]),
        ({"keep": {"paid": ["paid"]}, "skip": {"id": ["4"]}}, ["1"]),
        ({"skip": {"gone": [""]}, "empty_values": ["2026"]}, []),
        ({"skip": {"paid": []}}, ["1", "2", "3", "4"]),
    ],
)
def test_rules_read_filled_and_empty_columns(
    rule: dict[str, Any], ids: list[str], tmp_path: Path
) -> None:
    door = door_of(tmp_path, **rule)
    put(door)
    door.run(D1)
    assert [order_id for order_id, _ in landed(door)] == ids
    [(read, in_raw, quarantined, set_aside, added)] = books(door)
    assert (read + added, in_raw) == (in_raw + quarantined + set_aside, len(ids))


@pytest.mark.parametrize("kind", FORMATS)
def test_what_another_column_says_goes_first(kind: str, tmp_path: Path) -> None:
    over = {"status": {"paid": {"back": "refunded", "": "pending"}, "gone": {"*": "cancelled"}}}
    door = door_of(tmp_path, kind, overrides=over)
    put(door, kind)
    door.run(D1)
    assert landed(door) == [
        ("1", "completed"), ("2", "pending"), ("3", "refunded"), ("4", "cancelled"),
    ]  # fmt: skip


def test_a_constant_can_be_overruled(tmp_path: Path) -> None:
    columns = {ours: theirs for ours, theirs in COLUMNS.items() if ours != "status"}
    door = door_of(
        tmp_path,
        columns=columns,
        values={},
        constants={"status": "completed"},
        overrides={"status": {"state": {"cart": "cancelled"}}},
    )
    put(door)
    door.run(D1)
    assert dict(landed(door)) == {"1": "completed", "2": "cancelled", "3": "completed",
                                  "4": "completed"}  # fmt: skip


def test_what_went_to_quarantine_keeps_what_was_said(tmp_path: Path) -> None:
    over: dict[str, Any] = {"overrides": {"status": {"paid": {"back": "refunded"}}}}
    door = door_of(tmp_path, prefixes={"order_id": "W-"}, **over)
    put(door)
    door.run(D1)
    [(record,)] = door.rows("select record from ops.quarantine")
    assert (json.loads(record)["order_id"], json.loads(record)["status"]) == ("W-5", "refunded")


def test_two_sources_that_count_alike_are_told_apart(tmp_path: Path) -> None:
    web = {"entity": "orders", "path": "{folder}/x_{date}.csv", "format": "csv", **DONE}
    web |= {"columns": {**COLUMNS, "contact_id": "paid"}, "on_missing": "go_on"}
    till = {**web, "prefixes": {"order_id": "T-", "contact_id": "T-"}}
    till |= {"values": {**DONE["values"], "contact_id": {"back": ""}}}
    door = FrontDoor(tmp_path, web=web, till={**till, "prefixes": {}})
    put(door)
    door.run(D1, audit=None)
    assert SHARED in door.failed()
    door.results.clear()
    door.configure(web=web, till=till)
    door.run(D1, audit=None)
    assert SHARED not in door.failed()
    found = door.rows("select order_id, contact_id from raw.orders order by source desc, line")
    assert found == [
        ("1", "paid"), ("2", None), ("3", "back"), ("4", "paid"),
        ("T-1", "T-paid"), ("T-2", None), ("T-3", None), ("T-4", "T-paid"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", FORMATS)
def test_lines_without_a_number_are_numbered_within_their_order(kind: str, tmp_path: Path) -> None:
    rows = [{"order": o, "sku": s, "n": "1", "price": "2", "kind": k} for o, s, k in (
        ("A", "x", "line"), ("B", "x", "line"), ("A", "y", "tax"), ("A", "z", "line"),
    )]  # fmt: skip
    columns = {"order_id": "order", "product_id": "sku", "quantity": "n", "unit_price": "price"}
    source = {
        "entity": "order_lines",
        "path": f"{{folder}}/x_{{date}}.{kind}",
        "format": kind,
        "columns": columns,
        "number_lines": True,
        "skip": {"kind": ["tax"]},
    }
    door = FrontDoor(tmp_path, lines=source)
    put(door, kind, rows)
    door.run(D1)
    found = door.rows("select order_id, line_number, product_id from raw.order_lines order by 1, 2")
    assert found == [("A", 1, "x"), ("A", 2, "z"), ("B", 1, "x")]


def test_a_rule_about_a_column_that_is_not_there_stops_the_source(tmp_path: Path) -> None:
    door = door_of(tmp_path, skip={"stat": ["cart"]})
    put(door)
    with pytest.raises(SourceError, match=r"missing column 'stat' \(nearest: 'state'\)"):
        door.extract(D1)


def test_another_rule_reads_the_extract_again(tmp_path: Path) -> None:
    door = door_of(tmp_path)
    put(door)
    door.run(D1)
    source = door.shop.sources["shop_orders"].model_dump(exclude_defaults=True)
    door.configure(shop_orders={**source, "skip": {"state": ["cart"]}})
    door.run(D1)
    assert books(door) == [(5, 3, 1, 1, 0)]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"overrides": {"statut": {}}}, "overrides.statut: found 'statut'; did you mean 'status'?"),
        (
            {"overrides": {"status": {"a": {"x": "back"}}}},
            "overrides.status.a.x: found 'back'",
        ),
        ({"prefixes": {"status": "x"}}, "prefixes.status: found 'status'"),
        ({"prefixes": {"store_id": "x"}}, "prefixes.store_id: nothing is mapped to it"),
        ({"number_lines": True}, "number_lines: orders have no line_number; remove it"),
        ({"line_totals": True}, "line_totals: orders have no unit_price; remove it"),
        ({"minor_units": True, "round_amounts": True}, "round_amounts: means nothing with minor_"),
    ],
)
def test_mistakes_are_told(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Source.model_validate({**ORDERS, **settings})
    assert said in str(error.value)


def test_lines_are_numbered_or_have_a_number() -> None:
    lines = {
        "entity": "order_lines",
        "path": "x.csv",
        "format": "csv",
        "columns": {"order_id": "a", "product_id": "b", "quantity": "c", "unit_price": "d"},
    }
    with pytest.raises(ValidationError, match="'line_number' of entity 'order_lines' is not map"):
        Source.model_validate(lines)
    assert Source.model_validate({**lines, "number_lines": True}).number_lines
    with pytest.raises(ValidationError, match="number_lines: line_number is given too"):
        Source.model_validate({**lines, "number_lines": True, "constants": {"line_number": "1"}})


def test_a_preset_says_itself_which_records_it_takes() -> None:
    block = {"entity": "orders", "path": "x.csv", "preset": "shopify_orders"}
    with pytest.raises(ValidationError, match="skip: the SQL of the preset says it; remove it"):
        Source.model_validate({**block, "skip": {"Name": ["x"]}})
    assert Source.model_validate({**block, "prefixes": {"order_id": "S-"}}).prefixes


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_dotted_column_lies_within_the_json_text_of_another(kind: str, tmp_path: Path) -> None:
    names = ['{"de_DE": "Hut", "en_US": "Hat"}', '{"en_US": {"short": "Cap"}}', "no json", None]
    rows = [{"id": str(n), "label": name} for n, name in enumerate(names)]
    source = {
        "entity": "stores",
        "path": f"{{folder}}/x_{{date}}.{kind}",
        "format": kind,
        "columns": {"store_id": "id", "name": "label.de_DE", "country": "label.en_US.short"},
    }
    door = FrontDoor(tmp_path, stores=source)
    put(door, kind, rows)
    door.run(D1)
    found = door.rows("select name, country from raw.stores order by line")
    assert found == [("Hut", None), (None, "Cap"), (None, None), (None, None)]
    [(kept,)] = door.rows("select extra from raw.stores where store_id = '0'")
    assert json.loads(json.loads(kept)["label"])["en_US"] == "Hat"


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_the_elements_of_an_array_in_each_record_are_records(kind: str, tmp_path: Path) -> None:
    def line(sku: str) -> dict[str, Any]:
        return {"sku": sku, "count": 2, "price": {"cents": 1250}, "note": "x"}

    rows = [
        {"id": "A", "cart": {"lines": [line("x"), line("y")]}, "note": "kept once"},
        {"id": "B", "cart": {"lines": []}},
        {"id": "C", "cart": {"lines": [line("x"), "no object"]}},
    ]
    source = {
        "entity": "order_lines",
        "path": f"{{folder}}/x_{{date}}.{kind}",
        "format": kind,
        "elements": "cart.lines",
        "minor_units": True,
        "columns": {
            "order_id": "parent.id",
            "line_number": "parent.position",
            "product_id": "sku",
            "quantity": "count",
            "unit_price": "price.cents",
        },
    }
    door = FrontDoor(tmp_path, lines=source)
    put(door, kind, rows)
    door.run(D1)
    found = door.rows(
        "select order_id, line_number, product_id, unit_price::float, extra from raw.order_lines"
        " order by 1, 2"
    )
    extra = '{"note":"x"}'
    assert found == [
        ("A", 1, "x", 12.5, extra), ("A", 2, "y", 12.5, extra), ("C", 1, "x", 12.5, extra),
    ]  # fmt: skip
    assert books(door) == [(3, 3, 0, 1, 1)]


def test_what_whole_lines_come_to_becomes_the_price_of_one(tmp_path: Path) -> None:
    rows = [
        {"order": "A", "n": "1", "sku": "x", "count": "3", "amount": "10.00"},
        {"order": "A", "n": "2", "sku": "y", "count": "0", "amount": "5.00"},
        {"order": "A", "n": "3", "sku": "y", "count": "2", "amount": "much"},
    ]
    columns = {"order_id": "order", "line_number": "n", "product_id": "sku", "quantity": "count"}
    source = {
        "entity": "order_lines",
        "path": "{folder}/x_{date}.csv",
        "format": "csv",
        "columns": {**columns, "unit_price": "amount"},
        "line_totals": True,
    }
    door = FrontDoor(tmp_path, lines=source)
    put(door, "csv", rows)
    door.run(D1)
    assert door.rows("select unit_price::varchar from raw.order_lines") == [("3.3333",)]
    assert door.rows("select column_name, reason from ops.quarantine order by line") == [
        ("unit_price", "what a line of no quantity comes to has no unit price"),
        ("unit_price", "not a number written like -1234.5"),
    ]

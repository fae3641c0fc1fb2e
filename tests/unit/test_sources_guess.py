"""The first configuration, guessed from a folder of files."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import SourceError
from pipelines.sources import draft
from pipelines.specs.shop import load_shop
from tests.conftest import ROOT


def drafted(folder: Path) -> str:
    return draft(folder, "my_shop", "Europe/Paris", "EUR", "FR")


def sources(folder: Path) -> dict[str, dict[str, Any]]:
    content = yaml.safe_load(drafted(folder))["sources"]
    return {source["entity"]: source for source in content.values()}


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


ORDERS = "order no;sold at;state;total ttc;customer number\n"


def test_the_sample_shop_is_mapped_as_its_own_configuration_maps_it(tmp_path: Path) -> None:
    config = tmp_path / "shop.yml"
    config.write_text(drafted(ROOT / "data" / "sample" / "extracts"), encoding="utf-8")
    guessed = {s.entity: s for s in load_shop(config).sources.values()}
    known = {s.entity: s for s in load_shop(ROOT / "config" / "sample.yml").sources.values()}
    assert set(guessed) == set(known)
    for entity, source in known.items():
        mine = guessed[entity]
        assert mine.columns == source.columns
        for setting in ("format", "delimiter", "timestamp_format", "encoding"):
            assert getattr(mine, setting) == getattr(source, setting), (entity, setting)
        for column, pairs in source.values.items():
            closed = ("status", "channel", "purpose")
            said = {theirs: ours for theirs, ours in pairs.items() if theirs != ours}
            assert column not in closed or mine.values[column] == said


def test_how_a_tool_writes_is_seen(tmp_path: Path) -> None:
    rows = "A1;25/06/2026 10:00;payée;1 234,50;C1\nA2;03/06/2026 11:30;livrée;12,00;C2\n"
    put(tmp_path, "ventes/20260701.csv", ORDERS + rows, "windows-1252")
    source = sources(tmp_path)["orders"]
    assert source["path"].endswith("/ventes/{date}.csv")
    assert source["date_in_path"] == "%Y%m%d"
    assert source["encoding"] == "windows-1252"
    assert (source["delimiter"], source["decimal"], source["thousands"]) == (";", ",", " ")
    assert source["timestamp_format"] == "%d/%m/%Y %H:%M"
    assert source["columns"] == {
        "order_id": "order no",
        "ordered_at": "sold at",
        "status": "state",
        "total_amount": "total ttc",
        "contact_id": "customer number",
    }
    assert source["values"]["status"] == {"livrée": "completed", "payée": "paid"}


def test_what_is_not_certain_is_said(tmp_path: Path) -> None:
    rows = "A1;05/06/2026 10:00;lost at sea;9.50;C1\nA2;03/06/2026 11:30;paid;12.00;C2\n"
    put(tmp_path, "orders.csv", ORDERS + rows)
    text = drafted(tmp_path)
    assert "CHECK: ordered_at: day before month? no value tells" in text
    assert 'CHECK: "lost at sea": which of pending, paid' in text
    assert "no offset" in text


def test_a_required_column_that_is_not_found_is_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "orders.csv", "order no,sold at,total ttc,mail\nA1,2026-06-01,5.00,a@b.fr\n")
    assert "CHECK: nothing found for status, which is required" in drafted(tmp_path)


def test_a_name_counts_only_where_the_values_fit(tmp_path: Path) -> None:
    put(tmp_path, "crm.csv", "client id,maj,mail\nC1,2026-06-01,yes\nC2,2026-06-02,no\n")
    assert "email" not in sources(tmp_path)["contacts"]["columns"]


def test_a_column_that_hardly_tells_records_apart_is_no_key(tmp_path: Path) -> None:
    rows = "".join(f"{n},EUR,2026-06-0{n},paid,{n}.50,c{n}@x.fr\n" for n in range(1, 8))
    header = "entity_id,order_currency_code,created_at,status,grand_total,customer_email\n"
    put(tmp_path, "sales_order.csv", header + rows)
    assert sources(tmp_path)["orders"]["columns"]["order_id"] == "entity_id"


def test_lines_without_a_number_take_a_number_that_never_comes_twice(tmp_path: Path) -> None:
    rows = "1,77,1,SKU1,2,9.90\n2,78,1,SKU2,1,5.00\n3,79,2,SKU1,1,9.90\n"
    header = "row_ref,item_ref,order_id,sku,qty_ordered,price\n"
    put(tmp_path, "order_items.csv", header + rows)
    text = drafted(tmp_path)
    assert "line_number: row_ref" in text
    assert "CHECK: line_number: row_ref is guessed" in text


def test_shortened_names_and_other_word_orders_are_understood(tmp_path: Path) -> None:
    put(
        tmp_path,
        "CDE_ENT.csv",
        "NO_CDE;DT_CDE;STAT;MT_TTC;NO_CLI\nA1;2026-06-05;payée;9,50;C1\nA2;2026-06-06;livrée;8,00;C2\n",
    )
    assert sources(tmp_path)["orders"]["columns"] == {
        "order_id": "NO_CDE",
        "ordered_at": "DT_CDE",
        "status": "STAT",
        "total_amount": "MT_TTC",
        "contact_id": "NO_CLI",
    }


def test_values_speak_where_names_do_not(tmp_path: Path) -> None:
    put(
        tmp_path,
        "klaviyo.csv",
        "Metric,Person,Campaign,When,date\n"
        "Opened Email,a@x.fr,K1,x,2026-06-05\nClicked Email,b@x.fr,K1,y,2026-06-06\n"
        "Bounced Email,c@x.fr,K1,z,2026-06-07\n",
    )
    source = sources(tmp_path)["campaign_events"]
    assert source["columns"]["event_name"] == "Metric"
    assert source["values"]["event_name"] == {
        "Opened Email": "open",
        "Clicked Email": "click",
        "Bounced Email": "bounce",
    }


def test_files_that_are_not_understood_are_named(tmp_path: Path) -> None:
    put(tmp_path, "orders.csv", ORDERS + "A1;2026-06-05;paid;9.50;C1\n")
    put(tmp_path, "readme.html", "<html>")
    put(tmp_path, "weather.csv", "wind,rain\n1,2\n")
    text = drafted(tmp_path)
    assert "readme.html: neither CSV, JSON, Excel nor Parquet" in text
    assert "weather.csv: fits no entity of the contract (columns: wind, rain)" in text
    assert list(yaml.safe_load(text)["sources"]) == ["orders"]


def test_a_folder_without_extracts_is_an_error_that_says_why(tmp_path: Path) -> None:
    put(tmp_path, "empty.csv", "")
    with pytest.raises(SourceError, match=r"(?s)no file there is understood.*empty\.csv: empty"):
        drafted(tmp_path)


def test_a_workbook_with_titles_is_read_below_them(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Export of June"])
    book.active.append(["order no", "sold at", "state", "total ttc", "customer number"])
    for n in range(5):
        book.active.append([f"A{n}", datetime(2026, 6, 1 + n, 10), "paid", 9.5, f"C{n}"])  # noqa: DTZ001
    book.save(tmp_path / "orders.xlsx")
    source = sources(tmp_path)["orders"]
    assert (source["format"], source["excel"]) == ("excel", {"header_row": 2})
    assert source["columns"]["ordered_at"] == "sold at"


@pytest.mark.parametrize("indent", [None, 2])
def test_the_records_of_a_json_document_are_found(indent: int | None, tmp_path: Path) -> None:
    orders = [
        {"id": n, "created_at": f"2026-06-0{n}T10:00:00Z", "status": "paid", "total": "9.50",
         "customer": {"email": f"c{n}@x.fr"}}
        for n in range(1, 6)
    ]  # fmt: skip
    put(tmp_path, "orders.json", json.dumps({"data": {"orders": orders}}, indent=indent))
    source = sources(tmp_path)["orders"]
    assert (source["format"], source["records"]) == ("json", "data.orders")
    assert source["columns"]["email"] == "customer.email"
    put(tmp_path, "orders.json", json.dumps(orders, indent=indent))
    assert "records" not in sources(tmp_path)["orders"]
    put(tmp_path, "orders.json", "[1, 2]")
    with pytest.raises(SourceError, match="without an array of objects"):
        drafted(tmp_path)

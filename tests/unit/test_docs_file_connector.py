"""Each example of docs/connectors/file.md lands the extract that it is about."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
import yaml

from tests.conftest import ROOT
from tests.contract.world import D1, D2, FrontDoor
from tests.unit.test_sources_archives import zipped

PAGE = ROOT / "docs" / "connectors" / "file.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
SOURCES: dict[str, Any] = {k: v for block in BLOCKS for k, v in yaml.safe_load(block).items()}
RECORD = {"id": "A1", "created": "2026-06-30T08:00:00Z", "state": "paid"}


def till() -> bytes:
    rows = [
        "Journal de caisse",
        "",
        "Ticket;Date;État;Montant;Mobile",
        "'A1';30/06/2026 10:00;'Payée';1 234,50;06 12 34 56 78",
    ]
    return "\r\n".join(rows).encode("windows-1252")


def web_shop() -> bytes:
    line = json.dumps({**RECORD, "total": 1234.5, "customer": {"email": "a@b.example"}})
    return zipped({"README.txt": b"hello", "out/orders_1.jsonl": line.encode()})


def marketplace() -> bytes:
    item = {**RECORD, "price": {"total": 1234.50}, "buyer": {"email": "a@b.example"}}
    return json.dumps({"data": {"items": [item]}}).encode()


def wholesale(door: FrontDoor) -> None:
    with xlsxwriter.Workbook(door.folder / "wholesale_2026-07-01.xlsx") as book:
        time = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        book.add_worksheet("Lisez-moi")
        sheet = book.add_worksheet("Commandes")
        sheet.write_row(0, 0, ["Commandes de juin"])
        sheet.write_row(2, 0, ["N°", "Date", "État", "Total", "E-mail"])
        sheet.write_row(3, 0, ["A1", None, "paid", 1234.5, "a@b.example"])
        sheet.write_datetime(3, 1, datetime(2026, 6, 30, 10), time)


@pytest.mark.parametrize("name", ["till", "web_shop", "wholesale", "marketplace"])
def test_an_example_of_the_page_loads_its_order(tmp_path: Any, name: str) -> None:
    source = SOURCES[name]
    source = source | {"path": source["path"].replace("extracts/", "{folder}/")}
    door = FrontDoor(tmp_path, **{name: source})
    if name == "wholesale":
        wholesale(door)
    else:
        file, data = {
            "till": ("till_20260701.csv", till),
            "web_shop": ("export_2026-07-01.zip", web_shop),
            "marketplace": ("marketplace_2026-07-01.json", marketplace),
        }[name]
        door.put(file, data())
    door.run(D1)
    query = "select order_id, ordered_at::varchar, status, total_amount::varchar from raw.orders"
    assert door.rows(query) == [("A1", "2026-06-30 08:00:00", "paid", "1234.5000")]


def test_the_snapshot_of_the_page_tells_who_has_vanished(tmp_path: Any) -> None:
    source = SOURCES["crm"] | {"path": "{folder}/crm_{date}.csv"}
    door = FrontDoor(tmp_path, crm=source)
    for day, keys in ((D1, "ab"), (D2, "a")):
        rows = [f"{key},2026-06-01,{key}@b.example" for key in keys]
        door.put(f"crm_{day}.csv", "\n".join(["Id,Modified,Email", *rows]))
        door.run(day)
    query = "select contact_id, is_deleted from raw.contacts where extract_date = date '2026-07-02'"
    assert door.rows(query) == [("b", True)]


def test_every_example_is_tried() -> None:
    assert set(SOURCES) == {"till", "web_shop", "wholesale", "marketplace", "crm"}

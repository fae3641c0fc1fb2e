"""Workbooks that are none, locked, damaged or without the declared table are refused."""

import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.sources import unpack
from pipelines.specs.shop import load_shop
from tests.contract.test_broken_files import GOOD, refusal
from tests.contract.world import FrontDoor
from tests.unit.test_sources_excel import EXCEL, HEADER, ROW, rewrite, workbook

NAME = "orders_2026-07-01.xlsx"


def door_of(root: Path, **excel: Any) -> FrontDoor:
    return FrontDoor(root, shop_orders={**EXCEL, "excel": excel} if excel else EXCEL)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (GOOD.encode(), "no Excel workbook, whatever its name says; if it is text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked with a password; save it as"),
        (b"PK\x03\x04" + b"\0" * 60, "not readable as an Excel workbook"),
    ],
    ids=["text", "xls", "no archive"],
)
def test_what_is_no_workbook(tmp_path: Path, data: bytes, told: str) -> None:
    door = door_of(tmp_path)
    door.put(NAME, data)
    said = refusal(door)
    assert "source 'shop_orders': " in said
    assert NAME in said
    assert told in said


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_cut_workbook(tmp_path: Path, keep: float) -> None:
    door = door_of(tmp_path)
    path = workbook(door, HEADER, *[ROW] * 500)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    assert "not readable as an Excel workbook" in refusal(door)


def test_a_sheet_that_is_not_well_formed(tmp_path: Path) -> None:
    door = door_of(tmp_path)
    path = workbook(door, HEADER, ROW, ROW, ROW)
    rewrite(path, b'<row r="4"', b'<row r="4" <')
    assert "row 4: not readable as an Excel workbook" in refusal(door)


def test_a_sheet_of_opendocument(tmp_path: Path) -> None:
    door = door_of(tmp_path)
    with zipfile.ZipFile(door.folder / NAME, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office/>")
    assert "an OpenDocument sheet (.ods); save it as .xlsx" in refusal(door)


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    door = door_of(tmp_path, sheet="Order")
    workbook(door, HEADER, ROW)
    assert "no sheet 'Order'; there are: 'Orders'; set `excel.sheet`" in refusal(door)


def test_an_empty_sheet_and_an_empty_header_row(tmp_path: Path) -> None:
    door = door_of(tmp_path)
    workbook(door)
    assert "the first 20 rows are empty" in refusal(door)
    door.configure(shop_orders={**EXCEL, "excel": {"header_row": 2}})
    workbook(door, HEADER, [], ROW)
    assert "row 2 is empty, where the column names should be" in refusal(door)


def test_titles_above_the_header_are_told_with_its_row(tmp_path: Path) -> None:
    door = door_of(tmp_path)
    workbook(door, ["Orders of June"], [], HEADER, ROW)
    said = refusal(door)
    assert "missing columns 'id', 'at'" in said
    assert said.endswith("they are in row 3: set `excel.header_row`")


def test_a_missing_column(tmp_path: Path) -> None:
    door = door_of(tmp_path)
    workbook(door, ["id", "at", "state", "totals", "email", "phone"], ROW)
    assert "missing column 'total' (nearest: 'totals')" in refusal(door)


def test_a_workbook_that_is_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "_FREE", 1 << 20)
    door = door_of(tmp_path)
    path = workbook(door, HEADER, ROW)
    rewrite(path, b"<sheetData>", b"<sheetData>" + b" " * (30 << 20))
    assert "more than 500 times as much" in refusal(door)


def test_a_missing_library_is_told_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = door_of(tmp_path)
    workbook(door, HEADER, ROW)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert "pip install -e '.[excel]'" in refusal(door)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": "csv"}, "excel: allowed with format excel only; this is csv"),
        (
            {"member": "*.csv"},
            "member: allowed with format csv, json, jsonl only; this is excel",
        ),
        ({"excel": {"header_row": 0}}, "excel.header_row: found 0"),
        ({"excel": {"sheets": "a"}}, "excel.sheets: unknown setting; did you mean 'sheet'?"),
    ],
)
def test_settings_that_do_not_fit(
    small_config: dict[str, Any], write_config: Any, changes: dict[str, Any], told: str
) -> None:
    orders = small_config["sources"]["orders"]
    orders |= {"format": "excel", "excel": {"sheet": "Orders"}} | changes
    with pytest.raises(ConfigError) as caught:
        load_shop(write_config(small_config))
    assert f"sources.orders.{told}" in str(caught.value)

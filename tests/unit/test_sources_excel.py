"""What landing holds of a workbook: the text that a person sees, row by row."""

import json
import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from pipelines.sources.excel_cells import Cell, Value, cell_text
from tests.contract.world import D1, ORDERS, FrontDoor

EXCEL: dict[str, Any] = {**ORDERS, "path": "{folder}/orders_{date}.xlsx", "format": "excel"}
HEADER = ["id", "at", "state", "total", "email", "phone"]
ROW = ["O1", datetime(2026, 6, 30, 10), "paid", 12.1, "a@shop.example", "0612345678"]


def workbook(door: FrontDoor, *rows: list[Any], sheet: str = "Orders", day: int = 1) -> Path:
    """Rows of values as a workbook, written as Excel writes it; dates and times are formatted."""
    path = door.folder / f"orders_2026-07-0{day}.xlsx"
    options = {"default_date_format": "dd/mm/yyyy hh:mm:ss"}
    with xlsxwriter.Workbook(path, options) as book:
        worksheet = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            worksheet.write_row(number, 0, row)
    return path


def rewrite(path: Path, old: bytes, new: bytes) -> None:
    """Change the XML of a workbook's first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old in parts[sheet]
    parts[sheet] = parts[sheet].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.1, "12.1"),
        (12.10, "12.1"),
        (0.1 + 0.2, "0.3"),
        (12.100000000000001, "12.1"),
        (20260701, "20260701"),
        (20260701.0, "20260701"),
        (1e-7, "0.0000001"),
        (1.5e20, "150000000000000000000"),
        (-0.5, "-0.5"),
        ("00123", "00123"),
        (" a ", " a "),
        ("", None),
        (None, None),
        (True, "true"),
        (datetime(2026, 6, 30), "2026-06-30"),
        (date(2026, 6, 30), "2026-06-30"),
        (datetime(2026, 6, 30, 10, 20, 30), "2026-06-30 10:20:30"),
        (datetime(2026, 6, 30, 23, 59, 59, 999999), "2026-07-01"),
        (time(9, 5), "09:05:00"),
        (timedelta(days=1, hours=6), "30:00:00"),
    ],
)
def test_a_cell_is_the_text_that_a_person_means(value: Value, text: str | None) -> None:
    assert cell_text(Cell(value), ".", None) == text


def test_numbers_and_dates_are_written_as_the_source_declares() -> None:
    assert cell_text(Cell(1234.5), ",", None) == "1234,5"
    assert cell_text(Cell(datetime(2026, 6, 30)), ".", "%d/%m/%Y") == "30/06/2026"
    seconds = datetime(2026, 6, 30, 10, 20, 30)
    assert cell_text(Cell(seconds), ".", "%d/%m/%Y %H:%M") == "2026-06-30 10:20:30"


def test_a_workbook_is_loaded_with_the_rows_it_shows(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=EXCEL)
    second = ["O2", datetime(2026, 6, 30), "paid", 7, None, 612345678]
    workbook(door, [*HEADER, "note"], [*ROW, 0.1 + 0.2], [], ["", None], second)
    door.run(D1)
    query = "select order_id, ordered_at, total_amount, email, phone, line, extra from raw.orders"
    assert [tuple(map(str, row)) for row in door.rows(query)] == [
        ("O1", "2026-06-30 08:00:00", "12.1000", "a@shop.example", "+33612345678", "2",
         '{"note":"0.3"}'),
        ("O2", "2026-06-29 22:00:00", "7.0000", "None", "+33612345678", "5", "None"),
    ]  # fmt: skip
    assert door.rows("select records_read, landed, quarantined from ops.books") == [(2, 2, 0)]
    assert door.landed()[0].unknown_columns == ("note",)


def test_texts_and_cells_may_be_mixed_in_the_declared_formats(tmp_path: Path) -> None:
    formats = {"decimal": ",", "timestamp_format": "%d/%m/%Y %H:%M"}
    door = FrontDoor(tmp_path, shop_orders={**EXCEL, **formats})
    typed = ["O2", "30/06/2026 10:00", "paid", "12,10", None, None]
    workbook(door, HEADER, ROW, typed)
    door.run(D1)
    found = door.rows("select distinct ordered_at::varchar, total_amount::varchar from raw.orders")
    assert found == [("2026-06-30 08:00:00", "12.1000")]


def test_the_sheet_and_the_header_row_may_be_named(tmp_path: Path) -> None:
    excel = {"sheet": "Données", "header_row": 4}
    door = FrontDoor(tmp_path, shop_orders={**EXCEL, "excel": excel})
    path = workbook(door, ["nothing here"])
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Données")
    for row in (["Orders of June"], ["id", "by hand"], [], HEADER, ROW):
        sheet.append(row)
    book.save(path)
    door.run(D1)
    assert door.rows("select order_id, line from raw.orders") == [("O1", 5)]


def test_the_first_sheet_is_the_first_that_is_not_hidden(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=EXCEL)
    book = openpyxl.Workbook()
    hidden, shown = book.worksheets[0], book.create_sheet("Orders")
    hidden.sheet_state = "hidden"
    shown.append(HEADER)
    shown.append(ROW)
    book.save(door.folder / "orders_2026-07-01.xlsx")
    assert door.extract(D1).rows == 1


def test_an_error_in_a_mapped_column_is_quarantined_with_its_place(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=EXCEL)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ([*HEADER, "note"], [*ROW, "#N/A"], ROW, ["O3", *ROW[1:3], "#DIV/0!", *ROW[4:]]):
        sheet.append(row)
    book.save(door.folder / "orders_2026-07-01.xlsx")
    door.run(D1)
    assert door.rows("select line, extra from raw.orders order by line") == [
        (2, '{"note":"#N/A"}'),
        (3, None),
    ]
    [(line, column, reason, record)] = door.rows(
        "select line, column_name, reason, record from ops.quarantine"
    )
    assert (line, column) == (4, "total_amount")
    assert reason == "the cell holds the error #DIV/0!"
    assert json.loads(record)["id"] == "O3"


def test_a_formula_gives_its_stored_value_or_is_told_to_have_none(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=EXCEL)
    path = door.folder / "orders_2026-07-01.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.write_formula(1, 3, "=6*2", None, 12)
        sheet.write_formula(1, 5, '=""', None, "NOTHING")
    rewrite(path, b"<v>NOTHING</v>", b"<v></v>")  # as Excel writes an empty text
    door.run(D1)
    assert [str(v) for v in door.rows("select total_amount, phone from raw.orders")[0]] == [
        "12.0000",
        "None",
    ]
    book = openpyxl.Workbook()  # which computes nothing
    for row in (HEADER, [*ROW[:3], "=6*2", *ROW[4:]], ROW):
        book.worksheets[0].append(row)
    book.save(door.folder / "orders_2026-07-02.xlsx")
    door.run(date(2026, 7, 2))
    [(line, column, reason)] = door.rows("select line, column_name, reason from ops.quarantine")
    assert (line, column) == (2, "total_amount")
    assert "a formula without a stored value" in reason


def test_what_stands_beside_the_table_is_kept(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=EXCEL)
    workbook(door, HEADER, [*ROW, None, "call her"])
    door.extract(D1)
    assert door.landed_rows("extra") == [('{"column_8":"call her"}',)]
    assert door.landed()[0].unknown_columns == ("column_8",)


@pytest.mark.slow
def test_a_large_sheet_is_not_held_in_memory(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=EXCEL)
    path = door.folder / "orders_2026-07-01.xlsx"
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for number in range(1, 10_001):
            sheet.write_row(number, 0, [*ROW[:4], "x" * 5000, number])
    tracemalloc.start()
    assert door.extract(D1).rows == 10_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30 << 20 < 10_000 * 5000

"""JSON documents that break off, are several or hold no such array are refused."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.test_broken_files import refusal
from tests.contract.world import FrontDoor
from tests.unit.test_sources_json import JSON, NAME, row

WHOLE = json.dumps({"data": {"items": [row(n, email="p@shop.example") for n in range(9)]}})


def refused(root: Path, data: str | bytes, **settings: Any) -> str:
    door = FrontDoor(root, shop_orders={**JSON, **settings})
    door.put(NAME, data)
    said = refusal(door)
    assert f"source 'shop_orders': {door.folder}" in said
    assert "p@shop.example" not in said
    assert "\n" not in said
    return said


@pytest.mark.parametrize("cut", [1, 10, 300])
def test_a_document_that_breaks_off(tmp_path: Path, cut: int) -> None:
    said = refused(tmp_path, WHOLE[:-cut], records="data.items")
    assert "not readable as one JSON document (parse error: premature EOF)" in said
    assert "fetch it again" in said


def test_json_lines_under_another_name(tmp_path: Path) -> None:
    said = refused(tmp_path, "\n".join(json.dumps(row(n)) for n in range(3)))
    assert "for one object a line set `format: jsonl`" in said


@pytest.mark.parametrize("text", ["<html>502</html>", "[{'id': 1}]", "[NaN]", "[01]", "[1,]"])
def test_what_is_no_json(tmp_path: Path, text: str) -> None:
    assert "not readable as one JSON document" in refused(tmp_path, text)


def test_another_encoding_than_declared(tmp_path: Path) -> None:
    text = json.dumps([row(1, email="zoé")], ensure_ascii=False)
    said = refused(tmp_path, text.encode("windows-1252"))
    assert "is not utf-8, the declared encoding; set `encoding`" in said


def test_no_array_where_records_should_be(tmp_path: Path) -> None:
    said = refused(tmp_path, WHOLE)
    assert "no array of records at the top; there are arrays at: data.items; set" in said
    said = refused(tmp_path, "[[1], {}]", records="data.items")
    assert "at 'data.items'; there are arrays at: (the top); set" in said
    assert "leave it away for the top" in said
    assert "there is none anywhere" in refused(tmp_path, '{"error": "forbidden"}')


def test_an_array_of_something_else(tmp_path: Path) -> None:
    said = refused(tmp_path, '{"ids": [1, 2]}', records="ids")
    assert "none of the 2 elements at 'ids' is an object" in said


def test_a_required_column_that_no_object_has(tmp_path: Path) -> None:
    assert "missing column 'at'" in refused(tmp_path, '[{"id": 1, "state": "", "total": 2}]')


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, '[{"a":' * 200], ids=len)
def test_a_document_that_is_too_deep(tmp_path: Path, text: str) -> None:
    assert "nested more than 100 levels deep" in refused(tmp_path, text)


def test_a_number_of_very_many_digits(tmp_path: Path) -> None:
    said = refused(tmp_path, f'[{{"id": {"9" * 5000}}}]')
    assert "holds a number of 4,000 digits or more" in said


def test_a_missing_library_is_told_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ijson", None)
    assert "pip install -e '.[json]'" in refused(tmp_path, WHOLE)

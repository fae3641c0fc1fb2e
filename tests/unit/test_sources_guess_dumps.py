"""How far the first configuration of a well-known tool's dump is from the right one, in lines that
somebody has to edit. The bounds are what was measured: a better guess may lower them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.sources import draft
from tests.unit import guess_dumps
from tests.unit.guess_right import RIGHT

EDITS = {"prestashop": 2, "magento": 3, "french_erp": 0}


def lines(source: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """The settings of a source as dotted lines."""
    found: dict[str, str] = {}
    for name, value in source.items():
        if isinstance(value, dict):
            found |= lines(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = str(value)
    return found


def edits(drafted: dict[str, Any], right: dict[str, Any]) -> list[str]:
    """The lines to add, to remove or to change, by file and entity."""
    mine = {(Path(s["path"]).name, s["entity"], s.get("constants", {}).get("channel")): s
            for s in drafted.values()}  # fmt: skip
    wanted = {(s["path"], s["entity"], s.get("constants", {}).get("channel")): s
              for s in right.values()}  # fmt: skip
    found = []
    for key in sorted({*mine, *wanted}, key=str):
        a, b = lines(mine.get(key, {})), lines(wanted.get(key, {}))
        found += [
            f"{key}: {line}: {a.get(line)} → {b.get(line)}"
            for line in sorted({*a, *b} - {"path"})
            if a.get(line) != b.get(line)
        ]
    return found


@pytest.mark.parametrize("name", EDITS)
def test_a_dump_of_a_known_tool_needs_few_edits(name: str, tmp_path: Path) -> None:
    make: Callable[[Path], None] = getattr(guess_dumps, name)
    make(tmp_path)
    drafted = yaml.safe_load(draft(tmp_path, name, "Europe/Paris", "EUR", "FR"))
    found = edits(drafted["sources"], yaml.safe_load(RIGHT[name]))
    assert len(found) <= EDITS[name], "\n".join(found)

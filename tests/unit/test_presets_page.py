"""The examples of docs/presets.md are read as they stand, and its own preset does what it says."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.specs.presets import PRESETS_DIR
from pipelines.specs.shop import Shop
from tests.conftest import ROOT
from tests.contract.preset_world import restructured, source_of

PAGE = (ROOT / "docs" / "presets.md").read_text(encoding="utf-8")
YAML = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
SOURCES = [block["sources"] for block in YAML if "sources" in block]


@pytest.mark.parametrize("sources", SOURCES, ids=lambda sources: next(iter(sources)))
def test_an_example_is_a_configuration(
    sources: dict[str, Any], small_config: dict[str, Any]
) -> None:
    shop = Shop.model_validate(small_config | {"sources": small_config["sources"] | sources})
    assert all(shop.sources[name].preset for name in sources)


def test_every_preset_and_each_of_its_entities_has_an_example() -> None:
    shown = {(s["preset"], s["entity"]) for sources in SOURCES for s in sources.values()}
    there = {(path.parent.name, path.stem) for path in PRESETS_DIR.glob("*/*.sql")}
    assert shown == there


def test_the_preset_of_ones_own_joins_day_and_hour_and_filters(tmp_path: Path) -> None:
    (declaration,) = re.findall(r"```yaml\n(title: .*?)```", PAGE, re.DOTALL)
    (select,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    till = tmp_path / "till"
    till.mkdir()
    (till / "preset.yml").write_text(declaration)
    (till / "orders.sql").write_text(select)
    extract = tmp_path / "till.csv"
    extract.write_text("Ticket;Day;Hour;Amount\n1;30/06/2026;09:15;4,50\n2;30/06/2026;09:20;0,00\n")
    (row,) = restructured(tmp_path, source_of("orders", str(till), "csv"), extract)
    assert (row["order_id"], row["ordered_at"], row["phone"]) == ("1", "30/06/2026 09:15", None)

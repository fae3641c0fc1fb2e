"""The documentation says what the code does."""

import re
from pathlib import Path

import pytest
import yaml

from docs.render import FOLDER, pages
from pipelines.cli.commands import cli
from tests.conftest import ROOT


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_reference_page_is_as_the_code_renders_it(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run: make docs"


PAGES = sorted(p for p in ROOT.rglob("*.md") if not {".venv", "node_modules"} & set(p.parts))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_command_and_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for code in re.findall(r"`([^`\n]+)`|^((?:make|nocturne) .*)$", text, re.MULTILINE):
            line = next(part for part in code if part)
            words = line.split() or [""]
            if words[0] == "make" and len(words) > 1 and words[1] not in {"TARGET", "…"}:
                assert words[1] in targets, f"{page.name}: {line}"
            if words[0] == "nocturne" and len(words) > 1 and words[1].islower():
                assert words[1] in cli.commands, f"{page.name}: {line}"


def described_columns() -> set[str]:
    """`<schema>.<model>.<column>` of every model that is described."""
    models = ROOT / "dbt_project" / "models"
    return {
        f"{page.relative_to(models).parts[0]}.{model['name']}.{column['name']}"
        for page in models.rglob("*.yml")
        for model in yaml.safe_load(page.read_text(encoding="utf-8")).get("models", [])
        for column in model.get("columns", [])
    }


def test_every_metric_names_a_column_that_exists() -> None:
    text = (FOLDER / "metrics.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row.endswith("` |")]
    named = re.findall(r"`([a-z_]+\.[a-z_0-9]+\.[a-z_0-9]+)`", text)
    assert len(rows) > 20
    assert all(re.search(r"`[a-z_]+\.[a-z_0-9]+\.[a-z_0-9]+` \|$", row) for row in rows)
    assert set(named) <= described_columns()

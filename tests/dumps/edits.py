"""How far a drafted configuration is from the right one: the lines that somebody has to edit."""

from pathlib import Path
from typing import Any

import yaml


def edits(drafted: str, right: str) -> list[str]:
    """The lines to add, to remove or to change, by file and entity. One that says how an extract is
    read counts once, however many sources of the file say it."""
    mine, wanted = yaml.safe_load(drafted), yaml.safe_load(right)
    found = _changes("amounts", mine.get("amounts", {}), wanted["amounts"])
    blocks, needed = _by_place(mine["sources"]), _by_place(wanted["sources"])
    for place in sorted({*blocks, *needed}):
        found += _changes(place, blocks.get(place, {}), needed.get(place, {}))
    return found


def _by_place(sources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {}
    for source in sources.values():
        channel = source.get("constants", {}).get("channel", "")
        of = channel if source["entity"] == "consents" else ""
        found[f"{Path(source['path']).name} {source['entity']} {of}".strip()] = source
    return found


def _changes(place: str, mine: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    a, b = _lines(mine), _lines(wanted)
    return [
        f"{place}: {line}: {a.get(line)} → {b.get(line)}"
        for line in sorted({*a, *b} - {"path"})
        if not _same(line, a.get(line), b.get(line))
    ]


def _same(line: str, mine: str | None, wanted: str | None) -> bool:
    if line.startswith("prefixes.") and mine and wanted:  # any prefix will do
        return True
    return mine == wanted


def _lines(source: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """The settings of a source as dotted lines."""
    found: dict[str, str] = {}
    for name, value in source.items():
        if isinstance(value, dict):
            found |= _lines(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = str(value)
    return found

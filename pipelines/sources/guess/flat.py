"""Nested records as columns with dotted names."""

import json
from collections.abc import Iterator
from typing import Any

_TELLING = ("name", "title", "slug", "key", "id")  # end the name of what tells something
_TRIED, _KEYS = 50, 12  # texts looked at; keys of an object that is no table of its own


def flat(objects: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Dotted name → the value of each object as text."""
    found = [dict(_texts(each, "")) for each in objects]
    names = dict.fromkeys(name for each in found for name in each)
    return {name: [each.get(name, "") for each in found] for name in names}


def _texts(found: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in found.items():
        if isinstance(value, dict):
            yield from _texts(value, f"{prefix}{key}.")
        elif value is None or isinstance(value, str):
            yield prefix + key, value or ""
        elif isinstance(value, list):
            yield prefix + key, json.dumps(value)
            yield from _first(value[:1], f"{prefix}{key}[0]")
        else:
            yield prefix + key, json.dumps(value)


def _first(values: list[Any], name: str) -> Iterator[tuple[str, str]]:
    """What the first element of an array is called, as that of the categories of a product."""
    for value in values:
        if isinstance(value, dict):
            for key, each in value.items():
                if key.lower().endswith(_TELLING) and isinstance(each, (str, int)):
                    yield f"{name}.{key}", str(each)
        elif isinstance(value, (str, int)):
            yield name, str(value)


def opened_up(cells: dict[str, list[str]]) -> dict[str, list[str]]:
    """The cells with those of the objects that some columns hold as JSON text, such as translated
    names: `name` and `name.de_DE`."""
    found = dict(cells)
    for name, texts in cells.items():
        filled = [text for text in texts if text]
        if not filled or not all(text.startswith("{") for text in filled[:_TRIED]):
            continue
        try:
            objects = [json.loads(text or "{}") for text in texts]
        except ValueError:
            continue
        columns = flat([each if isinstance(each, dict) else {} for each in objects])
        if len(columns) <= _KEYS:
            found |= {f"{name}.{key}": values for key, values in columns.items()}
    return found

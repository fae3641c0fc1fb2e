"""What the records of a file look like: how they are written, and some values of each column."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.sources.guess.looks import MOST, NOTHINGS, share

_APART, _OFTEN_APART = 0.95, 0.75
_FULL = 0.97  # of the records: the few others are mistakes


@dataclass(frozen=True, slots=True)
class Shape:
    """`cells`: column → the value of each of the first records as text, empty where there is none;
    `columns`: the filled ones of them. `uncertain`: what was guessed and might be wrong, as
    sentences."""

    format: str
    encoding: str
    delimiter: str
    cells: dict[str, list[str]]
    uncertain: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)  # of the format: where the records are
    columns: dict[str, list[str]] = field(default_factory=dict)
    nothings: dict[str, frozenset[str]] = field(default_factory=dict)  # column → 0000-00-00, NULL …
    repeated: frozenset[str] = frozenset()  # columns whose values often come more than once
    keys: frozenset[str] = frozenset()  # columns whose values hardly ever come twice
    full: frozenset[str] = frozenset()  # columns that hardly a record leaves empty

    @property
    def rows(self) -> int:
        """Records looked at."""
        return max(map(len, self.cells.values()), default=0)

    def filled(self, column: str) -> float:
        """The share of the records that have a value of the column."""
        return len(self.columns[column]) / max(self.rows, 1)

    def together(self, *columns: str) -> list[tuple[str, ...]]:
        """The values of some columns, record by record, where all of them are filled."""
        found = zip(*(self.cells[column] for column in columns), strict=True)
        return [values for values in found if all(values)]


def within(shape: Shape, column: str) -> Shape | None:
    """The objects in the arrays that a column of JSON records holds; None where it holds others."""
    if shape.format not in ("json", "jsonl") or not shape.columns[column][:1]:
        return None
    if not all(v.startswith("[") and v.endswith("]") for v in shape.columns[column]):
        return None
    try:
        arrays: list[list[Any]] = [json.loads(v) for v in shape.columns[column]]
    except ValueError:
        return None
    objects = [each for array in arrays for each in array]
    if not objects or not all(isinstance(each, dict) for each in objects):
        return None
    place = shape.settings.get("records")
    settings = {"records": f"{place}.{column}" if place else column}
    return summed(replace(shape, cells=flat(objects), settings=settings))


def summed(shape: Shape) -> Shape:
    """A shape with what follows from its cells."""
    nothings = {n: found for n, values in shape.cells.items() if (found := NOTHINGS & set(values))}
    cells = {
        n: ["" if v in NOTHINGS else v for v in values] if n in nothings else values
        for n, values in shape.cells.items()
    }
    columns = {name: [v for v in values if v] for name, values in cells.items()}
    distinct = {name: len(set(values)) for name, values in columns.items() if values}
    counts = {name: len(columns[name]) for name in distinct}
    return replace(
        shape,
        cells=cells,
        columns=columns,
        nothings=nothings,
        repeated=frozenset(n for n in distinct if distinct[n] < _OFTEN_APART * counts[n]),
        keys=frozenset(n for n in distinct if distinct[n] >= _APART * counts[n]),
        full=frozenset(n for n in distinct if counts[n] >= _FULL * shape.rows),
    )


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
        else:
            yield prefix + key, json.dumps(value)


def money(shape: Shape) -> list[str]:
    """The columns of numbers with decimals."""
    return [
        name
        for name, values in shape.columns.items()
        if values and share(_is_decimal(value) for value in values[:500]) >= MOST
    ]


def _is_decimal(value: str) -> bool:
    whole, mark, part = value.replace(",", ".").rpartition(".")
    return bool(mark) and part.isdigit() and whole.lstrip("-").replace(".", "").isdigit()

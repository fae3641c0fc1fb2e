"""What the records of a file look like: how they are written, and some values of each column."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.sources.guess.flat import flat
from pipelines.sources.guess.looks import MOST, nothings, share
from pipelines.sources.guess.naming import said
from pipelines.sources.jsonl_file import PARENT

_APART, _OFTEN_APART = 0.95, 0.75
_MONEY = 0.3  # of the numbers of a column with amounts have decimals
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
    has_cents: bool = False  # any column holds amounts with decimals
    keep: dict[str, list[str]] = field(default_factory=dict)  # of the records only these
    is_cut: bool = False  # there are more records than were looked at
    known: dict[str, frozenset[str]] = field(default_factory=dict)  # then, of keys: all values
    holder: "Shape | None" = None  # of elements of an array: the records that hold it
    table: str = ""  # the words of the file's name
    words: dict[str, str] = field(default_factory=dict)  # of each column
    bare: dict[str, str] = field(default_factory=dict)  # without what repeats where they are

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


def named(shape: Shape, table: str) -> Shape:
    """A shape with what its names say."""
    words, bare = said(list(shape.cells), table)
    return replace(shape, table=table, words=words, bare=bare)


def keys_of(shape: Shape, column: str) -> frozenset[str]:
    """The values of a key, those of the records that were not looked at, too."""
    return shape.known.get(column) or frozenset(shape.columns[column])


def within(shape: Shape, column: str, table: str) -> Shape | None:
    """The objects in the arrays that a column of JSON records holds, each with the identifiers of
    its record as `parent`; None where it holds others. `table`: what they are called."""
    if shape.format not in ("json", "jsonl") or not shape.columns[column][:1]:
        return None
    if not all(v.startswith("[") and v.endswith("]") for v in shape.columns[column]):
        return None
    try:
        arrays: list[list[Any]] = [json.loads(v or "[]") for v in shape.cells[column]]
    except ValueError:
        return None
    if not any(arrays) or not all(isinstance(each, dict) for array in arrays for each in array):
        return None
    ids = [name for name in shape.columns if name in shape.keys & shape.full]
    objects = [
        {**each, PARENT: {**{name: shape.cells[name][row] for name in ids}, "position": place}}
        for row, array in enumerate(arrays)
        for place, each in enumerate(array, start=1)
    ]
    settings = shape.settings | {"elements": column}
    found = replace(shape, cells=flat(objects), settings=settings, holder=shape)
    return named(summed(found), table)


def summed(shape: Shape) -> Shape:
    """A shape with what follows from its cells."""
    empty = {n: found for n, values in shape.cells.items() if (found := nothings(values))}
    cells = {
        n: ["" if v in empty[n] else v for v in values] if n in empty else values
        for n, values in shape.cells.items()
    }
    columns = {name: [v for v in values if v] for name, values in cells.items()}
    distinct = {name: len(set(values)) for name, values in columns.items() if values}
    counts = {name: len(columns[name]) for name in distinct}
    return replace(
        shape,
        cells=cells,
        columns=columns,
        has_cents=any(values and _is_money(values[:500]) for values in columns.values()),
        nothings=empty,
        repeated=frozenset(n for n in distinct if distinct[n] < _OFTEN_APART * counts[n]),
        keys=frozenset(n for n in distinct if distinct[n] >= _APART * counts[n]),
        full=frozenset(n for n in distinct if counts[n] >= _FULL * shape.rows),
    )


def money(shape: Shape) -> list[str]:
    """The columns of numbers with decimals."""
    return [name for name, values in shape.columns.items() if values and _is_money(values[:500])]


def _is_money(values: list[str]) -> bool:
    """Whether all are numbers and enough of them, if not all, are written with decimals."""
    decimal = share(_is_decimal(value) for value in values)
    if decimal >= MOST or decimal < _MONEY:
        return decimal >= MOST
    return share(_is_decimal(value) or value.lstrip("-").isdigit() for value in values) >= MOST


def _is_decimal(value: str) -> bool:
    whole, mark, part = value.replace(",", ".").rpartition(".")
    return bool(mark) and part.isdigit() and whole.lstrip("-").replace(".", "").isdigit()

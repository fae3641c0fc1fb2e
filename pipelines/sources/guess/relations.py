"""Which columns of files name the records of another file, told by their values: a name may
mislead, a thousand equal keys do not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from pipelines.sources.guess.looks import EPOCHS, share, time_format
from pipelines.sources.guess.shape import Shape, keys_of
from pipelines.sources.jsonl_file import PARENT

_AMONG = 0.8  # of the values of a column are keys of the other file
_FEW = 5  # distinct values; fewer are equal by chance
_TRIED = 40  # of them tell a column that is none
_ALL = 0.9  # of the records of a whole are named by its parts
_WHOLE = {"parent", "base", "owner", "head", "header", "main", "entity", "object"}
_BEFORE = {"orig", "original", "bill", "billing"}  # before the word for another file
_ALIKE = (  # words for one thing
    {"customer", "user", "contact", "partner", "member", "account", "person", "buyer", "profile"},
    {"product", "item", "sku"},
)
_DECIMAL = re.compile(r"-?\d+[.,]\d+")
ID_WORDS = {"id", "uuid", "guid", "num", "code", "key", "fk", "entity", "tmpl", "ref", "number"}


@dataclass(frozen=True, slots=True)
class Reference:
    """The values of a column are keys of the parent. `share` of its distinct ones; `covers`: the
    share of the keys that are among them; `is_many`: they come more than once, as those of an order
    do in its lines; `is_named`: the column is called as the parent or its key is."""

    child: Shape
    column: str
    parent: Shape
    key: str
    share: float
    covers: float
    is_many: bool
    is_named: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """A column whose values may name records: all of them, the first few, and whether they are
    numbers that any two files share."""

    shape: Shape
    name: str
    values: frozenset[str]
    tried: tuple[str, ...]
    is_counted: bool


def references(shapes: Iterable[Shape]) -> list[Reference]:
    """All references between files. Numbers as counters give them are equal in any two files: they
    count only where a name says so."""
    listed = list(shapes)
    columns = [_column(shape, name) for shape in listed for name in shape.columns]
    naming = [column for column in columns if column]
    keys = [
        (column.shape, column.name, keys_of(column.shape, column.name))
        for column in naming
        if column.name in column.shape.keys & column.shape.full and "[0]" not in column.name
    ]
    return [
        reference
        for column in naming
        for parent, key, known in keys
        if parent is not column.shape
        if (reference := _reference(column, parent, key, known))
    ]


def _column(shape: Shape, name: str) -> _Column | None:
    held = shape.columns[name]
    values = dict.fromkeys(held)
    if len(values) < _FEW or _is_measured(held):
        return None
    tried = tuple(islice(values, _TRIED))
    return _Column(shape, name, frozenset(values), tried, is_counted(values))


def _reference(column: _Column, parent: Shape, key: str, known: frozenset[str]) -> Reference | None:
    if sum(value in known for value in column.tried) < len(column.tried) / 2:
        return None
    child, name, values = column.shape, column.name, column.values
    is_named = names(child, name, parent, key)
    if column.is_counted and not is_named and not _is_within(child, parent):
        return None
    shared = len(values & known)
    is_named = is_named or _is_part(child, name, parent, shared >= _ALL * len(known))
    if shared < _AMONG * len(values) or (not is_named and column.is_counted):
        return None
    return Reference(
        child=child,
        column=name,
        parent=parent,
        key=key,
        share=shared / len(values),
        covers=1.0 if child.is_cut else shared / len(known),
        is_many=name not in child.keys,
        is_named=is_named,
    )


def _is_within(child: Shape, parent: Shape) -> bool:
    """Whether a file is called as a part of another: `order_product` of `order`."""
    table, whole = child.table.split(), parent.table.split()
    return bool(whole) and len(table) > len(whole) and table[: len(whole)] == whole


def _is_part(child: Shape, column: str, parent: Shape, names_all: bool) -> bool:
    """Whether a file called as a part names its whole by a word for that, such as `parentid`, or
    names all of its records several times."""
    if not _is_within(child, parent):
        return False
    about = set(child.words[column].split()) - ID_WORDS
    return about <= _WHOLE if about else names_all and column not in child.keys


def _is_measured(values: list[str]) -> bool:
    """Whether values are times or amounts, which name nothing."""
    style = time_format(values)
    is_time = style is not None and style not in EPOCHS.values()
    return is_time or share(_DECIMAL.fullmatch(value) for value in values[:200]) > 0.5


def names(child: Shape, column: str, parent: Shape, key: str) -> bool:
    """Whether a column is called as another file or as the key there: `order_id`, `kWarenkorb`."""
    if child.holder is parent and column == f"{PARENT}.{key}":
        return True
    said = {text for text in (child.words[column], child.bare[column]) if text not in ("", "id")}
    if said & {parent.words[key], parent.bare[key]}:
        return True
    about = set(child.words[column].split()) - ID_WORDS
    table = set(parent.table.split())
    about = about - _BEFORE or about
    is_alike = any(about <= alike and table & alike for alike in _ALIKE)
    return bool(about) and (about <= table or is_alike)


def is_counted(values: Iterable[str]) -> bool:
    """Whether values are numbers as counters give them, one after the other, or short ones."""
    distinct = set(values)
    numbers = {int(v) for v in distinct if v.isdecimal()}
    if len(numbers) < 0.9 * len(distinct):
        return False
    return max(numbers) - min(numbers) < 20 * len(numbers) and min(numbers) < 10 * len(numbers)

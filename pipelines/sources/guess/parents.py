"""The customers of the orders and the products of their lines: the files that these name."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.sources.guess.file import File
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import share
from pipelines.sources.guess.people import address_of, emails
from pipelines.sources.guess.relations import ID_WORDS, Reference, is_counted

_NAMES = {"contact_id": ("customer", "user", "contact", "partner", "member", "person", "account"),
          "product_id": ("product", "variant", "item", "sku", "purchased")}  # fmt: skip
_WORTH = {"name": 3, "category": 2}  # of products: the column that others lack
_ABSENT, _AGREEING = 40, 4  # less for values that are no keys, more for the same e-mail addresses
_EXACTLY, _NONE = 3, 5  # more for the very name of a file, less for a word that says otherwise
_ALL = 0.9  # of the keys are named: numbers of two counters hardly are
_MANY = 20
_NOT = {  # what speaks of the same records and is none
    *(
        "address",
        "translation",
        "description",
        "price",
        "image",
        "attribute",
        "mapping",
        "category",
    ),
    *("log", "history", "session", "review", "option", "info", "stock", "group"),
}


@dataclass(frozen=True, slots=True)
class Parent:
    """The file whose key a column of the child names."""

    file: File
    key: str
    column: str
    score: float


def parent(
    child: Fit, ours: str, entity: str, files: Sequence[File], references: Sequence[Reference]
) -> Parent | None:
    """The file of an entity that `child` names as `ours`, the likeliest; None where none is."""
    by_shape = {id(file.shape): file for file in files}
    taken = {theirs for name, theirs in child.columns.items() if name in child.linked}
    found = [
        Parent(file, reference.key, reference.column, _score(file, ours, entity, reference))
        for reference in references
        if reference.child is child.shape and reference.column not in taken
        if (file := by_shape.get(id(reference.parent)))
        if file.fit.shape is not child.shape and _may_be(file, entity)
        if not _are_texts(reference.child.columns[reference.column])
    ]
    return max(found, key=lambda each: each.score, default=None)


def _may_be(file: File, entity: str) -> bool:
    return bool(emails(file.of(entity))) is (entity == "contacts")


def _score(file: File, ours: str, entity: str, reference: Reference) -> float:
    fit = file.of(entity)
    about = set(reference.child.words[reference.column].split())
    is_about = bool(about & set(_NAMES[ours]))
    told = fit.score + 2 * reference.covers + 3 * reference.is_named + 2 * is_about
    told -= _ABSENT * (1 - reference.share)
    told += sum(worth for name, worth in _WORTH.items() if name in fit.columns)
    told += _AGREEING * _agreement(reference)
    told += _EXACTLY * _is_exact(reference)
    told += 2 * (fit.columns.get(entity.rstrip("s") + "_id") == reference.key)
    return told - _NONE * len(_NOT & set(file.shape.table.split()))


def _is_exact(reference: Reference) -> bool:
    """Whether a column is called as the whole file is, such as `productVariantId`."""
    about = set(reference.child.words[reference.column].split()) - ID_WORDS
    return about == set(reference.parent.table.split())


def _agreement(reference: Reference) -> float:
    """The share of the records whose e-mail address is that of the record they name; 0 without."""
    mine, theirs = address_of(reference.child), address_of(reference.parent)
    if not mine or not theirs:
        return 0.0
    known = dict(zip(*(reference.parent.cells[c] for c in (reference.key, theirs)), strict=True))
    pairs = [
        (email.lower(), known[key].lower())
        for key, email in reference.child.together(reference.column, mine)
        if key in known
    ]
    return share(a == b for a, b in pairs) if pairs else 0.0


def _are_texts(values: list[str]) -> bool:
    """Whether values are names rather than identifiers."""
    return share(" " in value for value in values[:200]) > 0.5


def by_all_keys(child: Fit, entity: str, files: Sequence[File]) -> Parent | None:
    """The file all of whose keys a column names that nothing else is known of: as in `Parent`, with
    numbers that no name joins. None where there is none."""
    found = [
        Parent(file, key, column, _as_such(file, entity) + ("id" in child.said(column)))
        for column in child.unused()
        if column not in child.shape.keys and column in child.shape.full
        for file in files
        if file.fit.shape is not child.shape and not emails(file.fit)
        for key in sorted(file.shape.keys & file.shape.full)
        if not child.shape.is_cut
        if _names_all(set(child.shape.columns[column]), set(file.shape.columns[key]))
    ]
    return max(found, key=lambda each: each.score, default=None)


def _as_such(file: File, entity: str) -> float:
    return file.of(entity).score - _NONE * len(_NOT & set(file.shape.table.split()))


def _names_all(values: set[str], keys: set[str]) -> bool:
    both = len(values & keys)
    return len(keys) >= _MANY and both >= _ALL * max(len(values), len(keys)) and is_counted(keys)

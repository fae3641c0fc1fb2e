"""Columns whose names say nothing, told by their values alone, in files that other files prove to
be orders, lines or products."""

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.likeness import WEAK
from pipelines.sources.guess.looks import MOST, are_yes_or_no, share
from pipelines.sources.guess.shape import money

_MANY = 20  # of a product in a line, on average
_STATES = {"name", "size", "color", "option", "status", "statut", "type", "class", "image", "tax"}
_CODES = ("sku", "model", "code", "reference", "num", "number", "slug", "ean", "barcode")
_NO_CODES = {"id", "image", "tax", "unit", "currency", "country"}
_SHARED = 0.5  # as many different texts as records, at most: categories


def number(fit: Fit, name: str) -> str | None:
    """The column of orders or lines that is likeliest by its numbers: the largest amounts are the
    totals, the smallest numbers the quantities, the smallest amounts the prices. None where a name
    says something, or no other file proves what the file is."""
    if not fit.linked or _says_something(fit):
        return None
    columns = {c: _mean(fit.shape.columns[c]) for c in fit.unused() if c in fit.shape.full}
    columns = {c: mean for c, mean in columns.items() if mean is not None and mean > 0}
    amounts = [c for c in money(fit.shape) if c in columns]
    if name == "total_amount":
        return max(amounts, key=lambda c: columns[c] or 0, default=None)
    if name == "quantity":
        small = [c for c in columns if (columns[c] or 0) < _MANY and c not in amounts]
        return min(small, key=lambda c: columns[c] or 0, default=None)
    if name == "unit_price" and amounts:
        return min(amounts, key=lambda c: columns[c] or 0)
    return None


def _says_something(fit: Fit) -> bool:
    """Whether names tell of any column that no other file proves."""
    return any(found > WEAK for name, found in fit.likeness.items() if name not in fit.linked)


def code(fit: Fit) -> str | None:
    """A code that tells products apart and is called so, such as a SKU; None without one."""
    codes = [
        (_CODES.index(word), theirs)
        for theirs in fit.unused()
        if theirs in fit.shape.keys and not _NO_CODES & fit.said(theirs)
        for word in _CODES
        if word in fit.said(theirs)
    ]
    return min(codes)[1] if codes else None


def _mean(values: list[str]) -> float | None:
    """The mean of numbers; None where a value is none."""
    try:
        numbers = [float(value.replace(" ", "").replace(",", ".")) for value in values]
    except ValueError:
        return None
    return sum(numbers) / len(numbers) if numbers else None


def text(fit: Fit, name: str) -> str | None:
    """The texts that tell most products apart are names; those that tell few are categories."""
    if _says_something(fit):
        return None
    texts = {
        c: len(set(fit.shape.columns[c])) / len(fit.shape.columns[c])
        for c in fit.unused()
        if c in fit.shape.full and share(_is_text(v) for v in fit.shape.columns[c]) >= MOST
    }
    if name == "name":
        return max((c for c in texts if texts[c] >= _SHARED), key=lambda c: texts[c], default=None)
    shared = (
        c
        for c in texts
        if texts[c] < _SHARED and _STATES.isdisjoint(fit.said(c))
        if len(set(fit.shape.columns[c])) > 1 and not are_yes_or_no(fit.shape.columns[c])
    )
    return min(shared, key=lambda c: texts[c], default=None)


def _is_text(value: str) -> bool:
    return sum(letter.isalpha() for letter in value) > len(value) / 2

"""Columns whose names say nothing, told by their values alone, in files that other files prove to
be orders, lines or products."""

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.likeness import WEAK
from pipelines.sources.guess.looks import MOST, share
from pipelines.sources.guess.shape import money
from pipelines.sources.guess.words import words_of

_MANY = 20  # of a product in a line, on average
_STATES = {"status", "statut", "type", "class", "image", "tax"}
_SHARED = 0.5  # as many different texts as records, at most: categories


def number(fit: Fit, name: str) -> str | None:
    """The column of orders or lines that is likeliest by its numbers: the largest amounts are the
    totals, the smallest numbers the quantities, the smallest amounts the prices. None where a name
    says something, or no other file proves what the file is."""
    if not fit.linked or any(found > WEAK for found in fit.likeness.values()):
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


def _mean(values: list[str]) -> float | None:
    """The mean of numbers; None where a value is none."""
    try:
        numbers = [float(value.replace(" ", "").replace(",", ".")) for value in values]
    except ValueError:
        return None
    return sum(numbers) / len(numbers) if numbers else None


def text(fit: Fit, name: str) -> str | None:
    """The texts that tell most products apart are names; those that tell few are categories."""
    texts = {
        c: len(set(fit.shape.columns[c])) / len(fit.shape.columns[c])
        for c in fit.unused()
        if c in fit.shape.full and share(_is_text(v) for v in fit.shape.columns[c]) >= MOST
    }
    if name == "name":
        return max((c for c in texts if texts[c] >= _SHARED), key=lambda c: texts[c], default=None)
    shared = (c for c in texts if texts[c] < _SHARED and _STATES.isdisjoint(words_of(c).split()))
    return min(shared, key=lambda c: texts[c], default=None)


def _is_text(value: str) -> bool:
    return sum(letter.isalpha() for letter in value) > len(value) / 2

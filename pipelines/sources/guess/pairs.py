"""Which files are orders and which hold their lines: lines name an order, several the same one, and
tell of a product, how many and at what price."""

from collections.abc import Sequence

from pipelines.sources.guess.file import File
from pipelines.sources.guess.looks import time_format
from pipelines.sources.guess.relations import Reference
from pipelines.sources.guess.tally import match

_COVERS = 0.4  # of the orders have lines, at least
_LINES = ("product_id", "quantity", "unit_price")
_TOLD = 2  # of these by their names, at least
_OTHERWISE = {  # words of tables that have lines, too, and are no orders of customers
    *("purchase", "supplier", "quote", "quotation", "offer", "cart", "wishlist", "return", "rma"),
    *("refund", "credit", "shipment", "delivery", "transfer", "picking", "production", "invoice"),
    *("draft", "template", "payment", "subscription", "history", "log", "archive"),
}
_CLEAR = 0.6  # of the best pair's score has another one, at least
_NAMED = 2.0  # what a name that says so is worth
_SUMMED = 8.0  # what lines are worth that come to the totals of all orders


def pairs(files: Sequence[File], references: Sequence[Reference]) -> list[Reference]:
    """The references of lines to their orders, the likeliest first: web orders and the receipts of
    a till may stand side by side. No file is in two of them."""
    by_shape = {id(file.shape): file for file in files}
    scored = []
    for reference in references:
        head, lines = by_shape[id(reference.parent)], by_shape[id(reference.child)]
        if reference.covers >= _COVERS and _are_lines(lines) and _is_head(head):
            scored.append((_score(head, lines, reference), reference))
    found: list[Reference] = []
    taken: set[int] = set()
    best = max((score for score, _ in scored), default=0.0)
    for score, reference in sorted(scored, key=lambda each: -_worth(each, scored)):
        both = {id(reference.parent), id(reference.child)}
        if both & taken or score < _CLEAR * best:
            continue
        if found and not _is_clear(by_shape[id(reference.parent)]):
            continue
        found.append(reference)
        taken |= both
    return found


def _worth(each: tuple[float, Reference], scored: list[tuple[float, Reference]]) -> float:
    """The score; where lines may be of several files of orders, with what their sums and the names
    of the files tell, for two counters have the same numbers."""
    score, reference = each
    of_lines = [r for _, r in scored if r.child is reference.child]
    same = [r for r in of_lines if r.parent is reference.parent]
    if len(same) == len(of_lines):
        return score
    table, whole = reference.child.table.split(), reference.parent.table.split()
    is_called_so = bool(whole) and table[: len(whole)] == whole
    return score + _SUMMED * max(map(match, same)) + _NAMED * is_called_so


def _are_lines(file: File) -> bool:
    fit = file.of("order_lines")
    return sum(name in fit.columns for name in _LINES) >= _TOLD


def _is_head(file: File) -> bool:
    if file.within:
        return False
    times = (values for values in file.shape.columns.values() if values)
    told = {"total_amount", "ordered_at"} & set(file.of("orders").columns)
    return bool(told) and any(time_format(values) is not None for values in times)


def _is_clear(head: File) -> bool:
    """Whether a further file of orders is called so and has all that orders need."""
    fit = head.of("orders")
    needed = {"total_amount", "ordered_at"}
    return bool(fit.named) and needed <= set(fit.columns) and not _otherwise(head)


def _otherwise(head: File) -> set[str]:
    return _OTHERWISE & set(head.shape.table.split())


def _score(head: File, lines: File, reference: Reference) -> float:
    told = head.of("orders").score + lines.of("order_lines").score
    told += _NAMED * (reference.is_named + reference.is_many + reference.covers)
    return told - 2 * _NAMED * len(_otherwise(head))

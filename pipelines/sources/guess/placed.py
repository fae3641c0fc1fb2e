"""Which records are orders at all: a shop's table of orders holds its carts, too, and drafts, and
what was deleted. They are left out (`skip`), and counted."""

from collections import Counter
from collections.abc import Sequence

from pipelines.sources.guess.closed import SAID_AGAIN, codes_of
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.leftovers import leave_out_deleted, leave_out_refunds
from pipelines.sources.guess.looks import FEW
from pipelines.sources.guess.moments import DAY, are_recent, are_times, lag
from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.words import words_of
from pipelines.specs.further import ANY, NONE

_PLACED = ("placed", "ordered", "order", "purchased", "submitted", "checkout", "completed")
_LATER = {  # what happens to an order after it was placed
    *("paid", "payment", "shipped", "shipping", "delivered", "delivery", "invoice", "cancelled"),
    *("updated", "last", "expected", "estimated", "refunded", "approved", "closed", "due", "send"),
    *("expires", "validity", "requested", "confirmed", "modified", "finished", "commitment"),
}
_UNPLACED = {  # words for what is not yet, or no longer, an order
    *("cart", "draft", "checkout draft", "auto draft", "quote", "quotation", "incomplete", "trash"),
    *("not finished", "unfinished", "abandoned", "in cart", "cart active", "checkout", "template"),
}
_FILLED, _LEFT = 0.3, 0.97  # of the orders, at least, were placed; beyond it, others are mistakes
_AT_MOST = 0.6  # of the records are left out
_UNIQUE, _NUMBERED, _FEW = 0.99, 20, 5
_NUMBERS = {"num", "number", "ordernumber", "reference", "increment"}
_STATES, _CARTS = {"status", "state"}, {"cart", "draft", "quote"}


def place(fit: Fit, others: Sequence[Shape]) -> None:
    """Take the time at which an order was placed, and leave out what never was. `others`: files
    that may say what codes mean."""
    if fit.entity.name != "orders":
        return
    _placed_at(fit)
    ordered = fit.columns.get("ordered_at", "")
    if ordered and _FILLED <= fit.shape.filled(ordered) < _LEFT:
        empty = 1 - fit.shape.filled(ordered)
        fit.leave_out(ordered, [NONE], f"{empty:.0%} of the records have none: never placed")
    if status := fit.columns.get("status"):
        _unplaced(fit, status, _UNPLACED)
        for further in fit.unused():
            _unplaced(fit, further, _UNPLACED if fit.said(further) & _STATES else _CARTS)
        _unexplained(fit, status, others)
    leave_out_deleted(fit)
    leave_out_refunds(fit)


def _placed_at(fit: Fit) -> None:
    """A column that is called as the moment of placing, soon after the record was begun."""
    begun = fit.columns.get("ordered_at", "")
    if begun and _rank(fit, begun) is not None:
        return
    ranked = [
        (rank, theirs)
        for theirs in fit.unused()
        if are_times(fit.shape.columns[theirs]) and fit.shape.filled(theirs) >= _FILLED
        if (rank := _rank(fit, theirs)) is not None
    ]
    for _, theirs in sorted(ranked):
        waited = lag(fit.shape, begun, theirs) if begun else 0.0
        if waited is not None and 0 <= waited <= DAY:
            fit.take("ordered_at", theirs, f"is when it was placed, {begun} when it was begun")
            return


def _rank(fit: Fit, theirs: str) -> int | None:
    said = (fit.shape.bare[theirs] or fit.shape.words[theirs]).split()
    if _LATER & set(said):
        return None
    return next((rank for rank, word in enumerate(_PLACED) if word in said), None)


def _unplaced(fit: Fit, status: str, unplaced: set[str]) -> None:
    """Words such as cart or draft, and codes of records that never got a number."""
    counts = Counter(fit.shape.columns[status])
    if not 1 < len(counts) <= FEW:
        return
    ordered = fit.columns.get("ordered_at", "")
    recent = are_recent(fit.shape, ordered, status) if ordered else {}
    for value, count in counts.items():
        if count > _AT_MOST * fit.shape.rows or without_any(fit, status, value):
            continue
        said = " ".join(word for word in words_of(value).split() if word not in SAID_AGAIN)
        if said in unplaced:
            why = f"{count} records are {value!r}: no orders yet"
        elif (
            count >= _FEW and not recent.get(value) and (numbers := _unnumbered(fit, status, value))
        ):
            why = f"the {count} records with {value!r} have no {numbers} of their own: no orders"
        else:
            continue
        fit.leave_out(status, [value], why)


def _unexplained(fit: Fit, status: str, others: Sequence[Shape]) -> None:
    """A nought that the table which explains the codes does not know."""
    count = fit.shape.columns[status].count("0")
    if count and status not in fit.skip and "0" not in (codes := codes_of(fit, others)) and codes:
        fit.leave_out(status, ["0"], f"{count} records have 0, which no table explains: no orders")


def without_any(fit: Fit, status: str, value: str) -> bool:
    """Whether what is left out so far has all records with the value."""
    cells = fit.shape.cells
    rules = [(cells[theirs], {"" if v == NONE else v for v in values})
             for theirs, values in fit.skip.items() if ANY not in values]  # fmt: skip
    rows = [row for row, said in enumerate(cells[status]) if said == value]
    return all(any(its[row] in values for its, values in rules) for row in rows)


def _unnumbered(fit: Fit, status: str, value: str) -> str:
    """A column that numbers all other records, each once, and none with the value; or empty."""
    cells = fit.shape.cells
    for theirs in cells:
        named = fit.said(theirs)
        if (
            theirs == status
            or not named & _NUMBERS
            or not named <= _NUMBERS | {"order", "id", "invoice"}
        ):
            continue
        its, others = set(), []
        for number, said in zip(cells[theirs], cells[status], strict=True):
            if said == value:
                its.add(number)
            else:
                others.append(number)
        distinct = len(set(others) - {""})
        if len(its) == 1 and distinct >= max(_NUMBERED, _UNIQUE * len(others)):
            return theirs
    return ""

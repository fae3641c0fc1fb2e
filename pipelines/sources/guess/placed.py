"""Which records are orders at all: a shop's table of orders holds its carts, too, and drafts, and
what was deleted. They are left out (`skip`), and counted."""

from collections import Counter
from collections.abc import Sequence

from pipelines.sources.guess.closed import SAID_AGAIN, codes_of
from pipelines.sources.guess.doubts import KINDS, is_refund
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import FEW, YES, are_yes_or_no
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
_UNIQUE, _NUMBERED, _FEW = 0.99, 20, 5
_NUMBERS = {"num", "number", "ordernumber", "reference", "increment"}
_NO_PRODUCT, _SOME = (NONE, "0", "-1"), 0.005  # of the lines
_MOST_OF = 0.9
_STATES = {"status", "state"}
_DELETED, _TESTS = {"deleted", "removed", "trashed"}, {"test"}
_FLAG = {"is", "deleted", "removed", "trashed", "test", "at", "date", "order", "flag", "mode"}


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
        _unplaced(fit, status)
        for further in fit.unused():
            if fit.said(further) & _STATES:
                _unplaced(fit, further)
        _unexplained(fit, status, others)
    _deleted(fit)
    _refunds(fit)


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


def _unplaced(fit: Fit, status: str) -> None:
    """Words such as cart or draft, and codes of records that never got a number."""
    counts = Counter(fit.shape.columns[status])
    if not 1 < len(counts) <= FEW:
        return
    ordered = fit.columns.get("ordered_at", "")
    recent = are_recent(fit.shape, ordered, status) if ordered else {}
    for value, count in counts.items():
        if without_any(fit, status, value):
            continue
        said = " ".join(word for word in words_of(value).split() if word not in SAID_AGAIN)
        if said in _UNPLACED:
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


def _refunds(fit: Fit) -> None:
    """A kind of records that are refunds: called so, or below 0 throughout."""
    total = fit.columns.get("total_amount", "")
    for theirs in fit.unused():
        kinds = set(fit.shape.columns[theirs])
        if not total or not KINDS & fit.said(theirs) or not 1 < len(kinds) <= FEW:
            continue
        for kind in sorted(kinds):
            paid = [amount for k, amount in fit.shape.together(theirs, total) if k == kind]
            below = sum(amount.startswith("-") for amount in paid)
            if paid and (below > _MOST_OF * len(paid) or is_refund(kind)):
                why = f"{len(paid)} records are {kind!r}: refunds, not orders"
                fit.leave_out(theirs, [kind], why)


def without_any(fit: Fit, status: str, value: str) -> bool:
    """Whether what is left out so far has all records with the value."""
    return any(
        NONE in values and not any(s == value for s, _ in fit.shape.together(status, column))
        for column, values in fit.skip.items()
    )


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


def _deleted(fit: Fit) -> None:
    for theirs in fit.unused():
        said, values = fit.said(theirs), fit.shape.columns[theirs]
        if not values or not said & (_DELETED | _TESTS) or not said <= _FLAG:
            continue
        if are_yes_or_no(values):
            yes = sorted({value for value in values if value.lower() in YES})
            if yes and len(set(values)) > 1:
                fit.leave_out(theirs, yes, f"{sum(v in yes for v in values)} records")
        elif are_times(values) and theirs not in fit.shape.full:
            fit.leave_out(theirs, [ANY], f"{len(values)} records")


def leave_out_nothings(lines: Fit, products: Sequence[Fit]) -> None:
    """Leave out lines of no product: shipping, vouchers and fees, which name 0 or none."""
    theirs = lines.columns.get("product_id", "")
    known = {value for fit in products for value in fit.values("product_id")}
    if not known or "product_id" not in lines.linked or theirs in lines.skip:
        return
    nothings = [value for value in _NO_PRODUCT if value not in known]
    counts = {value: lines.shape.cells[theirs].count(value) for value in nothings}
    found = [value for value, count in counts.items() if count >= _SOME * lines.shape.rows]
    if found:
        count = sum(counts[value] for value in found)
        lines.leave_out(theirs, found, f"{count} lines name no product: shipping, vouchers or fees")

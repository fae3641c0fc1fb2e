"""What further columns of the orders say of their status: a payment that was given back, a flag of
cancellation, an amount that was refunded."""

from collections import Counter
from collections.abc import Sequence

from pipelines.sources.guess.closed import meaning_of, words
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.lifecycle import by_life
from pipelines.sources.guess.looks import YES, are_yes_or_no, number
from pipelines.sources.guess.shape import Shape
from pipelines.specs.further import ANY

_ENDED = ("cancelled", "refunded")
_MOST, _VALUES = 0.9, 15
_ABOUT = {"status", "state", "payment", "financial", "paid", "cleared", "charge", "fulfillment",
          "shipping", "delivery"}  # fmt: skip
_FLAGS = {"cancelled": {"cancelled", "cancel", "voided", "void", "storno"},
          "refunded": {"refunded", "refund", "returned"}}  # fmt: skip
_MONEY = {"payment", "financial", "paid", "charge", "cleared"}  # says more than the parcel does
_FULL = 0.99  # of the total was given back
_DELETED = {"deleted", "removed"}


def overrule(fit: Fit, others: Sequence[Shape]) -> None:
    """Let columns that tell of an end have the first word, where the status does not know it."""
    if fit.entity.name == "orders" and "status" in {*fit.columns, *fit.constants}:
        known = _statuses(fit, others)
        mapped = fit.columns.values()
        columns = [
            c for c in (*fit.unused(), *fit.skip) if fit.shape.columns[c] and c not in mapped
        ]
        for theirs in sorted(columns, key=lambda c: not fit.said(c) & _MONEY):
            meaning = _flag(fit, theirs, known) or _states(fit, theirs, known, others)
            if meaning:
                cells = zip(fit.shape.cells[theirs], known, strict=True)
                known = [meaning.get(value, status) for value, status in cells]
    if fit.entity.name == "contacts" and "is_deleted" not in fit.columns:
        _deleted(fit)


def _statuses(fit: Fit, others: Sequence[Shape]) -> list[str]:
    """What the status of each record means, as far as it is known."""
    theirs = fit.columns.get("status")
    if theirs is None:
        return [fit.constants["status"]] * fit.shape.rows
    column = fit.entity.column("status")
    said = fit.values_of.get("status") or {
        word.theirs: word.ours or "" for word in by_life(fit, words(fit, column, others))
    }
    return [said.get(value, value) for value in fit.shape.cells[theirs]]


def _flag(fit: Fit, theirs: str, known: list[str]) -> dict[str, str]:
    """A yes or no that says which orders were cancelled."""
    values = fit.shape.columns[theirs]
    for ours, names in _FLAGS.items():
        if fit.said(theirs) & names and are_yes_or_no(values):
            yes = sorted({value for value in values if value.lower() in YES})
            if yes and _is_news(fit, theirs, yes, known):
                meaning = dict.fromkeys(yes, ours)
                fit.overrule("status", theirs, meaning, f"says which are {ours}")
                return meaning
    return {}


def _states(fit: Fit, theirs: str, known: list[str], others: Sequence[Shape]) -> dict[str, str]:
    """A column of states some of which tell of an end."""
    counts = Counter(fit.shape.columns[theirs])
    if not fit.said(theirs) & _ABOUT or not 1 < len(counts) <= _VALUES:
        return {}
    meaning = meaning_of(fit, "status", theirs, others) | _refunds(fit, theirs)
    ends = {
        value: ours
        for value, ours in meaning.items()
        if ours in _ENDED and _is_news(fit, theirs, [value], known)
    }
    if ends:
        fit.overrule("status", theirs, ends, "tells an end that the status does not know")
    return ends


def _is_news(fit: Fit, theirs: str, values: list[str], known: list[str]) -> bool:
    """Whether the status of records with the values is none of an end."""
    pairs = zip(fit.shape.cells[theirs], known, strict=True)
    said = [status for value, status in pairs if value in values]
    return sum(status not in _ENDED for status in said) > (1 - _MOST) * len(said)


def _refunds(fit: Fit, theirs: str) -> dict[str, str]:
    """The value of all and only the records whose total was given back."""
    total = fit.columns.get("total_amount")
    for amount in fit.unused():
        if not total or not _FLAGS["refunded"] & fit.said(amount):
            continue
        back = [
            value
            for value, given, paid in fit.shape.together(theirs, amount, total)
            if (number(given, ".") or 0) > 0
            and (number(given, ".") or 0) >= _FULL * (number(paid, ".") or 0)
        ]
        if back:
            value, count = Counter(back).most_common(1)[0]
            if count >= _MOST * max(len(back), fit.shape.cells[theirs].count(value)):
                return {value: "refunded"}
    return {}


def _deleted(fit: Fit) -> None:
    """A time of deletion that most records do not have."""
    for theirs in fit.unused():
        values = fit.shape.columns[theirs]
        is_so = fit.said(theirs) & _DELETED and values and theirs not in fit.shape.full
        if is_so and not are_yes_or_no(values):
            fit.overrule("is_deleted", theirs, {ANY: "true"}, f"is filled in {len(values)} records")
            return

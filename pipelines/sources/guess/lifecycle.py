"""What the codes of orders mean, told by when they are seen: what only the latest orders have is
not done yet, what old ones have, too, is how they ended."""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.sources.guess.closed import Word
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.moments import are_recent, are_times

_PAID = {"paid", "payment", "cleared", "bezahlt"}
_SENT = {"shipped", "shipping", "sent", "delivery", "delivered", "dispatch", "finished", "send"}
_HALF = 0.5
_LETTERS, _OFTEN = 3, 3  # of a code; orders with it


def by_life(fit: Fit, words: Sequence[Word]) -> list[Word]:
    """The words for the status of orders with a proposal for each code that none else explains:
    none for what is refunded, where a further column says that."""
    ordered = fit.columns.get("ordered_at", "")
    unknown = [word for word in words if word.ours is None and _is_code(word)]
    recent = are_recent(fit.shape, ordered, fit.columns["status"]) if ordered and unknown else {}
    if not recent:
        return list(words)
    ends = {word.ours for word in words}
    found = []
    is_told = _refunds_are_told(fit)
    for word in words:
        if word not in unknown:
            found.append(word)
        elif is_told and "cancelled" in ends:
            ours = _open(fit, word.theirs)
            found.append(replace(word, ours=ours, doubt=f"another column tells refunds: {ours}?"))
        elif recent[word.theirs]:
            ours = _open(fit, word.theirs)
            found.append(replace(word, ours=ours, doubt=f"only the latest orders: {ours}?"))
        else:
            paid = _filled(fit, word.theirs, _PAID)
            ours = "refunded" if "cancelled" in ends and paid != 0 else "cancelled"
            ends.add(ours)
            found.append(replace(word, ours=ours, doubt=f"old orders, too, and few: {ours}?"))
    return found


def _refunds_are_told(fit: Fit) -> bool:
    """Whether a further column says which orders were refunded."""
    ruled = fit.overrides.get("status", {}).values()
    return any("refunded" in meaning.values() for meaning in ruled)


def _is_code(word: Word) -> bool:
    """Whether it says nothing by itself, and often enough."""
    is_bare = len(word.theirs) <= _LETTERS or word.theirs.lstrip("-").isdigit()
    return is_bare and word.count >= _OFTEN


def _open(fit: Fit, value: str) -> str:
    if (_filled(fit, value, _SENT) or 0) > _HALF:
        return "shipped"
    return "paid" if (_filled(fit, value, _PAID) or 0) > _HALF else "pending"


def _filled(fit: Fit, value: str, names: set[str]) -> float | None:
    """The share of the orders with a status that have a time called so; None without such."""
    said = fit.shape.cells[fit.columns["status"]]
    for theirs, values in fit.shape.columns.items():
        if fit.said(theirs) & names and are_times(values) and theirs not in fit.shape.full:
            mine = [cell for cell, status in zip(fit.shape.cells[theirs], said, strict=True)
                    if status == value]  # fmt: skip
            return sum(map(bool, mine)) / max(len(mine), 1)
    return None

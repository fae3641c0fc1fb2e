"""Of two columns that say the same, the one that says it better."""

import re

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import EPOCHS, MOST, can_hold, share, time_format
from pipelines.sources.guess.moments import DAY, moments
from pipelines.sources.guess.vocabulary import INSTEAD
from pipelines.specs.contract import Kind

_LOOKED_AT = 500
_SCARCE = 0.75  # of the records have a time: one that more of them have stands for it


def choose(fit: Fit) -> None:
    """Times of day for bare dates, filled times for scarce ones; and a word on what stays
    scarce."""
    _currency_beside(fit)
    for column in fit.entity.columns:
        if column.kind is Kind.TIMESTAMP and column.name in fit.columns:
            _finer(fit, column.name)
            _fuller(fit, column.name)
    for name in fit.entity.required:
        theirs = fit.columns.get(name, "")
        if theirs and fit.shape.columns[theirs] and theirs not in {*fit.shape.full, *fit.skip}:
            empty = 1 - fit.shape.filled(theirs)
            fit.notes.append(
                f"{name}: {theirs} is empty in {empty:.0%} of the records, and they are refused"
            )


def _currency_beside(fit: Fit) -> None:
    """Of several currencies that of the total, where both are parts of one thing."""
    theirs, total = fit.columns.get("currency"), fit.columns.get("total_amount")
    if not theirs or not total:
        return
    of = _whole(total)
    for other in fit.unused():
        if of and _whole(theirs) != of == _whole(other) and other.endswith(_part(theirs)):
            fit.columns["currency"] = other
            return


def _whole(theirs: str) -> str:
    """`price` of `price.amount` and of `price__amount`; empty where it is no part."""
    return re.split(r"\.|__", theirs)[0] if re.search(r"\.|__", theirs) else ""


def _part(theirs: str) -> str:
    return re.split(r"\.|__", theirs)[-1]


def _finer(fit: Fit, name: str) -> None:
    """A column that has the same dates and a time of day."""
    bare = fit.columns[name]
    if not fit.values(name) or _has_clock(fit.shape.columns[bare]):
        return
    column, shape = fit.entity.column(name), fit.shape
    finer = [
        theirs
        for theirs in fit.unused()
        if (values := shape.columns[theirs]) and can_hold(column, values) and _has_clock(values)
        if _same_days(fit, bare, theirs)
    ]
    if finer:
        best = max(finer, key=lambda c: (c in shape.full, shape.words[c] == shape.words[bare]))
        fit.take(name, best, f"has the dates of {bare} and the time of day")


def _fuller(fit: Fit, name: str) -> None:
    """The column that may stand for it, where many records have none."""
    other = INSTEAD.get((fit.entity.name, name), "")
    instead, theirs = fit.columns.get(other, ""), fit.columns[name]
    if not instead or instead == theirs or not fit.shape.columns[theirs]:
        return
    mine, its = fit.shape.filled(theirs), fit.shape.filled(instead)
    if mine < _SCARCE < its:
        fit.columns[name] = instead
        fit.notes.append(
            f"{name}: {theirs} is empty in {1 - mine:.0%} of the records; {instead} stands for it"
        )


def _has_clock(values: list[str]) -> bool:
    """Whether times tell more than a day."""
    style = time_format(values)
    if style is None or style in EPOCHS.values():
        return style is not None
    if style and not any(part in style for part in ("%H", "%I")):
        return False
    clocks = {value[11:16] for value in values[:_LOOKED_AT]}
    return len(clocks - {"", "00:00"}) > 0


def _same_days(fit: Fit, bare: str, theirs: str) -> bool:
    """Whether the times of two columns are never further apart than a day is from any clock's."""
    pairs = zip(moments(fit.shape, bare), moments(fit.shape, theirs), strict=True)
    apart = [abs(a - b) for a, b in pairs if a is not None and b is not None][:_LOOKED_AT]
    return bool(apart) and share(each < 1.5 * DAY for each in apart) >= MOST

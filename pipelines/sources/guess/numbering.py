"""What numbers the lines of an order."""

from collections import Counter

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.likeness import WEAK
from pipelines.sources.jsonl_file import PARENT

_ALONE = 0.9  # as many numbers as lines
_APART = 0.99  # of the lines: a file may hold some twice


def number_lines(fit: Fit) -> None:
    """A whole number that, with the order, tells lines apart: the id of each record, or what counts
    within an order. Without any, lines are numbered as they come."""
    if not fit.columns.get("order_id"):
        return
    said, like = fit.columns.get("line_number", ""), fit.likeness.get("line_number", 0.0)
    if said and not _numbers_lines(fit, said):
        del fit.columns["line_number"], fit.likeness["line_number"]
    if "line_number" in fit.missing:
        _number(fit)
    if "line_number" in fit.missing and said:
        fit.columns["line_number"], fit.likeness["line_number"] = said, like


def _numbers_lines(fit: Fit, theirs: str) -> bool:
    """Whether a column that is called so is always filled, and apart for what else the lines of an
    order are: an extract may hold some twice."""
    names = (fit.columns.get(name) for name in ("product_id", "quantity", "unit_price"))
    others = [name for name in names if name]
    pairs = set(fit.shape.together(fit.columns["order_id"], theirs))
    lines = set(fit.shape.together(fit.columns["order_id"], theirs, *others))
    return theirs in fit.shape.full and len(pairs) >= _ALONE * len(lines)


def _number(fit: Fit) -> None:
    most = max(Counter(fit.values("order_id")).values(), default=1)
    ways = []
    for rank, (theirs, values) in enumerate(fit.shape.columns.items()):
        if (
            theirs in fit.shape.full
            and theirs not in fit.columns.values()
            and all(value.isdigit() for value in values)
            and _tell_apart(fit, theirs)
        ):
            distinct = len(set(values))
            if theirs == f"{PARENT}.position":
                ways.append((0, rank, theirs, ""))
            elif distinct == len(values) and "id" in (
                fit.shape.words[theirs],
                fit.shape.bare[theirs],
            ):
                ways.append((1, rank, theirs, ""))
            elif distinct <= 2 * most and distinct < len(values):
                ways.append((2, rank, theirs, "it counts the lines of an order"))
            elif distinct == len(values):
                ways.append((3, rank, theirs, "a number of each record, as none of lines"))
    if ways:
        *_, theirs, why = min(ways)
        fit.columns["line_number"], fit.likeness["line_number"] = theirs, WEAK if why else 1.0
        fit.notes += [f"line_number: {theirs} is guessed: {why}"] if why else []
    elif "order_id" in fit.linked:
        fit.settings["number_lines"] = True
        fit.notes.append(
            "number_lines: no whole number tells lines apart; they are numbered within their order "
            "as they come, so an extract must have all lines of an order"
        )


def _tell_apart(fit: Fit, theirs: str) -> bool:
    pairs = fit.shape.together(fit.columns["order_id"], theirs)
    return len(set(pairs)) >= _APART * len(pairs)

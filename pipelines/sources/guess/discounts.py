"""Discounts of lines that their prices have taken off already."""

from collections.abc import Collection

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import number_marks, share
from pipelines.sources.guess.tally import Numbers, is_near, numbers_of

_FEW = 10  # orders whose lines have a discount
_PROVEN, _REFUTED = 0.8, 0.5  # of them come out


def settle_discount(
    lines: Fit, goods: Numbers, added: Collection[Numbers], totals: Numbers
) -> None:
    """Leave the discount of the lines out where they come to the total without it. `added`: parts
    of the orders beside their goods."""
    theirs = lines.columns.get("discount_amount", "")
    if not theirs:
        return
    decimal, _ = number_marks(lines.values("unit_price"))
    given = Numbers()
    keys = lines.shape.cells[lines.columns["order_id"]]
    for order, amount in zip(keys, numbers_of(lines.shape, theirs, decimal), strict=True):
        given[order] = given.get(order, 0.0) + abs(amount)
    orders = [o for o in goods if given.get(o, 0) > 0 and totals.get(o, 0) > 0]
    if len(orders) < _FEW:
        return
    sums = {o: goods[o] + sum(abs(part.get(o, 0.0)) for part in added) for o in orders}
    without = share(is_near(sums[o], totals[o]) for o in orders)
    taken_off = share(is_near(sums[o] - given[o], totals[o]) for o in orders)
    if without >= _PROVEN and taken_off < _REFUTED:
        del lines.columns["discount_amount"], lines.likeness["discount_amount"]
        lines.notes.append(
            f"discount_amount: {theirs} is not mapped: the lines come to the total without it, so "
            "the price is after it"
        )

"""Totals, quantities and prices told by arithmetic: the lines of an order sum to its total."""

from itertools import permutations

from pipelines.sources.guess.looks import MOST, number, number_marks, share
from pipelines.sources.guess.shape import Shape, money

_ORDERS = 300  # looked at
_COLUMNS = 8  # of numbers; more are not tried
_NEAR = 0.02  # of a total: shipping and discounts are in few of them
_SUM = 0.4  # of the orders must come out

Found = tuple[str, str, str]  # total, quantity, price


def amounts(head: Shape, key: str, lines: Shape, name: str) -> Found | None:
    """The total of the orders and the quantity and price of their lines that fit best; None where
    too few orders come out. `key`, `name`: the columns that join them."""
    totals = _numbers(head, key)
    wanted = set(dict.fromkeys(head.cells[key][:_ORDERS]))
    each = _numbers(lines, name)
    best: tuple[float, Found | None] = (_SUM, None)
    for quantity, price in permutations(each, 2):
        sums: dict[str, float] = {}
        for order, pieces, cost in zip(lines.cells[name], each[quantity], each[price], strict=True):
            if order in wanted:
                sums[order] = sums.get(order, 0.0) + pieces * cost
        for total, values in totals.items():
            pairs = [
                (paid, sums[order])
                for order, paid in zip(head.cells[key], values, strict=True)
                if order in sums and paid > 0
            ]
            fitting = sum(abs(paid - summed) <= _NEAR * paid for paid, summed in pairs)
            if pairs and fitting / len(pairs) > best[0]:
                best = (fitting / len(pairs), (total, quantity, price))
    return best[1]


def _numbers(shape: Shape, key: str) -> dict[str, list[float]]:
    """The columns of numbers, beside the one that joins; 0 where a record has none."""
    found: dict[str, list[float]] = {}
    decimal, _ = number_marks([v for c in money(shape) for v in shape.columns[c][:_ORDERS]])
    for name, values in shape.columns.items():
        if name == key or not values:
            continue
        are_numbers = share(not any(c.isalpha() or c in "/:" for c in v) for v in values[:_ORDERS])
        if are_numbers >= MOST and max(map(len, values[:_ORDERS])) <= 12:
            found[name] = [number(value, decimal) or 0.0 for value in shape.cells[name]]
    return dict(list(found.items())[:_COLUMNS])

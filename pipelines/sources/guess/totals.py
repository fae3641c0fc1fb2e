"""What the lines of the orders come to: which of several amounts is the price of one, which the
total that was paid, and whether that includes shipping."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.likeness import WEAK
from pipelines.sources.guess.looks import MOST, number, number_marks, share

_ORDERS = 400  # looked at
_NEAR = 0.011  # of the currency, and as much for each hundred: each line may be rounded
_PROVEN, _BETTER = 0.8, 0.2  # of the orders come out; so many more than with what names say
_FEW = 10  # orders with lines
_SEEN = 0.1  # of the orders have shipping, or a discount: else nothing tells
_PARTS = ("shipping_amount", "discount_amount", "tax_amount")
_NO_PRICES = {"cost", "tax", "discount", "weight", "refunded", "original", "purchase"}
_NO_TOTALS = {"refunded", "tax", "discount", "cost", "weight", "paid", "return", "charged"}

Numbers = dict[str, float]  # order → a number


@dataclass(frozen=True, slots=True)
class Sum:
    """How many of the orders come out as their lines with these `parts` of the order."""

    share: float
    parts: tuple[str, ...]


def check_sums(orders: Fit, lines: Fit) -> Sum | None:
    """Take the price and the total that fit together where those that names say do not. None where
    no sum proves anything."""
    if not {"order_id", "total_amount"} <= orders.columns.keys():
        return None
    if not {"order_id", "quantity", "unit_price"} <= lines.columns.keys():
        return None
    price, total = lines.columns["unit_price"], orders.columns["total_amount"]
    parts = {c: _of_orders(orders, orders.columns[c]) for c in _PARTS if c in orders.columns}
    found: dict[tuple[str, str], Sum] = {}
    for theirs, goods in _goods(lines):
        for amount in _totals(orders):
            found[theirs, amount] = _best(goods, _of_orders(orders, amount), parts)
    if not found or (price, total) not in found:
        return None
    said = found[price, total]
    best = max(found, key=lambda each: _rank(found[each], each == (price, total), each[0] == price))
    if found[best].share < _PROVEN:
        return None
    if best[0] != price and found[best].share > found[price, best[1]].share + _BETTER:
        lines.take("unit_price", best[0], f"times quantity comes to {best[1]}; {price} does not")
    is_fuller = len(found[best].parts) > len(said.parts)
    is_unsure = said.share < _PROVEN and orders.likeness["total_amount"] <= WEAK
    if best[1] != total and (is_fuller or is_unsure):
        said_parts = " and ".join(part.removesuffix("_amount") for part in found[best].parts)
        orders.take("total_amount", best[1], f"is what the lines come to with {said_parts}")
    return found[best]


def _rank(found: Sum, is_said: bool, is_said_price: bool) -> tuple[bool, int, bool, bool, float]:
    is_proven = found.share >= _PROVEN
    return is_proven, len(found.parts) * is_proven, is_said, is_said_price, found.share


def _best(goods: Numbers, totals: Numbers, parts: dict[str, Numbers]) -> Sum:
    """The parts with which most orders come out; more of them where as many do."""
    orders = [order for order in goods if goods[order] > 0 and totals.get(order, 0) > 0][:_ORDERS]
    best = Sum(0.0, ())
    if len(orders) < _FEW:
        return best
    for used in product(*((False, True) for _ in parts)):
        with_ = [name for name, is_used in zip(parts, used, strict=True) if is_used]
        if any(share(parts[name].get(order, 0) for order in orders) < _SEEN for name in with_):
            continue
        fitting = 0
        for order in orders:
            wanted = goods[order]
            for name in with_:
                part = abs(parts[name].get(order, 0.0))
                wanted += -part if name == "discount_amount" else part
            fitting += abs(wanted - totals[order]) <= _NEAR * (1 + abs(totals[order]) / 100)
        best = max(best, Sum(fitting / len(orders), tuple(with_)), key=lambda s: round(s.share, 2))
    return best


def _goods(lines: Fit) -> Iterator[tuple[str, Numbers]]:
    """Each column that may be a price, with the sums of quantity times it."""
    decimal, _ = number_marks(lines.values("unit_price"))
    key, quantity = lines.columns["order_id"], lines.columns["quantity"]
    cells = lines.shape.cells
    pieces = [number(value, decimal) or 0.0 for value in cells[quantity]]
    for theirs in _numeric(lines, lines.columns["unit_price"], _NO_PRICES):
        sums: Numbers = {}
        for order, count, each in zip(cells[key], pieces, cells[theirs], strict=True):
            sums[order] = sums.get(order, 0.0) + count * (number(each, decimal) or 0.0)
        yield theirs, sums


def _totals(orders: Fit) -> list[str]:
    return _numeric(orders, orders.columns["total_amount"], _NO_TOTALS)


def _numeric(fit: Fit, mapped: str, never: set[str]) -> list[str]:
    """The mapped column, and those that might be it."""
    like = [
        theirs
        for theirs in fit.unused()
        if (values := fit.shape.columns[theirs]) and not fit.said(theirs) & never
        if "id" not in fit.said(theirs) and theirs not in fit.shape.keys
        if share(number(value, ".") is not None and value[:1] in "-0123456789" for value in values)
        >= MOST
    ]
    return [mapped, *like]


def _of_orders(orders: Fit, theirs: str) -> Numbers:
    decimal, _ = number_marks(orders.values("total_amount"))
    cells = orders.shape.cells
    pairs = zip(cells[orders.columns["order_id"]], cells[theirs], strict=True)
    return {order: number(value, decimal) or 0.0 for order, value in pairs}

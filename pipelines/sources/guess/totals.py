"""What the lines of the orders come to: which of several amounts is the price of one, which the
total that was paid, and whether that includes shipping."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.likeness import WEAK
from pipelines.sources.guess.looks import MOST, number, number_marks, share
from pipelines.sources.guess.relations import is_counted

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


@dataclass(frozen=True, slots=True)
class Way:
    """A column of prices, whether they are of whole lines, and a column of totals."""

    price: str
    is_whole: bool
    total: str


def check_sums(orders: Fit, lines: Fit) -> Sum | None:
    """Take the price and the total that fit together where those that names say do not. None where
    no sum proves anything."""
    if not {"order_id", "total_amount"} <= orders.columns.keys():
        return None
    if not {"order_id", "quantity", "unit_price"} <= lines.columns.keys():
        return None
    is_whole = bool(lines.settings.get("line_totals"))
    said = Way(lines.columns["unit_price"], is_whole, orders.columns["total_amount"])
    parts = {c: _of_orders(orders, orders.columns[c]) for c in _PARTS if c in orders.columns}
    found = {
        Way(theirs, of_lines, amount): _best(goods, _of_orders(orders, amount), parts)
        for theirs, of_lines, goods in _goods(lines)
        for amount in _totals(orders)
    }
    best = max(found, key=lambda way: _rank(found[way], way, said))
    if found[best].share < _PROVEN:
        return None
    as_said = found[Way(said.price, said.is_whole, best.total)].share
    if found[best].share > as_said + _BETTER:
        _take_price(lines, best, said)
    is_fuller = len(found[best].parts) > len(found[said].parts)
    is_unsure = found[said].share < _PROVEN and orders.likeness["total_amount"] <= WEAK
    if best.total != said.total and (is_fuller or is_unsure):
        said_parts = " and ".join(part.removesuffix("_amount") for part in found[best].parts)
        orders.take("total_amount", best.total, f"is what the lines come to with {said_parts}")
    return found[best]


def _take_price(lines: Fit, best: Way, said: Way) -> None:
    how = "of whole lines" if best.is_whole else "times quantity"
    lines.settings.pop("line_totals", None)
    if best.is_whole:
        lines.settings["line_totals"] = True
    why = f"{how} comes to {best.total}; {said.price} does not"
    lines.take("unit_price", best.price, why if best.price != said.price else f"is {how}")


def _rank(found: Sum, way: Way, said: Way) -> tuple[bool, int, bool, bool, bool, float]:
    is_proven = found.share >= _PROVEN
    is_as_said = (way.price, way.is_whole) == (said.price, said.is_whole)
    parts = len(found.parts) * is_proven
    return is_proven, parts, way == said, is_as_said, not way.is_whole, found.share


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


def _goods(lines: Fit) -> Iterator[tuple[str, bool, Numbers]]:
    """Each column that may be a price, with the sums of it: times the quantity, and of lines."""
    decimal, _ = number_marks(lines.values("unit_price"))
    key, quantity = lines.columns["order_id"], lines.columns["quantity"]
    cells = lines.shape.cells
    pieces = [number(value, decimal) or 0.0 for value in cells[quantity]]
    for theirs in _numeric(lines, lines.columns["unit_price"], _NO_PRICES):
        each, whole = Numbers(), Numbers()
        for row, (order, count, text) in enumerate(
            zip(cells[key], pieces, cells[theirs], strict=True)
        ):
            if any(cells[of][row] in values for of, values in lines.skip.items()):
                continue
            price = number(text, decimal) or 0.0
            each[order] = each.get(order, 0.0) + count * price
            whole[order] = whole.get(order, 0.0) + price
        yield theirs, False, each
        yield theirs, True, whole


def _totals(orders: Fit) -> list[str]:
    return _numeric(orders, orders.columns["total_amount"], _NO_TOTALS)


def _numeric(fit: Fit, mapped: str, never: set[str]) -> list[str]:
    """The mapped column, and those that might be it."""
    like = [
        theirs
        for theirs in fit.unused()
        if (values := fit.shape.columns[theirs]) and not fit.said(theirs) & never
        if "id" not in fit.said(theirs) and not is_counted(values)
        if share(number(value, ".") is not None and value[:1] in "-0123456789" for value in values)
        >= MOST
    ]
    return [mapped, *like]


def _of_orders(orders: Fit, theirs: str) -> Numbers:
    decimal, _ = number_marks(orders.values("total_amount"))
    cells = orders.shape.cells
    pairs = zip(cells[orders.columns["order_id"]], cells[theirs], strict=True)
    return {order: number(value, decimal) or 0.0 for order, value in pairs}

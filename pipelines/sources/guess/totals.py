"""What the lines of the orders come to: which of several amounts is the price of one, which the
total that was paid, and whether that includes shipping."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from pipelines.sources.guess.discounts import settle_discount
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.likeness import WEAK
from pipelines.sources.guess.looks import number, number_marks, share
from pipelines.sources.guess.quantities import settle_percents, settle_quantity
from pipelines.sources.guess.tally import Numbers, is_near, numbers_of, numeric
from pipelines.sources.guess.words import words_of

_ORDERS = 400  # looked at
_PROVEN, _BETTER = 0.8, 0.2  # of the orders come out; so many more than with what names say
_EXACT, _CLEARLY = 0.98, 0.03  # as good as all come out; then so many more are enough
_ALSO, _TWICE = 0.5, 2  # of the orders with a part come out with it; so many more than without
_FEW = 10  # orders with lines
_SEEN = 0.1  # of the orders have shipping, or a discount: else nothing tells
_PARTS = ("shipping_amount", "discount_amount", "tax_amount")
_NO_PRICES = {"cost", "tax", "discount", "weight", "refunded", "original", "purchase"}
_NO_TOTALS = {"refunded", "tax", "discount", "cost", "weight", "paid", "return", "charged"}


@dataclass(frozen=True, slots=True)
class Sum:
    """How many of the orders come out as their lines with these `parts` of the order;
    `with_shipping`: whether those that have shipping do so with it (None: nothing tells)."""

    share: float
    parts: tuple[str, ...]
    with_shipping: bool | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A column of prices, whether they are of whole lines, and a column of totals."""

    price: str
    is_whole: bool
    total: str

    @property
    def how(self) -> tuple[str, bool]:
        """Without the total."""
        return self.price, self.is_whole

    @property
    def is_net(self) -> bool:
        """Whether the total is called one without tax."""
        return "ht" in words_of(self.total).split()


def check_sums(orders: Fit, lines: Fit) -> Sum | None:
    """Take the price and the total that fit together where those that names say do not. None where
    no sum proves anything."""
    if not {"order_id", "total_amount"} <= orders.columns.keys():
        return None
    if not {"order_id", "quantity", "unit_price"} <= lines.columns.keys():
        return None
    settle_quantity(lines)
    settle_percents(lines)
    is_whole = bool(lines.settings.get("line_totals"))
    said = Way(lines.columns["unit_price"], is_whole, orders.columns["total_amount"])
    parts = {c: _of_orders(orders, orders.columns[c]) for c in _PARTS if c in orders.columns}
    totals = {amount: _of_orders(orders, amount) for amount in _totals(orders)}
    goods = {(theirs, of_lines): sums for theirs, of_lines, sums in _goods(lines)}
    found = {
        Way(*price, amount): _best(goods[price], totals[amount], parts)
        for price in goods
        for amount in totals
    }
    best = max(found, key=lambda way: _rank(found, way, said))
    if found[best].share < _PROVEN:
        return None
    if _is_better(found, best, said):
        _take_price(lines, best, said)
        said = Way(best.price, best.is_whole, said.total)
    if "discount_amount" not in found[best].parts and best.how == said.how:
        added = [parts[name] for name in found[best].parts]
        settle_discount(lines, goods[said.how], added, totals[best.total])
    is_fuller = len(found[best].parts) > len(found[said].parts)
    is_unsure = found[said].share < _PROVEN and orders.likeness["total_amount"] <= WEAK
    if best.total != said.total and (is_fuller or is_unsure):
        said_parts = " and ".join(part.removesuffix("_amount") for part in found[best].parts)
        orders.take("total_amount", best.total, f"is what the lines come to with {said_parts}")
        said = Way(said.price, said.is_whole, best.total)
    with_shipping = _with_shipping(goods[said.how], totals[said.total], parts)
    return replace(found[best], with_shipping=with_shipping)


def _with_shipping(goods: Numbers, totals: Numbers, parts: dict[str, Numbers]) -> bool | None:
    """Only orders that have shipping can tell; None where they do not."""
    ports = parts.get("shipping_amount", {})
    sent = [order for order in goods if ports.get(order, 0) > 0 and totals.get(order, 0) > 0]
    if len(sent) < _FEW:
        return None
    rest = {name: numbers for name, numbers in parts.items() if name != "shipping_amount"}
    bare = _best({order: goods[order] for order in sent}, totals, rest).share
    full = _best({order: goods[order] + ports[order] for order in sent}, totals, rest).share
    if full >= max(_ALSO, _TWICE * bare):
        return True
    return False if bare >= max(_ALSO, _TWICE * full) else None


def _is_better(found: dict[Way, Sum], way: Way, said: Way) -> bool:
    """Whether a price comes to the total of far more orders than the one that is called so, or to
    that of all where it does not. One that comes to another total is not worse, unless only that
    one is without tax."""
    same = [w for w in found if w.how == said.how]
    as_said = max(
        found[w].share for w in same if way.is_net or not w.is_net or w.total == way.total
    )
    share_of = found[way].share
    return share_of > as_said + (_CLEARLY if share_of >= _EXACT else _BETTER)


def _take_price(lines: Fit, best: Way, said: Way) -> None:
    how = "of whole lines" if best.is_whole else "times quantity"
    lines.settings.pop("line_totals", None)
    if best.is_whole:
        lines.settings["line_totals"] = True
    why = f"{how} comes to {best.total}; {said.price} does not"
    lines.take("unit_price", best.price, why if best.price != said.price else f"is {how}")


def _rank(
    found: dict[Way, Sum], way: Way, said: Way
) -> tuple[bool, int, bool, bool, bool, bool, bool, float]:
    told = found[way]
    is_proven = told.share >= _PROVEN
    is_as_said = way.how == said.how
    taxed = "tax_amount" in told.parts
    parts = (len(told.parts) - taxed) * is_proven
    is_better = is_proven and _is_better(found, way, said)
    same = way == said
    return is_proven, parts, is_better, same, is_as_said, not taxed, not way.is_whole, told.share


def _best(goods: Numbers, totals: Numbers, parts: dict[str, Numbers]) -> Sum:
    """The parts with which most orders come out; more of them where as many do."""
    orders = [order for order in goods if totals.get(order, 0) > 0][:_ORDERS]
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
            fitting += is_near(wanted, totals[order])
        best = max(best, Sum(fitting / len(orders), tuple(with_)), key=lambda s: round(s.share, 2))
    return best


def _goods(lines: Fit) -> Iterator[tuple[str, bool, Numbers]]:
    """Each column that may be a price, with the sums of it: times the quantity, and of lines."""
    decimal, _ = number_marks(lines.values("unit_price"))
    key, quantity = lines.columns["order_id"], lines.columns["quantity"]
    cells = lines.shape.cells
    pieces = numbers_of(lines.shape, quantity, decimal)
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
    like = numeric(fit.shape, fit.unused(), never)
    return [mapped, *sorted(like, key=lambda theirs: len(fit.said(theirs)))]


def _of_orders(orders: Fit, theirs: str) -> Numbers:
    decimal, _ = number_marks(orders.values("total_amount"))
    cells = orders.shape.cells
    pairs = zip(cells[orders.columns["order_id"]], cells[theirs], strict=True)
    return {order: number(value, decimal) or 0.0 for order, value in pairs}

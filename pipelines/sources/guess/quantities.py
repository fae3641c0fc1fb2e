"""What each line is worth, told within the line: price times quantity, less a discount in percent,
is one of its amounts."""

from dataclasses import dataclass

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import number_marks, share
from pipelines.sources.guess.tally import is_near, is_varied, numbers_of, numeric

_ROWS, _FEW = 2_000, 10  # lines looked at; lines that tell
_PROVEN, _BETTER = 0.9, 0.1
_NO_AMOUNTS = {"cost", "tax", "weight", "discount"}
_HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class _Columns:
    """The numbers of lines: of some prices, and of what whole lines may come to."""

    prices: dict[str, list[float]]
    wholes: dict[str, list[float]]


def settle_quantity(lines: Fit) -> None:
    """Take the quantity that, times a price, is an amount of the same line, where the one that is
    called so is not."""
    said = lines.columns["quantity"]
    others = [c for c in lines.unused() if "quantity" in lines.said(c) and lines.shape.columns[c]]
    if not others or (is_varied(lines.shape, said) and lines.shape.filled(said) >= _PROVEN):
        return
    found = _columns(lines)
    decimal, _ = number_marks(lines.values("unit_price"))
    shares = {c: _proven(numbers_of(lines.shape, c, decimal), found) for c in (said, *others)}
    best = max(shares, key=lambda c: shares[c])
    if shares[best] >= _PROVEN and shares[best] > shares[said] + _BETTER:
        lines.take("quantity", best, f"times a price is an amount of {shares[best]:.0%} of lines")


def settle_percents(lines: Fit) -> None:
    """Leave a discount out that is a percentage: the contract wants an amount, so that the line is
    taken for what it comes to after it."""
    theirs = lines.columns.get("discount_amount", "")
    if not theirs or lines.settings.get("line_totals"):
        return
    decimal, _ = number_marks(lines.values("unit_price"))
    names = (theirs, lines.columns["quantity"], lines.columns["unit_price"])
    off, pieces, price = (numbers_of(lines.shape, name, decimal) for name in names)
    rows = [row for row, percent in enumerate(off) if 0 < percent <= _HUNDRED and pieces[row]]
    if len(rows) < _FEW or any(not 0 <= percent <= _HUNDRED for percent in off):
        return
    for whole, values in _columns(lines).wholes.items():
        after = [(pieces[r] * price[r] * (1 - off[r] / _HUNDRED), values[r]) for r in rows]
        if share(is_near(a, b) for a, b in after) < _PROVEN:
            continue
        as_amount = [is_near(pieces[r] * price[r] - off[r], values[r]) for r in rows]
        if share(as_amount) >= _PROVEN:
            return
        del lines.columns["discount_amount"], lines.likeness["discount_amount"]
        lines.notes.append(
            f"discount_amount: {theirs} is not mapped: it is a percentage, and {whole} is what a "
            "line comes to after it"
        )
        lines.settings["line_totals"] = True
        lines.take("unit_price", whole, "is what a whole line comes to after its discount")
        return


def _columns(lines: Fit) -> _Columns:
    shape = lines.shape
    decimal, _ = number_marks(lines.values("unit_price"))
    free = [*lines.unused(), lines.columns["unit_price"]]
    amounts = {
        c: numbers_of(shape, c, decimal)
        for c in numeric(shape, free, _NO_AMOUNTS)
        if "quantity" not in lines.said(c)
    }
    return _Columns(amounts, {c: v for c, v in amounts.items() if c != lines.columns["unit_price"]})


def _proven(counts: list[float], found: _Columns) -> float:
    """The share of the lines with more than one piece, or a part of one, that come out."""
    rows = [row for row, count in enumerate(counts) if count not in (0.0, 1.0)][:_ROWS]
    if len(rows) < _FEW:
        return 0.0
    few = sum(not count for count in counts) / len(counts)  # of them none
    shares = (
        share(is_near(counts[r] * price[r], whole[r]) and whole[r] for r in rows)
        for name, price in found.prices.items()
        for other, whole in found.wholes.items()
        if other != name
    )
    return max(shares, default=0.0) * (1 - few)

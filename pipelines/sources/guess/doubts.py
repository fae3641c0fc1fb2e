"""What the values make doubtful although every column is found: refunds among the orders, prices
without tax, times of another zone."""

from statistics import median

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import number, number_marks
from pipelines.sources.guess.words import words_of
from pipelines.specs.contract import Kind

KINDS = {"type", "kind", "doctype", "art", "nature", "tipo", "causale", "sens"}
_REFUNDS = (
    *("refund", "credit", "avoir", "retour", "return", "rembours", "gutschrift", "storno"),
    *("nota di credito", "rimborso", "reso", "abono", "devolucion"),
)
_RATES = (0.05, 0.055, 0.07, 0.081, 0.1, 0.19, 0.2, 0.21, 0.22, 0.23, 0.24, 0.25)
_NEAR, _MOST = 0.004, 0.4  # of a rate; of the orders
_FEW = 10  # orders
_UTC = {"gmt", "utc"}


def doubt_refunds(fit: Fit) -> None:
    """Say where refunds are records of their own that nothing leaves out."""
    total = fit.columns.get("total_amount")
    left_out = [(fit.shape.cells[theirs], values) for theirs, values in fit.skip.items()]
    below = sum(
        amount.startswith("-") and not any(cells[row] in values for cells, values in left_out)
        for row, amount in enumerate(fit.shape.cells[total] if total else ())
    )
    if below:
        fit.notes.append(
            f"total_amount: {below} records are below 0: refunds as records of their own count as "
            "orders; leave them out in the export, with skip, or with a preset of your own"
        )


def is_refund(kind: str) -> bool:
    """Whether a kind of documents is called a refund."""
    return any(part in words_of(kind) for part in _REFUNDS)


def doubt_net_prices(orders: Fit, lines: Fit) -> None:
    """Say where the lines of most orders come to the total without tax."""
    sums = line_sums(lines)
    total, port = orders.columns.get("total_amount"), orders.columns.get("shipping_amount")
    ratios = []
    if not total or not sums or "order_id" not in orders.columns:
        return
    cells = orders.shape.cells
    keys, totals = cells[orders.columns["order_id"]], cells[total]
    decimal, _ = number_marks(orders.values("total_amount"))
    ports = cells[port] if port else [""] * len(keys)
    for key, paid, freight in zip(keys, totals, ports, strict=True):
        amount, net = number(paid, decimal), sums.get(key)
        if amount and net and net > 0:
            ratios.append((amount - (number(freight, decimal) or 0)) / net)
    if len(ratios) < _FEW:
        return
    near = {r: sum(abs(x / (1 + r) - 1) < _NEAR for x in ratios) / len(ratios) for r in _RATES}
    rate = max(near, key=lambda r: near[r])
    if near[rate] >= _MOST and median(ratios) > 1:
        lines.notes.append(
            f"unit_price: the lines of {near[rate]:.0%} of the orders are {rate:.1%} below their "
            f"total: {lines.columns['unit_price']} seems to be without tax, and total_amount with "
            "it; map or export the price with tax"
        )


def line_sums(lines: Fit) -> dict[str, float]:
    """Order → the sum of quantity times price of its lines."""
    names = [lines.columns.get(n, "") for n in ("order_id", "quantity", "unit_price")]
    sums: dict[str, float] = {}
    if not all(names):
        return sums
    decimal, _ = number_marks(lines.values("unit_price"))
    for key, quantity, price in lines.shape.together(*names):
        pieces, each = number(quantity, decimal), number(price, decimal)
        sums[key] = sums.get(key, 0.0) + (pieces or 0) * (each or 0)
    return sums


def zone_of(fit: Fit) -> str:
    """UTC where the names of all mapped times say so; empty otherwise. Where only some do, a
    note."""
    times = [
        fit.columns[c]
        for c in fit.columns
        if fit.entity.column(c).kind is Kind.TIMESTAMP and fit.values(c)
    ]
    said = [t for t in times if _UTC & fit.said(t)]
    if said and len(said) < len(times):
        others = ", ".join(sorted(set(times) - set(said)))
        fit.notes.append(
            f"{', '.join(said)} says UTC and {others} does not, and a source has one time_zone"
        )
    return "UTC" if times and len(said) == len(times) else ""

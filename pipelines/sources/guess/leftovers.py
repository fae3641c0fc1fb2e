"""Records that are no orders or lines, although they were placed: refunds, what was deleted, tests,
lines of no product."""

from collections.abc import Sequence

from pipelines.sources.guess.doubts import KINDS, is_refund
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import FEW, YES, are_yes_or_no
from pipelines.sources.guess.moments import are_times
from pipelines.sources.guess.words import words_of
from pipelines.specs.further import ANY, NONE

_MOST_OF = 0.9
_DELETED, _TESTS = {"deleted", "removed", "trashed"}, {"test"}
_FLAG = {"is", "deleted", "removed", "trashed", "test", "at", "date", "order", "flag", "mode"}
_NO_GOODS = {
    *("shipping", "delivery", "fee", "tax", "discount", "surcharge", "voucher", "coupon"),
    *("payment", "promotion", "gift wrap", "handling", "shipping cost", "cost"),
}
_NO_PRODUCT, _SOME = (NONE, "0", "-1"), 0.005  # of the lines


def leave_out_refunds(fit: Fit) -> None:
    """A kind of records that are refunds: called so, or below 0 throughout."""
    total = fit.columns.get("total_amount", "")
    for theirs in fit.unused():
        kinds = set(fit.shape.columns[theirs])
        if not total or not KINDS & fit.said(theirs) or not 1 < len(kinds) <= FEW:
            continue
        for kind in sorted(kinds):
            paid = [amount for k, amount in fit.shape.together(theirs, total) if k == kind]
            below = sum(amount.startswith("-") for amount in paid)
            if paid and (below > _MOST_OF * len(paid) or is_refund(kind)):
                why = f"{len(paid)} records are {kind!r}: refunds, not orders"
                fit.leave_out(theirs, [kind], why)


def leave_out_deleted(fit: Fit) -> None:
    for theirs in fit.unused():
        said, values = fit.said(theirs), fit.shape.columns[theirs]
        if not values or not said & (_DELETED | _TESTS) or not said <= _FLAG:
            continue
        if are_yes_or_no(values):
            yes = sorted({value for value in values if value.lower() in YES})
            if yes and len(set(values)) > 1:
                fit.leave_out(theirs, yes, f"{sum(v in yes for v in values)} records")
        elif are_times(values) and theirs not in fit.shape.full:
            fit.leave_out(theirs, [ANY], f"{len(values)} records")


def leave_out_nothings(lines: Fit, products: Sequence[Fit]) -> None:
    """Leave out lines of no product: shipping, vouchers and fees, by their kind, or because they
    name 0 or none."""
    for theirs in lines.unused():
        kinds = set(lines.shape.columns[theirs])
        is_kind = KINDS & lines.said(theirs) and 1 < len(kinds) <= FEW
        found = sorted(kind for kind in kinds if is_kind and words_of(kind) in _NO_GOODS)
        if found:
            lines.leave_out(theirs, found, f"lines that are {', '.join(found)}, not goods")
            return
    theirs = lines.columns.get("product_id", "")
    known = {value for fit in products for value in fit.values("product_id")}
    if not known or "product_id" not in lines.linked or theirs in lines.skip:
        return
    nothings = [value for value in _NO_PRODUCT if value not in known]
    counts = {value: lines.shape.cells[theirs].count(value) for value in nothings}
    found = [value for value, count in counts.items() if count >= _SOME * lines.shape.rows]
    if found:
        count = sum(counts[value] for value in found)
        lines.leave_out(theirs, found, f"{count} lines name no product: shipping, vouchers or fees")

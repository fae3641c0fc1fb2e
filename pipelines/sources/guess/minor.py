"""Whether amounts are whole hundredths of the currency, as databases of shops often store them."""

from collections.abc import Sequence
from statistics import median

from pipelines.sources.guess.fit import Fit
from pipelines.specs.contract import Kind

_NAMES = {"cent", "cents", "minor"}
_FEW = 10
_LEAST = 300  # in the middle: fewer would be less than 3 of the currency
_ROUND, _MOSTLY = 100, 0.9  # of whole amounts are whole hundreds
_WHOLE = {  # currencies without hundredths
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"),
    *("VUV", "XAF", "XOF", "XPF", "HUF", "IDR", "COP"),
}


def minor_units(fits: Sequence[Fit], currency: str) -> None:
    """Say so of the files that belong together, as their names or their values tell."""
    amounts = {id(fit): _amounts(fit) for fit in fits}
    told = [fit for fit in fits if amounts[id(fit)] and _is_named(fit)]
    whole = [fit for fit in fits if amounts[id(fit)] and not any(map(_has_cents, amounts[id(fit)]))]
    every = [abs(int(v)) for fit in whole for v in amounts[id(fit)] if v.lstrip("-").isdigit()]
    every = [value for value in every if value]
    is_sold = any(fit.entity.name in ("orders", "order_lines") for fit in whole)
    if currency not in _WHOLE and is_sold and len(every) >= _FEW:
        rounds = sum(value % _ROUND == 0 for value in every)
        if median(every) >= _LEAST and rounds < _MOSTLY * len(every):
            told = whole
    for fit in told:
        fit.settings["minor_units"] = True
        fit.notes.append(
            "minor_units: amounts are taken for hundredths: "
            + ("their names say so" if _is_named(fit) else "they are whole numbers, and large ones")
        )


def _amounts(fit: Fit) -> list[str]:
    return [
        v for c in fit.columns if fit.entity.column(c).kind is Kind.AMOUNT for v in fit.values(c)
    ]


def _is_named(fit: Fit) -> bool:
    amounts = [c for c in fit.columns if fit.entity.column(c).kind is Kind.AMOUNT]
    return bool(amounts) and all(_NAMES & fit.said(fit.columns[c]) for c in amounts)


def _has_cents(value: str) -> bool:
    return value.replace(",", ".").partition(".")[2].strip("0") != ""

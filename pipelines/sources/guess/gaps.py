"""What is required and no column is named for: the next best, with a word about it."""

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import YES, are_yes_or_no, can_hold
from pipelines.sources.guess.numbering import number_lines
from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.unnamed import code, number, text
from pipelines.sources.guess.vocabulary import CONSTANTS, INSTEAD
from pipelines.specs.contract import Kind

_CANCELLED = {"cancelled", "canceled", "voided", "void", "annulee", "annule", "cancel"}
_WHOLE = {"total", "subtotal", "revenue", "amount", "value", "sales"}
_BESIDE = {"tax", "discount", "shipping", "coupon", "refunded", "cost", "id", "unit"}
_NUMBERS = (Kind.AMOUNT, Kind.QUANTITY)
_SHOWN = 8
_AGE = 15  # years between a birth date and what else is dated


def fill(fit: Fit) -> None:
    """Find something for each missing column: a time for a time, the column of another, a constant.
    What is left in `fit.missing` has nothing."""
    _birth_date(fit)
    _status(fit)
    number_lines(fit)
    _line_total(fit)
    for name in fit.missing:
        kinds = {c.name: c.kind for c in fit.entity.columns}
        if kinds.get(name) is Kind.TIMESTAMP and (times := _times(fit, name)):
            fit.take(name, times[-1], "is the likeliest of its times")
        elif kinds.get(name) in _NUMBERS and (theirs := number(fit, name)):
            fit.take(name, theirs, "is guessed by its numbers alone")
        elif (fit.entity.name, name) == ("products", "name") and (theirs := code(fit)):
            fit.take(name, theirs, "stands for the name that products have elsewhere")
        elif name in ("name", "category") and fit.linked and (theirs := text(fit, name)):
            fit.take(name, theirs, "is guessed by its texts alone")
        elif (name,) == fit.entity.key and (theirs := _event_id(fit)):
            fit.take(name, theirs, "is guessed: no value of it comes twice")
        elif (other := INSTEAD.get((fit.entity.name, name))) in fit.columns:
            fit.columns[name] = fit.columns[str(other)]
            fit.likeness[name] = 0.0
            fit.notes.append(f"{name}: no column is called so; {other} stands for it")
        elif constant := CONSTANTS.get((fit.entity.name, name)):
            fit.constants[name] = constant
            said = f" (there are {found})" if (found := candidates(fit, name)) else ""
            fit.notes.append(
                f"nothing found for {name}, which is required: {constant!r} is said of every "
                f"record; or map a column instead{said}"
            )


def candidates(fit: Fit, name: str) -> str:
    """Their unused columns that could hold a canonical one, by their values; empty for none."""
    columns = [c for c in fit.entity.columns if c.name in name.split(" or ")]
    found = [
        theirs
        for theirs in fit.unused()
        if fit.shape.columns[theirs]
        and any(can_hold(column, fit.shape.columns[theirs]) for column in columns)
        and not (columns[0].kind is Kind.AMOUNT and "id" in fit.said(theirs))
    ]
    further = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + further if found else ""


def _status(fit: Fit) -> None:
    """Of orders that only say whether they were cancelled: the others are completed."""
    if "status" not in fit.missing or fit.entity.name != "orders":
        return
    for theirs in fit.unused():
        values = fit.shape.columns[theirs]
        if are_yes_or_no(values) and _CANCELLED & fit.said(theirs):
            fit.take("status", theirs, "is the only word on it: all others are taken as completed")
            fit.values_of["status"] = {
                value: "cancelled" if value.lower() in YES else "completed"
                for value in sorted(set(values))
            }
            return


def _line_total(fit: Fit) -> None:
    """What a whole line comes to, where no price of one is called so."""
    if "unit_price" not in fit.missing or "quantity" not in fit.columns:
        return
    column = fit.entity.column("unit_price")
    totals = [
        ("ht" in said, -len(_WHOLE & said), theirs)
        for theirs in fit.unused()
        if (said := fit.said(theirs)) & _WHOLE and not said & _BESIDE
        if fit.shape.columns[theirs] and can_hold(column, fit.shape.columns[theirs])
    ]
    if totals:
        fit.settings["line_totals"] = True
        fit.take("unit_price", min(totals)[2], "is what a whole line comes to, by its name")


def _event_id(fit: Fit) -> str | None:
    """The first column of a file of events that tells its records apart."""
    if fit.entity.name != "web_events":
        return None
    return next((c for c in fit.unused() if c in fit.shape.keys & fit.shape.full), None)


def _birth_date(fit: Fit) -> None:
    """A date long before all others of a customer is the day of birth."""
    if fit.entity.name != "contacts" or "birth_date" in fit.columns:
        return
    column = fit.entity.column("birth_date")
    years = {c: _year(fit.shape, c) for c in _times(fit, "updated_at")}
    other = max((y for y in (*years.values(), *_mapped_years(fit)) if y), default=0)
    for theirs, year in years.items():
        if year and year < other - _AGE and can_hold(column, fit.shape.columns[theirs]):
            fit.take("birth_date", theirs, "is guessed: its dates are those of births")
            return


def _mapped_years(fit: Fit) -> list[int]:
    return [
        _year(fit.shape, fit.columns[c]) for c in ("created_at", "updated_at") if c in fit.columns
    ]


def _year(shape: Shape, theirs: str) -> int:
    """The middle year of a column of times, 0 where none is written out."""
    years = sorted(
        int(part)
        for value in shape.columns[theirs][:500]
        for part in (value[:4], value[6:10])
        if part.isdigit() and "1900" <= part <= "2100"
    )
    return years[len(years) // 2] if years else 0


def _times(fit: Fit, name: str) -> list[str]:
    """Their unused columns of times, the fullest and the latest last."""
    column = fit.entity.column(name)
    shape = fit.shape
    found = [c for c in fit.unused() if shape.columns[c] and can_hold(column, shape.columns[c])]
    return sorted(found, key=lambda c: (c in shape.full, len(shape.columns[c]), _year(shape, c)))

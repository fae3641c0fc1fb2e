"""How a source writes its times and numbers, as settings of the configuration."""

from collections import Counter
from dataclasses import dataclass, field

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import (
    EPOCHS,
    digits_after,
    has_offset,
    number_marks,
    reads,
    time_format,
)
from pipelines.sources.guess.shape import money
from pipelines.specs.contract import Kind
from pipelines.specs.source import Source

_AMOUNT_DIGITS = 4


@dataclass(slots=True)
class Styles:
    """`settings`: setting → its YAML value. `notes`: what is not certain."""

    settings: dict[str, str | bool | list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    has_naive_times: bool = False


def styles_of(fit: Fit) -> Styles:
    """The settings that read the mapped columns. A column that is written unlike the others, for
    which there is one setting only, is taken out of the fit and noted."""
    found = Styles()
    _numbers(fit, found)
    for kind, setting in ((Kind.DATE, "date_format"), (Kind.TIMESTAMP, "timestamp_format")):
        _times(fit, kind, setting, found)
    _nothings(fit, found)
    return found


def _numbers(fit: Fit, found: Styles) -> None:
    amounts = [v for c in _of_kind(fit, Kind.AMOUNT) for v in fit.values(c)]
    is_mapped = bool(amounts)
    if not amounts and fit.shape.format == "csv":  # of what somebody may map
        amounts = [v for c in money(fit.shape) for v in fit.shape.columns[c]]
    if not amounts:
        return
    decimal, thousands = number_marks(amounts)
    if decimal != ".":
        found.settings["decimal"] = decimal
    if thousands:
        found.settings["thousands"] = thousands
    if not is_mapped or digits_after(decimal, amounts) <= _AMOUNT_DIGITS:
        return
    if "round_amounts" in Source.model_fields:
        found.settings["round_amounts"] = True
        return
    for column in _of_kind(fit, Kind.AMOUNT):
        if column not in fit.entity.required:
            digits = digits_after(decimal, fit.values(column))
            if digits > _AMOUNT_DIGITS:
                theirs = fit.columns.pop(column)
                found.notes.append(
                    f"{column}: {theirs} is not mapped: it has {digits} decimals, and "
                    f"{_AMOUNT_DIGITS} are kept"
                )


def _times(fit: Fit, kind: Kind, setting: str, found: Styles) -> None:
    columns = [c for c in _of_kind(fit, kind) if fit.values(c)]
    style_of = {c: str(time_format(fit.values(c)) or "") for c in columns}
    if not columns and fit.missing and kind is Kind.TIMESTAMP:  # of what somebody may map
        unmapped = [time_format(v) for c in fit.unused() if (v := fit.shape.columns[c])]
        if style := next(filter(None, unmapped), ""):
            found.settings[setting] = style
    if not columns:
        return
    required = [style_of[c] for c in columns if c in fit.entity.required]
    style = required[0] if required else Counter(style_of.values()).most_common(1)[0][0]
    for column in columns:
        if style_of[column] != style:
            theirs = fit.columns.pop(column)
            found.notes.append(
                f"{column}: {theirs} is not mapped: its times are written otherwise "
                f"({style_of[column] or 'ISO 8601'}), and a source has one {setting}"
            )
    if style:
        found.settings[setting] = style
    values = [v for c in columns if c in fit.columns for v in fit.values(c)]
    if _is_open(style, values):
        found.notes.append(f"{columns[0]}: day before month? no value tells")
    if kind is Kind.TIMESTAMP and style not in EPOCHS.values():
        found.has_naive_times = not (style.endswith("%z") or any(map(has_offset, values)))


def _nothings(fit: Fit, found: Styles) -> None:
    overruling = (theirs for columns in fit.overrides.values() for theirs in columns)
    read = {*fit.columns.values(), *fit.skip, *overruling}
    texts = sorted({text for theirs in read for text in fit.shape.nothings.get(theirs, ())})
    if not texts:
        return
    if "empty_values" in Source.model_fields:
        found.settings["empty_values"] = texts
        return
    required = {fit.columns[c] for c in fit.entity.required if c in fit.columns}
    for column, theirs in list(fit.columns.items()):
        kind = fit.entity.column(column).kind
        if theirs in fit.shape.nothings and theirs not in required and kind is not Kind.TEXT:
            del fit.columns[column]
            said = ", ".join(sorted(fit.shape.nothings[theirs]))
            found.notes.append(f"{column}: {theirs} is not mapped: it has values such as {said}")


def _of_kind(fit: Fit, kind: Kind) -> list[str]:
    return [c for c in fit.columns if fit.entity.column(c).kind is kind]


def _is_open(style: str, values: list[str]) -> bool:
    """Whether a style with the day first could be one with the month first, or the reverse."""
    if "%d/%m" in style:
        swapped = style.replace("%d/%m", "%m/%d")
    elif "%m/%d" in style and not style.startswith("%Y"):
        swapped = style.replace("%m/%d", "%d/%m")
    else:
        return False
    return all(reads(value, swapped) for value in values)

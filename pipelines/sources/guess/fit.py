"""Which entity a file is, which of its columns mean what, and how it writes values."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.words import ENTITY_WORDS, names_of, words_of
from pipelines.specs.contract import ENTITIES, Column, Entity, Kind

_TIMES = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d(:?\d\d)?)?)?")
_NUMBER = re.compile(r"[+-]?\d[\d .,'\u00a0\u202f]*")
_BOOLEANS = {
    *("true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"),
    *("oui", "non", "o", "vrai", "faux"),
}
_MOST = 0.9  # of the values must look like what the column holds
_ORDERS = {"order", "commande", "sale", "vente"}
_LINES = {"line", "ligne", "item", "detail"}
_FEW = 40  # distinct values of a closed set, at most
_WEAK = 0.5
_OWN_IDS = {"id", "entity id", "internal id", "event id", "uuid"}
_KIND_TESTS: dict[Kind, Callable[[str], bool]] = {
    Kind.EMAIL: lambda v: "@" in v,
    Kind.PHONE: lambda v: sum(c.isdigit() for c in v) >= 6,
    Kind.AMOUNT: lambda v: bool(_NUMBER.fullmatch(v)),
    Kind.QUANTITY: lambda v: bool(_NUMBER.fullmatch(v)),
    Kind.RATE: lambda v: bool(_NUMBER.fullmatch(v)),
    Kind.INTEGER: lambda v: bool(re.fullmatch(r"[+-]?\d+", v)),
    Kind.BOOLEAN: lambda v: v.lower() in _BOOLEANS,
}


@dataclass(slots=True)
class Fit:
    """How a file fits an entity; `missing`: required columns that nothing was found for."""

    entity: Entity
    columns: dict[str, str]
    missing: tuple[str, ...]
    score: float
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    open_values: dict[str, list[str]] = field(default_factory=dict)
    timestamp_format: str | None = None
    date_format: str | None = None
    decimal: str = "."
    thousands: str = ""
    has_naive_times: bool = False
    uncertain: list[str] = field(default_factory=list)


def best_fit(shape: Shape, file_words: str) -> Fit | None:
    """The entity that the file fits best; None when it fits none. `file_words`: the words of the
    file's path, the nearest folder and its name."""
    fits = [fit for entity in ENTITIES.values() if (fit := _fit(entity, shape, file_words))]
    best = max(fits, key=lambda fit: fit.score, default=None)
    if best is not None:
        _styles(best, shape)
        _values(best, shape)
    return best


def _fit(entity: Entity, shape: Shape, file_words: str) -> Fit | None:
    columns, likeness_of = _mapping(entity, shape)
    absent = tuple(name for name in entity.required if name not in columns)
    for group in entity.one_of:
        if not set(group) & set(columns):
            absent = (*absent, " or ".join(group))
    named = _named(entity, file_words)
    if any(key in absent for key in entity.key) and not named:
        return None
    used = len(columns) / max(len(shape.columns), 1)
    score = sum(likeness_of.values()) + 3 * used + 1.5 * min(named, 3) - 2.5 * len(absent)
    if score <= 0 or len(absent) > 2:
        return None
    weak = [
        f"{ours}: {columns[ours]} is guessed from a part of its name"
        for ours, likeness in likeness_of.items()
        if likeness <= _WEAK
    ]
    ordered = {c.name: columns[c.name] for c in entity.columns if c.name in columns}
    return Fit(entity, ordered, absent, score, uncertain=weak)


def _mapping(entity: Entity, shape: Shape) -> tuple[dict[str, str], dict[str, float]]:
    """Canonical column → theirs, each once, the likeliest pairs first; and how likely each is."""
    pairs = []
    for rank, column in enumerate(entity.columns):
        is_key = entity.key == (column.name,)
        for theirs, values in shape.columns.items():
            likeness = _likeness(column, theirs, values)
            if is_key and words_of(theirs) in _OWN_IDS:
                likeness = max(likeness, 0.7)
            if likeness > 0 and not (is_key and theirs in shape.repeated):
                pairs.append((-likeness, not column.required, rank, theirs, column.name))
    columns: dict[str, str] = {}
    likeness_of: dict[str, float] = {}
    for minus, _, _, theirs, ours in sorted(pairs):
        if ours not in columns and theirs not in columns.values():
            columns[ours], likeness_of[ours] = theirs, -minus
    if "line_number" in entity.required and "line_number" not in columns:
        _number_lines(shape, columns, likeness_of)
    return columns, likeness_of


def _named(entity: Entity, file_words: str) -> float:
    """How much the file's path speaks of the entity."""
    stems = {form for word in file_words.split() for form in (word, word.rstrip("s"))}
    named = sum(1.0 for word in ENTITY_WORDS[entity.name].split() if word in stems)
    singular = " ".join(word.rstrip("s") for word in file_words.split())
    if words_of(entity.name).rstrip("s") in singular:
        named += 2.0
    if entity.name == "order_lines" and stems & _ORDERS and stems & _LINES:
        named += 2.0
    return named


def _number_lines(shape: Shape, columns: dict[str, str], likeness_of: dict[str, float]) -> None:
    """A whole number that never comes twice tells the lines of orders apart."""
    for theirs, values in shape.columns.items():
        is_number = values and all(value.isdigit() for value in values)
        if is_number and theirs not in columns.values() and len(set(values)) == len(values):
            columns["line_number"], likeness_of["line_number"] = theirs, _WEAK
            return


def _likeness(column: Column, theirs: str, values: list[str]) -> float:
    """0 to 1: by name, and only where the values can be what the column holds."""
    by_name = _by_name(column.name, theirs)
    if column.allowed and 2 < len(set(values)) <= _FEW:
        known = _share(any(words_of(v) in names_of(a) for a in column.allowed) for v in set(values))
        by_name = max(by_name - 0.3, 0.0) + 0.7 * known if known > 0.4 else by_name
    if not by_name or not _can_hold(column, values):
        return 0.0
    return by_name


def _by_name(ours: str, theirs: str) -> float:
    said, last = words_of(theirs), words_of(theirs.rpartition(".")[2])
    for rank, name in enumerate(names_of(ours)):
        is_same = sorted(name.split()) == sorted(said.split())
        if is_same or name.replace(" ", "") == said.replace(" ", ""):
            return 1.0 - 0.02 * min(rank, 20)
        if name == last and "." in theirs:
            return 0.8 - 0.02 * min(rank, 20)
    padded = f" {said} "
    for rank, name in enumerate(names_of(ours)):
        if len(name) > 3 and f" {name} " in padded:
            return 0.5 - 0.01 * min(rank, 20)
    return 0.0


def _can_hold(column: Column, values: list[str]) -> bool:
    if not values:
        return True
    if column.kind in (Kind.TIMESTAMP, Kind.DATE):
        return _time_format(values) is not None
    test = _KIND_TESTS.get(column.kind)
    if test is not None:
        return _share(test(v) for v in values) >= _MOST
    if column.allowed:
        return len(set(values)) <= _FEW
    if column.kind is Kind.ID:
        return not any(" " in v.strip() and len(v) > 40 for v in values[:50])
    return True


def _share(tests: Iterable[bool]) -> float:
    results = list(tests)
    return sum(results) / len(results)


def _time_format(values: list[str]) -> str | None:
    """How times are written: empty for ISO 8601, a format, or None when they are no times."""
    if _share(bool(_ISO.fullmatch(v)) for v in values) >= _MOST:
        return ""
    for style in _TIMES:
        if _share(_reads(v, style) for v in values) >= _MOST:
            return style
    return None


def _reads(value: str, style: str) -> bool:
    try:
        return 1900 <= datetime.strptime(value, style).year <= 2100  # noqa: DTZ007
    except ValueError:
        return False


def _styles(fit: Fit, shape: Shape) -> None:
    """Dates, decimals and the question of the time zone."""
    for column in fit.entity.columns:
        values = shape.columns.get(fit.columns.get(column.name, ""), [])
        if not values:
            continue
        if column.kind in (Kind.TIMESTAMP, Kind.DATE):
            style = _time_format(values)
            if column.kind is Kind.DATE:
                fit.date_format = fit.date_format or style or None
            else:
                fit.timestamp_format = fit.timestamp_format or style or None
                naive = style or not any(re.search(r"(Z|[+-]\d\d:?\d\d)$", v) for v in values)
                fit.has_naive_times = fit.has_naive_times or bool(naive)
            if style and "%d/%m" in style and all(_reads(v, _swapped(style)) for v in values):
                fit.uncertain.append(f"{column.name}: day before month? no value tells")
        if column.kind is Kind.AMOUNT:
            if any(re.search(r",\d{1,2}$", v) for v in values) and not any(
                re.search(r"\.\d{1,2}$", v) for v in values
            ):
                fit.decimal = ","
            if any(re.search(r"\d[ \u00a0\u202f]\d{3}", v) for v in values):
                fit.thousands = " "
            elif any(re.search(rf"\d{re.escape(_other(fit.decimal))}\d{{3}}", v) for v in values):
                fit.thousands = _other(fit.decimal)


def _swapped(style: str) -> str:
    return style.replace("%d/%m", "%m/%d")


def _other(decimal: str) -> str:
    return "." if decimal == "," else ","


def _values(fit: Fit, shape: Shape) -> None:
    """Their words for the closed sets of the contract; those nobody knows stay open."""
    for column in fit.entity.columns:
        theirs = fit.columns.get(column.name)
        if theirs is None or not column.allowed:
            continue
        for value in sorted(set(shape.columns[theirs])):
            if value in column.allowed:
                continue
            said = words_of(value)
            known = next((a for a in column.allowed if said in names_of(a)), None)
            if known is None:
                fit.open_values.setdefault(column.name, []).append(value)
            else:
                fit.values.setdefault(column.name, {})[value] = known

"""What each file of a folder is, seen beside the others."""

from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import SourceError
from pipelines.sources.guess.choices import choose
from pipelines.sources.guess.doubts import doubt_net_prices, doubt_refunds
from pipelines.sources.guess.fit import Fit, fits
from pipelines.sources.guess.gaps import fill
from pipelines.sources.guess.glance import shape_of
from pipelines.sources.guess.links import link, overlap
from pipelines.sources.guess.optins import opt_ins
from pipelines.sources.guess.people import are_others, guests, tell_apart
from pipelines.sources.guess.presets import Preset, preset_of, presets
from pipelines.sources.guess.roles import assume, roles
from pipelines.sources.guess.series import Series, series_of
from pipelines.sources.guess.shape import Shape, within
from pipelines.sources.guess.subscribers import is_named_so, subscribers
from pipelines.sources.guess.words import words_of

_SAME_RECORDS = 0.5  # of the keys are in another file of the entity


@dataclass(slots=True)
class Understood:
    """What became of a series: a preset, or a fit; `aside`: why it is not read."""

    series: Series
    shape: Shape
    fits: list[Fit]  # of every entity, the best first
    fit: Fit
    preset: Preset | None = None
    within: str = ""  # the column of the records whose arrays hold these
    aside: str = ""
    consents: list[tuple[Fit, str]] = field(default_factory=list)


def understood(folder: Path) -> tuple[list[Understood], list[str]]:
    """What the files below a folder are, and why some cannot be read at all, as sentences."""
    files, unread, known = [], [], presets()
    for series in series_of(folder):
        try:
            shape = shape_of(series.files)
        except SourceError as error:
            unread.append(str(error))
            continue
        path_words = words_of(Path(series.path).relative_to(folder).as_posix())
        found = fits(shape, path_words)
        file = Understood(series, shape, found, found[0], preset=preset_of(shape, known))
        files += [file, *([] if file.preset else _nested(file, path_words))]
    _understand([file for file in files if file.preset is None])
    return files, unread


def _understand(files: list[Understood]) -> None:
    """Join the files by their values, fill gaps, and put aside what is not to be read."""
    if not any(_is_told(file.fit) for file in files):
        _by_roles(files)
    _lists(files)
    link([file.fit for file in files])
    for file in files:
        fill(file.fit)
        choose(file.fit)
    by_score = sorted(files, key=lambda file: _rank(file.fit))
    for rank, file in enumerate(by_score):
        file.aside = _why_aside(file.fit, [f.fit for f in by_score[:rank] if not f.aside])
    orders = [file for file in by_score if file.fit.entity.name == "orders"]
    if orders and all(file.aside for file in orders) and orders[0].fit.named:
        orders[0].aside = ""  # the one entity that a shop needs: its gaps are shown
    _together([file.fit for file in files if not file.aside])
    for file in files:
        if file.fit.entity.name == "contacts" and not file.aside:
            file.consents = opt_ins(file.fit)


def _nested(file: Understood, path_words: str) -> list[Understood]:
    """The order lines that lie within the records of a JSON file. Where they do not say which order
    they are of, or the format reads none of them, the file has a note."""
    found = []
    for column in file.shape.columns:
        shape = within(file.shape, column)
        words = f"{path_words} {words_of(column)}"
        if shape is None or (lines := _lines(shape, words)) is None:
            continue
        if file.shape.format == "json" and "order_id" in lines.columns:
            found.append(Understood(file.series, shape, [lines], lines, within=column))
        else:
            file.fit.notes.append(
                f"{column}: order lines lie within the records, and no source reads them so: write "
                "a preset that unnests them (docs/presets.md), or export them as a file"
            )
    return found


def _lines(shape: Shape, words: str) -> Fit | None:
    """The arrays of a file read as order lines; None where they are something else."""
    lines = next(fit for fit in fits(shape, words) if fit.entity.name == "order_lines")
    if not {"product_id", "quantity", "unit_price"} <= set(lines.columns):
        return None
    lines.named = max(lines.named, 1.0)
    return lines


def _lists(files: list[Understood]) -> None:
    """Read lists of subscribers as consents: what is called so, or stands beside the customers."""
    customers = [f for f in files if f.fit.entity.name == "contacts" and not subscribers(f.fit)]
    for file in files:
        path = words_of(Path(file.series.path).name)
        others = [c for c in customers if c is not file]
        is_list = is_named_so(path) or (file.fit.entity.name == "contacts" and others)
        if is_list and (found := subscribers(file.fit)):
            file.fit = found


def _together(read: list[Fit]) -> None:
    """What the files that are read say of one another."""
    contacts = sorted((fit for fit in read if fit.entity.name == "contacts"), key=_rank)
    orders = [fit for fit in read if fit.entity.name == "orders"]
    for fit in read:
        if contacts and fit is not contacts[0] and "contact_id" in fit.columns:
            tell_apart(fit, contacts[0])
        if contacts and fit.entity.name == "orders":
            guests(fit, contacts[0])
        if orders and fit.entity.name == "order_lines":
            doubt_net_prices(orders[0], fit)
    for fit in orders:
        doubt_refunds(fit)


def _is_told(fit: Fit) -> bool:
    """Whether it is of orders, as names say."""
    return (
        fit.entity.name == "orders"
        and fit.is_sure
        and not {"order_id", "ordered_at"} & set(fit.missing)
    )


def _by_roles(files: list[Understood]) -> None:
    """Where no file is called orders: which one it is by what points to what."""
    for role in roles([file.shape for file in files]):
        file = next(file for file in files if file.shape is role.shape)
        file.fit = next(fit for fit in file.fits if fit.entity.name == role.entity)
        assume(file.fit, role)


def _rank(fit: Fit) -> tuple[int, bool, float]:
    """Of two files of the same records the one to read comes first: that with addresses, that with
    more."""
    return len(fit.missing), "email" not in fit.columns, -sum(fit.likeness.values())


def _why_aside(fit: Fit, read: list[Fit]) -> str:
    columns = ", ".join(fit.shape.columns)[:200]
    if not fit.is_sure or len(fit.missing) > 2:
        return f"fits no entity of the contract (columns: {columns})"
    if fit.missing:
        return f"nothing was found for {', '.join(fit.missing)}, which is required"
    for other in read:
        if other.entity.name == fit.entity.name and len(fit.entity.key) == 1:
            key = fit.entity.key[0]
            if key == "contact_id" and are_others(fit, other):
                return (
                    f"its {fit.columns[key]} and {other.columns[key]} of the contacts above are "
                    "two counters: the same numbers have other e-mail addresses"
                )
            if overlap(fit.values(key), other.values(key)) >= _SAME_RECORDS:
                return f"its {fit.entity.name} are those of another file, by their {key}"
    return ""

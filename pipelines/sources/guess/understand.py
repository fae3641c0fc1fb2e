"""What each file of a folder is, seen beside the others."""

from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import SourceError
from pipelines.sources.guess.fit import Fit, fits
from pipelines.sources.guess.gaps import fill
from pipelines.sources.guess.glance import shape_of
from pipelines.sources.guess.links import link, overlap
from pipelines.sources.guess.optins import opt_ins
from pipelines.sources.guess.presets import Preset, preset_of, presets
from pipelines.sources.guess.roles import assume, roles
from pipelines.sources.guess.series import Series, series_of
from pipelines.sources.guess.shape import Shape
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
        files.append(Understood(series, shape, found, found[0], preset=preset_of(shape, known)))
    _understand([file for file in files if file.preset is None])
    return files, unread


def _understand(files: list[Understood]) -> None:
    """Join the files by their values, fill gaps, and put aside what is not to be read."""
    if not any(_is_told(file.fit) for file in files):
        _by_roles(files)
    link([file.fit for file in files])
    for file in files:
        fill(file.fit)
    by_score = sorted(files, key=lambda file: _rank(file.fit))
    for rank, file in enumerate(by_score):
        file.aside = _why_aside(file.fit, [f.fit for f in by_score[:rank] if not f.aside])
    orders = [file for file in by_score if file.fit.entity.name == "orders"]
    if orders and all(file.aside for file in orders) and orders[0].fit.named:
        orders[0].aside = ""  # the one entity that a shop needs: its gaps are shown
    for file in files:
        if file.fit.entity.name == "contacts" and not file.aside:
            file.consents = opt_ins(file.fit)


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
            if overlap(fit.values(key), other.values(key)) >= _SAME_RECORDS:
                return f"its {fit.entity.name} are those of another file, by their {key}"
    return ""

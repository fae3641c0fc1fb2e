"""A file of the folder, or the arrays within its records, and what became of it."""

from dataclasses import dataclass, field

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.presets import Preset
from pipelines.sources.guess.series import Series
from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.totals import Sum


@dataclass(slots=True, eq=False)
class File:
    """A preset, or a fit; `aside`: why it is not read; `is_drafted`: although it is not, it is of
    an entity, and its block is worth being there as a comment."""

    series: Series
    shape: Shape
    fits: list[Fit]  # of every entity, the best first
    fit: Fit
    preset: Preset | None = None
    within: str = ""  # the column of the records whose arrays hold these
    lines_come_to: Sum | None = None  # of orders
    aside: str = ""
    is_drafted: bool = True
    consents: list[tuple[Fit, str]] = field(default_factory=list)

    def of(self, entity: str) -> Fit:
        """How it fits an entity."""
        return next(fit for fit in self.fits if fit.entity.name == entity)

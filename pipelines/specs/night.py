"""A night: everything a step may know. It is a function of its date and its configuration."""

from dataclasses import dataclass
from datetime import date

from pipelines.settings import Machine, Paths
from pipelines.specs.model import Model
from pipelines.specs.shop import Shop


@dataclass(frozen=True, slots=True)
class Night:
    """The world as known at `as_of` 00:00 in shop time. `cut` is the last extract_date that
    it may read: `as_of` itself, except in a backfill, which reads what is loaded now."""

    as_of: date
    shop: Shop
    models: dict[str, Model]
    paths: Paths
    machine: Machine
    loaded_until: date | None = None  # set by a backfill only

    @property
    def cut(self) -> date:
        return self.loaded_until or self.as_of


@dataclass(frozen=True, slots=True)
class StepReport:
    """What a step did, in one line: `rows` written and a few named counts."""

    rows: int
    facts: dict[str, int | str]

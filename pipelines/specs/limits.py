"""`checks:` of the configuration: what load tolerates of a source, for all of them and for one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from pipelines.specs.checks import Severity
from pipelines.specs.closed import Closed, short
from pipelines.specs.contract import ENTITIES, Entity


def _number(allowed: str, is_allowed: Callable[[float], bool]) -> PlainValidator:
    """A number or `off`, which YAML hands over as false: taken for a number, that would be 0."""

    def read(value: Any) -> Any:
        if value is False or value == "off":
            return "off"
        is_number = isinstance(value, int | float) and value is not True
        if is_number and is_allowed(value):
            return float(value)
        raise ValueError(f"found {short(value)}; allowed: {allowed}, or off")

    return PlainValidator(read)


Limit = float | Literal["off"]
Share = Annotated[Limit, _number("a share from 0 to 1", lambda v: 0 <= v <= 1)]
Growth = Annotated[Limit, _number("a share above 0, such as 0.8", lambda v: 0 < v < 1e6)]
Days = Annotated[Limit, _number("days, more than 0 and at most 3660", lambda v: 0 < v <= 3660)]
Level = Annotated[
    Literal["warning", "critical", "off"],
    BeforeValidator(lambda value: "off" if value is False else value),
]


class Checks(Closed):
    """What load tolerates: here for all sources, and under `checks` of a source for that one, which
    may change each limit on its own. Beyond a `_warning` limit is told, beyond a `_critical` one
    stops the night; `off` does without. Volume is compared with the median of the source's past
    extracts or, where that judges more mildly, of those of the same weekday. Freshness is the age
    of the newest record at 00:00 of the day of its extract, for entities whose records must have a
    time. The meaning ends with what holds unless it is set."""

    quarantine_warning: Share | None = None  # share of the records in quarantine; 0.05
    quarantine_critical: Share | None = None  # the same; 0.5
    volume_drop_warning: Share | None = None  # share of the usual records that did not come; off
    volume_drop_critical: Share | None = None  # the same: beyond 0.4, fewer than 60 % came; 0.4
    volume_growth_warning: Growth | None = None  # share that came in addition; 0.8
    volume_growth_critical: Growth | None = None  # the same: beyond 0.8, more than 180 % came; off
    volume_history: int | None = Field(
        default=None, ge=1, le=366
    )  # past extracts needed before volume is judged; 3
    freshness_warning_days: Days | None = None  # age of the newest record; 3 for orders, else off
    freshness_critical_days: Days | None = None  # the same; off
    duplicates: Level | None = None  # records of one extract that share their key; `warning`
    references: Level | None = None  # order lines of an unknown order or product; `warning`

    def mistakes(self, entity: Entity) -> list[str]:
        """The checks that mean nothing for the records of `entity`."""
        found = []
        if entity.event_time is None:
            timed = ", ".join(name for name, other in ENTITIES.items() if other.event_time)
            found += [
                f"checks.{name}: entity {entity.name!r} has no time that its records must have; "
                f"allowed for {timed}"
                for name in ("freshness_warning_days", "freshness_critical_days")
                if name in self.model_fields_set
            ]
        if entity.name != "order_lines" and "references" in self.model_fields_set:
            found.append(f"checks.references: allowed for order_lines; this is {entity.name}")
        return found


@dataclass(frozen=True, slots=True)
class Limits:
    """What is tolerated of one source, with what holds unless it is set. None: not looked at."""

    quarantine_warning: float | None = 0.05
    quarantine_critical: float | None = 0.5
    volume_drop_warning: float | None = None
    volume_drop_critical: float | None = 0.4
    volume_growth_warning: float | None = (
        0.8  # below 1: a file sent twice is told on quiet days too
    )
    volume_growth_critical: float | None = None
    volume_history: int = 3
    freshness_warning_days: float | None = None
    freshness_critical_days: float | None = None
    duplicates: Severity | None = Severity.WARNING
    references: Severity | None = Severity.WARNING


_OF_ENTITY = {"orders": {"freshness_warning_days": 3.0}}  # a long weekend without a sale


def settled(entity: str, shops: Checks, sources: Checks) -> Limits:
    """The limits of a source that feeds `entity`: its own, else the shop's, else the built-in."""
    asked = shops.model_dump(exclude_none=True) | sources.model_dump(exclude_none=True)
    found: dict[str, Any] = _OF_ENTITY.get(entity, {}) | {
        name: None if limit == "off" else limit for name, limit in asked.items()
    }
    for name in {"duplicates", "references"} & found.keys():
        found[name] = found[name] and Severity(found[name])
    return Limits(**found)

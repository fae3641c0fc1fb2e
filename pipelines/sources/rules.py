"""The rules that a record must meet to be loaded, as SQL conditions with their sentences."""

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.sources.convert import SOFT, Value
from pipelines.sources.engine import name, quoted
from pipelines.specs.contract import Column, Entity, Kind

LARGEST_AMOUNT = 100_000_000_000  # any currency; a thousand of them still fit DECIMAL(18,4)


@dataclass(frozen=True, slots=True)
class Rule:
    """`broken`: SQL condition over `t_<column>` (text) and `v_<column>` (value)."""

    column: str
    broken: str
    reason: str


def text_of(column: str) -> str:
    return name(f"t_{column}")


def value_of(column: str) -> str:
    return name(f"v_{column}")


def rules(
    entity: Entity, values: dict[str, Value], extract_date: date, end: datetime
) -> list[Rule]:
    """All rules of an entity, in the order in which the first broken one is told. `end`: naive UTC
    end of the extract's day, which no event can be after."""
    found: list[Rule] = []
    for column in entity.columns:
        found += _of_column(column, values[column.name], extract_date, end)
    for group in entity.one_of:
        empty = " and ".join(f"{value_of(column)} is null" for column in group)
        found.append(Rule(group[0], empty, f"none of {', '.join(group)} is filled and valid"))
    return found


def _of_column(column: Column, value: Value, extract_date: date, end: datetime) -> list[Rule]:
    given, typed = text_of(column.name), value_of(column.name)
    found = []
    if column.required:
        found.append(Rule(column.name, f"{given} is null", "required and empty"))
    if column.kind in SOFT:
        return found
    unread = f"{given} is not null and {typed} is null"
    found += [Rule(column.name, f"{unread} and {test}", why) for test, why in value.reasons]
    if column.allowed:
        listed = ", ".join(map(quoted, column.allowed))
        reason = f"not one of {', '.join(column.allowed)}"
        found.append(Rule(column.name, f"{typed} not in ({listed})", reason))
    if column.kind is Kind.TIMESTAMP and not column.may_be_future:
        late = f"{typed} >= timestamp {quoted(end.isoformat(' '))}"
        found.append(Rule(column.name, late, "in the future: after the day of its extract"))
    if column.kind is Kind.DATE and not column.may_be_future:
        late = f"{typed} > date {quoted(extract_date.isoformat())}"
        found.append(Rule(column.name, late, "in the future: after the day of its extract"))
    if column.non_negative:
        found.append(Rule(column.name, f"{typed} < 0", "negative, where that has no meaning"))
    if column.kind is Kind.AMOUNT:
        reason = f"beyond {LARGEST_AMOUNT:,}, the largest amount taken for real"
        found.append(Rule(column.name, f"abs({typed}) > {LARGEST_AMOUNT}", reason))
    return found

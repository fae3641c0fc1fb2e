"""The rules that a record must meet to be loaded, as SQL conditions with their sentences."""

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.sources.convert import NOTHING, SOFT, Value
from pipelines.sources.engine import name, quoted
from pipelines.specs.contract import Column, Entity, Kind

LARGEST_AMOUNT = 100_000_000_000  # any currency; a thousand of them still fit DECIMAL(18,4)


@dataclass(frozen=True, slots=True)
class Rule:
    """`broken`: SQL condition over the texts of a record and its `v_<column>` values."""

    column: str
    broken: str
    reason: str


def value_of(column: str) -> str:
    return name(f"v_{column}")


def rules(
    entity: Entity,
    texts: dict[str, str],
    values: dict[str, Value],
    extract_date: date,
    end: datetime,
) -> list[Rule]:
    """All rules of an entity, in the order in which the first broken one is told. `end`: naive UTC
    end of the extract's day, which no event can be after."""
    found: list[Rule] = []
    for column in entity.columns:
        given = texts[column.name]
        if column.required:
            found.append(Rule(column.name, f"{given} is null", "required and empty"))
        if column.kind in SOFT or given == NOTHING:
            continue
        unread = f"{given} is not null and {value_of(column.name)} is null"
        found += [
            Rule(column.name, f"{unread} and {test}", why)
            for test, why in values[column.name].reasons
        ]
        found += _of_values(column, extract_date, end)
    for group in entity.one_of:
        empty = " and ".join(f"{value_of(column)} is null" for column in group)
        found.append(Rule(group[0], empty, f"none of {', '.join(group)} is filled and valid"))
    return found


def fine(
    entity: Entity,
    texts: dict[str, str],
    values: dict[str, Value],
    extract_date: date,
    end: datetime,
) -> str:
    """A condition that holds for no record that breaks a rule, and for nearly all others. It looks
    at no text, which is what makes it cheap."""
    conditions = []
    for column in entity.columns:
        typed, value = value_of(column.name), values[column.name]
        if column.required:
            conditions.append(f"{typed} is not null")
        elif column.kind not in SOFT and value.reasons and texts[column.name] != NOTHING:
            conditions.append(f"({typed} is not null or {value.given} is null)")
        if column.kind not in SOFT and texts[column.name] != NOTHING:
            conditions += [
                f"coalesce(not ({rule.broken}), true)"
                for rule in _of_values(column, extract_date, end)
            ]
    for group in entity.one_of:
        conditions.append(f"({' or '.join(f'{value_of(c)} is not null' for c in group)})")
    return " and ".join(conditions)


def _of_values(column: Column, extract_date: date, end: datetime) -> list[Rule]:
    """The rules that look at the value alone."""
    typed, found = value_of(column.name), []
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

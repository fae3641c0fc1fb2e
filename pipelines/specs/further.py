"""Settings of a source that read further columns than the mapped ones, or make values of none:
which records it takes, what another column says instead, ids told apart, lines numbered."""

from typing import TYPE_CHECKING

from pipelines.specs.closed import not_one_of
from pipelines.specs.contract import ENTITIES, Kind

if TYPE_CHECKING:
    from pipelines.specs.source import Source

FURTHER = "further."  # begins the name of a column that is read beside the contract's
ANY, NONE = "*", ""  # among the values of a further column: any one that is filled, an empty one
NUMBERED = "line_number"
_OF_RECORDS = ("skip", "keep", "overrides", "number_lines")  # what a preset's SQL says itself


def further(source: "Source") -> dict[str, str]:
    """The further columns that a source reads: their name in its rows → by their own names."""
    overruling = (column for columns in source.overrides.values() for column in columns)
    return {f"{FURTHER}{theirs}": theirs for theirs in (*source.skip, *source.keep, *overruling)}


def mistakes(source: "Source") -> list[str]:
    """What is wrong with these settings."""
    entity = ENTITIES[source.entity]
    names = [column.name for column in entity.columns]
    ids = [column.name for column in entity.columns if column.kind is Kind.ID]
    found = [
        f"{setting}: the SQL of the preset says it; remove it"
        for setting in _OF_RECORDS
        if source.preset and getattr(source, setting)
    ]
    found += [
        f"prefixes.{name}: {not_one_of(name, ids)}" for name in source.prefixes if name not in ids
    ]
    found += [
        f"prefixes.{name}: nothing is mapped to it; remove it"
        for name in source.prefixes
        if name in ids and name not in source.columns
    ]
    for name, columns in source.overrides.items():
        if name not in names:
            found.append(f"overrides.{name}: {not_one_of(name, names)}")
            continue
        allowed = entity.column(name).allowed
        found += [
            f"overrides.{name}.{theirs}.{value}: {not_one_of(ours, allowed)}"
            for theirs, pairs in columns.items()
            for value, ours in pairs.items()
            if allowed and ours not in allowed
        ]
    if source.line_totals and not {"quantity", "unit_price"} <= set(names):
        found.append(f"line_totals: {source.entity} have no unit_price; remove it")
    if source.number_lines and NUMBERED not in names:
        found.append(f"number_lines: {source.entity} have no {NUMBERED}; remove it")
    if source.number_lines and NUMBERED in {*source.columns, *source.constants}:
        found.append(f"number_lines: {NUMBERED} is given too; remove one of the two")
    return found

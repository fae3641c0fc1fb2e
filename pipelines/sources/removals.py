"""What a snapshot no longer has: which rows tell it, and when it is not to be believed. As SQL over
`here`, the rows of the snapshot and others, and `known`, the latest row of each key before it."""

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb

from pipelines.clock import shop_midnight
from pipelines.landing import LandedFile
from pipelines.sources.convert import SOFT
from pipelines.sources.engine import name, quoted
from pipelines.specs.contract import SQL_TYPE, Entity, Kind


def gone(entity: Entity, day: date, time_zone: str) -> str:
    """The last known record of whatever is not here, not even in quarantine, as it is to be from
    the shop's `day` on; none that says so already. The last of a log is so by its own time. Of an
    entity whose records say nothing when they go, as it was."""
    known, here = _subject(entity, "k"), _subject(entity, "n")
    same = " and ".join(f"{k} is not distinct from {n}" for k, n in zip(known, here, strict=True))
    absent = f"select k.* from known k anti join (select * from here where is_current) n on {same}"
    removal = entity.when_removed
    if removal is None:
        return absent
    midnight = f"timestamp {quoted(shop_midnight(day, time_zone).isoformat(' '))}"
    field, kind = name(removal.column), entity.column(removal.column).kind
    if removal.value is None:
        eve = f"date {quoted(str(day - timedelta(days=1)))}"
        value = eve if kind is Kind.DATE else midnight
        is_news = f"{field} > {value}"
    else:
        value, *others = (
            f"{quoted(v)}::{SQL_TYPE[kind]}" for v in (removal.value, *removal.unless)
        )
        is_news = f"{field} not in ({', '.join([value, *others])})"
    said = f"{value} as {field}"
    if removal.at:
        said += f", greatest({name(removal.at)}, {midnight}) as {name(removal.at)}"
    own_time = f"k.{name(removal.at)} desc, " if removal.at and removal.about else ""
    return (
        f"select * replace ({said}) from ({absent}"
        f" qualify row_number() over (partition by {', '.join(known)}"
        f" order by {own_time}k.extract_date desc, k.line desc, k.file desc) = 1)"
        f" where {field} is null or {is_news}"
    )


def doubt(con: duckdb.DuckDBPyConnection, entity: Entity, files: Sequence[LandedFile]) -> str:
    """Why what the `files` of a snapshot do not have may be there all the same; empty without any
    doubt."""
    if not files:
        return "an extract of a later day is landed already"
    if not sum(file.records for file in files):
        return "it has no record that can be loaded"
    [(nameless,)] = con.execute(
        f"select count(*) from here where is_current and ({_is_nameless(entity)})"
    ).fetchall()
    unknown = nameless + sum(file.rejects for file in files)
    return f"{unknown} record(s) do not tell whom or what they are about" if unknown else ""


def _is_nameless(entity: Entity) -> str:
    """SQL: a record does not tell what it is about, or tells it by an unreadable address."""
    tests = []
    for group in entity.identity:
        if len(group) > 1 or entity.column(group[0]).required:
            tests.append(_empty(group))
        for i, column in enumerate(group):
            if entity.column(column).kind in SOFT:
                lost = f"contains(extra, {quoted(_invalid(column))})"
                tests.append(" and ".join(filter(None, [_empty(group[:i]), lost])))
    return " or ".join(f"({test})" for test in tests)


def _invalid(column: str) -> str:
    return f'"invalid_{column}":'


def _empty(columns: Sequence[str]) -> str:
    return " and ".join(f"{name(column)} is null" for column in columns)


def _subject(entity: Entity, alias: str) -> list[str]:
    groups = [", ".join(f"{alias}.{name(c)}" for c in group) for group in entity.identity]
    return [f"coalesce({group})" for group in groups]

"""What load checks before the night's rows are committed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

import duckdb

from pipelines.catalog import source_column
from pipelines.landing import Partition
from pipelines.sources.engine import name, quoted
from pipelines.specs.checks import Check, Severity
from pipelines.specs.contract import Entity
from pipelines.specs.night import Night

_RECENT_EXTRACTS = 14  # two weeks: each weekday twice
_STALE = timedelta(days=3)  # a long weekend without a sale
_QUARANTINE_WARNS, _QUARANTINE_STOPS = 0.05, 0.5
_FEW_RECORDS = 20
_APART = 0.4  # of the records have a key of their own; below it, another column was mapped
_NO_LIMIT = 10**15


@dataclass(frozen=True, slots=True)
class Fed:
    """An entity and what was loaded into it tonight. `midnight`: as_of 00:00, naive UTC."""

    entity: Entity
    partitions: tuple[Partition, ...]
    midnight: datetime


def checks(con: duckdb.DuckDBPyConnection, night: Night, fed: Fed) -> list[Check]:
    """The checks of an entity's new rows; `{table}` in their SQL stands for those rows."""
    found = _keys(fed.entity)
    for source in dict.fromkeys(p.source for p in fed.partitions):
        found += _quarantined(source, [p for p in fed.partitions if p.source == source])
        found += _volume(con, night, source, [p for p in fed.partitions if p.source == source])
    if fed.entity.name == "order_lines":
        found += _references(night)
    if fed.entity.name == "orders":
        found.append(_freshness(fed.midnight))
    return found


def _keys(entity: Entity) -> list[Check]:
    required = set(entity.required)
    filled = [
        Check(f"{entity.name}_{column}_is_filled", "not_null", args={"column": column})
        for column in entity.key
        if column in required
    ]
    key = ", ".join(map(name, entity.key))
    twice = (
        f"select {key} from {{table}} group by {source_column(entity)}, extract_date, {key}"
        " having count(*) > 1"
    )
    duplicates = Check(
        f"{entity.name}_come_once_within_an_extract",
        "query_is_empty",
        Severity.WARNING,
        {"sql": twice},
    )
    if not set(entity.key) <= required:
        return [*filled, duplicates]
    share = (
        f"select case when count(*) < {_FEW_RECORDS} then 1 else round(approx_count_distinct("
        f"({source_column(entity)}, extract_date, {key})) / count(*), 2) end from {{table}}"
    )
    apart = Check(
        f"{entity.name}_are_told_apart_by_their_key",
        "value_between",
        Severity.CRITICAL,
        {"sql": share, "min": _APART, "max": 2},
    )
    return [*filled, duplicates, apart]


def _quarantined(source: str, partitions: list[Partition]) -> list[Check]:
    dates = ", ".join(f"date {quoted(str(p.extract_date))}" for p in partitions)
    share = (
        "select coalesce(sum(quarantined) / nullif(sum(records_read), 0), 0) from ops.books"
        f" where source = {quoted(source)} and extract_date in ({dates})"
    )

    def at_most(limit: float, severity: Severity, name: str) -> Check:
        args = {"sql": share, "min": 0, "max": limit}
        return Check(f"{source}_{name}", "value_between", severity, args)

    return [
        at_most(_QUARANTINE_WARNS, Severity.WARNING, "has_few_records_in_quarantine"),
        at_most(_QUARANTINE_STOPS, Severity.CRITICAL, "is_not_mostly_in_quarantine"),
    ]


def _volume(
    con: duckdb.DuckDBPyConnection, night: Night, source: str, partitions: list[Partition]
) -> list[Check]:
    """Tonight's own files (late ones apart) against the usual extract of this source."""
    tonight = [
        file.file
        for partition in partitions
        if partition.extract_date == night.as_of
        for file in partition.files
        if file.date == str(night.as_of)
    ]
    usual = usual_volume(con, source, night.as_of, night.shop.checks.volume_history)
    if not tonight or usual is None:
        return []
    records = (
        f"select sum(records_read) from ops.books where source = {quoted(source)}"
        f" and extract_date = date {quoted(str(night.as_of))}"
        f" and file in ({', '.join(map(quoted, tonight))})"
    )
    least = usual * (1 - night.shop.checks.volume_drop_critical)
    args = {"sql": records, "min": least, "max": _NO_LIMIT}
    return [Check(f"{source}_has_its_usual_volume", "value_between", Severity.CRITICAL, args)]


def usual_volume(
    con: duckdb.DuckDBPyConnection, source: str, as_of: date, needed: int
) -> float | None:
    """Records of a usual extract: the median of the latest ones or, where it is smaller, of those
    of the same weekday (shops are closed on some). None with fewer than `needed`; a source's first
    extract, often its whole history, is never one of them."""
    past = con.execute(
        "select extract_date, sum(records_read)::bigint from ops.books"
        " where source = ? and extract_date < ? group by all order by extract_date desc",
        [source, as_of],
    ).fetchall()[:-1]
    if len(past) < needed:
        return None
    usual = float(median(records for _, records in past[:_RECENT_EXTRACTS]))
    same_day = [n for day, n in past if day.weekday() == as_of.weekday()][:_RECENT_EXTRACTS]
    return min(usual, float(median(same_day))) if len(same_day) >= needed else usual


def _references(night: Night) -> list[Check]:
    def known(column: str, entity: str, check: str) -> Check:
        sql = (
            f"select n.{column} from {{table}} n where not exists"
            f" (select 1 from raw.{entity} k where k.{column} = n.{column})"
        )
        return Check(check, "query_is_empty", Severity.WARNING, {"sql": sql})

    found = [known("order_id", "orders", "order_lines_belong_to_a_known_order")]
    if "products" in night.shop.entities():
        found.append(known("product_id", "products", "order_lines_name_a_known_product"))
    return found


def _freshness(midnight: datetime) -> Check:
    oldest = quoted((midnight - _STALE).isoformat(" "))
    sql = f"select 1 from {{table}} having max(ordered_at) < timestamp {oldest}"
    return Check("orders_are_fresh", "query_is_empty", Severity.WARNING, {"sql": sql})

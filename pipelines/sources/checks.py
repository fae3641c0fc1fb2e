"""What load checks before the night's rows are committed."""

from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import median

import duckdb

from pipelines.catalog import source_column
from pipelines.clock import shop_midnight
from pipelines.landing import Partition
from pipelines.sources.engine import name, quoted
from pipelines.specs.checks import Check, Severity
from pipelines.specs.contract import Entity
from pipelines.specs.limits import Limits
from pipelines.specs.night import Night

_RECENT_EXTRACTS = 14  # two weeks: each weekday twice
_MANY = 1_000_000  # records
_FEW_RECORDS = 20  # chance moves fewer by as much as a mistake would
# Standard ones of a count (Poisson's is the root of its mean): by chance one night in forty is told
# of, and one in a thousand stopped.
_DEVIATIONS = {Severity.WARNING: 2, Severity.CRITICAL: 3}
_APART = 0.4  # of the records have a key of their own; below it, another column was mapped


@dataclass(frozen=True, slots=True)
class Fed:
    """An entity and what was loaded into it tonight."""

    entity: Entity
    partitions: tuple[Partition, ...]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What was loaded of one source tonight, and what is tolerated of it."""

    source: str
    entity: Entity
    partitions: list[Partition]
    limits: Limits
    is_snapshot: bool

    @property
    def rows(self) -> str:
        """SQL: which of the audited rows are of it."""
        return f"{source_column(self.entity)} = {quoted(self.source)}"

    def sampled(self, severity: Severity | None, *keys: str) -> str:
        """SQL: which of the rows a warning looks at. Of millions, those of a part of the keys are
        enough to tell that something is wrong; what stops a night looks at all of them."""
        parts = sum(f.records for p in self.partitions for f in p.files) // _MANY + 1
        if severity is Severity.CRITICAL or parts == 1:
            return self.rows
        return f"{self.rows} and hash({', '.join(map(name, keys))}) % {parts} = 0"

    @property
    def newest(self) -> date:
        return max(p.extract_date for p in self.partitions)


def checks(con: duckdb.DuckDBPyConnection, night: Night, fed: Fed) -> list[Check]:
    """The checks of an entity's new rows; `{table}` in their SQL stands for those rows."""
    found = _keys(fed.entity) + _one_counter(fed)
    for source in dict.fromkeys(p.source for p in fed.partitions):
        partitions = [p for p in fed.partitions if p.source == source]
        is_snapshot = night.shop.sources[source].mode == "snapshot"
        loaded = _Loaded(source, fed.entity, partitions, night.shop.limits(source), is_snapshot)
        found += _duplicates(loaded)
        found += _quarantined(loaded)
        found += _volume(con, night, loaded)
        found += _freshness(night, loaded)
        found += _references(night, loaded)
    return found


def _keys(entity: Entity) -> list[Check]:
    required = set(entity.required)
    filled = [
        Check(f"{entity.name}_{column}_is_filled", "not_null", args={"column": column})
        for column in entity.key
        if column in required
    ]
    if not set(entity.key) <= required:
        return filled
    key = ", ".join(map(name, entity.key))
    share = (
        f"select case when count(*) < {_FEW_RECORDS} then 1 else round(approx_count_distinct(hash("
        f"{source_column(entity)}, extract_date, {key})) / count(*), 2) end"
        f" from (from {{table}} limit {_MANY})"
    )
    apart = Check(
        f"{entity.name}_are_told_apart_by_their_key",
        "value_between",
        Severity.CRITICAL,
        {"sql": share, "min": _APART, "max": 2},
    )
    return [*filled, apart]


def _one_counter(fed: Fed) -> list[Check]:
    """Web orders and a till's receipts may both count from 1: of two orders with one id the later
    record would count alone."""
    if fed.entity.name != "orders" or len({p.source for p in fed.partitions}) < 2:
        return []
    parts = sum(f.records for p in fed.partitions for f in p.files) // _MANY + 1
    shared = (
        f"select order_id from {{table}} where hash(order_id) % {parts} = 0"
        " group by order_id having count(distinct source) > 1"
    )
    return _nothing("orders_of_two_sources_have_ids_of_their_own", Severity.WARNING, shared)


def _duplicates(loaded: _Loaded) -> list[Check]:
    key, severity = ", ".join(map(name, loaded.entity.key)), loaded.limits.duplicates
    twice = (
        f"select {key} from {{table}} where {loaded.sampled(severity, *loaded.entity.key)}"
        f" group by extract_date, {key} having count(*) > 1"
    )
    return _nothing(f"{loaded.source}_has_each_key_once_within_an_extract", severity, twice)


def _quarantined(loaded: _Loaded) -> list[Check]:
    source, limits = loaded.source, loaded.limits
    dates = ", ".join(f"date {quoted(str(p.extract_date))}" for p in loaded.partitions)
    share = (
        "select coalesce(sum(quarantined) / nullif(sum(records_read), 0), 0) from ops.books"
        f" where source = {quoted(source)} and extract_date in ({dates})"
    )
    few, mostly = f"{source}_has_few_records_in_quarantine", f"{source}_is_not_mostly_in_quarantine"
    return [
        *_between(few, Severity.WARNING, share, most=limits.quarantine_warning),
        *_between(mostly, Severity.CRITICAL, share, most=limits.quarantine_critical),
    ]


def _volume(con: duckdb.DuckDBPyConnection, night: Night, loaded: _Loaded) -> list[Check]:
    """Tonight's own files (late ones apart) against the usual extract of this source."""
    source, limits = loaded.source, loaded.limits
    tonight = [
        file.file
        for partition in loaded.partitions
        if partition.extract_date == night.as_of
        for file in partition.files
        if file.date == str(night.as_of)
    ]
    needed = 0 if loaded.is_snapshot else limits.volume_history
    usual = usual_volume(con, source, night.as_of, needed)
    if not tonight or usual is None:
        return []
    records = (
        f"select sum(records_read) from ops.books where source = {quoted(source)}"
        f" and extract_date = date {quoted(str(night.as_of))}"
        f" and file in ({', '.join(map(quoted, tonight))})"
    )

    def bounded(
        check: str, severity: Severity, drop: float | None, growth: float | None
    ) -> list[Check]:
        # Chance takes so many away: of a handful a day, a day without any tells nothing. A snapshot
        # is no count of what happened, and each record that it lacks is deleted.
        chance = 0 if loaded.is_snapshot else _DEVIATIONS[severity] * sqrt(usual.least)
        least = None if drop is None else usual.least - max(usual.least * drop, chance)
        most = None if growth is None else max(usual.most * (1 + growth), _FEW_RECORDS)
        return _between(f"{source}_{check}", severity, records, least=least, most=most)

    drop, growth = limits.volume_drop_warning, limits.volume_growth_warning
    about = bounded("has_about_its_usual_volume", Severity.WARNING, drop, growth)
    drop, growth = limits.volume_drop_critical, limits.volume_growth_critical
    return [*about, *bounded("has_its_usual_volume", Severity.CRITICAL, drop, growth)]


@dataclass(frozen=True, slots=True)
class Usual:
    """Records of a usual extract, by the two medians: all days', and the same weekday's."""

    least: float
    most: float


def usual_volume(
    con: duckdb.DuckDBPyConnection, source: str, as_of: date, needed: int
) -> Usual | None:
    """The median of the latest extracts and that of the same weekday's (shops are closed on some).
    None with fewer than `needed`; a source's first extract, often its whole history, is never one
    of them, unless none is `needed`: of a snapshot, each is the whole, and one is enough."""
    past = con.execute(
        "select extract_date, sum(records_read)::bigint from ops.books"
        " where source = ? and extract_date < ? group by all order by extract_date desc",
        [source, as_of],
    ).fetchall()
    past = past[:-1] if needed else past
    if len(past) < max(needed, 1):
        return None
    usual = float(median(records for _, records in past[:_RECENT_EXTRACTS]))
    same_day = [n for day, n in past if day.weekday() == as_of.weekday()][:_RECENT_EXTRACTS]
    of_the_day = float(median(same_day)) if len(same_day) >= max(needed, 1) else usual
    return Usual(min(usual, of_the_day), max(usual, of_the_day))


def _freshness(night: Night, loaded: _Loaded) -> list[Check]:
    """The age in days of the newest record of the latest extract, at 00:00 of its day. An extract
    without records has none: that is for the volume to tell. The newest record of a snapshot may
    have been landed long before it."""
    source, limits, time = loaded.source, loaded.limits, loaded.entity.event_time
    if time is None:
        return []
    midnight = shop_midnight(loaded.newest, night.shop.time_zone).isoformat(" ")
    rows, newest = "{table}", f"extract_date = date {quoted(str(loaded.newest))}"
    if loaded.is_snapshot:
        rows = f"raw.{loaded.entity.name}"
        newest = f"extract_date <= date {quoted(str(loaded.newest))} and line > 0"
    age = (
        f"select coalesce(epoch(timestamp {quoted(midnight)} - max({name(time)})) / 86400, 0)"
        f" from {rows} where {loaded.rows} and {newest}"
    )
    warning, critical = limits.freshness_warning_days, limits.freshness_critical_days
    return [
        *_between(f"{source}_is_fresh_in_days", Severity.WARNING, age, most=warning),
        *_between(f"{source}_is_not_stale_in_days", Severity.CRITICAL, age, most=critical),
    ]


def _references(night: Night, loaded: _Loaded) -> list[Check]:
    if loaded.entity.name != "order_lines":
        return []

    def known(column: str, entity: str, check: str) -> list[Check]:
        severity = loaded.limits.references
        sql = (
            f"select {column} from (from {{table}} where {loaded.sampled(severity, column)})"
            f" anti join raw.{entity} using ({column})"
        )
        return _nothing(f"{loaded.source}_{check}", severity, sql)

    found = known("order_id", "orders", "belongs_to_known_orders")
    if "products" in night.shop.entities():
        found += known("product_id", "products", "names_known_products")
    return found


def _between(
    check: str,
    severity: Severity,
    sql: str,
    *,
    least: float | None = None,
    most: float | None = None,
) -> list[Check]:
    """A check that the number of a query is within limits, where there are any."""
    limits = {"min": least, "max": most}
    args = {"sql": sql} | {side: limit for side, limit in limits.items() if limit is not None}
    return [Check(check, "value_between", severity, args)] if len(args) > 1 else []


def _nothing(check: str, severity: Severity | None, sql: str) -> list[Check]:
    """A check that a query finds no row, where one is wanted."""
    return [Check(check, "query_is_empty", severity, {"sql": sql})] if severity else []

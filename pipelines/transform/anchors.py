"""Training anchors: the past dates that models learn from, and which of them are still missing."""

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb

from pipelines import warehouse
from pipelines.specs.night import Night

FIRST_MONDAY = date(1970, 1, 5)  # anchors are counted from here, so that they never move


def anchor_dates(as_of: date, every_days: int, count: int, first_order: date | None) -> list[date]:
    """The last `count` dates before `as_of` whose distance from Monday 1970-01-05 is a multiple of
    `every_days`, none before `first_order`, oldest first; none without an order."""
    if first_order is None:
        return []
    steps = (as_of - FIRST_MONDAY).days
    latest = FIRST_MONDAY + timedelta(days=(steps - 1) // every_days * every_days)
    dates = [latest - timedelta(days=every_days * step) for step in range(count)]
    return sorted(day for day in dates if day >= first_order)


def anchors(night: Night) -> list[date]:
    """The anchors of that night, oldest first. Opens the warehouse: hold the lock, and call it
    after `transform`."""
    with warehouse.connect(night.paths, night.machine) as con:
        first_order = first_order_date(con)
    training = night.shop.training
    return anchor_dates(night.as_of, training.anchor_every_days, training.anchors, first_order)


def first_order_date(con: duckdb.DuckDBPyConnection) -> date | None:
    """The shop's date of the earliest order known; None before any was loaded."""
    if not _exists(con, "marts", "order_history"):
        return None
    row = con.execute("select min(ordered_date) from marts.order_history").fetchone()
    return None if row is None else row[0]


def missing_snapshots(con: duckdb.DuckDBPyConnection, dates: Sequence[date]) -> list[date]:
    """Those of `dates` that features.customer_features has no row of, in their order."""
    if not _exists(con, "features", "customer_features"):
        return list(dates)
    rows = con.execute("select distinct as_of from features.customer_features").fetchall()
    present = {row[0] for row in rows}
    return [day for day in dates if day not in present]


def missing_labels(
    con: duckdb.DuckDBPyConnection, label: str, horizon_days: int, dates: Sequence[date]
) -> list[date]:
    """Those of `dates` that labels.<label> has no row of at that horizon, in their order."""
    if not _exists(con, "labels", label):
        return list(dates)
    rows = con.execute(
        f'select distinct as_of from labels."{label}" where horizon_days = ?', [horizon_days]
    ).fetchall()
    present = {row[0] for row in rows}
    return [day for day in dates if day not in present]


def _exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    query = "select 1 from information_schema.tables where table_schema = ? and table_name = ?"
    return con.execute(query, [schema, table]).fetchone() is not None

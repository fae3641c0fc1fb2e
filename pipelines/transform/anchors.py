"""Which past dates models learn from, and which snapshots and labels of them are still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from pipelines.clock import FIRST_MONDAY
from pipelines.specs.night import Night


@dataclass(frozen=True, slots=True, order=True)
class LabelRequest:
    """The label of one table of schema `labels`, at one date, over one horizon."""

    as_of: date
    label: str
    horizon_days: int

    @property
    def matured_on(self) -> date:
        """The first night that knows the whole horizon."""
        return self.as_of + timedelta(days=self.horizon_days)


def anchor_dates(as_of: date, every_days: int, count: int, first_order: date | None) -> list[date]:
    """The last `count` dates before `as_of` whose distance from Monday 1970-01-05 is a multiple of
    `every_days`, none before `first_order`, oldest first; none without an order."""
    if first_order is None:
        return []
    steps = ((as_of - FIRST_MONDAY).days - 1) // every_days
    latest = FIRST_MONDAY + timedelta(days=steps * every_days)
    dates = [latest - timedelta(days=every_days * step) for step in range(count)]
    return sorted(day for day in dates if day >= first_order)


def anchors(con: duckdb.DuckDBPyConnection, night: Night) -> list[date]:
    """The training anchors of that night, oldest first; none before `transform` has run."""
    first_order = None
    if _exists(con, "marts", "order_history"):
        query = "select min(ordered_date) from marts.order_history where known_from_date <= ?"
        row = con.execute(query, [night.cut]).fetchone()
        first_order = None if row is None else row[0]
    training = night.shop.training
    return anchor_dates(night.as_of, training.anchor_every_days, training.anchors, first_order)


def missing_snapshots(
    con: duckdb.DuckDBPyConnection, night: Night, *, again: bool = False
) -> list[date]:
    """The dates to snapshot tonight: the night itself, and the anchors without one (all anchors
    when `again`), oldest first."""
    present = set() if again else _dates(con, "features", "customer_features")
    return [day for day in anchors(con, night) if day not in present] + [night.as_of]


def missing_labels(
    con: duckdb.DuckDBPyConnection, night: Night, *, again: bool = False
) -> list[LabelRequest]:
    """The labels that can be made tonight: of every snapshot whose horizon has matured and that has
    none yet; with `again` also those of the anchors that have one."""
    snapshots = sorted(_dates(con, "features", "customer_features"))
    wanted = labels_of(night, snapshots, matured_by=night.cut)
    redone = set(anchors(con, night)) if again else set()
    present = {request for request in wanted if _has_label(con, request)}
    return [r for r in wanted if r not in present or r.as_of in redone]


def labels_of(night: Night, as_ofs: Sequence[date], *, matured_by: date) -> list[LabelRequest]:
    """The label of every model at those of `as_ofs` whose horizon has matured by that date."""
    requests = {
        LabelRequest(day, model.label, model.horizon_days)
        for model in night.models.values()
        if model.label is not None
        for day in as_ofs
    }
    return sorted(request for request in requests if request.matured_on <= matured_by)


def _has_label(con: duckdb.DuckDBPyConnection, request: LabelRequest) -> bool:
    if not _exists(con, "labels", request.label):
        return False
    query = f'select 1 from labels."{request.label}" where as_of = ? and horizon_days = ? limit 1'
    found = con.execute(query, [request.as_of, request.horizon_days]).fetchone()
    return found is not None


def _dates(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> set[date]:
    if not _exists(con, schema, table):
        return set()
    return {
        row[0] for row in con.execute(f"select distinct as_of from {schema}.{table}").fetchall()
    }


def _exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    query = "select 1 from information_schema.tables where table_schema = ? and table_name = ?"
    return con.execute(query, [schema, table]).fetchone() is not None

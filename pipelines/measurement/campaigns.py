"""Past sends: treated against control, per campaign, per theme and over all."""

from collections.abc import Iterator

import duckdb
import polars as pl

from pipelines.measurement.comparison import Comparison

_SENDS = """
select campaign_id, theme, segment, arm, is_treated, assignment_probability::double as probability,
       sent_at, sent_date, is_matured,
       coalesce(contact_point_id, customer_id) as contact_point_id,
       coalesce(purchased, 0) as purchased,                   -- no order found: did not buy
       coalesce(revenue_amount, 0)::double as revenue_amount
from outcomes.campaign_outcomes
where coalesce(contact_point_id, customer_id) is not null
"""


def read(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per campaign and contact point (see `units`)."""
    return units(con.sql(_SENDS).pl())


def units(sends: pl.DataFrame) -> pl.DataFrame:
    """A contact point counts once per campaign: its first send, with `treated_weight` and
    `control_weight` = 1 / probability of the arm it got.

    Where the sender did not record the probability, it is the arm's share of the campaign: exact
    when each contact point had the same chance.
    """
    order = ["campaign_id", "contact_point_id", "sent_at", "arm", "probability", "revenue_amount"]
    order += ["purchased", "segment"]  # all that can differ, so that the pick is always the same
    first = sends.sort(order, nulls_last=True).unique(
        subset=["campaign_id", "contact_point_id"], keep="first", maintain_order=True
    )
    share = pl.len().over("campaign_id", "is_treated") / pl.len().over("campaign_id")
    logged = pl.when(pl.col("probability") > 0).then("probability")
    weight = 1 / pl.coalesce(logged, share)
    return first.with_columns(
        treated_weight=pl.when("is_treated").then(weight).otherwise(0.0),
        control_weight=pl.when("is_treated").then(0.0).otherwise(weight),
    )


def comparisons(sends: pl.DataFrame) -> Iterator[Comparison]:
    """Per campaign, per theme, over all, and over all by segment. Only campaigns with outcomes of
    both arms enter the pooled ones: the others would compare different people."""
    for campaign, rows in _parts(sends, "campaign_id"):
        yield _comparison("campaign", campaign, "all", rows, rows)
    has_both = pl.col("is_treated").filter(pl.col("is_matured")).n_unique().over("campaign_id") == 2
    marked = sends.with_columns(is_pooled=has_both)
    for theme, rows in _parts(marked, "theme"):
        yield _comparison("theme", theme, "all", rows, rows.filter("is_pooled"))
    if not sends.is_empty():
        yield _comparison("campaign", "all", "all", marked, marked.filter("is_pooled"))
    for segment, rows in _parts(marked, "segment"):
        yield _comparison("campaign", "all", segment, rows, rows.filter("is_pooled"))


def _parts(sends: pl.DataFrame, column: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of each value of `column`, in order."""
    for name in sends[column].drop_nulls().unique().sort():
        yield name, sends.filter(pl.col(column) == name)


def _comparison(
    kind: str, item_id: str, segment: str, rows: pl.DataFrame, counted: pl.DataFrame
) -> Comparison:
    """`counted`: those of `rows` that may enter the estimate once matured."""
    return Comparison(
        kind,
        item_id,
        segment,
        counted.filter("is_matured"),
        treated_total=rows.filter("is_treated").height,
        control_total=rows.filter(~pl.col("is_treated")).height,
    )

"""Our own nights: the active group against the holdout, and the policy against saying nothing."""

from collections.abc import Iterator
from datetime import date

import duckdb
import polars as pl

from pipelines.clock import FIRST_MONDAY
from pipelines.measurement.comparison import Comparison
from pipelines.specs.shop import Contacting

_DECISIONS = """
select as_of, contact_point_id, d.arm, d.group_name, d.assignment_probability as probability,
       o.is_matured,
       coalesce(o.purchased, 0) as purchased,                 -- no order found: did not buy
       coalesce(o.revenue_amount, 0)::double as revenue_amount
from activation.decisions d join outcomes.decision_outcomes o using (as_of, contact_point_id)
where d.is_slot and as_of < $as_of and d.reason <> 'another_address'
order by as_of, contact_point_id
"""


def read(con: duckdb.DuckDBPyConnection, as_of: date) -> pl.DataFrame:
    """Slot decisions of earlier nights at the one address where a customer can be contacted."""
    frame: pl.DataFrame = con.sql(_DECISIONS, params={"as_of": as_of}).pl()
    return frame


def apart(decisions: pl.DataFrame, rules: Contacting) -> pl.DataFrame:
    """The decisions of every k-th cycle, k cycles being no shorter than the outcome window: then
    no order is counted for two decisions of one contact point. Which cycles these are depends on
    the calendar only, so both groups lose the same ones."""
    stride = -(-rules.outcome_days // rules.cycle_days)
    days = (pl.col("as_of") - pl.lit(FIRST_MONDAY)).dt.total_days()
    return decisions.filter((days // rules.cycle_days) % stride == 0)


def comparisons(decisions: pl.DataFrame) -> Iterator[Comparison]:
    """`active_vs_holdout`: by intention to treat, everybody in the group they were drawn into
    (customers of mixed groups are in neither). `policy_vs_no_contact`: what the active group's
    customers did, against what they would have done had nobody been contacted, estimated from
    those who were drawn for no_contact, weighted by 1 / logged probability (off-policy value,
    Hájek form). Only decisions that were drawn (probability below 1) tell anything there: both
    means are over contact points that had a campaign open."""
    is_active, is_held = pl.col("group_name") == "active", pl.col("group_name") == "holdout"
    groups = decisions.filter(is_active | is_held).with_columns(
        treated_weight=is_active.cast(pl.Float64), control_weight=is_held.cast(pl.Float64)
    )
    yield _comparison("active_vs_holdout", groups)
    drawn = decisions.filter(is_active & (pl.col("probability") < 1)).with_columns(
        treated_weight=pl.lit(1.0),
        control_weight=pl.when(pl.col("arm") == "no_contact")
        .then(1 / pl.col("probability"))
        .otherwise(0.0),
    )
    yield _comparison("policy_vs_no_contact", drawn)


def _comparison(item_id: str, rows: pl.DataFrame) -> Comparison:
    return Comparison(
        "decision",
        item_id,
        "all",
        rows.filter("is_matured"),
        treated_total=rows.filter(pl.col("treated_weight") > 0).height,
        control_total=rows.filter(pl.col("control_weight") > 0).height,
    )

"""A night's decisions as a pure function of what was read: no warehouse, no clock."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.decisioning import capacity, groups, policy
from pipelines.decisioning.candidates import price, standing
from pipelines.decisioning.inputs import Inputs
from pipelines.specs.shop import Contacting


@dataclass(frozen=True, slots=True)
class Made:
    """Rows for activation.groups (contact points that had none), activation.candidates and
    activation.decisions, each sorted by its key, with exactly the columns of the catalog."""

    groups: pl.DataFrame
    candidates: pl.DataFrame
    decisions: pl.DataFrame


def make(inputs: Inputs, rules: Contacting, key: str, as_of: date) -> Made:
    """The decisions of `as_of`. The same whatever the order of the rows of `inputs`."""
    drawn = groups.draw(inputs.points, inputs.groups, rules, key, as_of)
    everyone = pl.concat([inputs.groups, drawn])
    points = standing(groups.assign(inputs.points, everyone), inputs, rules)
    pairs = capacity.close_full(price(points, inputs, rules))
    table = policy.arms(points, pairs, rules.exploration_share)
    chosen = policy.choose(points, table, rules.exploration_share, key, as_of)
    return Made(
        groups=drawn,
        candidates=_candidates(policy.explain(points, table, chosen), as_of),
        decisions=_decisions(chosen, points, inputs.customers, rules, as_of),
    )


def _candidates(table: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return table.select(
        pl.lit(as_of).alias("as_of"),
        "contact_point_id",
        "customer_id",
        "arm",
        "value",
        "lower",
        "is_eligible",
        "reason",
    )


def _decisions(
    chosen: pl.DataFrame,
    points: pl.DataFrame,
    customers: pl.DataFrame,
    rules: Contacting,
    as_of: date,
) -> pl.DataFrame:
    about = points.select("contact_point_id", "channel", "customer_id", "group_name", "slot")
    segments = customers.select("customer_id", "segment")
    return (
        chosen.join(about, on="contact_point_id", how="left")
        .join(segments, on="customer_id", how="left")
        .select(
            pl.lit(as_of).alias("as_of"),
            "contact_point_id",
            "channel",
            "customer_id",
            "arm",
            "assignment_probability",
            "reason",
            pl.col("value").alias("expected_value"),
            "group_name",
            groups.is_slot(as_of, rules.cycle_days).alias("is_slot"),
            "segment",
        )
        .sort("contact_point_id")
    )

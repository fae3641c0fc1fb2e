"""The policy: mostly the best arm, sometimes a random one, and the exact probability of each.

For a contact point with `n` open arms (no_contact among them) and exploration share ε the
probability of an arm is (1 − ε) · [it is the best arm] + ε / n. What is open and what is best is
settled before anything is drawn, so this is the probability that this very policy gives the arm.
"""

from datetime import date

import polars as pl

from pipelines.decisioning.candidates import DIGITS, best_first, gains
from pipelines.decisioning.draws import uniforms
from pipelines.decisioning.words import NO_CONTACT, Reason


def arms(points: pl.DataFrame, pairs: pl.DataFrame, exploration: float) -> pl.DataFrame:
    """One row per contact point and arm, no_contact included, sorted by both: contact_point_id,
    customer_id, arm, value, lower, barrier, is_eligible, open_arms, is_best, probability.

    `points`: contact_point_id, customer_id, is_contactable, barrier (see `candidates.standing`);
    `pairs`: see `candidates.price`, after `capacity.close_full`. The probabilities of the arms of
    one contact point add up to 1; closed arms have 0.
    """
    nobody = points.select(
        "contact_point_id",
        "customer_id",
        arm=pl.lit(NO_CONTACT),
        value=pl.lit(0.0),
        lower=pl.lit(0.0),
        barrier=pl.lit(None, dtype=pl.String),
    )
    rows = pl.concat([pairs.drop("places"), nobody]).with_columns(
        is_eligible=pl.col("barrier").is_null()
    )
    best = (
        best_first(rows.filter(pl.col("is_eligible") & gains()))
        .unique(subset="contact_point_id", keep="first", maintain_order=True)
        .select("contact_point_id", best="arm")
    )
    is_best = pl.col("arm") == pl.col("best").fill_null(NO_CONTACT)
    explored = exploration / pl.col("open_arms")
    return (
        rows.join(best, on="contact_point_id", how="left")
        .with_columns(
            is_best=is_best,
            open_arms=pl.col("is_eligible").sum().over("contact_point_id"),
        )
        .drop("best")
        .with_columns(
            probability=pl.when("is_eligible")
            .then(explored + pl.when("is_best").then(1 - exploration).otherwise(0.0))
            .otherwise(0.0)
        )
        .sort("contact_point_id", "arm")
    )


def choose(
    points: pl.DataFrame, table: pl.DataFrame, exploration: float, key: str, as_of: date
) -> pl.DataFrame:
    """One row per contact point that may be contacted: contact_point_id, arm, value, reason,
    assignment_probability.

    The draw is HMAC-SHA256(key, as_of + '|' + contact_point_id): its first number says whether to
    explore, its second which of the open arms, in order of their names.
    """
    asked = points.filter("is_contactable").select("contact_point_id", standing_barrier="barrier")
    names = (f"{as_of}|{name}" for name in asked["contact_point_id"].to_list())
    drawn = asked.hstack(uniforms(key, names))
    lost = (
        table.filter((pl.col("barrier") == Reason.CAPACITY) & gains())
        .select("contact_point_id", lost_to_capacity=pl.lit(True))
        .unique()
    )
    campaigns = table.group_by("contact_point_id").agg(known_arms=pl.len())
    open_arms = (
        table.filter("is_eligible")
        .with_columns(place=pl.int_range(pl.len()).over("contact_point_id"))
        .join(drawn, on="contact_point_id", how="inner")
        .with_columns(explores=(pl.col("u") < exploration) & (pl.col("open_arms") > 1))
    )
    picked = (pl.col("v") * pl.col("open_arms")).floor().cast(pl.Int64)
    is_chosen = pl.when("explores").then(pl.col("place") == picked).otherwise(pl.col("is_best"))
    return (
        open_arms.filter(is_chosen)
        .join(lost, on="contact_point_id", how="left")
        .join(campaigns, on="contact_point_id", how="left")
        .with_columns(reason=_reason(), assignment_probability=pl.col("probability").round(DIGITS))
        .select("contact_point_id", "arm", "value", "reason", "assignment_probability")
        .sort("contact_point_id")
    )


def _reason() -> pl.Expr:
    """Why the chosen arm was chosen."""
    return (
        pl.when(pl.col("standing_barrier").is_not_null())
        .then(pl.col("standing_barrier"))
        .when("explores")
        .then(pl.lit(Reason.EXPLORATION.value))
        .when(pl.col("arm") != NO_CONTACT)
        .then(pl.lit(Reason.BEST_VALUE.value))
        .when("lost_to_capacity")
        .then(pl.lit(Reason.CAPACITY.value))
        .when(pl.col("known_arms") == 1)
        .then(pl.lit(Reason.NO_CAMPAIGN.value))
        .otherwise(pl.lit(Reason.NO_GAIN_EXPECTED.value))
    )


def explain(points: pl.DataFrame, table: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """`table` with `reason` of every arm: of the chosen one why it was, of the others why not."""
    final = chosen.select("contact_point_id", "arm", chosen_reason="reason")
    standing = points.select("contact_point_id", standing_barrier="barrier")
    is_unscored = pl.col("value").is_null() & (pl.col("arm") != NO_CONTACT)
    return (
        table.join(final, on=["contact_point_id", "arm"], how="left", maintain_order="left")
        .join(standing, on="contact_point_id", how="left", maintain_order="left")
        .with_columns(
            reason=pl.coalesce(
                "chosen_reason",
                "barrier",
                "standing_barrier",
                pl.when(is_unscored).then(pl.lit(Reason.NO_SCORE.value)),
                pl.when(~gains() & (pl.col("arm") != NO_CONTACT)).then(
                    pl.lit(Reason.NO_GAIN_EXPECTED.value)
                ),
                pl.lit(Reason.LESS_THAN_BEST.value),
            )
        )
        .drop("chosen_reason", "standing_barrier")
    )

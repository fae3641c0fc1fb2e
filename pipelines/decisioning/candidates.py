"""What each contact point could get tonight, what it would be worth, and what stands against it."""

import polars as pl

from pipelines.decisioning.groups import channel_rank
from pipelines.decisioning.inputs import Inputs
from pipelines.decisioning.words import Group, Reason
from pipelines.specs.shop import Contacting

DIGITS = 6  # of every amount and probability: more would differ between machines


def standing(points: pl.DataFrame, inputs: Inputs, rules: Contacting) -> pl.DataFrame:
    """`points` (with group_name) in the channels that are decided, with `barrier`: why no campaign
    at all may reach the contact point, NULL when one may.

    E-mail is always decided; another channel only while an active campaign uses it. A customer is
    contacted at one contact point: of those that may be contacted, first by channels that have a
    campaign, then e-mail before the others, then by id. The cap plays no part in that pick, so
    that a full inbox does not turn into text messages.
    """
    used = inputs.campaigns["channel"].unique().to_list()
    has_campaign = pl.col("channel").is_in(used)
    is_first = pl.int_range(pl.len()).over("customer_id") == 0
    messages = pl.col("messages_in_cap_window") + pl.col("planned").fill_null(0)
    return (
        points.filter((pl.col("channel") == "email") | has_campaign)
        .join(inputs.planned, on="channel", how="left")
        .sort(~pl.col("is_contactable"), ~has_campaign, channel_rank(), "contact_point_id")
        .with_columns(
            barrier=pl.when(~pl.col("is_contactable"))
            .then(pl.col("blocked_reason").fill_null("blocked"))
            .when(~is_first)
            .then(pl.lit(Reason.ANOTHER_ADDRESS.value))
            .when(pl.col("group_name") != Group.ACTIVE)
            .then(pl.lit(Reason.HOLDOUT.value))
            .when(messages >= rules.cap_messages)
            .then(pl.lit(Reason.CAP.value))
        )
        .sort("contact_point_id")
    )


def price(points: pl.DataFrame, inputs: Inputs, rules: Contacting) -> pl.DataFrame:
    """One row per contact point and campaign of its channel: contact_point_id, customer_id, arm,
    value, lower, places, barrier; sorted by contact point and arm.

    value = incremental purchase probability × basket × (margin rate − offer rate) − cost of a
    contact, in shop currency: a discount is paid out of the margin, and one that eats it all leaves
    the cost. `lower` the same from the lower bound; both NULL without a score.
    The basket is the customer's own of the last 365 days, else the median of the shop's.
    """
    shop_basket = inputs.customers["basket"].median()
    basket = pl.coalesce("basket", pl.lit(shop_basket, dtype=pl.Float64), pl.lit(0.0))
    worth = basket * (rules.margin_rate - pl.col("offer_rate")).clip(lower_bound=0)
    sent = inputs.sent.with_columns(was_sent=pl.lit(True))
    return (
        points.select("contact_point_id", "channel", "customer_id", "barrier")
        .join(inputs.campaigns, on="channel", how="inner")
        .join(inputs.customers.select("customer_id", "basket"), on="customer_id", how="left")
        .join(inputs.scores, on=["customer_id", "arm"], how="left")
        .join(sent, on=["arm", "contact_point_id"], how="left")
        .with_columns(
            value=(pl.col("uplift") * worth - pl.col("cost_per_contact")).round(DIGITS),
            lower=(pl.col("uplift_lower") * worth - pl.col("cost_per_contact")).round(DIGITS),
            barrier=pl.when(pl.col("barrier").is_null() & pl.col("was_sent"))
            .then(pl.lit(Reason.ALREADY_SENT.value))
            .otherwise(pl.col("barrier")),
        )
        .select("contact_point_id", "customer_id", "arm", "value", "lower", "places", "barrier")
        .sort("contact_point_id", "arm")
    )


def best_first(pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` in the one total order of preference: value, lower bound, then names."""
    return pairs.sort(
        "value",
        "lower",
        "arm",
        "contact_point_id",
        descending=[True, True, False, False],
        nulls_last=True,
    )


def gains() -> pl.Expr:
    """Whether even the lower bound of the gain, costs deducted, is positive."""
    return (pl.col("lower") > 0).fill_null(False)

"""Holdout groups and slots: drawn once for each contact point, stored, never drawn again."""

from datetime import date

import polars as pl

from pipelines.clock import FIRST_MONDAY
from pipelines.decisioning.draws import uniforms
from pipelines.decisioning.words import Group
from pipelines.specs.contract import CHANNELS
from pipelines.specs.shop import Contacting


def channel_rank() -> pl.Expr:
    """The preference among channels, e-mail first; unknown channels last."""
    order = {channel: rank for rank, channel in enumerate(CHANNELS)}
    return pl.col("channel").replace_strict(order, default=len(order), return_dtype=pl.Int32)


def draw(
    points: pl.DataFrame, known: pl.DataFrame, rules: Contacting, key: str, as_of: date
) -> pl.DataFrame:
    """Rows of activation.groups for the contact points that have none, by contact_point_id.

    `points`: contact_point_id, channel, customer_id. `known`: activation.groups as stored.

    The draw of a contact point is HMAC-SHA256(key, 'group|' + contact_point_id), its slot that of
    'slot|' + contact_point_id. A new contact point of a customer who already has one takes over
    that one's group and slot (holdout wins), and the points that a new customer brings at once
    share the draw of the first of them. Drawn apart, a customer with an e-mail address and a
    telephone would be held out nearly twice as often as one with an e-mail address, the two
    groups would not be comparable, and giving a telephone number after a message would move
    people between them.
    """
    seen = (
        points.join(known, on="contact_point_id", how="inner")
        .sort("drawn_as_of", "contact_point_id")
        .group_by("customer_id", maintain_order=True)
        .agg(
            seen_holdout=(pl.col("group_name") == Group.HOLDOUT).any(),
            seen_slot=pl.col("slot").first(),
        )
    )
    unseen = points.join(known, on="contact_point_id", how="anti").sort(
        channel_rank(), "contact_point_id"
    )
    named = unseen.join(seen, on="customer_id", how="left", maintain_order="left").with_columns(
        drawn_by=pl.col("contact_point_id").first().over("customer_id")
    )
    ids = named["drawn_by"].to_list()
    group_draw = uniforms(key, (f"group|{name}" for name in ids))["u"]
    slot_draw = uniforms(key, (f"slot|{name}" for name in ids))["u"]
    own_slot = (slot_draw * rules.cycle_days).floor().cast(pl.Int32)
    is_held = pl.coalesce("seen_holdout", pl.lit(group_draw < rules.holdout_share))
    return (
        named.with_columns(
            group_name=pl.when(is_held)
            .then(pl.lit(Group.HOLDOUT.value))
            .otherwise(pl.lit(Group.ACTIVE.value)),
            slot=pl.coalesce(pl.col("seen_slot").cast(pl.Int32), pl.lit(own_slot)),
            drawn_as_of=pl.lit(as_of),
        )
        .select("contact_point_id", "group_name", "slot", "drawn_as_of")
        .sort("contact_point_id")
    )


def assign(points: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """`points` with `group_name` and `slot`; the points of a customer whose points were drawn into
    both groups become 'mixed'. What is stored is not touched."""
    joined = points.join(groups, on="contact_point_id", how="left", maintain_order="left")
    groups_of_customer = pl.col("group_name").n_unique().over("customer_id")
    return joined.with_columns(
        group_name=pl.when(groups_of_customer > 1)
        .then(pl.lit(Group.MIXED.value))
        .otherwise(pl.col("group_name"))
    ).drop("drawn_as_of")


def is_slot(as_of: date, cycle_days: int) -> pl.Expr:
    """Whether `as_of` is the slot of a contact point: days are numbered from a Monday, so that a
    cycle of seven days starts on Mondays. A slot beyond a cycle shortened since counts modulo."""
    today = (as_of - FIRST_MONDAY).days % cycle_days
    return (pl.col("slot") % cycle_days) == today

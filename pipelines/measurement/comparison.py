"""A comparison of two arms becomes rows of measurement.effects, each with an honest status."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipelines.measurement.estimator import (
    Difference,
    Units,
    mean_difference,
    rate_difference,
    weighted_mean,
)

DIGITS = 6
MIN_UNITS = 30  # in each arm; below, an interval says more about its formula than about the shop
MIN_BUYERS = 5  # in each arm for revenue: amounts are skewed, a mean of fewer is one person's order


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared. `units`: one row per unit whose outcome window has closed, with
    contact_point_id, purchased (0/1), revenue_amount, treated_weight, control_weight (0 when not
    part of that mean). `treated_total`, `control_total`: units of all ages."""

    kind: str
    item_id: str
    segment: str
    units: pl.DataFrame
    treated_total: int
    control_total: int


def effects(comparison: Comparison, as_of: date) -> list[dict[str, Any]]:
    """Two rows: purchase_rate and revenue_amount per contact point."""
    return [_effect(comparison, outcome, as_of) for outcome in ("purchase_rate", "revenue_amount")]


def _effect(comparison: Comparison, outcome: str, as_of: date) -> dict[str, Any]:
    frame = comparison.units
    units = _units(frame, "purchased" if outcome == "purchase_rate" else "revenue_amount")
    status = _status(comparison, units, outcome)
    found: Difference | None = None
    if status == "measured":
        found = rate_difference(units) if outcome == "purchase_rate" else mean_difference(units)
    return {
        "as_of": as_of,
        "kind": comparison.kind,
        "item_id": comparison.item_id,
        "segment": comparison.segment,
        "outcome": outcome,
        "treated_count": units.treated_count,
        "control_count": units.control_count,
        "treated_mean": _mean(units, treated=True),
        "control_mean": _mean(units, treated=False),
        "effect": round(found.effect, DIGITS) if found else None,
        "lower": round(found.lower, DIGITS) if found else None,
        "upper": round(found.upper, DIGITS) if found else None,
        "status": status,
    }


def _units(frame: pl.DataFrame, outcome: str) -> Units:
    ordered = frame.sort("contact_point_id", outcome, "treated_weight", "control_weight")
    cluster = ordered["contact_point_id"].rank("dense").cast(pl.Int64) - 1
    return Units(
        outcome=ordered[outcome].cast(pl.Float64).to_numpy(),
        treated_weight=ordered["treated_weight"].cast(pl.Float64).to_numpy(),
        control_weight=ordered["control_weight"].cast(pl.Float64).to_numpy(),
        cluster=cluster.to_numpy(),
    )


def _status(comparison: Comparison, units: Units, outcome: str) -> str:
    if comparison.treated_total and not comparison.control_total:
        return "no_control"
    if units.outcome.size == 0:
        return "too_early"
    if min(units.treated_count, units.control_count) < MIN_UNITS:
        return "too_few"
    if outcome == "revenue_amount":
        buys = comparison.units["purchased"].to_numpy() > 0
        weights = comparison.units.select("treated_weight", "control_weight").to_numpy() > 0
        if int(np.min(np.count_nonzero(weights & buys[:, None], axis=0))) < MIN_BUYERS:
            return "too_few"
    return "measured"


def _mean(units: Units, *, treated: bool) -> float | None:
    weight = units.treated_weight if treated else units.control_weight
    return round(weighted_mean(units.outcome, weight), DIGITS) if np.any(weight > 0) else None

"""Tiny inputs of a decision, as frames and as tables, with the columns that dbt's tables have."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines import catalog
from pipelines.decisioning.inputs import Inputs
from pipelines.settings import Machine, Paths
from pipelines.specs.checks import Check, CheckResult
from pipelines.specs.night import Night
from pipelines.specs.shop import Contacting, Shop

AS_OF = date(2026, 6, 29)  # a Monday
KEY = "test-key"

SCHEMAS: dict[str, dict[str, Any]] = {
    "points": {
        "contact_point_id": pl.String,
        "channel": pl.String,
        "customer_id": pl.String,
        "is_contactable": pl.Boolean,
        "blocked_reason": pl.String,
        "messages_in_cap_window": pl.Int64,
    },
    "campaigns": {
        "arm": pl.String,
        "channel": pl.String,
        "offer_rate": pl.Float64,
        "cost_per_contact": pl.Float64,
        "places": pl.Int64,
    },
    "planned": {"channel": pl.String, "planned": pl.Int64},
    "sent": {"arm": pl.String, "contact_point_id": pl.String},
    "customers": {"customer_id": pl.String, "segment": pl.String, "basket": pl.Float64},
    "scores": {
        "customer_id": pl.String,
        "arm": pl.String,
        "uplift": pl.Float64,
        "uplift_lower": pl.Float64,
    },
    "groups": {
        "contact_point_id": pl.String,
        "group_name": pl.String,
        "slot": pl.Int32,
        "drawn_as_of": pl.Date,
    },
}


def point(name: str, **other: Any) -> dict[str, Any]:
    """A contactable e-mail address of the customer of the same name."""
    row = {
        "contact_point_id": name,
        "channel": "email",
        "customer_id": name,
        "is_contactable": True,
        "blocked_reason": None,
        "messages_in_cap_window": 0,
    }
    return row | other


def campaign(arm: str, **other: Any) -> dict[str, Any]:
    """A free e-mail campaign without limit or offer."""
    row = {
        "arm": arm,
        "channel": "email",
        "offer_rate": 0.0,
        "cost_per_contact": 0.0,
        "places": None,
    }
    return row | other


def score(customer: str, arm: str, uplift: float, lower: float | None = None) -> dict[str, Any]:
    """The lower bound is half the uplift unless told."""
    bound = uplift / 2 if lower is None else lower
    return {"customer_id": customer, "arm": arm, "uplift": uplift, "uplift_lower": bound}


def inputs(
    points: Sequence[dict[str, Any]],
    campaigns: Sequence[dict[str, Any]] = (),
    scores: Sequence[dict[str, Any]] = (),
    **other: Sequence[dict[str, Any]],
) -> Inputs:
    """Inputs with every customer active in the features, basket 100."""
    names = sorted({row["customer_id"] for row in points})
    rows: dict[str, Sequence[dict[str, Any]]] = {
        "points": points,
        "campaigns": campaigns,
        "scores": scores,
        "customers": [{"customer_id": n, "segment": "active", "basket": 100.0} for n in names],
        "planned": [],
        "sent": [],
        "groups": [],
        **other,
    }
    return Inputs(
        **{name: pl.DataFrame(list(rows[name]), schema=SCHEMAS[name]) for name in SCHEMAS}
    )


def shuffled(given: Inputs, seed: int) -> Inputs:
    """The same rows in another order."""
    frames = {
        name: getattr(given, name).sample(fraction=1.0, shuffle=True, seed=seed) for name in SCHEMAS
    }
    return replace(given, **frames)


def everyone_active() -> Contacting:
    """No holdout and no exploration: what is best is what is chosen."""
    return Contacting(holdout_share=0.0, exploration_share=0.0, margin_rate=0.5)


def night(config: dict[str, Any], data_dir: Path, as_of: date = AS_OF) -> Night:
    """A night of the shop in `config`."""
    return Night(as_of, Shop.model_validate(config), {}, Paths(data_dir), Machine())


def tables(con: duckdb.DuckDBPyConnection, as_of: date = AS_OF) -> None:
    """The tables of Python and, with a few rows, those of dbt that a decision reads."""
    for statement in catalog.ddl():
        con.execute(statement)
    for schema in ("marts", "features", "outcomes"):
        con.execute(f"create schema if not exists {schema}")
    con.execute(f"""
        create table marts.customer_360 as select date '{as_of}' as as_of, 'ann' as customer_id;
        create table marts.contact_points as
        select date '{as_of}' as as_of, * from (values
            ('p_ann', 'email', 'ann', true, null, 0::bigint),
            ('p_bob', 'email', 'bob', true, null, 0),
            ('p_cat', 'email', 'cat', false, 'withdrawn', 0),
            ('p_tel', 'phone', 'ann', true, null, 0))
            t(contact_point_id, channel, customer_id, is_contactable, blocked_reason,
              messages_in_cap_window);
        create table marts.campaigns as
        select *, timestamp '2026-06-01' as starts_at, timestamp '2026-08-01' as ends_at
        from (values
            ('summer', 'email', 0.2::decimal(9,6), 0.01::decimal(18,4), 2::bigint, 'chosen', true,
             'active'),
            ('old', 'email', null, null, null, 'chosen', false, 'active'),
            ('news', 'email', null, null, null, 'everyone', true, null))
            t(campaign_id, channel, offer_rate, cost_per_contact, capacity, audience, is_active,
              status);
        create table marts.campaign_contacts (
            campaign_id varchar, contact_point_id varchar, sent_at timestamp, arm varchar,
            known_from_date date);
        create table features.customer_features as
        select date '{as_of}' as as_of, * from (values
            ('ann', 'active', 200.00::decimal(18,4), 2::bigint),
            ('bob', 'lead', null, 0),
            ('cat', 'lapsed', null, 0))
            t(customer_id, segment, net_revenue_365d_amount, orders_count_365d);
        insert into ml.scores by name
        select date '{as_of}' as as_of, 'best_campaign' as model,
            unnest(['ann', 'bob']) as customer_id, 'summer' as item_id, 'v1' as version,
            0.05 as value, 0.02 as lower, 0.08 as upper, 50 as percentile, '' as flag;
    """)


class Audit:
    """An auditor that runs queries by itself and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.failed: list[str] = []

    def __call__(
        self, con: duckdb.DuckDBPyConnection, door: str, table: str, checks: Sequence[Check]
    ) -> list[CheckResult]:
        for check in checks:
            self.asked.append((door, check.name))
            if "sql" in check.args:
                rows = con.execute(check.args["sql"].format(table=table)).fetchall()
                if check.kind == "query_is_empty" and rows:
                    self.failed.append(check.name)
        return []

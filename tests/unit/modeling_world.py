"""A small synthetic shop in the shape of the tables that modeling reads."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from pipelines import catalog
from pipelines.settings import Machine, Paths
from pipelines.specs.model import Model
from pipelines.specs.night import Night
from pipelines.specs.shop import Shop

NIGHT = date(2025, 6, 9)  # on the grid of training anchors
HORIZON = 28
ANCHORS = [NIGHT - timedelta(days=HORIZON * i) for i in range(1, 9)]

SHOP = Shop.model_validate(
    {
        "shop": "tiny",
        "title": "Tiny",
        "time_zone": "UTC",
        "currency": "EUR",
        "country": "FR",
        "sources": {
            "orders": {
                "entity": "orders",
                "format": "csv",
                "path": "orders.csv",
                "columns": {
                    name: name
                    for name in ("order_id", "ordered_at", "status", "total_amount", "email")
                },
            }
        },
    }
)


def model(**changes: Any) -> Model:
    """A churn-like declaration over the group `rfm`."""
    declared = {
        "name": "churn",
        "title": {"en": "Churn", "fr": "Départ"},
        "question": "?",
        "trainer": "lightgbm",
        "label": "label_churn",
        "horizon_days": HORIZON,
        "population": "is_buyer_365d",
        "features": ("rfm",),
        "naive_rule": "recency_days",
        "parameters": {"num_trees": 40, "learning_rate": 0.1},
        "gates": {"min_positives": 50, "min_negatives": 50},
    }
    return Model.model_validate(declared | changes)


def night(folder: Path, *models: Model, as_of: date = NIGHT) -> Night:
    """A night of that shop whose files live below `folder`."""
    return Night(as_of, SHOP, {m.name: m for m in models}, Paths(folder), Machine())


def customers(seed: int = 1, count: int = 600) -> pl.DataFrame:
    """One row per as_of and customer: features, the label, and columns the tests need. The label
    depends on recency and, more, on `visits_28d_count`; the naive rule sees recency only.
    `chance` is the true probability behind the label; no table holds it."""
    random = np.random.default_rng(seed)
    parts = []
    for as_of in [NIGHT, *ANCHORS]:
        recency = random.gamma(2.0, 30.0, count).round().clip(1)
        visits = random.poisson(2.0, count)
        chance = 1 / (1 + np.exp(-(0.012 * (recency - 60) - 0.9 * (visits - 2))))
        parts.append(
            pl.DataFrame(
                {
                    "as_of": [as_of] * count,
                    "customer_id": [f"c_{i:04d}" for i in range(count)],
                    "recency_days": recency.astype(int),
                    "visits_28d_count": visits,
                    "net_revenue_365d_amount": random.gamma(2, 50, count).round(2),
                    "main_channel": random.choice(["web", "store", ""], count),
                    "is_buyer_365d": [True] * count,
                    "orders_count": 1 + random.poisson(1.5, count),
                    "segment": np.where(recency < 60, "active", "at_risk"),
                    "chance": chance,
                    "label": (random.random(count) < chance).astype(int),
                }
            )
        )
    return pl.concat(parts).with_columns(pl.col("main_channel").replace("", None))


def build(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> None:
    """The tables that modeling reads and writes, from `customers` (perhaps changed by a test)."""
    for statement in catalog.ddl():
        con.execute(statement)
    for schema in ("features", "labels", "outcomes", "marts"):
        con.execute(f"create schema if not exists {schema}")
    con.register("rows", rows.to_arrow())
    con.execute(
        "create or replace table features.customer_features as"
        " select * exclude (label, chance, net_revenue_365d_amount),"
        " net_revenue_365d_amount::decimal(18, 2) as net_revenue_365d_amount from rows"
    )
    con.execute(
        "create or replace table features.features_rfm as select * exclude"
        " (is_buyer_365d, orders_count, segment) from features.customer_features limit 0"
    )
    con.execute(
        "create or replace table labels.label_churn as"
        f" select as_of, {HORIZON} as horizon_days, customer_id, label from rows"
        " where as_of < (select max(as_of) from rows)"
    )
    con.execute(
        "create or replace table marts.campaigns"
        " (campaign_id varchar, theme varchar, is_active boolean, audience varchar)"
    )
    con.execute(
        "create table if not exists marts.profiling_objections"
        " (customer_id varchar, valid_from_date date, valid_until_date date)"
    )
    con.unregister("rows")

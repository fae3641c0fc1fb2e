"""Nothing but the labels may teach the model: with labels drawn at random, out-of-time AUC is that
of a coin. A feature that knew the outcome through the back door (the row's place, the customer's
number, the fold) would show here."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.modeling.evaluation import evaluate, read_rows
from pipelines.modeling.matrix import NAIVE, Matrix
from tests.unit import modeling_world as world

pytestmark = pytest.mark.slow

SHUFFLES = 20
FEATURES = ("recency_days", "visits_28d_count", "net_revenue_365d_amount", "orders_count")


def test_shuffled_labels_rank_like_a_coin(tmp_path: Path) -> None:
    rows = world.customers(count=4000).filter(pl.col("as_of") < world.NIGHT)
    rows = rows.filter(pl.col("as_of") >= world.NIGHT - timedelta(days=6 * world.HORIZON))
    rows = rows.sort("as_of", "customer_id")
    model = world.model()
    found = []
    for seed in range(SHUFFLES):
        # Shuffled among all rows: each anchor keeps about the base rate, and nothing else.
        label = rows["label"].shuffle(seed=seed)
        path = tmp_path / f"shuffled-{seed}.parquet"
        rows.select("as_of", "customer_id", *FEATURES).with_columns(
            label.alias("label"), pl.col("recency_days").cast(pl.Float64).alias(NAIVE)
        ).write_parquet(path)
        evaluation = evaluate(read_rows(Matrix("churn", path, FEATURES), model), model)
        assert evaluation is not None
        found.append(evaluation.metrics["auc"].value)
    assert abs(float(np.mean(found)) - 0.5) < 0.01


def test_the_same_rows_with_true_labels_rank_far_better(tmp_path: Path) -> None:
    """The test above could not fail if the evaluation could not see anything at all."""
    rows = world.customers(count=1000).filter(pl.col("as_of") < world.NIGHT)
    path = tmp_path / "true.parquet"
    rows.sort("as_of", "customer_id").select(
        "as_of", "customer_id", "label", *FEATURES
    ).with_columns(pl.col("recency_days").cast(pl.Float64).alias(NAIVE)).write_parquet(path)
    model = world.model()
    evaluation = evaluate(read_rows(Matrix("churn", path, FEATURES), model), model)
    assert evaluation is not None
    assert evaluation.metrics["auc"].value > 0.7

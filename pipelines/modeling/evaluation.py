"""Out-of-time evaluation of the LightGBM trainer: fit, predict, calibrate and measure each fold
only with what was known on its date."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from pipelines.modeling import boosting, calibration, folds, metrics
from pipelines.modeling.card import Bin, Calibrator, Fold, Metric, r9
from pipelines.modeling.matrix import NAIVE, Floats, Matrix, encode, learn_categories
from pipelines.modeling.metrics import Array, Codes
from pipelines.modeling.naive import naive_score
from pipelines.specs.model import Model


@dataclass(frozen=True, slots=True)
class Rows:
    """A training matrix in memory; all arrays have one entry per row, ordered by anchor."""

    anchors: list[date]
    start: dict[date, slice]  # the rows of each anchor
    label: Array
    naive: Array  # the naive rule's score, more means more likely
    customer: Codes
    x: Floats
    features: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    frame: pl.DataFrame

    def taken(self, chosen: tuple[date, ...]) -> Codes:
        """Row numbers of those anchors."""
        parts = [np.arange(self.start[a].start, self.start[a].stop) for a in chosen]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def read_rows(matrix: Matrix, model: Model) -> Rows:
    """The dumped Parquet file, encoded."""
    frame = pl.read_parquet(matrix.path)
    categories = learn_categories(frame, matrix.text_features)
    counts = frame.group_by("as_of").len().sort("as_of")
    stops = np.cumsum(counts["len"].to_numpy())
    anchors: list[date] = counts["as_of"].to_list()
    start = {
        a: slice(int(stop - n), int(stop))
        for a, stop, n in zip(anchors, stops, counts["len"].to_list(), strict=True)
    }
    naive = frame[NAIVE].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return Rows(
        anchors=anchors,
        start=start,
        label=frame["label"].cast(pl.Float64).to_numpy(),
        naive=naive_score(model.naive_rule or "", naive),
        customer=frame["customer_id"].rank("dense").cast(pl.Int64).to_numpy() - 1,
        x=encode(frame, matrix.features, categories),
        features=matrix.features,
        categories=categories,
        frame=frame,
    )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the tests found. `calibrator` and `bins` come from all tests together and go with the
    final model; the metrics used calibrators that knew only earlier outcomes."""

    folds: tuple[Fold, ...]
    metrics: dict[str, Metric]
    calibrator: Calibrator
    bins: tuple[Bin, ...]
    positives: int
    negatives: int


def fit_on(rows: Rows, chosen: tuple[date, ...], model: Model) -> boosting.Booster:
    """The model learned from those anchors."""
    taken = rows.taken(chosen)
    return boosting.fit(
        rows.x[taken],
        rows.label[taken],
        rows.features,
        tuple(f for f in rows.features if f in rows.categories),
        model.parameters,
    )


def evaluate(rows: Rows, model: Model) -> Evaluation | None:
    """None when no anchor can be tested honestly (history shorter than two label windows)."""
    plan = folds.plan(rows.anchors, model.horizon_days)
    if not plan.tests:
        return None
    raw = {
        a: fit_on(rows, seen, model).raw(rows.x[rows.start[a]]) for a, seen in plan.train.items()
    }
    probability = {
        t: calibration.apply(_pooled(rows, plan.calibrate[t], raw), raw[t]) for t in plan.tests
    }
    taken = rows.taken(plan.tests)
    label = rows.label[taken]
    final = _pooled(rows, plan.tests, raw)
    pooled_raw = np.concatenate([raw[t] for t in plan.tests])
    return Evaluation(
        folds=tuple(_fold(rows, t, plan.train[t], raw[t], probability[t]) for t in plan.tests),
        metrics=_measured(rows, plan.tests, raw, probability),
        calibrator=final,
        bins=calibration.reliability(label, calibration.apply(final, pooled_raw)),
        positives=int(label.sum()),
        negatives=int((1 - label).sum()),
    )


def _pooled(rows: Rows, chosen: tuple[date, ...], raw: dict[date, Array]) -> Calibrator:
    if not chosen:
        return Calibrator()
    label = rows.label[rows.taken(chosen)]
    return calibration.fit_calibrator(label, np.concatenate([raw[a] for a in chosen]))


def _fold(rows: Rows, test: date, seen: tuple[date, ...], raw: Array, probability: Array) -> Fold:
    label, naive = rows.label[rows.start[test]], rows.naive[rows.start[test]]
    found = {
        "auc": metrics.auc(label, raw),
        "naive_auc": metrics.auc(label, naive),
        "average_precision": metrics.average_precision(label, raw),
        "top_decile_lift": metrics.top_decile_lift(label, raw),
        "log_loss": metrics.log_loss(label, probability),
        "brier": metrics.brier(label, probability),
        "calibration_ratio": metrics.calibration_ratio(label, probability),
    }
    return Fold(
        as_of=test,
        train_anchors=seen,
        train_rows=len(rows.taken(seen)),
        test_rows=len(label),
        positives=int(label.sum()),
        metrics={name: r9(value) for name, value in found.items() if not np.isnan(value)},
    )


def _measured(
    rows: Rows, tests: tuple[date, ...], raw: dict[date, Array], probability: dict[date, Array]
) -> dict[str, Metric]:
    """Metrics over all tests: rankings are averaged over folds, probabilities pooled."""
    parts = [
        (rows.label[s], raw[t], rows.naive[s], rows.customer[s])
        for t, s in ((t, rows.start[t]) for t in tests)
    ]
    gain = metrics.auc_gain(parts, seed=20)
    label = rows.label[rows.taken(tests)]
    p = np.concatenate([probability[t] for t in tests])
    found = {
        "auc": gain.auc,
        "naive_auc": gain.naive,
        "auc_gain": gain.gain,
        "average_precision": (_mean([metrics.average_precision(y, s) for y, s, *_ in parts]),),
        "top_decile_lift": (_mean([metrics.top_decile_lift(y, s) for y, s, *_ in parts]),),
        "log_loss": (metrics.log_loss(label, p),),
        "brier": (metrics.brier(label, p),),
        "calibration_ratio": (metrics.calibration_ratio(label, p),),
        "base_rate": (float(label.mean()),),
    }
    return {name: metric(*values) for name, values in found.items() if not np.isnan(values[0])}


def metric(value: float, lower: float | None = None, upper: float | None = None) -> Metric:
    """A Metric with rounded numbers."""
    low, high = (None if v is None or np.isnan(v) else r9(v) for v in (lower, upper))
    return Metric(value=r9(value), lower=low, upper=high)


def _mean(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")

"""What a ranking and its probabilities are worth. Scores and labels are 1-D arrays of equal
length; labels are 0 or 1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

RESAMPLES = 300
Z90 = 1.6448536269514722  # two-sided 90 % of a normal distribution
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows sorted once by score, so that each weighted AUC costs one pass."""

    order: Codes
    starts: Codes  # first position of each group of equal scores
    positive: Array  # label of each sorted row

    @classmethod
    def of(cls, label: Array, score: Array) -> "Ranking":
        order = np.argsort(score, kind="stable")
        ordered = score[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        return cls(order, starts, label[order])

    def auc(self, weight: Array | None = None) -> float:
        """Share of (positive, negative) pairs in the right order, ties half (Mann–Whitney U over
        its maximum; Hanley & McNeil 1982); NaN when a class is missing."""
        w = np.ones(len(self.order)) if weight is None else weight[self.order]
        positive = np.add.reduceat(w * self.positive, self.starts)
        negative = np.add.reduceat(w * (1 - self.positive), self.starts)
        pairs = positive.sum() * negative.sum()
        if pairs == 0:
            return float("nan")
        below = np.cumsum(negative) - negative
        return float((positive * (below + negative / 2)).sum() / pairs)


def auc(label: Array, score: Array) -> float:
    """Area under the ROC curve; NaN when a class is missing."""
    return Ranking.of(label, score).auc()


def mean_auc(rankings: list[tuple[Ranking, Array | None]]) -> float:
    """Mean over folds of the AUC within each: folds are never ranked against one another, since
    base rates move with the season. Folds without both classes are left out."""
    values = [ranking.auc(weight) for ranking, weight in rankings]
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


@dataclass(frozen=True, slots=True)
class Gain:
    """AUC of a model, of the naive rule and their difference, each with a 95 % interval."""

    auc: tuple[float, float, float]
    naive: tuple[float, float, float]
    gain: tuple[float, float, float]


def auc_gain(
    folds: list[tuple[Array, Array, Array, Codes]], seed: int, resamples: int = RESAMPLES
) -> Gain:
    """Paired percentile bootstrap over customers (Efron & Tibshirani 1993, ch. 13): a customer is
    drawn with all their rows, in every fold and for both scores at once.

    `folds`: per fold label, score, naive score and customer codes from 0."""
    models = [(Ranking.of(y, s), c) for y, s, _, c in folds]
    naives = [(Ranking.of(y, n), c) for y, _, n, c in folds]
    customers = 1 + max(int(c.max()) for *_, c in folds)
    random = np.random.default_rng(seed)
    draws = np.empty((resamples, 2))
    for i in range(resamples):
        count = np.bincount(random.integers(0, customers, customers), minlength=customers)
        weight = count.astype(np.float64)
        draws[i, 0] = mean_auc([(ranking, weight[c]) for ranking, c in models])
        draws[i, 1] = mean_auc([(ranking, weight[c]) for ranking, c in naives])
    point = mean_auc([(r, None) for r, _ in models]), mean_auc([(r, None) for r, _ in naives])
    return Gain(
        (point[0], *_interval(draws[:, 0])),
        (point[1], *_interval(draws[:, 1])),
        (point[0] - point[1], *_interval(draws[:, 0] - draws[:, 1])),
    )


def _interval(draws: Array) -> tuple[float, float]:
    if np.isnan(draws).all():
        return float("nan"), float("nan")
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return float(low), float(high)


def top_decile_lift(label: Array, score: Array) -> float:
    """Share of positives in the top tenth over the share in all; NaN without positives. Equal
    scores keep the order of the rows (hashed ids), which is as good as drawn."""
    top = np.argsort(-score, kind="stable")[: max(1, -(-len(score) // 10))]
    return float(label[top].mean() / label.mean()) if label.any() else float("nan")


def average_precision(label: Array, score: Array) -> float:
    """Area under the precision–recall curve, as a step function; NaN without positives."""
    return float(average_precision_score(label, score)) if label.any() else float("nan")


def log_loss(label: Array, probability: Array) -> float:
    """Mean negative log-likelihood, in nats."""
    p = np.clip(probability, _EPSILON, 1 - _EPSILON)
    return float(-(label * np.log(p) + (1 - label) * np.log1p(-p)).mean())


def brier(label: Array, probability: Array) -> float:
    """Mean squared difference between probability and outcome."""
    return float(np.square(probability - label).mean())


def calibration_ratio(label: Array, probability: Array) -> float:
    """Predicted over actual positives; NaN without positives."""
    return float(probability.sum() / label.sum()) if label.any() else float("nan")

"""From raw scores to probabilities, and the interval a probability is shown with."""

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from pipelines.modeling.card import Bin, Calibrator, r9
from pipelines.modeling.metrics import Z90, Array

# Isotonic regression overfits small samples; below this many of either class Platt's two
# parameters are safer (Niculescu-Mizil & Caruana 2005 found the crossing near 1,000 cases).
_ISOTONIC_FROM = 2_000
_EDGE = 0.001  # no customer is ever certain
BINS = 20


def fit_calibrator(label: Array, raw: Array) -> Calibrator:
    """Platt scaling or isotonic regression by the size of the data; `none` when a class is missing
    or there are no rows. Both are monotone, so a ranking is never turned round."""
    positives, negatives = int(label.sum()), int((1 - label).sum())
    if min(positives, negatives) == 0:
        return Calibrator()
    if min(positives, negatives) >= _ISOTONIC_FROM:
        return isotonic(label, raw)
    fitted = LogisticRegression(C=1e6).fit(raw.reshape(-1, 1), label)
    slope = max(float(fitted.coef_[0, 0]), 1e-6)
    return Calibrator(kind="platt", slope=r9(slope), intercept=r9(fitted.intercept_[0]))


def isotonic(label: Array, raw: Array) -> Calibrator:
    """The increasing step map with the least squared error, joined by lines between its knots."""
    fitted = IsotonicRegression(y_min=_EDGE, y_max=1 - _EDGE, out_of_bounds="clip").fit(raw, label)
    return Calibrator(
        kind="isotonic",
        x=tuple(r9(v) for v in fitted.X_thresholds_),
        y=tuple(r9(v) for v in fitted.y_thresholds_),
    )


def apply(calibrator: Calibrator, raw: Array) -> Array:
    """Probabilities, shape of `raw`, strictly inside (0, 1)."""
    if calibrator.kind == "isotonic":
        found = np.interp(raw, calibrator.x, calibrator.y)
    else:
        margin = np.clip(calibrator.slope * raw + calibrator.intercept, -35, 35)
        found = 1 / (1 + np.exp(-margin))
    return np.clip(np.asarray(found, dtype=np.float64), _EDGE, 1 - _EDGE)


def reliability(label: Array, probability: Array) -> tuple[Bin, ...]:
    """At most `BINS` bins with about the same number of rows; equal probabilities share a bin."""
    edges = np.unique(np.quantile(probability, np.linspace(0, 1, BINS + 1)[1:], method="higher"))
    place = np.searchsorted(edges, probability, side="left")
    return tuple(
        Bin(
            upper_edge=r9(edge),
            count=int((place == i).sum()),
            predicted=r9(probability[place == i].mean()),
            actual=r9(label[place == i].mean()),
        )
        for i, edge in enumerate(edges)
        if (place == i).any()
    )


def wilson(share: Array, count: Array) -> tuple[Array, Array]:
    """90 % score interval of a share of `count` (Wilson 1927)."""
    z2 = Z90**2
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z90 * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def intervals(bins: tuple[Bin, ...], probability: Array) -> tuple[Array, Array]:
    """Lower and upper per row: the Wilson interval of what came true, out of time, in the bin of
    customers scored alike, widened to hold the probability itself. It says how well the score is
    known, not how far one customer may differ. (0, 1) when there are no bins."""
    if not bins:
        return np.zeros_like(probability), np.ones_like(probability)
    edges = np.array([b.upper_edge for b in bins])
    place = np.minimum(np.searchsorted(edges, probability, side="left"), len(bins) - 1)
    actual, count = np.array([[b.actual, b.count] for b in bins], dtype=np.float64).T
    lower, upper = wilson(actual, count)
    return np.minimum(lower[place], probability), np.maximum(upper[place], probability)

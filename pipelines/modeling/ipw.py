"""Effect of a treatment against its randomised control, with known assignment probabilities."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.modeling.metrics import Array

_LEAST_PROBABILITY = 0.01  # a rarer arm would let single people decide an effect


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference of means and its sampling variance, in units of the outcome."""

    effect: float
    variance: float
    treated: int
    control: int


def hajek(
    outcome: Array, treated: NDArray[np.bool_], probability: Array, at_least: int = 1
) -> Estimate | None:
    """Hájek's inverse-probability-weighted difference of means (Hájek 1971; Lunceford & Davidian
    2004, eq. 9): per arm Σ w·y / Σ w with w = 1 / P(the arm received), variance
    Σ w²·(y − mean)² / (Σ w)².

    `probability`: of the arm each row received; NaN takes the share of that arm among the rows. The
    variance of an arm is not less than that of a share with half a success and half a failure added
    (Agresti & Coull 1998), else a handful of zeros would look certain. None with fewer than
    `at_least` rows in either arm."""
    arms = []
    for arm in (treated, ~treated):
        count = int(arm.sum())
        if count < at_least or count == 0:
            return None
        p = np.where(np.isnan(probability[arm]), count / len(treated), probability[arm])
        weight = 1 / np.clip(p, _LEAST_PROBABILITY, 1)
        y, total = outcome[arm], weight.sum()
        mean = float((weight * y).sum() / total)
        variance = float(np.square(weight * (y - mean)).sum() / total**2)
        effective = float(total**2 / np.square(weight).sum())
        share = (float(y.clip(0, 1).sum()) + 0.5) / (count + 1)
        arms.append((mean, max(variance, share * (1 - share) / (effective + 1)), count))
    (mean_1, variance_1, count_1), (mean_0, variance_0, count_0) = arms
    return Estimate(mean_1 - mean_0, variance_1 + variance_0, count_1, count_0)

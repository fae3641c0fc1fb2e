"""The difference of two weighted means and its 95 % interval.

Each unit (a row) has an outcome, a weight in the treated mean and one in the control mean (0 when
it is not part of it; a unit may be part of both). With weights 1 / probability of the arm it got,
the difference is the Hájek estimator of the average effect of the assignment (intention to treat):
Hájek 1971; Lunceford and Davidian 2004, doi:10.1002/sim.1903, equation 9. Its variance is the
sandwich of its influence function, summed within clusters before squaring (Liang and Zeger 1986,
doi:10.1093/biomet/73.1.13), with n / (n − 1) in each arm: with equal weights and one unit per
cluster exactly Neyman's s₁²/n₁ + s₀²/n₀.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z = 1.959963984540054  # two-sided 95 %
# Below this many buyers (or non-buyers) in an arm the normal interval of a share covers too little.
NORMAL_EVENTS = 20


@dataclass(frozen=True, slots=True)
class Units:
    """Columns of equal length: outcome, the two weights, and whose outcome it is (0, 1, 2 …)."""

    outcome: Floats
    treated_weight: Floats
    control_weight: Floats
    cluster: NDArray[np.int64]

    @property
    def treated_count(self) -> int:
        return int(np.count_nonzero(self.treated_weight))

    @property
    def control_count(self) -> int:
        return int(np.count_nonzero(self.control_weight))


@dataclass(frozen=True, slots=True)
class Difference:
    """Both means, their difference and its 95 % interval, in the unit of the outcome."""

    treated_mean: float
    control_mean: float
    effect: float
    lower: float
    upper: float


def weighted_mean(outcome: Floats, weight: Floats) -> float:
    """Σ w·y / Σ w; needs a positive total weight."""
    return float(weight @ outcome / weight.sum())


def mean_difference(units: Units) -> Difference:
    """Hájek difference with the clustered sandwich interval; two units or more in each arm."""
    treated = weighted_mean(units.outcome, units.treated_weight)
    control = weighted_mean(units.outcome, units.control_weight)
    influence = _influence(units.outcome, units.treated_weight, treated) - _influence(
        units.outcome, units.control_weight, control
    )
    by_cluster = np.bincount(units.cluster, weights=influence)
    half = Z * sqrt(float(by_cluster @ by_cluster))
    effect = treated - control
    return Difference(treated, control, effect, effect - half, effect + half)


def rate_difference(units: Units) -> Difference:
    """The same for an outcome of 0 and 1; with few events Newcombe's hybrid score interval
    (Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method
    10), which stays honest at rates near 0, with Kish's effective number of clusters as sample
    size."""
    normal = mean_difference(units)
    if min(_rarest(units, units.treated_weight), _rarest(units, units.control_weight)) >= (
        NORMAL_EVENTS
    ):
        return normal
    treated, control = normal.treated_mean, normal.control_mean
    low1, high1 = wilson(treated, effective_size(units.treated_weight, units.cluster))
    low0, high0 = wilson(control, effective_size(units.control_weight, units.cluster))
    return Difference(
        treated,
        control,
        normal.effect,
        normal.effect - sqrt((treated - low1) ** 2 + (high0 - control) ** 2),
        normal.effect + sqrt((high1 - treated) ** 2 + (control - low0) ** 2),
    )


def wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share observed in `size` units (Wilson 1927)."""
    centre = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    half = Z / (1 + Z**2 / size) * sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def effective_size(weight: Floats, cluster: NDArray[np.int64]) -> float:
    """Kish's (Σ w)² / Σ w² of the clusters' total weights: equal weights give their number."""
    totals = np.bincount(cluster, weights=weight)
    return float(totals.sum() ** 2 / (totals @ totals))


def _influence(outcome: Floats, weight: Floats, mean: float) -> Floats:
    count = np.count_nonzero(weight)
    correction: float = np.sqrt(count / (count - 1))
    influence: Floats = weight * (outcome - mean) / weight.sum() * correction
    return influence


def _rarest(units: Units, weight: Floats) -> int:
    """The smaller of the numbers of buyers and non-buyers in an arm."""
    in_arm = units.outcome[weight > 0]
    buyers = int(np.count_nonzero(in_arm))
    return min(buyers, in_arm.size - buyers)

"""Empirical Bayes for noisy effects: normal likelihood, normal prior, moments for its variance."""

from dataclasses import dataclass

import numpy as np

from pipelines.modeling.metrics import Array


@dataclass(frozen=True, slots=True)
class Belief:
    """A normal distribution over an effect."""

    mean: float
    variance: float


def between_variance(groups: list[tuple[Array, Array]]) -> float:
    """DerSimonian & Laird's (1986, eq. 8) moment estimate of the variance between true effects
    around their group's own mean, pooled over groups of (effects, sampling variances):
    τ² = max(0, (ΣQ − Σ(k − 1)) / Σ(Σw − Σw²/Σw)), w = 1/v, Q = Σ w (y − ȳ)². Zero when no group has
    two effects."""
    excess, scale = 0.0, 0.0
    for effects, variances in groups:
        if len(effects) < 2:
            continue
        w = 1 / variances
        mean = (w * effects).sum() / w.sum()
        excess += float((w * np.square(effects - mean)).sum()) - (len(effects) - 1)
        scale += float(w.sum() - np.square(w).sum() / w.sum())
    return max(0.0, excess / scale) if scale > 0 else 0.0


def variance_around_zero(effects: Array, variances: Array) -> float:
    """The same moments when the mean is known to be zero: max(0, (Σ w·y² − k) / Σ w)."""
    if not len(effects):
        return 0.0
    w = 1 / variances
    return max(0.0, float(((w * np.square(effects)).sum() - len(effects)) / w.sum()))


def random_effects_mean(effects: Array, variances: Array, between: float) -> Belief:
    """Mean of the true effects and the variance of that mean: weights 1 / (v + τ²)."""
    w = 1 / (variances + between)
    return Belief(float((w * effects).sum() / w.sum()), float(1 / w.sum()))


def posterior(prior: Belief, between: float, effect: float, variance: float) -> Belief:
    """Belief about one true effect that was drawn from N(prior.mean, τ²) and observed with noise
    (Morris 1983): B = v / (v + τ²), mean = B·prior + (1 − B)·effect, variance = (1 − B)·v plus
    B²·Var(prior.mean), since the prior's mean is itself an estimate. τ² = 0: the prior; v → 0: the
    observation."""
    b = variance / (variance + between)
    return Belief(
        b * prior.mean + (1 - b) * effect,
        (1 - b) * variance + b * b * prior.variance,
    )

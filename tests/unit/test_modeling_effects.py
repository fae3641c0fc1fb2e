"""Effects: unbiased under randomisation, and shrinkage that reduces to known cases."""

import numpy as np
import polars as pl
import pytest

from pipelines.modeling.effects import estimate
from pipelines.modeling.ipw import hajek
from pipelines.modeling.shrinkage import (
    Belief,
    between_variance,
    posterior,
    random_effects_mean,
)


def test_weighting_undoes_an_assignment_that_favoured_likely_buyers() -> None:
    random = np.random.default_rng(0)
    found, plain = [], []
    for _ in range(200):
        keen = random.random(2000) < 0.5
        chance = np.where(keen, 0.9, 0.3)  # keen customers are treated more often …
        treated = random.random(2000) < chance
        buys = (random.random(2000) < 0.1 + 0.3 * keen + 0.05 * treated).astype(float)
        received = np.where(treated, chance, 1 - chance)
        one = hajek(buys, treated, received)
        assert one is not None
        found.append(one.effect)
        plain.append(buys[treated].mean() - buys[~treated].mean())
    assert np.mean(found) == pytest.approx(0.05, abs=0.006)
    assert np.mean(plain) > 0.15  # … so that a plain difference is far too high


def test_the_stated_variance_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    inside = 0
    for _ in range(400):
        treated = random.random(800) < 0.7
        buys = (random.random(800) < 0.1 + 0.04 * treated).astype(float)
        one = hajek(buys, treated, np.where(treated, 0.7, 0.3))
        assert one is not None
        inside += abs(one.effect - 0.04) < 1.6449 * one.variance**0.5
    assert 0.85 < inside / 400 < 0.95


def test_one_arm_alone_has_no_effect_to_show() -> None:
    assert hajek(np.ones(5), np.ones(5, dtype=bool), np.full(5, 0.8)) is None


def test_zeros_in_both_arms_are_not_certainty() -> None:
    one = hajek(np.zeros(40), np.arange(40) < 20, np.full(40, np.nan))
    assert one is not None
    assert one.effect == 0
    assert one.variance > 0.001


def test_equal_effects_have_no_variance_between_them() -> None:
    assert between_variance([(np.full(5, 0.1), np.full(5, 0.01))]) == 0.0


def test_with_equal_noise_the_moments_are_sample_variance_minus_noise() -> None:
    effects = np.array([0.0, 0.1, 0.2, 0.3])
    noise = 0.001
    expected = effects.var(ddof=1) - noise
    assert between_variance([(effects, np.full(4, noise))]) == pytest.approx(expected)


def test_no_spread_pools_completely_and_no_noise_does_not_pool() -> None:
    prior = Belief(0.05, 0.0)
    assert posterior(prior, 0.0, 0.9, 0.01).mean == pytest.approx(0.05)
    assert posterior(prior, 1.0, 0.9, 1e-12).mean == pytest.approx(0.9)


def test_without_spread_the_mean_is_the_precision_weighted_one() -> None:
    found = random_effects_mean(np.array([0.0, 1.0]), np.array([1.0, 3.0]), 0.0)
    assert found.mean == pytest.approx(0.25)
    assert found.variance == pytest.approx(0.75)


def test_shrunk_effects_of_null_campaigns_are_closer_to_the_truth_than_raw_ones() -> None:
    random = np.random.default_rng(2)
    frames = []
    for i in range(12):
        treated = random.random(500) < 0.8
        frames.append(
            pl.DataFrame(
                {
                    "campaign_id": [f"k{i:02d}"] * 500,
                    "theme": ["a" if i % 2 else "b"] * 500,
                    "segment": random.choice(["active", "lapsed"], 500),
                    "is_treated": treated,
                    "assignment_probability": np.where(treated, 0.8, 0.2),
                    "purchased": (random.random(500) < 0.1).astype(int),
                }
            )
        )
    sends = pl.concat(frames)
    found = estimate(sends)
    shrunk = [
        found.effect(f"k{i:02d}", "a" if i % 2 else "b", segment)[0]
        for i in range(12)
        for segment in ("active", "lapsed")
    ]
    raw = []
    for _, part in sends.group_by("campaign_id", "segment"):
        one = hajek(
            part["purchased"].cast(pl.Float64).to_numpy(),
            part["is_treated"].to_numpy(),
            part["assignment_probability"].to_numpy(),
        )
        assert one is not None
        raw.append(one.effect)
    assert np.square(shrunk).mean() < 0.25 * np.square(raw).mean()

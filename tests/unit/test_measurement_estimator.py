"""The estimator against numbers computed by hand, and its interval against simulated truth."""

import numpy as np
import pytest

from pipelines.measurement.estimator import (
    Units,
    effective_size,
    mean_difference,
    rate_difference,
    wilson,
)


def two_arms(treated: list[float], control: list[float]) -> Units:
    """Equal weights, each unit its own cluster."""
    n1, n0 = len(treated), len(control)
    return Units(
        outcome=np.array([*treated, *control], dtype=float),
        treated_weight=np.array([1.0] * n1 + [0.0] * n0),
        control_weight=np.array([0.0] * n1 + [1.0] * n0),
        cluster=np.arange(n1 + n0),
    )


def test_equal_weights_give_the_difference_of_means_with_neymans_variance() -> None:
    found = mean_difference(two_arms([1, 2, 3, 6], [0, 1, 2]))
    # Means 3 and 1; variances 14/3 and 1; standard error √(14/12 + 1/3) = √1.5 = 1.224745.
    assert found.effect == pytest.approx(2)
    assert found.upper - found.effect == pytest.approx(1.959964 * 1.224745, abs=1e-5)
    assert found.effect - found.lower == pytest.approx(found.upper - found.effect)


def test_weights_are_one_over_the_probability_of_the_arm() -> None:
    units = Units(
        outcome=np.array([10.0, 4.0, 2.0, 0.0]),
        treated_weight=np.array([2.0, 4.0, 0.0, 0.0]),  # probabilities 1/2 and 1/4
        control_weight=np.array([0.0, 0.0, 2.0, 4 / 3]),  # probabilities 1/2 and 3/4
        cluster=np.arange(4),
    )
    found = mean_difference(units)
    assert found.treated_mean == pytest.approx((2 * 10 + 4 * 4) / 6)  # 6
    assert found.control_mean == pytest.approx((2 * 2) / (10 / 3))  # 1.2
    assert found.effect == pytest.approx(4.8)


def test_the_rows_of_one_contact_point_count_as_one_in_the_interval() -> None:
    rng = np.random.default_rng(1)
    single = two_arms(list(rng.normal(size=40)), list(rng.normal(size=40)))
    doubled = Units(
        *(np.repeat(column, 2) for column in (single.outcome, single.treated_weight)),
        control_weight=np.repeat(single.control_weight, 2),
        cluster=np.repeat(single.cluster, 2),
    )
    once, twice = mean_difference(single), mean_difference(doubled)
    assert twice.effect == pytest.approx(once.effect)
    assert twice.upper - twice.lower == pytest.approx(once.upper - once.lower, rel=0.02)


def test_few_buyers_get_newcombes_interval() -> None:
    # Newcombe 1998, table II, contrast (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339.
    found = rate_difference(two_arms([1] * 56 + [0] * 14, [1] * 48 + [0] * 32))
    assert found.effect == pytest.approx(0.2)
    assert (found.lower, found.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_nobody_buying_still_gives_an_interval_with_width() -> None:
    # Newcombe 1998, table II, contrast (g): 0/10 − 0/20, method 10: −0.1611 to 0.2775.
    found = rate_difference(two_arms([0] * 10, [0] * 20))
    assert (found.lower, found.upper) == pytest.approx((-0.1611, 0.2775), abs=5e-5)


def test_wilsons_interval_of_one_in_ten() -> None:
    assert wilson(0.1, 10) == pytest.approx((0.017876, 0.404150), abs=1e-5)


def test_unequal_weights_make_fewer_effective_units() -> None:
    assert effective_size(np.array([1.0, 1.0, 1.0, 1.0]), np.arange(4)) == pytest.approx(4)
    assert effective_size(np.array([3.0, 1.0]), np.arange(2)) == pytest.approx(16 / 10)
    assert effective_size(np.array([1.0, 1.0]), np.zeros(2, dtype=int)) == pytest.approx(1)


def simulate(rng: np.random.Generator, rate: float, effect: float) -> Units:
    """600 people whose chance of treatment depends on who they are, as does their purchase."""
    keen = rng.random(600) < 0.5
    chance = np.where(keen, 0.8, 0.5)
    treated = rng.random(600) < chance
    buys = rng.random(600) < rate * np.where(keen, 1.5, 0.5) + effect * treated
    return Units(
        outcome=buys.astype(float),
        treated_weight=np.where(treated, 1 / chance, 0.0),
        control_weight=np.where(treated, 0.0, 1 / (1 - chance)),
        cluster=np.arange(600),
    )


@pytest.mark.parametrize(("rate", "effect"), [(0.3, 0.05), (0.03, 0.02)])
def test_the_interval_holds_the_true_effect_in_95_of_100_tries(rate: float, effect: float) -> None:
    rng = np.random.default_rng(20260629)
    hits = 0
    errors = []
    for _ in range(600):
        found = rate_difference(simulate(rng, rate, effect))
        hits += found.lower <= effect <= found.upper
        errors.append(found.effect - effect)
    assert hits / 600 == pytest.approx(0.95, abs=0.03)
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(600), "biased"


def test_the_interval_of_revenue_holds_the_true_effect_too() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(400):
        treated = rng.random(800) < 0.7
        buys = rng.random(800) < 0.2 + 0.1 * treated
        revenue = np.where(buys, rng.lognormal(3.5, 0.7, 800), 0.0)
        units = Units(
            revenue,
            np.where(treated, 1 / 0.7, 0.0),
            np.where(treated, 0.0, 1 / 0.3),
            np.arange(800),
        )
        found = mean_difference(units)
        hits += found.lower <= 0.1 * np.exp(3.5 + 0.7**2 / 2) <= found.upper
    assert hits / 400 == pytest.approx(0.95, abs=0.03)

"""The parts of an evaluation: embargo, AUC, calibration, registry, encoding."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from pipelines.errors import NotReady, TerminalError
from pipelines.modeling import boosting, calibration, folds, registry
from pipelines.modeling.card import Calibrator, Card
from pipelines.modeling.matrix import encode, learn_categories
from pipelines.modeling.metrics import Ranking, auc, auc_gain, top_decile_lift
from pipelines.modeling.naive import naive_score

DAYS = st.lists(st.dates(date(2024, 1, 1), date(2025, 12, 31)), unique=True, max_size=24)


@given(anchors=DAYS, horizon=st.integers(1, 120), tests=st.integers(1, 5))
def test_no_label_window_of_training_reaches_into_a_test(
    anchors: list[date], horizon: int, tests: int
) -> None:
    plan = folds.plan(anchors, horizon, tests)
    window = timedelta(days=horizon)
    for test, seen in plan.train.items():
        assert seen
        assert all(anchor + window <= test for anchor in seen)
    for test in plan.tests:
        assert all(earlier + window <= test for earlier in plan.calibrate[test])
        assert set(plan.calibrate[test]) <= set(plan.train)


@given(anchors=DAYS, horizon=st.integers(1, 120))
def test_tests_are_the_latest_anchors_that_have_something_to_learn_from(
    anchors: list[date], horizon: int
) -> None:
    plan = folds.plan(anchors, horizon)
    able = [a for a in sorted(anchors) if min(anchors) + timedelta(days=horizon) <= a]
    assert list(plan.tests) == able[-folds.TEST_FOLDS :]


def test_auc_agrees_with_the_reference_with_ties_and_weights() -> None:
    random = np.random.default_rng(0)
    label = (random.random(500) < 0.3).astype(float)
    score = (label + random.normal(0, 2, 500)).round(1)
    weight = random.integers(0, 4, 500).astype(float)
    assert auc(label, score) == pytest.approx(roc_auc_score(label, score))
    expected = roc_auc_score(label, score, sample_weight=weight)
    assert Ranking.of(label, score).auc(weight) == pytest.approx(expected)


def test_the_same_score_twice_gains_exactly_nothing() -> None:
    random = np.random.default_rng(0)
    label, score = (random.random(300) < 0.5).astype(float), random.random(300)
    found = auc_gain([(label, score, score, np.arange(300))], seed=1, resamples=50)
    assert found.gain == (0.0, 0.0, 0.0)
    assert found.auc[1] < found.auc[0] < found.auc[2]


def test_the_lift_of_a_perfect_score_is_one_over_the_base_rate() -> None:
    label = np.r_[np.ones(10), np.zeros(90)]
    assert top_decile_lift(label, label) == pytest.approx(10.0)


@pytest.mark.parametrize("rows", [2_000, 12_000])
def test_calibrated_probabilities_match_frequencies_and_keep_the_order(rows: int) -> None:
    random = np.random.default_rng(3)
    truth = random.random(rows)
    label = (random.random(rows) < truth).astype(float)
    raw = 3 * np.log(truth / (1 - truth))  # overconfident by a factor of three
    fitted = calibration.fit_calibrator(label, raw)
    assert fitted.kind == ("platt" if rows < 4000 else "isotonic")
    found = calibration.apply(fitted, raw)
    assert np.abs(found - truth).mean() < 0.04
    assert (np.diff(found[np.argsort(raw, kind="stable")]) >= 0).all()


def test_without_both_outcomes_there_is_nothing_to_calibrate() -> None:
    assert calibration.fit_calibrator(np.zeros(9), np.arange(9.0)) == Calibrator()


def test_bins_cover_every_row_once_and_intervals_hold_the_value() -> None:
    random = np.random.default_rng(4)
    p = random.random(1000).round(2)
    label = (random.random(1000) < p).astype(float)
    bins = calibration.reliability(label, p)
    assert sum(b.count for b in bins) == 1000
    lower, upper = calibration.intervals(bins, p)
    assert ((lower <= p) & (p <= upper)).all()
    assert (upper - lower).max() < 0.4


def test_never_having_bought_is_longer_ago_than_any_purchase() -> None:
    days = np.array([3.0, np.nan, 400.0])
    assert naive_score("recency_days", days).argmax() == 1
    assert naive_score("-recency_days", days).argmin() == 1
    assert naive_score("orders_count", days).argmin() == 1


def test_text_is_coded_by_frequency_and_the_unknown_is_missing() -> None:
    seen = pl.DataFrame({"city": ["b", "a", "b", None, "c", "a"]})
    categories = learn_categories(seen, ("city",))
    assert categories == {"city": ("a", "b", "c")}
    tonight = pl.DataFrame({"city": ["c", "z", None]})
    found = encode(tonight, ("city",), categories)[:, 0]
    assert found[0] == 2
    assert np.isnan(found[1:]).all()


def test_text_that_was_not_coded_never_reaches_lightgbm() -> None:
    with pytest.raises(TerminalError, match="city String"):
        encode(pl.DataFrame({"city": ["a"]}), ("city",), {})


@pytest.mark.parametrize("rows", [1, 2])
def test_hardly_any_row_gives_a_model_all_the_same(rows: int) -> None:
    x = np.ones((rows, 2))
    booster = boosting.fit(x, np.ones(rows), ("recency_days", "orders_count"), (), {})
    assert np.isfinite(booster.raw(x)).all()


def card(night: date, base_rate: float) -> Card:
    return Card(
        model="churn",
        kind="naive_rule",
        as_of=night,
        horizon_days=28,
        verdict="baseline",
        base_rate=base_rate,
    )


def test_rollback_returns_to_the_champion_before_and_then_further_back(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    names = [registry.register(root, card(date(2025, 1, d), 0.1), {}) for d in (1, 2, 3)]
    for name in names:
        registry.promote(root, "churn", name)
    assert registry.champion(root, "churn") == names[2]
    assert registry.rollback(root, "churn") == names[1]
    assert registry.rollback(root, "churn") == names[0]
    with pytest.raises(TerminalError, match="a rollback needs two"):
        registry.rollback(root, "churn")
    assert registry.versions(root, "churn") == names


def test_a_damaged_pointer_or_card_is_a_sentence(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    version = registry.register(root, card(date(2025, 1, 1), 0.1), {})
    registry.promote(root, "churn", version)
    rolled_back = registry.Change(action="rollback", version=version).model_dump_json()
    for name, text in (
        ("champion.json", "{"),
        ("champion.json", '{"changes": [{"action": "promote", "version": "abc"}]}'),
        ("champion.json", f'{{"changes": [{rolled_back}]}}'),
        (f"{version}/card.json", "{}"),
    ):
        (root / "churn" / name).write_text(text)
        with pytest.raises(TerminalError, match=f"{name}: damaged"):
            registry.promote(root, "churn", version)
        (root / "churn" / name).unlink()


@pytest.mark.parametrize("text", ["", "tree", "tree\nversion=v4\nnum_class=1\n"])
def test_a_damaged_model_is_a_sentence(tmp_path: Path, text: str) -> None:
    version = registry.register(tmp_path, card(date(2025, 1, 1), 0.1), {"model.txt": text})
    with pytest.raises(TerminalError, match=r"model\.txt: damaged"):
        boosting.load(tmp_path, "churn", version, ())


def test_a_past_night_scores_with_the_champion_it_could_have_known(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    names = [registry.register(root, card(date(2025, 1, d), 0.1), {}) for d in (1, 5)]
    for name in names:
        registry.promote(root, "churn", name)
    assert registry.champion(root, "churn", not_after=date(2025, 1, 4)) == names[0]
    assert registry.champion(root, "churn", not_after=date(2024, 12, 31)) is None


def test_the_same_content_is_the_same_version_and_other_content_another(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    day = date(2025, 1, 1)
    first = registry.register(root, card(day, 0.1), {"model.txt": "a"})
    assert registry.register(root, card(day, 0.1), {"model.txt": "a"}) == first
    assert registry.register(root, card(day, 0.1), {"model.txt": "b"}) != first
    assert first.startswith("2025-01-01-")
    assert registry.load_card(root, "churn", first) == card(day, 0.1)
    assert not list((root / ".scratch").iterdir())


def test_promoting_what_is_not_registered_lists_what_is(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    known = registry.register(root, card(date(2025, 1, 1), 0.1), {})
    with pytest.raises(NotReady, match=known):
        registry.promote(root, "churn", "2025-01-01-00000000")

"""The benchmark of the customer 360 runs to its end, at a size that says little."""

from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.customer_360 import bench
from tests.reconciliation import differences

pytestmark = pytest.mark.slow


def test_pairs_of_profiles_are_compared_with_the_truth(tmp_path: Path) -> None:
    said = {figure.metric: figure for figure in bench.identity(tmp_path, "hard", 2000)}
    right = said["2,000 people, hard: pairs that are right (all ties)"]
    assert right.reference is not None
    assert right.reference < right.value
    assert right.value > 0.99
    assert said["2,000 people, hard: linkable pairs found (all ties)"].value > 0.95
    assert said["2,000 people, hard: most people in a customer (all ties)"].holds


def test_ids_of_following_nights_are_compared(tmp_path: Path) -> None:
    changed, unrecorded = bench.nights(tmp_path, 600, 3)
    assert unrecorded.value == 0
    assert changed.value > 0
    warehouse = tmp_path / "data" / "warehouse" / "nocturne.duckdb"
    assert differences(warehouse, bench.FIRST + timedelta(days=2), "Europe/Paris") == []


def test_a_day_costs_are_measured_with_a_long_and_a_short_history(tmp_path: Path) -> None:
    figures = bench.first_nights(tmp_path, 600) + bench.days(tmp_path, 600)
    assert len(figures) == 4 * 9 + 1
    assert all(figure.value > 0 and figure.reference for figure in figures)

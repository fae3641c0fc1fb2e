"""The benchmark of the night runs to its end, at a size that says nothing."""

from pathlib import Path

import pytest

from benchmarks.night import measure
from pipelines.verbs import VERBS

pytestmark = pytest.mark.slow


def test_the_night_is_measured_step_by_step_beside_the_bare_work(tmp_path: Path) -> None:
    figures = {figure.metric: figure for figure in measure(2000, 1, tmp_path)}
    for verb in VERBS:
        for what in ("wall", "CPU", "peak memory"):
            assert figures[f"2k first night {verb}, {what}"].value > 0
    assert figures["2k first night peak memory"].holds
    beside = [figure for figure in figures.values() if figure.reference is not None]
    assert len(beside) == 3
    assert all(figure.reference for figure in beside)

"""The benchmark of the front door runs to its end, at a size that says nothing."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.front_door.bench import measure

pytestmark = pytest.mark.slow

DAY = date(2026, 6, 29)


def test_extract_and_load_are_measured_beside_a_bare_read(tmp_path: Path) -> None:
    (tmp_path / str(DAY)).mkdir()
    sample = Path(__file__).parents[2] / "data" / "sample" / "extracts" / str(DAY)
    for name in ("orders.csv", "order_lines.csv"):
        lines = (sample / name).read_text("utf-8").splitlines(keepends=True)
        (tmp_path / str(DAY) / name).write_text("".join(lines[:2000]), "utf-8")
    (tmp_path / "work").mkdir()
    figures = measure(tmp_path, tmp_path / "work", rounds=1)
    assert [figure.metric.rpartition(": ")[2] for figure in figures] == 2 * [
        "extract + load, wall (into tables)",
        "extract + load, CPU (into tables)",
        "peak memory (of a quarter)",
        "into tables, peak memory",
    ]
    assert all(figure.value > 0 and figure.metric.startswith("3,9") for figure in figures)

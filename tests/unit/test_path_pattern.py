"""Which names are extracts, and of which date."""

from datetime import date

import pytest

from pipelines.sources.path_pattern import path_pattern

D = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("path", "written_as", "base", "levels"),
    [
        ("in/orders_{date}.csv", "%Y-%m-%d", "in/", 1),
        ("/in/{date}/orders.csv", "%Y/%m/%d", "/in/", 4),
        ("{date}.csv", "%Y-%m-%d", "", 1),
        ("/{date}.csv", "%Y-%m-%d", "/", 1),
        ("in/shop */{date}.csv", "%Y-%m-%d", "in/", 2),
    ],
)
def test_only_folders_below_the_deepest_fixed_one_are_listed(
    path: str, written_as: str, base: str, levels: int
) -> None:
    pattern = path_pattern(path, written_as)
    assert (pattern.base, len(pattern.below)) == (base, levels)


@pytest.mark.parametrize(
    ("path", "written_as", "name", "found"),
    [
        ("in/a_{date}.csv", "%Y-%m-%d", "in/a_2026-07-01.csv", D),
        ("in/a_{date}.csv", "%Y-%m-%d", "in/a_2026-13-01.csv", None),
        ("in/a_{date}.csv", "%Y-%m-%d", "in/a_2026-07-01xcsv", None),
        ("in/a_{date}.csv", "%Y%m%d", "in/a_20260701.csv", D),
        ("in/*_{date}.csv", "%Y-%m-%d", "in/web_2026-07-01.csv", D),
        ("in/*_{date}.csv", "%Y-%m-%d", "in/web/x_2026-07-01.csv", None),
        ("{date}/a_{date}.csv", "%d%m%y", "010726/a_010726.csv", D),
        ("{date}/a_{date}.csv", "%d%m%y", "010726/a_020726.csv", None),
        ("in/50%_[{date}].csv", "%d %b %Y", "in/50%_[01 Jul 2026].csv", D),
    ],
)
def test_a_name_is_matched_as_the_path_writes_it(
    path: str, written_as: str, name: str, found: date | None
) -> None:
    pattern = path_pattern(path, written_as)
    assert pattern.date(name) == found
    parts = name.removeprefix(pattern.base).split("/")
    if found:
        assert len(parts) == len(pattern.below)
        assert all(map(lambda e, part: e.fullmatch(part), pattern.below, parts))

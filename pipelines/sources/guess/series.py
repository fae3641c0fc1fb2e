"""Which files of a folder are one source: one file, or one a day."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

_DATES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "%Y-%m-%d"),
    (re.compile(r"(?<!\d)\d{8}(?!\d)"), "%Y%m%d"),
)
_NEWEST = 3


@dataclass(frozen=True, slots=True)
class Series:
    """Files of one tool: one, or one a day. `files`: the largest, which says how they are written,
    and the newest, which have values that came up lately. `count`: of all of them."""

    path: str
    date_in_path: str
    files: tuple[Path, ...]
    count: int = 1


_SUFFIXES = re.compile(
    r"(\.(csv|txt|tsv|json|jsonl|ndjson|parquet|pq|xlsx|xlsm|gz|zst|zip))+$", re.IGNORECASE
)


def stem_of(series: Series, folder: Path) -> str:
    """What a series is called: by its files, or by their folder where they have a date only."""
    below = Path(series.path).relative_to(folder)
    stem = _SUFFIXES.sub("", below.name.replace("{date}", ""))
    return stem if re.search("[^\\W\\d_]", stem) else below.parent.name


def series_of(folder: Path) -> list[Series]:
    """The series of the files below a folder, hidden ones apart."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        below = path.relative_to(folder).as_posix()
        style = "%Y-%m-%d"
        for pattern, written in _DATES:
            days = pattern.findall(below)
            if days and all(_is_day(day, written) for day in days):
                below, style = pattern.sub("{date}", below), written
                break
        found.setdefault((f"{folder.as_posix()}/{below}", style), []).append(path)
    return [
        Series(
            path,
            style,
            (max(files, key=lambda p: p.stat().st_size), *files[1:][-_NEWEST:]),
            len(files),
        )
        for (path, style), files in sorted(found.items())
    ]


def _is_day(text: str, written: str) -> bool:
    try:
        day = datetime.strptime(text, written).date()  # noqa: DTZ007
    except ValueError:
        return False
    return date(1990, 1, 1) < day < date(2100, 1, 1)

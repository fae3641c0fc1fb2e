"""Times as numbers, to compare the columns of a file."""

from collections import Counter
from datetime import datetime
from statistics import median

from pipelines.sources.guess.looks import EPOCHS, time_format
from pipelines.sources.guess.shape import Shape
from pipelines.specs.source import EPOCHS as PER_SECOND

DAY = 86_400.0
_SPAN, _LATEST, _MOSTLY = 60 * DAY, 0.15, 0.8
_FEW = 30
_LOOKED_AT = 2_000


def moments(shape: Shape, column: str) -> list[float | None]:
    """The times of a column, record by record, in seconds; None where there is none."""
    style = time_format(shape.columns[column]) if shape.columns[column] else None
    if style is None:
        return [None] * shape.rows
    return [_moment(text, style) if text else None for text in shape.cells[column]]


def lag(shape: Shape, first: str, then: str) -> float | None:
    """The middle of the seconds between two columns, where both are filled; None where none are."""
    pairs = zip(moments(shape, first), moments(shape, then), strict=True)
    found = [b - a for a, b in pairs if a is not None and b is not None][:_LOOKED_AT]
    return median(found) if found else None


def are_recent(shape: Shape, times: str, column: str) -> dict[str, bool]:
    """Each value of a column: whether hardly any but the latest records have it. Empty where they
    are too few, or of too short a time, to tell."""
    at = moments(shape, times)
    known = sorted(time for time in at if time is not None)
    if len(known) < _FEW or known[-1] - known[0] < _SPAN:
        return {}
    late = known[int(len(known) * (1 - _LATEST))]
    counts, recent = Counter[str](), Counter[str]()
    for time, value in zip(at, shape.cells[column], strict=True):
        counts[value] += 1
        recent[value] += time is not None and time >= late
    return {value: recent[value] >= _MOSTLY * count for value, count in counts.items()}


def are_times(values: list[str]) -> bool:
    """Whether there are values, and times."""
    return bool(values) and time_format(values) is not None


def _moment(text: str, style: str) -> float | None:
    try:
        if style in EPOCHS.values():
            return float(text) / PER_SECOND[style]
        if style:
            return datetime.strptime(text, style).timestamp()  # noqa: DTZ007
        return datetime.fromisoformat(text[:19].replace(" ", "T")).timestamp()
    except ValueError:
        return None

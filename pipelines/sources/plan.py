"""Decides which files go into which partition: pure, from what is landed and what is found."""

from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.errors import SourceError
from pipelines.landing import LandedFile, Partition
from pipelines.ledger import Ledger
from pipelines.sources.found import Found

# Tools rewrite their latest daily files (GA4 its last three): those are compared by hash each
# night, older ones by size only, so that a night does not read its whole history again.
_RECENT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Plan:
    """`partitions`: extract_date → the files it is to hold, for each that is to be written now.
    `waiting`: files that would change a finished night; the next night takes them."""

    partitions: dict[date, list[Found]]
    waiting: list[Found]


def plan(
    as_of: date,
    ledger: Ledger,
    held: list[Partition],
    found: list[Found],
    settings: tuple[str, str],
    *,
    is_snapshot: bool = False,
) -> Plan:
    """What the night `as_of` is to write. A partition stays open until the night that loads it has
    ended well; the latest night may be run again until it is delivered. The partitions of a
    snapshot hold what has changed since earlier ones: after one that changes, all are written."""
    last = ledger.last_night("load")
    rerun = last == as_of and not ledger.is_sealed(as_of)

    def is_open(extract_date: date) -> bool:
        return last is None or extract_date > last or (extract_date == as_of and rerun)

    wanted: dict[date, dict[str, Found]] = {}
    changed: set[date] = {p.extract_date for p in held if (p.reading, p.judging) != settings}
    waiting = []
    latest = _latest(held)
    for file in found:
        home, is_same = _home(as_of, latest, file)
        if home is not None and (is_same or is_open(home)):
            wanted.setdefault(home, {})[file.extract.file] = file
            if not is_same:
                changed.add(home)
            continue
        target = file.date if last is None or file.date > last else as_of
        if not is_open(target):
            waiting.append(file)
            continue
        wanted.setdefault(target, {})[file.extract.file] = file
        changed.add(target)
    if is_snapshot and changed:
        changed |= {day for day in wanted if day > min(changed)}
    partitions = {
        day: sorted(files.values(), key=lambda f: (f.date, f.extract.file))
        for day, files in wanted.items()
        if day in changed and is_open(day)
    }
    _refuse_gone(partitions, held)
    return Plan(partitions, waiting)


def _latest(held: list[Partition]) -> dict[str, tuple[date, LandedFile]]:
    """For each file, the youngest partition that holds a version of it."""
    oldest_first = sorted(held, key=lambda p: p.extract_date)
    return {file.file: (p.extract_date, file) for p in oldest_first for file in p.files}


def _home(
    as_of: date, latest: dict[str, tuple[date, LandedFile]], found: Found
) -> tuple[date | None, bool]:
    """The partition that holds the latest version of a file, and whether it is still the same. A
    file whose path has no date is a new extract every night."""
    if found.extract.file not in latest:
        return None, False
    day, file = latest[found.extract.file]
    if not found.is_dated and file.date != str(as_of):
        return None, False
    if found.size is None:  # an answer of tonight stays as it was given
        return day, True
    is_same = file.size == found.size
    if is_same and found.date >= as_of - _RECENT:
        is_same = file.sha256 == found.sha256()
    return day, is_same


def _refuse_gone(partitions: dict[date, list[Found]], held: list[Partition]) -> None:
    for partition in held:
        files = partitions.get(partition.extract_date)
        there = {f.extract.file for f in files or []}
        gone = [file.file for file in partition.files if file.file not in there]
        if files is not None and gone:
            raise SourceError(
                f"source {partition.source!r}: {gone[0]} was landed for {partition.extract_date}, "
                "which has to be read again, and is gone; put it back"
            )

"""Which records in quarantine are no longer kept: those that are too old, and those that name a
person who was erased. They leave landing; the books count them for ever."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from pipelines import landing
from pipelines.landing import Partition
from pipelines.sources import books
from pipelines.sources.mentioned import judged_by
from pipelines.sources.mentions import Mentions
from pipelines.sources.rewrite import rewrite
from pipelines.specs.night import Night


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The partitions that are to be entered again, and how many records left them now."""

    partitions: list[Partition]
    expired: int
    erased: int


def forget(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    people: Mentions | None,
    new: Iterable[Partition] | None,
) -> Forgotten:
    """Rewrite landing without the quarantined records of extracts that are more than
    `retention.quarantine_days` older than the night, and without those that name one of `people`
    (None: nobody): of the `new` partitions, of all where that is None. `con`: in a transaction in
    which the night's partitions were entered."""
    oldest = night.as_of - timedelta(days=night.shop.retention.quarantine_days)
    partitions, counts = [], {True: 0, False: 0}
    with judged_by(con, people):
        for source, extract_date, is_old in _doomed(con, oldest, people, new):
            folder = landing.partition_dir(night.paths, source, extract_date)
            if not (folder / landing.MANIFEST).exists():  # of a source that is gone altogether
                books.delete(con, source, extract_date)
                continue
            before = landing.read_manifest(folder / landing.MANIFEST)
            after = rewrite(
                con,
                night.paths,
                before,
                rows="problem is not null" if is_old else "names_erased(problem ->> '$.record')",
                rejects="true" if is_old else "names_erased(record)",
            )
            partitions.append(after)
            counts[is_old] += _no_longer_kept(after) - _no_longer_kept(before)
    return Forgotten(partitions, expired=counts[True], erased=counts[False])


def _doomed(
    con: duckdb.DuckDBPyConnection,
    oldest: date,
    people: Mentions | None,
    new: Iterable[Partition] | None,
) -> list[tuple[str, date, bool]]:
    """The partitions with such records in quarantine: source, extract_date, whether it is old."""
    asked = "true" if people else "false"
    values: dict[str, object] = {"oldest": oldest}
    if people and new is not None:
        asked = "list_contains($new, source || ' ' || extract_date)"
        values["new"] = [f"{p.source} {p.extract_date}" for p in new]
    return con.execute(
        "select source, extract_date, extract_date < $oldest from ops.quarantine"
        f" where extract_date < $oldest or {asked} and names_erased(record)"
        " group by all order by all",
        values,
    ).fetchall()


def _no_longer_kept(partition: Partition) -> int:
    return sum(file.no_longer_kept for file in partition.files)

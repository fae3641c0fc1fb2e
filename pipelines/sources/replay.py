"""Loads partitions that have quarantined records again, once their mapping or values are mended."""

import shutil
from dataclasses import replace
from datetime import date

import duckdb

from pipelines import landing
from pipelines.errors import SourceError
from pipelines.landing import Partition
from pipelines.sources import connect, engine, quarantine
from pipelines.sources.extract import land, reading
from pipelines.sources.found import Found
from pipelines.sources.load import load_partitions
from pipelines.sources.quarantine import Where
from pipelines.specs.checks import Auditor
from pipelines.specs.night import Night, StepReport


def quarantined(con: duckdb.DuckDBPyConnection, night: Night, where: Where) -> list[Partition]:
    """The landed partitions of a source, up to the night, of which records are in quarantine."""
    dates = set(quarantine.dates(con, where))
    return [
        partition
        for partition in landing.partitions(night.paths, where.source or "")
        if partition.extract_date in dates and partition.extract_date <= night.as_of
    ]


def replay(
    con: duckdb.DuckDBPyConnection, night: Night, audit: Auditor, partitions: list[Partition]
) -> StepReport:
    """Load the partitions again as the source is configured now, in one transaction: records,
    quarantine, books and checks, or nothing. Where the settings that decide what landing holds have
    changed, their files are landed again first.

    SourceError when a file that has to be landed again is gone or is not the one that was landed;
    CheckFailed as from `load`."""
    before = _in_quarantine(con, partitions)
    again = _landed_as_now(night, partitions)
    then = replace(night, as_of=max(p.extract_date for p in again))  # what was fresh and usual then
    report = load_partitions(con, then, audit, again)
    after = _in_quarantine(con, partitions)
    facts: dict[str, int | str] = {
        "partitions": len(again),
        "landed_again": sum(a is not p for a, p in zip(again, partitions, strict=True)),
        "mended": before - after,
        "still_quarantined": after,
    }
    return StepReport(report.rows, facts)


def _in_quarantine(con: duckdb.DuckDBPyConnection, partitions: list[Partition]) -> int:
    keys = [(p.source, p.extract_date) for p in partitions]
    counts = con.execute(
        "select source, extract_date, sum(quarantined)::bigint from ops.books group by all"
    ).fetchall()
    return sum(count for source, day, count in counts if (source, day) in keys)


def _landed_as_now(night: Night, partitions: list[Partition]) -> list[Partition]:
    """The partitions, landed again where other settings would read their files otherwise. All files
    are looked for before the first is landed."""
    name = partitions[0].source
    source = night.shop.sources[name]
    stale = [partition for partition in partitions if partition.reading != reading(source)]
    try:
        files = {p.extract_date: _files(night, p) for p in stale}
        with engine.reader(night.machine, night.paths) as con:
            landed = {
                day: land(con, night.paths, name, source, extract_date=day, files=found)
                for day, found in files.items()
            }
    finally:
        shutil.rmtree(night.paths.inbox / name, ignore_errors=True)
    return [landed.get(partition.extract_date, partition) for partition in partitions]


def _files(night: Night, partition: Partition) -> list[Found]:
    """The very files of a partition, from where its source has them."""
    name, source = partition.source, night.shop.sources[partition.source]
    held = landing.partitions(night.paths, name)
    there = {found.extract.file: found for found in connect.find(night, name, source, held)}
    files = []
    for file in partition.files:
        found = there.get(file.file)
        if found is None or found.sha256() != file.sha256:
            what = "is gone" if found is None else "is not the file any more that was landed"
            raise SourceError(
                f"source {name!r}: {file.file} {what} on {partition.extract_date}, and the new "
                "settings have to read it again; put that file back, or keep its records where "
                "they are with --extract-date of another"
            )
        files.append(replace(found, date=date.fromisoformat(file.date)))
    return files

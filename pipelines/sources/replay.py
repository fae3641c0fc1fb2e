"""Loads partitions that have quarantined records again, once their mapping or values are mended."""

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines import landing
from pipelines.errors import SourceError
from pipelines.landing import LandedFile, Partition
from pipelines.sources import connect, engine, phones, quarantine
from pipelines.sources.found import Found
from pipelines.sources.land import judge, land, named, settings, write
from pipelines.sources.load import load_partitions
from pipelines.sources.prepare import Extract
from pipelines.sources.quarantine import Where
from pipelines.sources.refuse import Key
from pipelines.sources.rows import Account, Rows, numbered
from pipelines.specs.checks import Auditor
from pipelines.specs.contract import ENTITIES
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
    con: duckdb.DuckDBPyConnection,
    night: Night,
    audit: Auditor,
    partitions: list[Partition],
    key: Key,
) -> StepReport:
    """Land the partitions again as the source is configured now, and load them in one transaction.
    Where a file is no longer where it was, and nothing has changed but how values are made of what
    was read, its quarantined records are judged again and the others stay as they are; so they do
    where some are no longer kept: they come back only if the file has to be read again, without the
    people who asked to be erased. Such a partition stays as it is when its file is gone.

    SourceError when a file that has to be read again is gone or is not the one that was landed;
    CheckFailed as from `load`."""
    before = _counted(con, partitions)
    again, read_again = _landed_as_now(night, partitions)
    then = max(p.extract_date for p in again)  # what was fresh and usual then
    report = load_partitions(con, night, audit, again, key, checked_as_of=then)
    after = _counted(con, partitions)
    facts: dict[str, int | str] = {
        "partitions": len(again),
        "landed_again": read_again,
        "mended": before.quarantined - after.quarantined - (after.refused - before.refused),
        "still_quarantined": after.quarantined - after.no_longer_kept,
        "no_longer_kept": after.no_longer_kept,
    }
    return StepReport(report.rows, facts)


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the books say of some partitions."""

    quarantined: int
    no_longer_kept: int
    refused: int


def _counted(con: duckdb.DuckDBPyConnection, partitions: list[Partition]) -> _Counts:
    keys = [(p.source, p.extract_date) for p in partitions]
    rows = con.execute(
        "select source, extract_date, quarantined, coalesce(no_longer_kept, 0), refused"
        " from ops.books"
    ).fetchall()
    mine = [counts for source, day, *counts in rows if (source, day) in keys]
    return _Counts(*(sum(column) for column in zip(*mine, strict=True)))


def _landed_as_now(night: Night, partitions: list[Partition]) -> tuple[list[Partition], int]:
    """The partitions as the source is configured now, and how many of them were read again. All
    files are looked for before the first is landed."""
    name = partitions[0].source
    now = settings(night.shop, night.shop.sources[name])
    stale = [p for p in partitions if (p.reading, p.judging) != now]
    held = {p.extract_date: p for p in landing.partitions(night.paths, name)}
    try:
        files = {p.extract_date: _files(night, p, now[0]) for p in stale}
        with engine.reader(night.machine, night.paths) as con:
            phones.register(con, night.shop.country)
            for p in stale:  # oldest first: a snapshot is compared with those before it
                day = p.extract_date
                if found := files[day]:
                    held[day] = land(con, night, name, day, found, held=list(held.values()))
                elif p.reading == now[0]:
                    held[day] = _mended(con, night, p)
    finally:
        shutil.rmtree(night.paths.inbox / name, ignore_errors=True)
    return [held[p.extract_date] for p in partitions], sum(map(bool, files.values()))


def _files(night: Night, partition: Partition, reading: str) -> list[Found]:
    """The very files of a partition, from where its source has them; none when what landing keeps
    of it is to do."""
    name, source = partition.source, night.shop.sources[partition.source]
    if partition.reading == reading and _has_gone(partition):
        return []
    held = landing.partitions(night.paths, name)
    there = {found.extract.file: found for found in connect.find(night, name, source, held)}
    files = []
    for file in partition.files:
        found = there.get(file.file)
        if found is None or found.sha256() != file.sha256:
            if partition.reading == reading or _has_gone(partition):
                return []
            what = "is gone" if found is None else "is not the file any more that was landed"
            raise SourceError(
                f"source {name!r}: {file.file} {what} on {partition.extract_date}, and the new "
                "settings have to read it again; put that file back, or keep its records where "
                "they are with --extract-date of another"
            )
        files.append(replace(found, date=date.fromisoformat(file.date)))
    return files


def _has_gone(partition: Partition) -> bool:
    """Whether records of it were taken out of landing."""
    return any(file.no_longer_kept or file.records_gone for file in partition.files)


def _mended(con: duckdb.DuckDBPyConnection, night: Night, partition: Partition) -> Partition:
    """The partition with its quarantined records judged again, from what landing keeps of them."""
    source = night.shop.sources[partition.source]
    there = landing.partition_dir(night.paths, partition.source, partition.extract_date)
    folder = night.paths.scratch / "landing" / partition.source / str(partition.extract_date)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = []
    for number, file in enumerate(partition.files):
        extract = Extract(partition.source, file.file, there / file.landed_as)
        target = folder / f"{number}.parquet"
        with engine.sentences(extract):
            rows = _kept(partition, file, extract.path)
            again = judge(night, source, rows, partition.extract_date).landing()
            query = f"{_good(file, extract.path)} union all by name {again} order by _line"
            write(con, extract, query, target)
            told = named(con, target, ENTITIES[partition.entity])
        told["quarantined"] += file.quarantined_gone
        told["records"] += file.records_gone
        files.append(replace(file, first_line=None, **told))
    judging = settings(night.shop, source)[1]
    mended = replace(partition, files=tuple(files), judging=judging)
    landing.put(night.paths, folder, mended)
    return mended


def _good(file: LandedFile, parquet: Path) -> str:
    """SQL: the loaded records of a landed file, with their lines."""
    return f"select * from ({numbered(parquet, file.first_line)}) where problem is null"


def _kept(partition: Partition, file: LandedFile, parquet: Path) -> Rows:
    """The quarantined records of a landed file, as texts."""
    texts = ", ".join(
        f"json_extract_string(problem, '$.record.{column}') as {engine.name(column)}"
        for column in partition.columns
    )
    return Rows(
        f"select {texts}, _line, json_extract_string(problem, '$.record.extra') as extra"
        f" from ({numbered(parquet, file.first_line)}) where problem is not null",
        dict.fromkeys(partition.columns, "VARCHAR"),
        lambda _: Account(file.quarantined, [], (), ()),
    )

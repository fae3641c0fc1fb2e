"""The verb extract: files of the source systems become partitions of the landing area, their
records typed and judged."""

import shutil
from datetime import date

import duckdb

from pipelines import landing, logs
from pipelines.errors import SourceError, StorageError, TransientError
from pipelines.landing import Partition
from pipelines.ledger import Ledger
from pipelines.sources import connect, drift, engine, late, phones
from pipelines.sources.drift import Drift
from pipelines.sources.land import land, settings
from pipelines.sources.plan import Plan, plan
from pipelines.sources.restructure import to_read
from pipelines.specs.night import Night, StepReport
from pipelines.specs.source import Source

log = logs.get(__name__)
_COUNTED = ("partitions", "files", "records", "quarantined", "late_files", "waiting")
_OF_SNAPSHOTS = ("unchanged", "changed", "removed")  # new records are changed ones


def extract(night: Night, ledger: Ledger) -> StepReport:
    """Land every extract file dated `as_of` or earlier that is not landed yet.

    SourceError names every source whose file is missing or broken, ExtractAwaited those that may
    still come, TransientError those that were only busy, StorageError says that the disk refused; a
    source is landed whole or not at all, the others are landed all the same."""
    has_snapshots = any(source.mode == "snapshot" for source in night.shop.sources.values())
    totals = dict.fromkeys((*_COUNTED, *(_OF_SNAPSHOTS if has_snapshots else ())), 0)
    absent: list[str] = []
    drifts: dict[str, Drift] = {}
    problems: list[SourceError | TransientError] = []
    with engine.reader(night.machine, night.paths) as con:
        phones.register(con, night.shop.country)
        for name, source in night.shop.sources.items():
            try:
                counts, is_there, drifts[name] = _extract_source(con, night, ledger, name, source)
            except StorageError:
                raise
            except (SourceError, TransientError) as error:
                problems.append(error)
                continue
            absent += [] if is_there else [name]
            totals = {key: totals[key] + counts[key] for key in totals}
    if problems:
        raise late.together(problems)
    facts: dict[str, int | str] = {**totals, "missing": ", ".join(absent)}
    facts |= {name: told for name, told in drift.facts(drifts).items() if told}
    return StepReport(rows=totals["records"], facts=facts)


def _extract_source(
    con: duckdb.DuckDBPyConnection, night: Night, ledger: Ledger, name: str, source: Source
) -> tuple[dict[str, int], bool, Drift]:
    """Counts of what was landed now, whether tonight's file is there, and how its columns differ
    from those of earlier nights."""
    held = landing.partitions(night.paths, name)
    found = connect.find(night, name, source, held)
    is_snapshot = source.mode == "snapshot"
    now = settings(night.shop, source)
    decided = plan(night.as_of, ledger, held, found, now, is_snapshot=is_snapshot)
    counts = dict.fromkeys((*_COUNTED, *_OF_SNAPSHOTS), 0) | {"waiting": len(decided.waiting)}
    for extract_date, files in sorted(decided.partitions.items()):
        partition = land(con, night, name, extract_date, files, held=held)
        held = [p for p in held if p.extract_date != extract_date] + [partition]
        counts["partitions"] += 1
        counts["files"] += len(files)
        counts["records"] += sum(file.records for file in partition.files)
        counts["quarantined"] += sum(file.quarantined + file.rejects for file in partition.files)
        counts["late_files"] += sum(file.date < str(extract_date) for file in partition.files)
        if is_snapshot:
            counts["unchanged"] += sum(file.unchanged for file in partition.files)
            counts["changed"] += sum(file.records - file.removed for file in partition.files)
            counts["removed"] += sum(file.removed for file in partition.files)
    shutil.rmtree(night.paths.inbox / name, ignore_errors=True)
    if is_snapshot:
        told = " ".join(f"{fact}={counts[fact]}" for fact in _OF_SNAPSHOTS)
        log.info("extract %s: snapshot: %s", name, told)
    _tell(name, counts, decided, held, night.as_of)
    tonight = [p for p in held if p.extract_date == night.as_of]
    drifted = drift.of(to_read(source), tonight[0], held) if tonight else Drift()
    for sentence in drift.sentences(name, to_read(source), drifted):
        log.warning("extract %s", sentence)
    dates = {f.date for p in held for f in p.files} | {str(f.date) for f in decided.waiting}
    is_there = str(night.as_of) in dates
    if not is_there:
        late.judge(night, name, source)
    return counts, is_there, drifted


def _tell(
    name: str, counts: dict[str, int], decided: Plan, held: list[Partition], as_of: date
) -> None:
    recent = [p for p in held if p.extract_date == as_of][-1:]
    unknown = ", ".join(recent[0].unknown_columns) if recent else ""
    log.info(
        "extract %s: files=%d records=%d quarantined=%d late_files=%d unknown_columns=%s",
        name,
        counts["files"],
        counts["records"],
        counts["quarantined"],
        counts["late_files"],
        unknown or "none",
    )
    if decided.waiting:
        log.warning(
            "extract %s: %d file(s) of finished nights wait for the next night: %s",
            name,
            len(decided.waiting),
            ", ".join(f.extract.file for f in decided.waiting[:3]),
        )

"""The verb extract: files of the source systems become partitions of the landing area."""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines import landing, logs
from pipelines.errors import SourceError, StorageError, TransientError
from pipelines.landing import LandedFile, Partition
from pipelines.ledger import Ledger
from pipelines.settings import Paths
from pipelines.sources import (
    connect,
    csv_file,
    engine,
    excel_file,
    json_file,
    jsonl_file,
    late,
    parquet_file,
)
from pipelines.sources.found import Found
from pipelines.sources.plan import Plan, plan
from pipelines.specs.night import Night, StepReport
from pipelines.specs.source import Source

log = logs.get(__name__)
_COUNTED = ("partitions", "files", "records", "rejects", "late_files", "waiting")
_READING = {"entity", "format", "delimiter", "encoding", "columns"}
# Settings that came later count where they are set, so that they change no older landing.
_READING_LATER = {"member", "excel", "records", "quote", "skip_lines"}
_ASKING: dict[str, Any] = {  # of a database, of an API
    "sql": dict.fromkeys(("table", "query", "cursor"), True),
    "rest": dict.fromkeys(("url", "parameters", "headers", "records", "paging"), True),
}
_READING_OF_CELLS = {"decimal", "date_format", "timestamp_format"}  # numbers and dates become text
READERS = {
    "csv": csv_file.land,
    "excel": excel_file.land,
    "json": json_file.land,
    "jsonl": jsonl_file.land,
    "parquet": parquet_file.land,
}


def extract(night: Night, ledger: Ledger) -> StepReport:
    """Land every extract file dated `as_of` or earlier that is not landed yet.

    SourceError names every source whose file is missing or broken, ExtractAwaited those that may
    still come, TransientError those that were only busy, StorageError says that the disk refused; a
    source is landed whole or not at all, the others are landed all the same."""
    totals = dict.fromkeys(_COUNTED, 0)
    absent: list[str] = []
    problems: list[SourceError | TransientError] = []
    with engine.reader(night.machine, night.paths) as con:
        for name, source in night.shop.sources.items():
            try:
                counts, is_there = _extract_source(con, night, ledger, name, source)
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
    return StepReport(rows=totals["records"], facts=facts)


def _extract_source(
    con: duckdb.DuckDBPyConnection, night: Night, ledger: Ledger, name: str, source: Source
) -> tuple[dict[str, int], bool]:
    """Counts of what was landed now, and whether tonight's file is there."""
    held = landing.partitions(night.paths, name)
    found = connect.find(night, name, source, held)
    decided = plan(night.as_of, ledger, held, found, reading(source))
    counts = dict.fromkeys(_COUNTED, 0) | {"waiting": len(decided.waiting)}
    for extract_date, files in sorted(decided.partitions.items()):
        partition = land(con, night.paths, name, source, extract_date=extract_date, files=files)
        held = [p for p in held if p.extract_date != extract_date] + [partition]
        counts["partitions"] += 1
        counts["files"] += len(files)
        counts["records"] += sum(file.records for file in partition.files)
        counts["rejects"] += sum(file.rejects for file in partition.files)
        counts["late_files"] += sum(file.date < str(extract_date) for file in partition.files)
    shutil.rmtree(night.paths.inbox / name, ignore_errors=True)
    _tell(name, counts, decided, held, night.as_of)
    dates = {f.date for p in held for f in p.files} | {str(f.date) for f in decided.waiting}
    is_there = str(night.as_of) in dates
    if not is_there:
        late.judge(night, name, source)
    return counts, is_there


def reading(source: Source) -> str:
    """A hash of the settings that decide what landing holds; conversions come with load."""
    parts = source.model_dump(mode="json", include=_READING)
    later = _READING_LATER | (_READING_OF_CELLS if source.reads_as == "excel" else set())
    parts |= source.model_dump(mode="json", include=later, exclude_defaults=True)
    parts |= source.model_dump(mode="json", include=_ASKING, exclude_none=True)
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def land(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    name: str,
    source: Source,
    *,
    extract_date: date,
    files: list[Found],
) -> Partition:
    """Write one partition from its files: whole, in place of the one that is there. SourceError
    when a file is broken, StorageError when the disk refuses."""
    folder = paths.scratch / "landing" / name / str(extract_date)
    shutil.rmtree(folder, ignore_errors=True)
    rejects: list[engine.RejectRow] = []
    landed: list[LandedFile] = []
    try:
        for number, found in enumerate(files):
            with engine.sentences(found.extract):
                folder.mkdir(parents=True, exist_ok=True)
                file, refused = _land_file(con, source, found, folder / f"records-{number}.parquet")
            landed.append(file)
            rejects += refused
        with engine.sentences(files[0].extract):
            engine.write_rejects(rejects, folder / landing.REJECTS)
            columns = tuple(sorted(source.columns))
            partition = Partition(
                name, source.entity, extract_date, reading(source), columns, tuple(landed)
            )
            landing.put(paths, folder, partition)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return partition


def _land_file(
    con: duckdb.DuckDBPyConnection, source: Source, found: Found, target: Path
) -> tuple[LandedFile, list[engine.RejectRow]]:
    extract = found.extract
    goes_on_from = found.here()
    before = extract.path.stat()
    if not before.st_size:
        raise SourceError(f"{extract.label}: empty (0 bytes); not even a header row")
    digest = found.sha256()
    result = READERS[source.reads_as](con, extract, source, target)
    after = extract.path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise TransientError(f"{extract.label}: is still being written; run again when it is whole")
    file = LandedFile(
        file=extract.file,
        date=str(found.date),
        size=before.st_size,
        sha256=digest,
        landed_as=target.name,
        records_read=result.records_read,
        records=result.records,
        rejects=len(result.rejects),
        unknown_columns=result.unknown_columns,
        goes_on_from=goes_on_from,
    )
    if not file.records_read:
        log.warning("extract %s: a header and no records", extract.label)
    return file, result.rejects


def _tell(
    name: str, counts: dict[str, int], decided: Plan, held: list[Partition], as_of: date
) -> None:
    recent = [p for p in held if p.extract_date == as_of][-1:]
    unknown = ", ".join(recent[0].unknown_columns) if recent else ""
    log.info(
        "extract %s: files=%d records=%d rejects=%d late_files=%d unknown_columns=%s",
        name,
        counts["files"],
        counts["records"],
        counts["rejects"],
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

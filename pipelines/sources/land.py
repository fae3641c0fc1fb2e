"""One partition of landing: its files read, their records typed and judged, written as Parquet."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines import landing, logs
from pipelines.clock import shop_midnight
from pipelines.errors import SourceError, TransientError
from pipelines.landing import LandedFile, Partition
from pipelines.sources import (
    csv_file,
    drift,
    engine,
    excel_file,
    json_file,
    jsonl_file,
    parquet_file,
    restructure,
    snapshot,
    typed,
)
from pipelines.sources.convert import SOFT
from pipelines.sources.found import Found
from pipelines.sources.prepare import Extract
from pipelines.sources.rows import Rows, staged
from pipelines.specs.contract import ENTITIES, Entity
from pipelines.specs.night import Night
from pipelines.specs.shop import Shop
from pipelines.specs.source import Source

log = logs.get(__name__)
_READING = {"entity", "format", "delimiter", "encoding", "columns", "member", "excel", "records"}
_READING |= {"quote", "skip_lines", "preset", "mode"}
_READING |= {"elements", "keep", "number_lines", "overrides", "prefixes", "skip"}
_OF_CELLS = {"decimal", "date_format", "timestamp_format"}  # numbers and dates become text
_ASKING: dict[str, Any] = {  # of a database, of an API
    "sql": dict.fromkeys(("table", "query", "cursor"), True),
    "rest": dict.fromkeys(("url", "parameters", "headers", "records", "paging"), True),
}
_JUDGING = {"decimal", "thousands", "round_amounts", "empty_values", "date_format"}
_JUDGING |= {"line_totals", "minor_units", "timestamp_format", "values", "constants"}
READERS = {
    "csv": csv_file.read,
    "excel": excel_file.read,
    "json": json_file.read,
    "jsonl": jsonl_file.read,
    "parquet": parquet_file.read,
}


def settings(shop: Shop, source: Source) -> tuple[str, str]:
    """Hashes of the settings that decide how an extract is read, and of those that decide what
    becomes of what was read. What is left to its default does not count, so that a new setting of a
    later release changes no older landing."""
    asked = _READING | (_OF_CELLS if source.reads_as == "excel" else set())
    reading = source.model_dump(mode="json", include=asked, exclude_defaults=True)
    reading |= source.model_dump(mode="json", include=_ASKING, exclude_none=True)
    judging = source.model_dump(mode="json", include=_JUDGING, exclude_defaults=True)
    judging |= {"time_zone": source.time_zone or shop.time_zone, "country": shop.country}
    return _hash(reading), _hash(judging)


def _hash(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def land(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    name: str,
    extract_date: date,
    files: list[Found],
    *,
    held: Sequence[Partition],
) -> Partition:
    """Write one partition from its files: whole, in place of the one that is there. `held`: what is
    landed of the source. SourceError when a file is broken, StorageError when the disk refuses."""
    source = night.shop.sources[name]
    folder = night.paths.scratch / "landing" / name / str(extract_date)
    rejects: list[engine.RejectRow] = []
    landed: list[LandedFile] = []
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for number, found in enumerate(files):
            with engine.sentences(found.extract):
                folder.mkdir(parents=True, exist_ok=True)
                target = folder / f"{number}.parquet"
                try:
                    with engine.little_memory(con, night.machine):
                        file, refused = _land_file(con, night, found, extract_date, target)
                except duckdb.OutOfMemoryException:
                    file, refused = _land_file(con, night, found, extract_date, target)
            landed.append(file)
            rejects += refused
        with engine.sentences(files[0].extract):
            engine.write_rejects(rejects, folder / landing.REJECTS)
            entity = ENTITIES[source.entity]
            reading, judging = settings(night.shop, source)
            partition = Partition(
                source=name,
                entity=entity.name,
                extract_date=extract_date,
                reading=reading,
                judging=judging,
                columns=tuple(column.name for column in entity.columns),
                rejects_as=landing.named_by_content(folder / landing.REJECTS)[0],
                files=tuple(landed),
            )
            if source.mode == "snapshot":
                partition = _changes_only(con, night, partition, folder, held)
            drift.refuse(files[-1].extract, restructure.to_read(source), partition, held)
            landing.put(night.paths, folder, partition)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return partition


def _land_file(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    found: Found,
    extract_date: date,
    target: Path,
) -> tuple[LandedFile, list[engine.RejectRow]]:
    extract, source = found.extract, night.shop.sources[found.extract.source]
    goes_on_from = found.here()
    before = extract.path.stat()
    if not before.st_size:
        raise SourceError(f"{extract.label}: empty (0 bytes); not even a header row")
    scratch = target.with_suffix("")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    with ThreadPoolExecutor(1) as aside:
        digest = aside.submit(found.sha256)
        rows = READERS[source.reads_as](con, extract, restructure.to_read(source), scratch)
        account = None
        is_restructured = restructure.is_needed(source)
        if rows.is_rough or is_restructured:
            rows, account = staged(con, rows, scratch / "rows.parquet")
        if is_restructured:
            rows, account = restructure.applied(con, rows, source, extract_date), None
        write(con, extract, judge(night, source, rows, extract_date).landing(), target)
        account = account or rows.settle(target)
    shutil.rmtree(scratch)
    after = extract.path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise TransientError(f"{extract.label}: is still being written; run again when it is whole")
    if not account.records_read:
        log.warning("extract %s: a header and no records", extract.label)
    file = LandedFile(
        file=extract.file,
        date=str(found.date),
        size=before.st_size,
        sha256=digest.result(),
        first_line=account.first_line,
        records_read=account.records_read,
        rejects=len(account.rejects),
        set_aside=account.set_aside,
        added=account.added,
        columns=account.columns,
        unknown_columns=account.unknown_columns,
        goes_on_from=goes_on_from,
        **named(con, target, ENTITIES[source.entity]),
    )
    return file, account.rejects


def _changes_only(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    partition: Partition,
    folder: Path,
    held: Sequence[Partition],
) -> Partition:
    """The partition of a snapshot, whose files in `folder` then hold what has changed in it."""
    entity = ENTITIES[partition.entity]
    counted = snapshot.write_changes(con, night, partition, folder, held)
    files = tuple(
        replace(
            file,
            first_line=None,
            set_aside=file.set_aside + count.unchanged,
            added=file.added + count.removed,
            unchanged=count.unchanged,
            removed=count.removed,
            **named(con, count.parquet, entity),
        )
        for file, count in zip(partition.files, counted, strict=True)
    )
    return replace(partition, files=files)


def judge(night: Night, source: Source, rows: Rows, extract_date: date) -> typed.Judged:
    """The query of the judged records of a file that is dated `extract_date`."""
    zone = night.shop.time_zone
    return typed.judged(
        rows,
        ENTITIES[source.entity],
        source,
        time_zone=source.time_zone or zone,
        extract_date=extract_date,
        end=shop_midnight(extract_date + timedelta(days=1), zone),
    )


def write(con: duckdb.DuckDBPyConnection, extract: Extract, query: str, target: Path) -> None:
    """Write judged records to a Parquet file. SourceError when the file is not as declared."""
    try:
        engine.copy(con, query, target)
    except (duckdb.InvalidInputException, duckdb.BinderException) as error:
        first_line = str(error).splitlines()[0]
        if "CSV" in first_line:
            raise SourceError(
                f"{extract.label}: not readable as CSV ({first_line}); look for a carriage return "
                "or a quote within a value and have the file exported again"
            ) from None
        raise SourceError(
            f"{extract.label}: cannot be converted as declared ({first_line}); look at "
            "timestamp_format, date_format and time_zone"
        ) from None


def named(con: duckdb.DuckDBPyConnection, target: Path, entity: Entity) -> dict[str, Any]:
    """Give a Parquet file of judged records its name in landing, by what it holds. Returns the
    fields of LandedFile that it tells."""
    soft = [column.name for column in entity.columns if column.kind in SOFT]
    dropped = " + ".join(
        f"count(*) filter (problem is null and contains(extra, '\"invalid_{c}\":'))" for c in soft
    )
    [(quarantined, records, values)] = con.execute(
        f"select count(problem), count(*) - count(problem), {dropped or 0}"
        f" from read_parquet({engine.quoted(str(target))})"
    ).fetchall()
    name, digest = landing.named_by_content(
        target.rename(target.with_stem(f"records-{target.stem}"))
    )
    return {
        "landed_as": name,
        "landed_sha256": digest,
        "records": records,
        "quarantined": quarantined,
        "values_dropped": values,
    }

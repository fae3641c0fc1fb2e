"""The verb load: what has landed is checked and becomes part of `raw.*`, or goes to quarantine."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines import catalog, landing, logs
from pipelines.clock import shop_midnight
from pipelines.errors import CheckFailed, NotReady
from pipelines.landing import LandedFile, Partition
from pipelines.sources import books, raw
from pipelines.sources.books import Booked
from pipelines.sources.checks import Fed, checks
from pipelines.sources.engine import quoted
from pipelines.sources.rows import line_of
from pipelines.specs.checks import Auditor
from pipelines.specs.contract import ENTITIES, Entity
from pipelines.specs.night import Night, StepReport
from pipelines.warehouse import transaction

log = logs.get(__name__)


def load(con: duckdb.DuckDBPyConnection, night: Night, audit: Auditor) -> StepReport:
    """Load every landed partition up to the night that `ops.books` does not hold as it is, and the
    night's own again, in one transaction: views, quarantine, books and checks, or nothing.

    NotReady when extract has not run; CheckFailed when the books do not balance or a critical check
    fails; SourceError when landing is damaged."""
    return load_partitions(con, night, audit, _pending(con, night))


def load_partitions(
    con: duckdb.DuckDBPyConnection, night: Night, audit: Auditor, todo: list[Partition]
) -> StepReport:
    """Load these partitions in place of what is loaded of them, as `load` does."""
    with transaction(con):
        booked: list[Booked] = []
        for partition in todo:
            books.delete(con, partition.source, partition.extract_date)
            booked += [_load_file(con, night, partition, file) for file in partition.files]
        books.write(con, booked)
        books.balance(booked)
        raw.refresh(con, night.paths)
        for entity, partitions in _by_entity(todo).items():
            fed = Fed(ENTITIES[entity], tuple(partitions))
            view = _new_rows(con, night, fed.entity, booked)
            try:
                audit(con, "load", view, checks(con, night, fed))
            except CheckFailed as error:
                raise CheckFailed(f"{error}{_why(con, partitions)}") from None
            con.execute(f"drop view {view}")
    for partition in todo:
        landing.clear(night.paths, partition)
    _tell(booked)
    return _report(booked, todo)


def _pending(con: duckdb.DuckDBPyConnection, night: Night) -> list[Partition]:
    landed = [
        partition
        for source in night.shop.sources
        for partition in landing.partitions(night.paths, source)
        if partition.extract_date <= night.as_of
    ]
    known = books.known(con)
    _forget_gone(con, known, landed)
    if not any(p.extract_date == night.as_of for p in landed):
        later = max((day for _, day in known), default=night.as_of)
        if later > night.as_of:
            raise NotReady(
                f"nothing is landed for {night.as_of}, and the later night {later} is loaded "
                "already: what has come since is loaded with the night after that one"
            )
        raise NotReady(f"nothing is landed for {night.as_of}; run extract for that night first")
    return [
        p
        for p in landed
        if p.extract_date == night.as_of
        or known.get((p.source, p.extract_date)) != {f.landed_as for f in p.files}
    ]


def _forget_gone(
    con: duckdb.DuckDBPyConnection, known: Iterable[tuple[str, date]], landed: list[Partition]
) -> None:
    """A partition that was taken out of landing is no longer loaded: its files come again with the
    extract that reads them anew."""
    here = {(partition.source, partition.extract_date) for partition in landed}
    configured = {partition.source for partition in landed}
    for source, extract_date in sorted(known):
        if source in configured and (source, extract_date) not in here:
            log.warning("load %s: landing no longer holds %s; forgotten", source, extract_date)
            books.delete(con, source, extract_date)


def _midnight(night: Night, day: date) -> datetime:
    return shop_midnight(day, night.shop.time_zone)


def _load_file(
    con: duckdb.DuckDBPyConnection, night: Night, partition: Partition, file: LandedFile
) -> Booked:
    folder = landing.partition_dir(night.paths, partition.source, partition.extract_date)
    parquet, rejects = folder / file.landed_as, folder / landing.REJECTS
    _require_whole(parquet, file.landed_sha256)
    where = (
        f"{quoted(partition.source)}, {quoted(partition.entity)}, date"
        f" {quoted(str(partition.extract_date))}"
    )
    try:
        if file.quarantined:
            _insert(
                con,
                "ops.quarantine",
                f"select {where}, {quoted(file.file)}, {line_of(file.first_line)},"
                " problem ->> '$.column', problem ->> '$.reason', problem ->> '$.record'"
                f" from read_parquet({quoted(str(parquet))}, file_row_number = true)"
                " where problem is not null order by file_row_number",
            )
        _insert(
            con,
            "ops.quarantine",
            f'select {where}, file, line, "column", reason, record'
            f" from read_parquet({quoted(str(rejects))}) where file = {quoted(file.file)}"
            " order by line",
        )
        [(good,)] = con.execute(
            f"select count(*) - count(problem) from read_parquet({quoted(str(parquet))})"
        ).fetchall()
    except duckdb.Error as error:
        raise landing.damaged(parquet, str(error).splitlines()[0]) from None
    return Booked.of(partition, file, good)


def _require_whole(parquet: Path, sha256: str) -> None:
    """SourceError when a landed file is not as extract left it."""
    try:
        with parquet.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise landing.damaged(parquet, error.strerror or str(error)) from None
    if found != sha256:
        raise landing.damaged(parquet, "its bytes are not those that its manifest tells")


def _insert(con: duckdb.DuckDBPyConnection, table: str, query: str) -> int:
    row = con.execute(f"{catalog.insert_into(table)} {query}").fetchone()
    return int(row[0]) if row else 0


def _by_entity(partitions: Sequence[Partition]) -> dict[str, list[Partition]]:
    found: dict[str, list[Partition]] = {}
    for partition in partitions:
        found.setdefault(partition.entity, []).append(partition)
    return found


def _new_rows(
    con: duckdb.DuckDBPyConnection, night: Night, entity: Entity, booked: list[Booked]
) -> str:
    view = f"new_{entity.name}"
    new = [
        (b.source, b.extract_date, b.file, b.landed_as, b.first_line, b.columns)
        for b in booked
        if b.entity == entity.name
    ]
    con.execute(f"create or replace temp view {view} as {raw.rows(night.paths, entity, new)}")
    return view


def _why(con: duckdb.DuckDBPyConnection, partitions: list[Partition]) -> str:
    """Why most records of a stopped load were to be quarantined, a line each: with the load, the
    quarantine is rolled back, and nobody could look there."""
    sources = sorted({p.source for p in partitions})
    dates = sorted({p.extract_date for p in partitions})
    try:
        rows = con.execute(
            "select source, file, coalesce(column_name, 'record'), reason, count(*), min(line)"
            " from ops.quarantine where source in (select unnest(?))"
            " and extract_date in (select unnest(?)) group by all"
            " order by count(*) desc, min(line), file limit 3",
            [sources, dates],
        ).fetchall()
    except duckdb.Error:  # a check whose query failed has ended the transaction
        return ""
    return "".join(
        f"\n  quarantined: source {source!r}: {file}: {column}: {reason}: {count} records, the "
        f"first in line {line}"
        for source, file, column, reason, count, line in rows
    )


def _tell(booked: list[Booked]) -> None:
    for source in dict.fromkeys(b.source for b in booked):
        mine = [b for b in booked if b.source == source]
        log.info(
            "load %s: files=%d landed=%d quarantined=%d values_dropped=%d",
            source,
            len(mine),
            sum(b.landed for b in mine),
            sum(b.quarantined for b in mine),
            sum(b.values_dropped for b in mine),
        )


def _report(booked: list[Booked], partitions: list[Partition]) -> StepReport:
    facts: dict[str, int | str] = {
        "partitions": len(partitions),
        "files": len(booked),
        "late_files": sum(b.is_late for b in booked),
        "quarantined": sum(b.quarantined for b in booked),
        "values_dropped": sum(b.values_dropped for b in booked),
    }
    for entity in dict.fromkeys(b.entity for b in booked):
        facts[entity] = sum(b.landed for b in booked if b.entity == entity)
    return StepReport(rows=sum(b.landed for b in booked), facts=facts)

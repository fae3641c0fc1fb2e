"""The verb load: what has landed is checked and becomes part of `raw.*`, or goes to quarantine,
from which it takes what is no longer kept."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import duckdb

from pipelines import landing, logs
from pipelines.errors import CheckFailed, NotReady
from pipelines.landing import Partition
from pipelines.sources import books, raw, refuse
from pipelines.sources.books import Booked, Known
from pipelines.sources.checks import Fed, checks
from pipelines.sources.enter import enter
from pipelines.sources.forget import Forgotten, forget
from pipelines.sources.refuse import Key
from pipelines.specs.checks import Auditor
from pipelines.specs.contract import ENTITIES, Entity
from pipelines.specs.night import Night, StepReport
from pipelines.warehouse import transaction

log = logs.get(__name__)


def load(con: duckdb.DuckDBPyConnection, night: Night, audit: Auditor, key: Key) -> StepReport:
    """Load every landed partition up to the night that `ops.books` does not hold as it is, and the
    night's own again, in one transaction: views, quarantine, books and checks, or nothing. What is
    not to be kept in quarantine leaves it, and landing, as do records of people who were erased
    before. Hold the landing area meanwhile.

    NotReady when extract has not run; CheckFailed when the books do not balance or a critical check
    fails; SourceError when landing is damaged."""
    todo = _pending(con, night)
    _clear_leftovers(con, night)
    return load_partitions(con, night, audit, todo, key)


def load_partitions(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    audit: Auditor,
    landed: list[Partition],
    key: Key,
    *,
    checked_as_of: date | None = None,
) -> StepReport:
    """Load these partitions in place of what is loaded of them, as `load` does. `checked_as_of`:
    the night whose checks they have to pass, if it is another."""
    checked = replace(night, as_of=checked_as_of or night.as_of)
    with transaction(con):
        gone = refuse.gone(con, night, key)
        todo = refuse.refuse(con, night.paths, landed, gone) if gone is not None else landed
        booked = entered(con, night, todo)
        raw.refresh(con, night.paths)
        for entity, partitions in _by_entity(todo).items():
            fed = Fed(ENTITIES[entity], tuple(partitions))
            view = _new_rows(con, night, fed.entity, booked)
            try:
                audit(con, "load", view, checks(con, checked, fed))
            except CheckFailed as error:
                raise CheckFailed(f"{error}{_why(con, partitions)}") from None
            con.execute(f"drop view {view}")
        forgotten = forget(con, night, gone, todo)
        if forgotten.partitions:
            entered(con, night, forgotten.partitions)
            raw.refresh(con, night.paths)
    now = {(p.source, p.extract_date): p for p in (*todo, *forgotten.partitions)}
    for partition in now.values():
        landing.clear(night.paths, partition)
    _tell(booked)
    refused = _records_gone(todo) - _records_gone(landed)
    return _report(booked, todo, forgotten, refused)


def entered(
    con: duckdb.DuckDBPyConnection, night: Night, partitions: Iterable[Partition]
) -> list[Booked]:
    """Enter partitions as landing holds them; their books, which balance."""
    booked = [row for partition in partitions for row in enter(con, night.paths, partition)]
    books.balance(booked)
    return booked


def _clear_leftovers(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    """Remove what a killed run may have left of records that are no longer kept."""
    known = books.known(con)
    for source in {source for source, _ in known}:
        for partition in landing.partitions(night.paths, source):
            if _is_booked(partition, known):
                landing.clear(night.paths, partition)
    shutil.rmtree(night.paths.scratch / "landing", ignore_errors=True)


def _pending(con: duckdb.DuckDBPyConnection, night: Night) -> list[Partition]:
    every = [
        partition
        for source in night.shop.sources
        for partition in landing.partitions(night.paths, source)
    ]
    known = books.known(con)
    _forget_gone(con, known, every)
    landed = [partition for partition in every if partition.extract_date <= night.as_of]
    if not any(p.extract_date == night.as_of for p in landed):
        later = max((day for _, day in known), default=night.as_of)
        if later > night.as_of:
            raise NotReady(
                f"nothing is landed for {night.as_of}, and the later night {later} is loaded "
                "already: what has come since is loaded with the night after that one"
            )
        raise NotReady(f"nothing is landed for {night.as_of}; run extract for that night first")
    return [p for p in landed if p.extract_date == night.as_of or not _is_booked(p, known)]


def _is_booked(partition: Partition, known: Known) -> bool:
    """Whether the books hold the partition as landing does."""
    files = {(file.landed_as, file.no_longer_kept) for file in partition.files}
    return known.get((partition.source, partition.extract_date)) == files


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


def _records_gone(partitions: Iterable[Partition]) -> int:
    return sum(file.records_gone for partition in partitions for file in partition.files)


def _report(
    booked: list[Booked], partitions: list[Partition], forgotten: Forgotten, refused: int
) -> StepReport:
    facts: dict[str, int | str] = {
        "partitions": len(partitions),
        "files": len(booked),
        "late_files": sum(b.is_late for b in booked),
        "quarantined": sum(b.quarantined for b in booked),
        "values_dropped": sum(b.values_dropped for b in booked),
        "expired": forgotten.expired,
        "erased": forgotten.erased,
        "refused": refused,
    }
    for entity in dict.fromkeys(b.entity for b in booked):
        facts[entity] = sum(b.landed for b in booked if b.entity == entity)
    return StepReport(rows=sum(b.landed for b in booked), facts=facts)

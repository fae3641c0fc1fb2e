"""The verb load: landed text becomes typed rows of `raw.*`, or goes to quarantine with a reason."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines import catalog, landing, logs
from pipelines.clock import shop_midnight
from pipelines.errors import CheckFailed, NotReady, SourceError
from pipelines.landing import LandedFile, Partition
from pipelines.sources import books, engine, phones, typed
from pipelines.sources.books import Booked
from pipelines.sources.checks import Fed, checks
from pipelines.sources.engine import quoted
from pipelines.specs.checks import Auditor
from pipelines.specs.contract import ENTITIES
from pipelines.specs.night import Night, StepReport
from pipelines.specs.source import Source
from pipelines.warehouse import transaction

log = logs.get(__name__)


def load(con: duckdb.DuckDBPyConnection, night: Night, audit: Auditor) -> StepReport:
    """Load every landed partition up to the night that `ops.books` does not hold as it is, and the
    night's own again, in one transaction: records, quarantine, books and checks, or nothing.

    NotReady when extract has not run; CheckFailed when the books do not balance or a critical check
    fails; SourceError when a declared format is none."""
    return load_partitions(con, night, audit, _pending(con, night))


def load_partitions(
    con: duckdb.DuckDBPyConnection, night: Night, audit: Auditor, todo: list[Partition]
) -> StepReport:
    """Load these partitions in place of what is loaded of them, as `load` does."""
    with transaction(con):
        booked: list[Booked] = []
        for partition in todo:
            source = night.shop.sources[partition.source]
            books.delete(con, partition)
            booked += [_load_file(con, night, source, partition, file) for file in partition.files]
        books.write(con, booked)
        books.balance(booked)
        for entity, partitions in _by_entity(todo).items():
            fed = Fed(ENTITIES[entity], tuple(partitions))
            view = _new_rows(con, entity, partitions)
            try:
                audit(con, "load", view, checks(con, night, fed))
            except CheckFailed as error:
                raise CheckFailed(f"{error}{_why(con, partitions)}") from None
            con.execute(f"drop view {view}")
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
        or known.get((p.source, p.extract_date)) != {f.file: f.records_read for f in p.files}
    ]


def _midnight(night: Night, day: date) -> datetime:
    return shop_midnight(day, night.shop.time_zone)


def _load_file(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    source: Source,
    partition: Partition,
    file: LandedFile,
) -> Booked:
    entity, day = ENTITIES[partition.entity], partition.extract_date
    folder = landing.partition_dir(night.paths, partition.source, day)
    parquet = folder / file.landed_as
    _require_whole(con, (parquet, file.records), (folder / landing.REJECTS, None))
    judged = judge(con, night, source, parquet, partition.columns, day=day)
    try:
        good = _insert(con, f"raw.{entity.name}", judged.good(partition.source, day))
        bad = 0
        if good != file.records:
            bad = _insert(con, "ops.quarantine", judged.bad(partition.source, day, file.file))
    except (duckdb.InvalidInputException, duckdb.BinderException) as error:
        first_line = str(error).splitlines()[0]
        if str(parquet) in first_line:
            raise landing.damaged(parquet, first_line) from None
        raise SourceError(
            f"source {partition.source!r}: {file.file}: cannot be converted as declared "
            f"({first_line}); look at timestamp_format, date_format and time_zone"
        ) from None
    rejects = _insert(con, "ops.quarantine", _rejects(partition, file, folder / landing.REJECTS))
    dropped = books.values_dropped(con, partition, file.file)
    return Booked.of(partition, file, good, bad + rejects, dropped)


def judge(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    source: Source,
    parquet: Path,
    columns: tuple[str, ...],
    *,
    day: date,
) -> typed.Judged:
    """The query of the judged records of a landed file dated `day`, which holds the canonical
    `columns` as text. Its phone numbers are looked up once, and stand ready until the next call."""
    entity = ENTITIES[source.entity]
    texts = typed.phone_texts(parquet, entity, source, columns)
    if texts:
        phones.register(con, typed.PHONES, texts, night.shop.country)
    return typed.judged(
        parquet,
        entity,
        source,
        columns,
        time_zone=source.time_zone or night.shop.time_zone,
        extract_date=day,
        end=_midnight(night, day + timedelta(days=1)),
    )


def _require_whole(con: duckdb.DuckDBPyConnection, *files: tuple[Path, int | None]) -> None:
    """SourceError when a landed file is not as extract left it: its rows can be counted, and are as
    many as the manifest says. What is damaged further in is found when it is read."""
    for path, expected in files:
        try:
            found = engine.count(con, path)
        except duckdb.Error as error:
            raise landing.damaged(path, str(error).splitlines()[0]) from None
        if expected is not None and found != expected:
            raise landing.damaged(path, f"{found} rows; its manifest says {expected}")


def _insert(con: duckdb.DuckDBPyConnection, table: str, query: str) -> int:
    row = con.execute(f"{catalog.insert_into(table)} {query}").fetchone()
    return int(row[0]) if row else 0


def _rejects(partition: Partition, file: LandedFile, parquet: Path) -> str:
    return (
        f"select {quoted(partition.source)}, {quoted(partition.entity)},"
        f' date {quoted(str(partition.extract_date))}, file, line, "column", reason, record'
        f" from read_parquet({quoted(str(parquet))}) where file = {quoted(file.file)} order by line"
    )


def _by_entity(partitions: Sequence[Partition]) -> dict[str, list[Partition]]:
    found: dict[str, list[Partition]] = {}
    for partition in partitions:
        found.setdefault(partition.entity, []).append(partition)
    return found


def _new_rows(con: duckdb.DuckDBPyConnection, entity: str, partitions: list[Partition]) -> str:
    pairs = ", ".join(
        f"({quoted(p.source)}, date {quoted(str(p.extract_date))})" for p in partitions
    )
    view = f"new_{entity}"
    con.execute(
        f"create or replace temp view {view} as"
        f" select * from raw.{entity}"
        f" where ({catalog.source_column(ENTITIES[entity])}, extract_date) in ({pairs})"
    )
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

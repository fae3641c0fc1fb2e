"""`mode: snapshot`: every extract holds all current records. Landing keeps those that are new or
have changed since the earlier extracts, and a row on line 0 for each that is no longer there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import landing, logs
from pipelines.catalog import raw_columns
from pipelines.landing import Partition
from pipelines.sources import engine, raw, removals
from pipelines.sources.engine import name, quoted
from pipelines.sources.rows import line_of
from pipelines.specs.contract import ENTITIES, Entity
from pipelines.specs.night import Night

log = logs.get(__name__)
_META = ("extra", "problem")


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of one file. `parquet`: its changes; `unchanged`: its good records that are not
    among them; `removed`: rows among them that tell of a record that is no longer there."""

    parquet: Path
    unchanged: int
    removed: int


def write_changes(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    partition: Partition,
    folder: Path,
    held: Sequence[Partition],
) -> list[Counts]:
    """Write what has changed in the files of a partition, which are in `folder` as landed, since
    those `held` of earlier days: in their place, as `<number>.parquet`.

    The files of the latest date are the snapshot, in one or several parts. One that is older than
    what was landed before tells nothing any more: all its good records count as unchanged."""
    entity, day = ENTITIES[partition.entity], partition.extract_date
    earlier = [p for p in held if p.extract_date < day and p.entity == entity.name]
    latest = max(file.date for p in (*earlier, partition) for file in p.files)
    current = [number for number, file in enumerate(partition.files) if file.date == latest]
    con.execute(f"create or replace temp view here as {_here(partition, folder, current)}")
    con.execute(f"create or replace temp table known as {_known(entity, night, earlier)}")
    changed = _changed(entity, _doubted(entity, night, earlier))
    con.execute(f"create or replace temp table changed as {changed}")
    doubt = removals.doubt(con, entity, [partition.files[number] for number in current])
    gone = removals.gone(entity, day, night.shop.time_zone)
    con.execute(f"create or replace temp table gone as {gone}{' limit 0' if doubt else ''}")
    _tell(con, partition, doubt if earlier else "")
    told_by = current[-1:] if entity.when_removed else []
    counts = []
    for number, file in enumerate(partition.files):
        parquet = folder / f"{number}.parquet"
        query = _kept(entity, number, tells_gone=number in told_by)
        engine.copy(con, query, parquet)
        [(kept, removed)] = con.execute(
            "select count(*) filter (problem is null and _line > 0),"
            f" count(*) filter (_line = 0) from read_parquet({quoted(str(parquet))})"
        ).fetchall()
        counts.append(Counts(parquet, file.records - kept, removed))
    for file in partition.files:
        (folder / file.landed_as).unlink()
    return counts


def _tell(con: duckdb.DuckDBPyConnection, partition: Partition, doubt: str) -> None:
    if doubt:
        log.warning("extract %s: no record is taken for removed: %s", partition.source, doubt)
    elif not ENTITIES[partition.entity].when_removed:
        [(count,)] = con.execute("select count(*) from gone").fetchall()
        told = "extract %s: %d record(s) of earlier extracts are gone; of %s nothing is removed"
        log.info(told, partition.source, count, partition.entity)


def _here(partition: Partition, folder: Path, current: Sequence[int]) -> str:
    """The rows of the partition, each with its place in which of the files."""
    columns = _listed((*partition.columns, *_META))
    return " union all ".join(
        f"select {columns}, ({line_of(file.first_line)})::bigint as _line, {number} as _number,"
        f" {quoted(file.file)} as _file,"
        f" file_row_number as _row, {number in current} as is_current"
        f" from read_parquet({quoted(str(folder / file.landed_as))}, file_row_number = true)"
        for number, file in enumerate(partition.files)
    )


def _known(entity: Entity, night: Night, earlier: Sequence[Partition]) -> str:
    """The latest row of each key in earlier partitions, as staging takes it."""
    booked = [
        (p.source, p.extract_date, file.file, file.landed_as, file.first_line, ",".join(p.columns))
        for p in earlier
        for file in p.files
    ]
    rows = raw.rows(night.paths, entity, booked) or _none(raw_columns(entity))
    return (
        f"select * from ({rows}) qualify row_number() over (partition by {_listed(entity.key)}"
        f" order by extract_date desc, {_latest(entity)}line desc, file desc) = 1"
    )


def _doubted(entity: Entity, night: Night, earlier: Sequence[Partition]) -> str:
    """Keys of quarantined records, with the last day on which each was one. What they say may yet
    become known, so a record that follows them is kept even if it is as it was before them."""
    keys = _listed(entity.key)
    quarantined = [
        (landing.partition_dir(night.paths, p.source, p.extract_date) / file.landed_as, p)
        for p in earlier
        for file in p.files
        if file.quarantined and set(entity.key) <= set(p.columns)
    ]
    rows = " union all ".join(
        f"select {keys}, date {quoted(str(partition.extract_date))} as extract_date"
        f" from read_parquet({quoted(str(parquet))}) where problem is not null"
        for parquet, partition in quarantined
    )
    wanted = (*entity.key, "extract_date")
    none = _none({column: raw_columns(entity)[column] for column in wanted})
    return f"select {keys}, max(extract_date) as extract_date from ({rows or none}) group by all"


def _changed(entity: Entity, doubted: str) -> str:
    """The keys whose record is new or says something else. Of several with one key the latest
    counts, as staging takes it."""
    values = (*(column.name for column in entity.columns), "extra")
    differs = " or ".join(f"n.{name(v)} is distinct from k.{name(v)}" for v in values)
    latest = f"{_latest(entity)}_line desc, _file desc, _row desc"
    return (
        f"select {', '.join(f'n.{name(c)}' for c in entity.key)} from (select * from here"
        " where is_current and problem is null qualify row_number() over"
        f" (partition by {_listed(entity.key)} order by {latest}) = 1) n"
        f" left join known k on {_same(entity.key, 'n', 'k')}"
        f" left join ({doubted}) d on {_same(entity.key, 'n', 'd')}"
        f" where k.extract_date is null or d.extract_date >= k.extract_date or {differs}"
    )


def _kept(entity: Entity, number: int, *, tells_gone: bool) -> str:
    """The rows of a file that stay: all to be quarantined, those of changed keys and, where
    it `tells_gone`, those that say what is no longer there."""
    columns = [column.name for column in entity.columns]
    rows = (
        f"select {_listed((*columns, *_META))}, _line, _row from here n where _number = {number}"
        " and (problem is not null or is_current and exists"
        f" (select 1 from changed c where {_same(entity.key, 'n', 'c')}))"
    )
    if tells_gone:
        place = f"row_number() over (order by {_listed(entity.key)})"
        rows += f" union all select {_listed(columns)}, extra, null, 0, {place} from gone"
    return f"select * exclude (_row) from ({rows}) order by _line, _row"


def _latest(entity: Entity) -> str:
    return f"{name(entity.ordered_by)} desc nulls last, " if entity.ordered_by else ""


def _same(columns: Sequence[str], one: str, other: str) -> str:
    return " and ".join(f"{one}.{name(c)} is not distinct from {other}.{name(c)}" for c in columns)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(name, columns))


def _none(columns: dict[str, str]) -> str:
    values = ", ".join(f"null::{kind} as {name(column)}" for column, kind in columns.items())
    return f"select {values} where false"

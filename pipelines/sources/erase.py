"""Takes the people of `ops.erasing` out of landing, raw and quarantine."""

from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines import keyed, landing
from pipelines.landing import Partition
from pipelines.settings import Paths
from pipelines.sources import books, raw, refuse
from pipelines.sources.forget import forget
from pipelines.sources.load import entered
from pipelines.sources.mentions import Erased
from pipelines.specs import identifiers
from pipelines.specs.night import Night
from pipelines.warehouse import transaction

_VISITS = """
insert into ops.erasing
select distinct 'event', event, max(requested_at), max(as_of)
from mentioned, (select max(requested_at) as requested_at, max(as_of) as as_of from ops.erasing)
where is_whole and event not in (select identifier from ops.erasing where identifier_type = 'event')
group by event"""
_KEPT = """
select min(extract_date) from (
    select extract_date from named anti join doomed using (_path, _row) where is_asked_for
    union all
    select extract_date from mentioned anti join doomed using (_path, _row)
)"""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """How many records left landing, and quarantine. `kept_since`: the extract of the earliest
    record that names these people and stays, for it is later than what they asked; None without."""

    refused: int
    quarantined: int
    kept_since: date | None


def erase(con: duckdb.DuckDBPyConnection, night: Night, key: str) -> TakenOut:
    """Take the records of the people in `ops.erasing` out of every partition of landing that holds
    any, good ones and quarantined ones; views and books follow. Twice does the same as once, and
    killed between two partitions it goes on where it was. Hold the landing area meanwhile."""
    paths = night.paths
    every = _every_partition(paths)
    digest = keyed.hashed_sql("identifier_type || '|' || identifier")
    con.execute(
        "create or replace temp table sought as select identifier_type, identifier,"
        f" {digest} as identifier_hash, requested_at, as_of from ops.erasing",
        keyed.parameters(key),
    )
    people = _people(con, night)
    with transaction(con):
        refuse.judge(con, paths, every, people)
        con.execute(_VISITS)  # before they leave landing: their facts have to be found
    [(kept_since,)] = con.execute(_KEPT).fetchall()
    after = [refuse.take_out(con, paths, partition) for partition in every]
    loaded = books.known(con)
    with transaction(con):
        changed = [p for p in after if _is_other(p, loaded)]
        entered(con, night, changed)
        forgotten = forget(con, night, people, None)
        entered(con, night, forgotten.partitions)
        raw.refresh(con, paths)
    for partition in (*after, *forgotten.partitions):
        landing.clear(paths, _as_landed(paths, partition))
    return TakenOut(_records_gone(after) - _records_gone(every), forgotten.erased, kept_since)


def _people(con: duckdb.DuckDBPyConnection, night: Night) -> Erased:
    found: dict[str, set[str]] = {}
    rows = con.execute("select identifier_type, identifier from ops.erasing").fetchall()
    for kind, identifier in rows:
        if kind in identifiers.KINDS.values():
            found.setdefault(kind, set()).add(identifier)
        elif kind == "spelling" and "@" in identifier:
            found.setdefault("email", set()).add(identifier)
    return Erased(found, refuse.delimiters(night), night.shop.country)


def _every_partition(paths: Paths) -> list[Partition]:
    """Those of sources that are configured no more as well."""
    folders = sorted(folder.name for folder in paths.landing.iterdir() if folder.is_dir())
    return [partition for name in folders for partition in landing.partitions(paths, name)]


def _is_other(partition: Partition, loaded: books.Known) -> bool:
    """Whether it is loaded, but not as landing holds it now."""
    now = {(file.landed_as, file.no_longer_kept) for file in partition.files}
    return loaded.get((partition.source, partition.extract_date), now) != now


def _as_landed(paths: Paths, partition: Partition) -> Partition:
    folder = landing.partition_dir(paths, partition.source, partition.extract_date)
    return landing.read_manifest(folder / landing.MANIFEST)


def _records_gone(partitions: list[Partition]) -> int:
    return sum(file.records_gone for partition in partitions for file in partition.files)

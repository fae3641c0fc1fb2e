"""Records of erased people come no more: new partitions leave them before they are loaded. Who
these people are is known by keyed hashes only, so every new identifier is hashed and looked for;
nothing is done while nobody was erased."""

from collections.abc import Callable

import duckdb

from pipelines import keyed, landing
from pipelines.landing import Partition
from pipelines.settings import Paths
from pipelines.sources import mentioned, named, raw
from pipelines.sources.mentioned import judged_by
from pipelines.sources.mentions import Hashed, Mentions
from pipelines.sources.rewrite import rewrite
from pipelines.specs import identifiers
from pipelines.specs.night import Night

Key = Callable[[], str]  # reads the shop's hash key; only asked for where somebody was erased

_DELIMITERS = {",", ";", "\t", "|"}  # a configured one may have been another before
# What is erased, and what is only not written to.
_KNOWN = """
select identifier_type, identifier_hash, requested_at, as_of from ops.erasures
union all
select identifier_type, identifier_hash, null, null from ops.suppressions"""
_BACK = """
create or replace temp table back as
select identifier_type, identifier from ops.recognised
union
select item.identifier_type, item.identifier
from (select unnest(shown) as item from named where is_new_beginning)"""
_DOOMED = """
create or replace temp table doomed as
select _path, _row from named
where is_part or is_of_before or is_asked_for and not is_new_beginning and not exists (
    select 1 from back
    where list_contains(
        shown, {identifier_type: back.identifier_type, identifier: back.identifier}
    )
)
union
select _path, _row from mentioned where is_whole"""
_RECOGNISED = """
insert into ops.recognised
select seen.item.identifier_type, seen.item.identifier, sought.identifier_hash,
    seen.profile_id, min(seen.extract_date)
from (
    select unnest(shown) as item, profile_id, extract_date
    from named anti join doomed using (_path, _row)
    where profile_id is not null
) as seen
join sought on sought.identifier_type = seen.item.identifier_type
    and sought.identifier = seen.item.identifier
where not exists (
    select 1 from ops.recognised as before
    where before.identifier_type = seen.item.identifier_type
        and before.identifier = seen.item.identifier and before.profile_id = seen.profile_id
)
group by all"""


def gone(con: duckdb.DuckDBPyConnection, night: Night, key: Key) -> Hashed | None:
    """Those who were erased and have not come back, as far as keyed hashes tell; None, and no key
    asked for, where nobody was ever erased."""
    if not con.execute(f"select 1 from ({_KNOWN}) limit 1").fetchall():
        return None
    hashes = con.execute(
        "select distinct identifier_type, identifier_hash from ops.erasures"
        " anti join ops.recognised using (identifier_type, identifier_hash)"
    ).fetchall()
    return Hashed(key(), hashes, delimiters(night), night.shop.country)


def delimiters(night: Night) -> str:
    """The characters that may stand between the values of a raw line."""
    configured = {source.delimiter for source in night.shop.sources.values()}
    return "".join(sorted(_DELIMITERS | configured))


def refuse(
    con: duckdb.DuckDBPyConnection, paths: Paths, partitions: list[Partition], people: Hashed
) -> list[Partition]:
    """The partitions without the records of erased people that are not later than their request:
    those leave landing, counted as refused. What ends something, or does not tell when it happened,
    is refused as well unless its person has come back; `ops.recognised` learns who has."""
    con.execute(
        f"create or replace temp table sought as {_returning(con, paths, partitions)}",
        keyed.parameters(people.key),
    )
    judge(con, paths, partitions, people)
    return [take_out(con, paths, partition) for partition in partitions]


def judge(
    con: duckdb.DuckDBPyConnection, paths: Paths, partitions: list[Partition], people: Mentions
) -> None:
    """Fill the temporary tables `named`, `mentioned` and `doomed` from partitions, and
    `ops.recognised`. The temporary table `sought` holds the identifiers to look for
    (identifier_type, identifier, identifier_hash, requested_at, as_of)."""
    named.start(con)
    mentioned.start(con)
    with judged_by(con, people):
        for entity in identifiers.entities():
            rows = raw.placed(paths, entity, [p for p in partitions if p.entity == entity.name])
            named.find(con, entity, rows, "sought")
            mentioned.find(con, entity, rows)
    for statement in (_BACK, _DOOMED, _RECOGNISED):
        con.execute(statement)


def take_out(con: duckdb.DuckDBPyConnection, paths: Paths, partition: Partition) -> Partition:
    """The partition without the rows of `doomed`, and without what the contract does not know of
    those of `mentioned`."""
    folder = landing.partition_dir(paths, partition.source, partition.extract_date)
    [(affected,)] = con.execute(
        "select count(*) from (select _path from doomed union all select _path from mentioned)"
        " where starts_with(_path, ?)",
        [f"{folder}/"],
    ).fetchall()
    if not affected:
        return partition
    return rewrite(
        con,
        paths,
        partition,
        rows="(_path, _row) in (select (_path, _row) from doomed)",
        without_extra="(_path, _row) in (select (_path, _row) from mentioned)",
    )


def _returning(con: duckdb.DuckDBPyConnection, paths: Paths, partitions: list[Partition]) -> str:
    """SQL: the identifiers in the partitions that are known, with the latest request about them."""
    kinds = con.execute(f"select distinct identifier_type from ({_KNOWN})").fetchall()
    found = []
    for entity in identifiers.entities():
        rows = raw.placed(paths, entity, [p for p in partitions if p.entity == entity.name])
        for kind, key in named.keys_of(entity).items() if rows else ():
            if (kind,) in kinds:
                found.append(
                    f"select '{kind}' as identifier_type, {key} as identifier from ({rows})"
                )
    shown = " union ".join(found) or "select null::varchar, null::varchar where false"
    digest = keyed.hashed_sql("identifier_type || '|' || identifier")
    return (
        f"with new as (select *, {digest} as identifier_hash"
        f" from ({shown}) as shown(identifier_type, identifier) where identifier is not null)"
        " select new.identifier_type, new.identifier, new.identifier_hash,"
        " max(known.requested_at) as requested_at, max(known.as_of) as as_of"
        f" from new join ({_KNOWN}) as known using (identifier_type, identifier_hash)"
        " group by 1, 2, 3"
    )

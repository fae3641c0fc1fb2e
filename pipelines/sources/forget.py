"""Which records in quarantine are no longer kept: those that are too old, and those that name a
person who asked to be erased. They leave landing; the books count them for ever."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import duckdb
import pyarrow as pa

from pipelines import landing
from pipelines.landing import Partition
from pipelines.settings import Paths
from pipelines.sources import books, engine
from pipelines.sources.mentions import Erased
from pipelines.sources.rewrite import rewrite
from pipelines.specs.night import Night

_DELIMITERS = {",", ";", "\t", "|"}  # a configured one may have been another before


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The partitions that are to be entered again, and how many records left them now."""

    partitions: list[Partition]
    expired: int
    erased: int


def forget(con: duckdb.DuckDBPyConnection, night: Night) -> Forgotten:
    """Rewrite landing without the quarantined records of extracts that are more than
    `retention.quarantine_days` older than the night, and without those that name an erased person.
    Every loaded request counts, that of a later extract too: nobody comes back because an older
    night is run again. `con`: in a transaction in which the night's partitions were entered."""
    oldest = night.as_of - timedelta(days=night.shop.retention.quarantine_days)
    partitions, counts = [], {True: 0, False: 0}
    with _judge(con, _erased(con, night)):
        doomed = con.execute(
            "select source, extract_date, extract_date < $oldest from ops.quarantine"
            " where extract_date < $oldest"
            " or (extract_date <= $as_of and names_erased(record)) group by all order by all",
            {"oldest": oldest, "as_of": night.as_of},
        ).fetchall()
        for source, extract_date, is_old in doomed:
            folder = landing.partition_dir(night.paths, source, extract_date)
            if not (folder / landing.MANIFEST).exists():  # of a source that is gone altogether
                books.delete(con, source, extract_date)
                continue
            before = landing.read_manifest(folder / landing.MANIFEST)
            after = rewrite(
                con,
                night.paths,
                before,
                rows="problem is not null" if is_old else "names_erased(problem ->> '$.record')",
                rejects="true" if is_old else "names_erased(record)",
            )
            partitions.append(after)
            counts[is_old] += _no_longer_kept(after) - _no_longer_kept(before)
    return Forgotten(partitions, expired=counts[True], erased=counts[False])


def refuse_erased(con: duckdb.DuckDBPyConnection, paths: Paths, partition: Partition) -> Partition:
    """Rewrite a partition without the records, good ones too, of erased people. `con`: the
    warehouse, with the requests that are loaded."""
    keys = sorted({"contact_id", "email"} & set(partition.columns))
    if partition.entity == "erasure_requests" or not keys:
        return partition
    named = " or ".join(f"{key} in (select {key} from raw.erasure_requests)" for key in keys)
    return rewrite(con, paths, partition, rows=named, rejects="false")


def _no_longer_kept(partition: Partition) -> int:
    return sum(file.no_longer_kept for file in partition.files)


def _erased(con: duckdb.DuckDBPyConnection, night: Night) -> Erased:
    people = con.execute("select distinct contact_id, email from raw.erasure_requests").fetchall()
    delimiters = _DELIMITERS | {source.delimiter for source in night.shop.sources.values()}
    return Erased(
        (contact_id for contact_id, _ in people if contact_id is not None),
        (email for _, email in people if email is not None),
        "".join(sorted(delimiters)),
    )


@contextmanager
def _judge(con: duckdb.DuckDBPyConnection, erased: Erased) -> Iterator[None]:
    """The SQL function `names_erased(record)`: false for NULL."""

    def of_records(records: pa.ChunkedArray) -> pa.Array:
        texts = records.to_pylist() if erased else [None] * len(records)
        return pa.array([t is not None and erased.is_named_in(t) for t in texts], pa.bool_())

    engine.add_function(con, "names_erased", of_records, duckdb.sqltypes.BOOLEAN)
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # where a query has failed, it is gone with the transaction
            con.remove_function("names_erased")

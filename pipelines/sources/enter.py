"""Enters a partition as landing holds it: its quarantined records and its rows in the books."""

from pathlib import Path

import duckdb

from pipelines import catalog, landing
from pipelines.landing import LandedFile, Partition
from pipelines.settings import Paths
from pipelines.sources import books
from pipelines.sources.books import Booked
from pipelines.sources.engine import quoted
from pipelines.sources.rows import line_of


def enter(con: duckdb.DuckDBPyConnection, paths: Paths, partition: Partition) -> list[Booked]:
    """Fill `ops.quarantine` and `ops.books` with a partition, in place of what they hold of it. Run
    it in a transaction, and `raw.refresh` after it. SourceError when landing is damaged."""
    books.delete(con, partition.source, partition.extract_date)
    booked = [_enter_file(con, paths, partition, file) for file in partition.files]
    books.write(con, booked)
    return booked


def _enter_file(
    con: duckdb.DuckDBPyConnection, paths: Paths, partition: Partition, file: LandedFile
) -> Booked:
    folder = landing.partition_dir(paths, partition.source, partition.extract_date)
    parquet, rejects = folder / file.landed_as, folder / partition.rejects_as
    landing.require_whole(parquet, file.landed_sha256)
    where = (
        f"{quoted(partition.source)}, {quoted(partition.entity)}, date"
        f" {quoted(str(partition.extract_date))}"
    )
    kept = rejected = 0
    try:
        if file.quarantined:
            kept = _quarantine(
                con,
                f"select {where}, {quoted(file.file)}, {line_of(file.first_line)},"
                " problem ->> '$.column', problem ->> '$.reason', problem ->> '$.record'"
                f" from read_parquet({quoted(str(parquet))}, file_row_number = true)"
                " where problem is not null order by file_row_number",
            )
        rejected = _quarantine(
            con,
            f'select {where}, file, line, "column", reason, record'
            f" from read_parquet({quoted(str(rejects))}) where file = {quoted(file.file)}"
            " order by line",
        )
        [(good,)] = con.execute(
            f"select count(*) - count(problem) from read_parquet({quoted(str(parquet))})"
        ).fetchall()
    except duckdb.Error as error:
        raise landing.damaged(parquet, str(error).splitlines()[0]) from None
    _require(parquet, kept, file.quarantined - file.quarantined_gone)
    _require(rejects, rejected, file.rejects - file.rejects_gone)
    return Booked.of(partition, file, good)


def _quarantine(con: duckdb.DuckDBPyConnection, query: str) -> int:
    [(count,)] = con.execute(f"{catalog.insert_into('ops.quarantine')} {query}").fetchall()
    return int(count)


def _require(parquet: Path, found: int, told: int) -> None:
    if found != told:
        raise landing.damaged(
            parquet, f"it holds {found} quarantined records, and its manifest tells {told}"
        )

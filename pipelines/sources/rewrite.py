"""Takes records out of a partition of landing, which nothing else ever changes."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb

from pipelines import landing
from pipelines.landing import LandedFile, Partition
from pipelines.settings import Paths
from pipelines.sources import engine
from pipelines.sources.rows import numbered


def rewrite(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    partition: Partition,
    *,
    rows: str = "false",
    rejects: str = "false",
    without_extra: str = "false",
) -> Partition:
    """Land a partition without the rows that meet the SQL condition `rows`, over the columns of its
    entity and `problem`, and without the rejects that meet `rejects`, over their columns. Rows that
    meet `without_extra` stay, but for what the contract does not know of them. A condition may ask
    where a row stands: `_path` of the Parquet file, `_row` in it. Returns what is landed now: the
    same where nothing met them. What stays keeps its lines; the counts of what was read stay, with
    how many are gone.

    The files from before stay beside until `landing.clear`: have the books follow first. Twice does
    the same as once. SourceError when landing is damaged."""
    there = landing.partition_dir(paths, partition.source, partition.extract_date)
    folder = paths.scratch / "landing" / partition.source / str(partition.extract_date)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        files = [
            _without(
                con,
                there / file.landed_as,
                folder / f"records-{number}.parquet",
                file,
                f"coalesce({rows}, false)",
                f"coalesce({without_extra}, false)",
            )
            for number, file in enumerate(partition.files)
        ]
        rejects_as, gone = _without_rejects(con, there / partition.rejects_as, folder, rejects)
        files = [replace(f, rejects_gone=f.rejects_gone + gone.get(f.file, 0)) for f in files]
        rewritten = replace(partition, files=tuple(files), rejects_as=rejects_as)
        if rewritten == partition:
            return partition
        rewritten = replace(rewritten, rewritten=partition.rewritten + 1)
        landing.put(paths, folder, rewritten)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return rewritten


def _without(  # noqa: PLR0917
    con: duckdb.DuckDBPyConnection,
    parquet: Path,
    target: Path,
    file: LandedFile,
    taken: str,
    emptied: str,
) -> LandedFile:
    landing.require_whole(parquet, file.landed_sha256)
    placed = numbered(parquet, file.first_line, with_row=True)
    there = f"from (select *, {engine.quoted(str(parquet))} as _path from ({placed}))"
    try:
        [(quarantined, every, changed)] = con.execute(
            f"select count(problem) filter (where {taken}), count(*) filter (where {taken}),"
            f" count(*) filter (where {taken} or {emptied} and extra is not null) {there}"
        ).fetchall()
        if not changed:
            return file
        extra = f"case when not {emptied} then extra end as extra"
        kept = f"select * exclude (_path, _row) replace ({extra}) {there} where not {taken}"
        engine.copy(con, kept, target)
    except duckdb.IOException as error:
        raise landing.damaged(parquet, str(error).splitlines()[0]) from None
    landed_as, digest = landing.named_by_content(target)
    return replace(
        file,
        landed_as=landed_as,
        landed_sha256=digest,
        first_line=None,
        records_gone=file.records_gone + every - quarantined,
        quarantined_gone=file.quarantined_gone + quarantined,
    )


def _without_rejects(
    con: duckdb.DuckDBPyConnection, parquet: Path, folder: Path, rejects: str
) -> tuple[str, dict[str, int]]:
    """The name of the file that holds the other rejects, and how many are gone of each extract
    file."""
    taken = f"coalesce({rejects}, false)"
    there = f"from read_parquet({engine.quoted(str(parquet))})"
    target = folder / landing.REJECTS
    try:
        gone = con.execute(f"select file, count(*) {there} where {taken} group by file").fetchall()
        if not gone:
            return parquet.name, {}
        engine.copy(con, f"select * {there} where not {taken}", target)
    except duckdb.IOException as error:
        raise landing.damaged(parquet, str(error).splitlines()[0]) from None
    return landing.named_by_content(target)[0], dict(gone)

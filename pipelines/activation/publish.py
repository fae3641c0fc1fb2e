"""publish: the analysts' read-only DuckDB file, built beside the old one and swapped by rename."""

import shutil
from pathlib import Path

import duckdb

from pipelines.activation import durable
from pipelines.activation.analysts_file import AnalystsFile
from pipelines.activation.ledger_tables import CHECKS, RUNS, check_rows, run_rows
from pipelines.activation.published_tables import customer_360, tables
from pipelines.errors import ConfigError
from pipelines.ledger import Ledger
from pipelines.specs.night import Night, StepReport


def publish(con: duckdb.DuckDBPyConnection, night: Night, ledger: Ledger, key: str) -> StepReport:
    """Replace `paths.published` and its Parquet. A reader (DuckDB 1.2 on) opens the old file or the
    new one. `key` makes the tokens of pseudonymised addresses. ConfigError when it is needed and
    empty, NotReady when transform has not run."""
    pseudonymised = night.shop.publishing.addresses == "pseudonymised"
    if pseudonymised and not key:
        raise ConfigError(
            f"publish: the environment variable {night.shop.hash_key} is empty; it holds the key "
            "of pseudonymised addresses (or set publishing.addresses to 'clear')"
        )
    target = night.paths.published
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.with_name(f".{target.stem}.building.duckdb")
    _remove(building)
    try:
        counts = _fill(con, night, ledger, building, key if pseudonymised else None)
        durable.replace_file(building, target)
        _as_parquet(con, night)
    finally:
        _remove(building)
    rows = sum(counts.values())
    return StepReport(rows, {"tables": len(counts), "customers": counts["marts.customer_360"]})


def _fill(
    con: duckdb.DuckDBPyConnection, night: Night, ledger: Ledger, path: Path, key: str | None
) -> dict[str, int]:
    """Rows by table; the file is complete and closed when this returns."""
    with AnalystsFile(con, path, key) as file:
        for table in (customer_360(night), *tables(night)):
            file.copy(table)
        file.write(RUNS, run_rows(ledger, night.as_of))
        file.write(CHECKS, check_rows(ledger, night.shop.retention.candidate_nights))
    return file.counts


def _as_parquet(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    """The tables of the published file as one Parquet file each, all of the same night."""
    target, building = night.paths.published_parquet, night.paths.scratch / "publish"
    shutil.rmtree(building, ignore_errors=True)
    if not night.shop.publishing.parquet:
        shutil.rmtree(target, ignore_errors=True)
        return
    building.mkdir(parents=True)
    con.execute(f"attach {_literal(night.paths.published)} as published (read_only)")
    try:
        names = con.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'published' order by all"
        ).fetchall()
        for schema, name in names:
            file = building / f"{schema}.{name}.parquet"
            con.execute(
                f"copy published.{schema}.{name} to {_literal(file)} (format parquet, codec zstd)"
            )
    finally:
        con.execute("detach published")
    durable.replace_folder(building, target, night.paths.scratch / "published_before")


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _remove(path: Path) -> None:
    """What an earlier, killed run left."""
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)

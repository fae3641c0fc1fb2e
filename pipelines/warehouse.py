"""The one way to connect to DuckDB, and the lock that keeps two nights apart."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from pipelines import catalog
from pipelines.errors import StorageError, TransientError, WarehouseBusy
from pipelines.settings import Machine, Paths

_COMMENTS = """
select schema_name || '.' || table_name, comment from duckdb_tables()
union all
select schema_name || '.' || view_name, comment from duckdb_views() where not internal
"""
_COLUMNS = """
select schema_name || '.' || table_name, column_name from duckdb_columns() where not internal
"""


def connection_settings(machine: Machine, paths: Paths) -> dict[str, str]:
    """DuckDB settings, shared with dbt's profile: DuckDB refuses a second connection to one file
    with other settings."""
    spill = paths.scratch / "duckdb"
    return {
        "threads": str(machine.threads),
        "memory_limit": machine.memory_limit,
        "temp_directory": str(spill),
    }


@contextmanager
def lock(paths: Paths, timeout: float = 3600) -> Iterator[None]:
    """Hold the warehouse. WarehouseBusy after `timeout` seconds. The operating system frees the
    lock when its holder dies, however it dies."""
    with _hold(paths.warehouse.parent / ".lock", paths.warehouse, timeout):
        yield


@contextmanager
def landing_lock(paths: Paths, timeout: float = 3600) -> Iterator[None]:
    """Hold the landing area: two extracts at once would clear away each other's files."""
    with _hold(paths.landing / ".lock", paths.landing, timeout):
        yield


@contextmanager
def _hold(lock_file: Path, what: Path, timeout: float) -> Iterator[None]:
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    file = FileLock(lock_file)
    try:
        file.acquire(timeout=timeout)
    except Timeout:
        raise WarehouseBusy(
            f"{what}: held by another process for more than {timeout:.0f} s; "
            "wait for that step to end and run this one again"
        ) from None
    try:
        yield
    finally:
        file.release()


@contextmanager
def connect(paths: Paths, machine: Machine) -> Iterator[duckdb.DuckDBPyConnection]:
    """An open connection to the warehouse with Python's tables in place. Hold `lock` around it."""
    paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    paths.scratch.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(paths.warehouse), config=dict(connection_settings(machine, paths)))
    except duckdb.Error as error:  # a damaged file is no IOException
        raise _storage(paths.warehouse, error) from None
    try:
        con.execute("load icu")
        con.execute("set TimeZone = 'UTC'")
        for statement in catalog.ddl(dict(con.execute(_COMMENTS).fetchall())):
            con.execute(statement)
        for statement in catalog.added_columns(set(con.execute(_COLUMNS).fetchall())):
            con.execute(statement)
        yield con
    except duckdb.IOException as error:
        raise _storage(paths.warehouse, error) from None
    finally:
        con.close()


def try_open(paths: Paths) -> None:
    """WarehouseBusy or StorageError when the warehouse is there and cannot be opened."""
    try:
        if paths.warehouse.exists():
            duckdb.connect(str(paths.warehouse), read_only=True).close()
    except duckdb.Error as error:
        raise _storage(paths.warehouse, error) from None


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back when anything is raised."""
    con.execute("begin transaction")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # an open result forbids it; closing the connection does it
            con.execute("rollback")
        raise
    con.execute("commit")


def _storage(path: Path, error: Exception) -> TransientError:
    first_line = str(error).splitlines()[0]
    if "Could not set lock on file" in first_line:
        holder = first_line.partition("held in ")[2].partition(". See")[0] or "another process"
        return WarehouseBusy(
            f"{path}: open in {holder}; close it there and run again (for a look at the data, "
            "open analytics.duckdb beside it)"
        )
    return StorageError(f"{path}: {first_line}; free space or mend the file, then run again")

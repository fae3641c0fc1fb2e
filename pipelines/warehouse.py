"""The one way to connect to DuckDB, and the lock that keeps two nights apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from pipelines import catalog
from pipelines.errors import StorageError, WarehouseBusy
from pipelines.settings import Machine, Paths


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
    paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    file = FileLock(paths.warehouse.parent / ".lock")
    try:
        file.acquire(timeout=timeout)
    except Timeout:
        raise WarehouseBusy(
            f"{paths.warehouse}: held by another process for more than {timeout:.0f} s; "
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
    except duckdb.IOException as error:
        raise _storage(paths.warehouse, error) from None
    try:
        con.execute("load icu")
        con.execute("set TimeZone = 'UTC'")
        for statement in catalog.ddl():
            con.execute(statement)
        yield con
    except duckdb.IOException as error:
        raise _storage(paths.warehouse, error) from None
    finally:
        con.close()


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back when anything is raised."""
    con.execute("begin transaction")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def _storage(path: Path, error: Exception) -> StorageError:
    first_line = str(error).splitlines()[0]
    return StorageError(f"{path}: {first_line}; free space or mend the file, then run again")

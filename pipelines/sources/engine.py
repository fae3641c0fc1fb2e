"""DuckDB as a reader of files: an in-memory database, thrown away after use."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb.func import FunctionNullHandling, PythonUDFType

from pipelines.errors import SourceError, StorageError
from pipelines.settings import Machine, Paths
from pipelines.sources.prepare import Extract
from pipelines.warehouse import connection_settings

REJECT_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("column", pa.string()),
        ("reason", pa.string()),
        ("record", pa.string()),
    ]
)
RejectRow = tuple[str, int, str | None, str, str]
# Per thread. Given less, one thread waits for the other while wide rows are written. Given more,
# DuckDB keeps what it has read and written for as long as the file lasts: a file of four times the
# rows then takes twice the memory, in the same time (benchmarks/front_door).
_LITTLE = 320 << 20
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
_DISK_WORDS = ("No space left", "Could not write", "Read-only file system", "disk quota")


@contextmanager
def reader(machine: Machine, paths: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB, in UTC."""
    con = duckdb.connect(":memory:", config=dict(connection_settings(machine, paths)))
    try:
        con.execute("load icu")
        con.execute("set TimeZone = 'UTC'")
        yield con
    finally:
        con.close()


@contextmanager
def little_memory(con: duckdb.DuckDBPyConnection, machine: Machine) -> Iterator[None]:
    """What streams needs little memory, whatever the file's size: within, it is given no more.
    What does not stream (wide rows, large JSON objects) raises duckdb.OutOfMemoryException."""
    allowed = "select parse_formatted_bytes(current_setting('memory_limit'))"
    [(most,)] = con.execute(allowed).fetchall()
    con.execute(f"set memory_limit = '{min(most, _LITTLE * machine.threads)}B'")
    try:
        yield
    finally:
        con.execute(f"set memory_limit = '{most}B'")


@contextmanager
def sentences(extract: Extract) -> Iterator[None]:
    """Turns what the disk or DuckDB raise while `extract` is read into StorageError or
    SourceError."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_ERRORS:
            raise StorageError(
                f"{extract.label}: {error.strerror}; free space, run again"
            ) from None
        raise SourceError(f"{extract.label}: cannot be read: {error.strerror or error}") from None
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        if any(words in first_line for words in _DISK_WORDS):
            raise StorageError(f"{extract.label}: {first_line}; free space, run again") from None
        raise SourceError(f"{extract.label}: cannot be read: {first_line}") from None


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """An SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def extra(values: dict[str, str]) -> str:
    """SQL: the filled ones of `values` (name → expression) as a JSON object, NULL when none is."""
    if not values:
        return "null::varchar"
    pairs = ", ".join(f"{quoted(key)}, {expression}" for key, expression in values.items())
    return f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}')"


def add_function(
    con: duckdb.DuckDBPyConnection,
    called: str,
    of_texts: Callable[[pa.ChunkedArray], pa.Array],
    returns: duckdb.sqltypes.DuckDBPyType,
) -> None:
    """Make an SQL function of one text, which it gets in batches, NULLs too."""
    con.create_function(
        called,
        of_texts,
        [duckdb.sqltypes.VARCHAR],
        returns,
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )


def copy(con: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    """Write the rows of `query` to a Parquet file in its order (of a stream: block by block, in any
    order)."""
    # A dictionary of many values (identifiers) costs a fifth of the writing and saves no byte;
    # more than the lightest compression a tenth, for a twentieth of the bytes.
    settings = "format parquet, compression zstd, compression_level 1, dictionary_size_limit 5000"
    con.execute(f"copy ({query}) to {quoted(str(target))} ({settings})")


def count(con: duckdb.DuckDBPyConnection, parquet: Path) -> int:
    """The number of rows in a Parquet file."""
    query = f"select count(*) from read_parquet({quoted(str(parquet))})"
    return int(con.execute(query).fetchall()[0][0])


def write_rejects(rows: list[RejectRow], target: Path) -> None:
    """Write the rejects of a partition, ordered by file and line."""
    ordered = sorted(rows, key=lambda r: r[:2])
    arrays = [pa.array([row[i] for row in ordered], f.type) for i, f in enumerate(REJECT_SCHEMA)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=REJECT_SCHEMA), target)

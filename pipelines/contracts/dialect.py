"""A SQLAlchemy dialect around a DuckDB connection that is already open.

Great Expectations opens, commits and closes connections as it pleases, and reads a result after
it has closed the connection. Here every connection is the one that the step holds: a result is
buffered when it is executed, and begin, commit, rollback and close do nothing, so the checks see
the uncommitted rows and temp tables of the step, and the step alone decides whether they stay."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import duckdb_engine
import sqlalchemy
from sqlalchemy import pool
from sqlalchemy.dialects import registry
from sqlalchemy.engine.url import URL

NAME = "duckdb.nocturne"


@dataclass(slots=True)
class Loan:
    """A connection that Great Expectations may look through. DuckDB aborts a transaction at any
    error and Great Expectations tries a failed query three times, so only the first error tells."""

    url: str
    con: duckdb.DuckDBPyConnection
    failed_statement: str = ""
    error: str = ""


_LENT: dict[str, Loan] = {}  # by the name in their URL


class Cursor:
    """A DBAPI cursor that holds its whole result (metrics are single rows)."""

    arraysize = 1

    def __init__(self, connection: "Connection", loan: Loan) -> None:
        self.connection = connection
        self._loan = loan
        self._rows: list[tuple[Any, ...]] = []
        self.description: Sequence[Any] | None = None
        self.rowcount = -1

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        con = self._loan.con
        try:
            con.execute(statement, parameters or None)
            self.description = con.description
            self._rows = con.fetchall()
        except duckdb.Error as error:
            if not self._loan.error:
                self._loan.failed_statement, self._loan.error = statement, str(error)
            raise

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        taken, self._rows = self._rows[: size or 1], self._rows[size or 1 :]
        return taken

    def fetchall(self) -> list[tuple[Any, ...]]:
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        """The result stays readable, as Great Expectations expects."""


class Connection:
    """A DBAPI connection that cannot end the transaction it looks into."""

    def __init__(self, loan: Loan) -> None:
        self.notices: list[str] = []
        self._loan = loan

    def cursor(self) -> Cursor:
        return Cursor(self, self._loan)

    def commit(self) -> None:
        """The step commits."""

    def rollback(self) -> None:
        """The step rolls back."""

    def close(self) -> None:
        """The step closes."""


class Dialect(duckdb_engine.Dialect):
    """DuckDB's SQL on a lent connection; columns are read with DESCRIBE, which sees temp tables."""

    driver = "nocturne"
    supports_statement_cache = False

    def connect(self, *args: Any, **options: Any) -> Any:
        return Connection(_LENT[options["database"]])

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        return pool.NullPool

    def do_begin(self, connection: Any) -> None:
        """The step has begun."""

    def do_commit(self, connection: Any) -> None:
        """The step commits."""

    def do_rollback(self, connection: Any) -> None:
        """The step rolls back."""

    def has_table(
        self, connection: Any, table_name: str, schema: str | None = None, **options: Any
    ) -> bool:
        return bool(self.get_columns(connection, table_name, schema))

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **options: Any
    ) -> Any:
        quote = self.identifier_preparer.quote
        name = f"{quote(schema)}.{quote(table_name)}" if schema else quote(table_name)
        rows = connection.exec_driver_sql(f"describe {name}").fetchall()
        return [
            {"name": r[0], "type": _type(r[1]), "nullable": True, "default": None} for r in rows
        ]

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **options: Any
    ) -> Any:
        """None: asking PostgreSQL's catalog fails, and any error aborts DuckDB's transaction."""
        return {"constrained_columns": [], "name": None}


def _type(name: str) -> Any:
    kinds = {"VARCHAR": sqlalchemy.String, "DATE": sqlalchemy.Date, "BOOLEAN": sqlalchemy.Boolean}
    return kinds.get(name, sqlalchemy.types.NullType)()


registry.register(NAME, __name__, "Dialect")


@contextmanager
def lend(con: duckdb.DuckDBPyConnection) -> Iterator[Loan]:
    """Make `con` reachable by SQLAlchemy under the loan's URL while the block runs."""
    name = f"lent{id(con)}"
    _LENT[name] = Loan(f"duckdb+nocturne:///{name}", con)
    try:
        yield _LENT[name]
    finally:
        del _LENT[name]

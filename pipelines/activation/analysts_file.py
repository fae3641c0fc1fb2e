"""Filling the analysts' DuckDB file: tables in a fixed order of rows, each with its comments."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from pipelines.activation import pseudonym
from pipelines.activation.ledger_tables import LedgerTable
from pipelines.activation.published_tables import Published
from pipelines.errors import NotReady

_HERE = "database_name = current_database() and schema_name = ? and table_name = ?"


class AnalystsFile:
    """The new file at `path`, attached to `con` as `published` while inside `with`. Addresses stay
    clear when `key` is None. `counts`: rows by table."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path, key: str | None) -> None:
        self._con = con
        self._path = path
        self._key = key
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        quoted = str(self._path).replace("'", "''")
        self._con.execute(f"attach '{quoted}' as published (storage_version 'v1.2.0')")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._con.execute("checkpoint published")
        finally:
            self._con.execute("detach published")

    def copy(self, table: Published) -> None:
        """A table or view of the warehouse, or what `table.query` makes of it."""
        parts = table.name.split(".")
        found = self._all(
            f"select comment from duckdb_tables() where {_HERE} union all"
            f" select comment from duckdb_views() where {_HERE.replace('table_name', 'view_name')}",
            [*parts, *parts],
        )
        if not found:
            raise NotReady(f"publish: {table.name} does not exist; run `transform` first")
        described = dict(
            self._all(
                "select column_name, comment from duckdb_columns()"
                f" where {_HERE} and comment is not null",
                parts,
            )
        )
        self._create(table)
        self._comment(table.name, found[0][0] or "", described | table.comments)

    def write(self, table: LedgerTable, rows: list[dict[str, Any]]) -> None:
        """A table whose rows do not come from the warehouse."""
        self._con.register("ledger_rows", pa.Table.from_pylist(rows, schema=table.schema))
        try:
            self._create(Published(table.name, table.order_by, query="from ledger_rows"))
        finally:
            self._con.unregister("ledger_rows")
        self._comment(table.name, table.comment, table.comments)

    def _create(self, table: Published) -> None:
        columns = []
        for name, kind, *_ in self._all(f"describe {table.query}"):
            sql = pseudonym.published_sql(name, kind, pseudonymised=self._key is not None)
            if sql is not None and name not in table.without:
                columns.append(f'{sql} as "{name}"')
        query = f"select {', '.join(columns)} from ({table.query}) where {table.where}"
        order = ", ".join(table.order_by) or "all"
        self._con.execute(f"create schema if not exists published.{table.name.split('.')[0]}")
        # The key is bound, never written into SQL; a statement without it takes no parameter.
        values = {"key": self._key} if pseudonym.KEY in query else None
        self._con.execute(
            f"create table published.{table.name} as select * from ({query}) order by {order}",
            values,
        )
        rows = self._all(f"select count(*) from published.{table.name}")
        self.counts[table.name] = int(rows[0][0])

    def _comment(self, table: str, comment: str, columns: dict[str, str]) -> None:
        self._con.execute(f"comment on table published.{table} is {_literal(comment)}")
        present = {row[0] for row in self._all(f"describe published.{table}")}
        for column, text in columns.items():
            if column in present:
                where = f'published.{table}."{column}"'
                self._con.execute(f"comment on column {where} is {_literal(text)}")

    def _all(self, sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self._con.execute(sql, values).fetchall()


def _literal(text: str) -> str:
    """COMMENT takes no parameters."""
    return "'" + text.replace("'", "''") + "'"

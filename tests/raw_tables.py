"""Tables in the place of the views `raw.<entity>`, for worlds that have no landing area."""

import duckdb

from pipelines.catalog import raw_columns
from pipelines.specs.contract import ENTITIES


def make_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make each `raw.<entity>` that is a view an empty table."""
    views = con.execute("select view_name from duckdb_views() where schema_name = 'raw'").fetchall()
    for (entity,) in views:
        columns = ", ".join(f'"{c}" {kind}' for c, kind in raw_columns(ENTITIES[entity]).items())
        con.execute(f"drop view raw.{entity}")
        con.execute(f"create table raw.{entity} ({columns})")

"""The settings of a database are right, or every mistake in them is told."""

from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.specs.shop import load_shop
from tests.unit.test_sources_sql_sqlite import source


def mistakes(write_config: Any, config: dict[str, Any], orders: dict[str, Any]) -> str:
    config["sources"] = {"orders": orders}
    with pytest.raises(ConfigError) as caught:
        load_shop(write_config(config))
    return str(caught.value)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            {"query": "select 1"},
            "sql: found both of table and query, where exactly one",
        ),
        ({"table": None}, "sources.orders.sql: found neither of table and query, where exactly"),
        ({"connection": "postgresql://a:sEcr3t@host/db"}, "sql.connection: allowed: the name of"),
        ({"table": "sales."}, "sql.table: found 'sales.'; allowed: a name such as orders or"),
        ({"table": None, "query": "-- x\ndelete from orders"}, "sql.query: must be one statement"),
        ({"lag_hours": -1}, "sql.lag_hours: found -1"),
        ({"batch_mb": 0}, "sql.batch_mb: found 0"),
        ({"tabel": "orders"}, "sql.tabel: unknown setting; did you mean 'table'?"),
    ],
    ids=str,
)
def test_each_mistake_is_told_with_what_is_allowed(
    small_config: dict[str, Any], write_config: Any, sql: dict[str, Any], told: str
) -> None:
    text = mistakes(write_config, small_config, source(**sql))
    assert told in text
    assert "sEcr3t" not in text


@pytest.mark.parametrize("query", ["/* all */ (Select 1)", "with a as (select 1) select 2;"])
def test_a_query_may_begin_in_many_ways(
    small_config: dict[str, Any], write_config: Any, query: str
) -> None:
    small_config["sources"]["orders"] = source(table=None, query=query)
    sql = load_shop(write_config(small_config)).sources["orders"].sql
    assert sql is not None
    assert sql.query == query.removesuffix(";")


def test_each_connector_has_its_own_settings(
    small_config: dict[str, Any], write_config: Any
) -> None:
    files = small_config["sources"]["orders"]
    without = {key: value for key, value in files.items() if key not in {"path", "format"}}
    text = mistakes(write_config, small_config, without | {"sql": source()["sql"]})
    for told in (
        "sources.orders.path: missing; it is required with connector 'file'",
        "sources.orders.format: missing; it is required with connector 'file'",
        "sources.orders.sql: means nothing with connector 'file'; remove it",
    ):
        assert told in text
    text = mistakes(write_config, small_config, files | {"connector": "sql"})
    for told in (
        "sources.orders.sql: missing; it is required with connector 'sql'",
        "sources.orders.path: means nothing with connector 'sql'; remove it",
        "sources.orders.format: means nothing with connector 'sql'; remove it",
    ):
        assert told in text

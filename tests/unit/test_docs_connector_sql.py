"""The examples of the page about databases work as they are printed."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.contract.world import D1, FrontDoor
from tests.servers import postgres as servers

PAGE = (ROOT / "docs" / "connectors" / "sql.md").read_text(encoding="utf-8")
TABLES = (
    "create table {schema}orders (id int, customer_id int, ordered_at timestamp, status text,"
    " total numeric, email text, changed_at timestamp)",
    "insert into {schema}orders values (1, 7, '2026-06-29 10:00', 'paid', 12.5, 'p@shop.example',"
    " '2026-06-29 10:00')",
)


def example(name: str) -> dict[str, Any]:
    """The source `name` of the page's examples."""
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    sources: dict[str, Any] = {}
    for block in blocks:
        sources |= yaml.safe_load(block)["sources"]
    return {name: sources[name]}


def test_the_example_of_a_table_lands_from_postgresql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.postgres() as server:
        server.run("create schema sales", *(t.format(schema="sales.") for t in TABLES))
        monkeypatch.setenv("SHOP_DATABASE_URL", server.url())
        door = FrontDoor(tmp_path, **example("shop_orders"))
        door.run(D1)
    assert door.rows("select order_id, email from raw.orders") == [("1", "p@shop.example")]


def test_the_example_of_a_query_lands_from_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "till.db")) as connection, connection:
        for statement in TABLES:
            connection.execute(statement.format(schema=""))
        connection.execute("alter table orders drop column email")
        connection.execute("create table customers (id int, email text)")
        connection.execute("insert into customers values (7, 'p@shop.example')")
    monkeypatch.setenv("TILL_DATABASE_URL", f"sqlite:///{tmp_path / 'till.db'}")
    door = FrontDoor(tmp_path, **example("till_orders"))
    door.run(D1)
    assert door.rows("select order_id, email from raw.orders") == [("1", "p@shop.example")]

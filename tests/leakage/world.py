"""A warehouse whose raw tables are filled by hand: rows in, dbt run, rows out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines import warehouse
from pipelines.settings import Machine, Paths
from pipelines.specs.contract import ENTITIES
from pipelines.specs.model import Model
from pipelines.specs.night import Night
from pipelines.specs.shop import Shop
from tests.raw_tables import make_tables

Row = Mapping[str, Any]

ZONE = "Europe/Paris"


def at(text: str) -> datetime:
    """A naive UTC moment."""
    return datetime.fromisoformat(text)


def shop(**contacting: Any) -> Shop:
    """The least configuration, in Paris, with this contact policy."""
    source = {
        "entity": "orders",
        "path": "orders.csv",
        "format": "csv",
        "columns": {c: c for c in ("order_id", "ordered_at", "status", "total_amount", "email")},
    }
    return Shop.model_validate(
        {
            "shop": "tiny",
            "title": "Tiny",
            "time_zone": ZONE,
            "currency": "EUR",
            "country": "FR",
            "sources": {"orders": source},
            "contacting": contacting,
        }
    )


def models(horizon_days: int = 28) -> dict[str, Model]:
    """The two models that have labels."""
    return {
        name: Model(
            name=name,
            title={"en": name},
            question="?",
            trainer="lightgbm",
            label=f"label_{name}",
            horizon_days=horizon_days,
        )
        for name in ("churn", "purchase_propensity")
    }


class World:
    """One warehouse in `folder`."""

    def __init__(self, folder: Path, machine: Machine | None = None, **contacting: Any) -> None:
        self.paths = Paths(folder)
        self.machine = machine or Machine(memory_limit="1GB")
        self.shop = shop(**contacting)

    def night(self, as_of: date, cut: date | None = None) -> Night:
        """That night, or that date as `cut` knows it."""
        night = Night(as_of, self.shop, models(), self.paths, self.machine)
        return night if cut is None else replace(night, loaded_until=cut)

    def add(self, entity: str, extract_date: date, rows: Iterable[Row]) -> None:
        """Append records of one extract to raw.<entity>."""
        # raw.web_events has one column `source`: where the record came from.
        names = [c.name for c in ENTITIES[entity].columns if c.name != "source"] + ["extra"]
        listed = [
            [*(row.get(name) for name in names), "test", extract_date, "rows", line]
            for line, row in enumerate(rows, start=1)
        ]
        columns = ", ".join(f'"{name}"' for name in (*names, "source", "extract_date"))
        tuples = ", ".join(f"({', '.join(map(_literal, values))})" for values in listed)
        with warehouse.connect(self.paths, self.machine) as con:
            make_tables(con)
            if listed:
                con.execute(f"insert into raw.{entity} ({columns}, file, line) values {tuples}")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with warehouse.connect(self.paths, self.machine) as con:
            return con.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        """The one value of a query."""
        return self.query(sql)[0][0]

    def rows(self, table: str, without: Iterable[str] = ()) -> set[tuple[Any, ...]]:
        """All rows of a table, less some columns, each with how often it occurs."""
        hidden = f"exclude ({', '.join(without)})" if without else ""
        rows = self.query(
            f"select count(*), t.* from (select * {hidden} from {table}) t group by all"
        )
        return set(rows)


def _literal(value: object) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int | float) else f"'{value}'"

"""A shop whose extracts a test writes, and its nights up to load, recorded as `steps` does."""

import gzip
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines import contracts, erasure, landing, warehouse
from pipelines.landing import Partition
from pipelines.ledger import Ledger
from pipelines.settings import Machine, Paths
from pipelines.sources import erase, extract, load
from pipelines.sources.rows import line_of
from pipelines.specs.checks import Auditor, Check, CheckResult
from pipelines.specs.night import Night, StepReport
from pipelines.specs.shop import Shop

KEY = "test-key"
D1, D2, D3, D4 = (date(2026, 7, day) for day in (1, 2, 3, 4))
HEADER = "id,at,state,total,email,phone"
ORDERS: dict[str, Any] = {
    "entity": "orders",
    "path": "{folder}/orders_{date}.csv",
    "format": "csv",
    "columns": {
        "order_id": "id",
        "ordered_at": "at",
        "status": "state",
        "total_amount": "total",
        "email": "email",
        "phone": "phone",
        "coupon_code": "phone",  # which takes any text
    },
}


def order(number: int, **changes: str) -> str:
    """One line of the orders extract."""
    row = {
        "id": f"O{number}",
        "at": "2026-06-30 10:00:00",
        "state": "paid",
        "total": "12.50",
        "email": f"p{number}@shop.example",
        "phone": "",
    }
    return ",".join((row | changes).values())


def orders(*lines: str) -> str:
    """A whole orders extract."""
    return "\n".join([HEADER, *lines]) + "\n"


def unaudited(
    con: duckdb.DuckDBPyConnection, door: str, table: str, checks: Sequence[Check]
) -> list[CheckResult]:
    """An Auditor for tests of the books alone, which `load` balances before it asks anybody."""
    return []


class FrontDoor:
    """Sources by name, with `{folder}` in their paths standing for the folder of extracts."""

    def __init__(self, root: Path, **sources: dict[str, Any]) -> None:
        self.folder = root / "extracts"
        self.folder.mkdir(exist_ok=True)
        self.paths = Paths(root / "data")
        self.ledger = Ledger(self.paths.ledger)
        self.results: list[CheckResult] = []
        self.configure(**(sources or {"shop_orders": ORDERS}))

    def configure(self, **sources: dict[str, Any]) -> None:
        """Change the configuration."""
        placed = {name: self._placed(source) for name, source in sources.items()}
        if not any(source["entity"] == "orders" for source in placed.values()):
            placed["unused"] = {**ORDERS, "path": "/nowhere/{date}.csv", "on_missing": "go_on"}
        content = {
            "shop": "test",
            "title": "Test",
            "time_zone": "Europe/Paris",
            "currency": "EUR",
            "country": "FR",
            "sources": placed,
        }
        self.shop = Shop.model_validate(content)

    def _placed(self, source: dict[str, Any]) -> dict[str, Any]:
        if "path" not in source:
            return source
        return source | {"path": source["path"].replace("{folder}", str(self.folder))}

    def put(self, name: str, content: str | bytes, packed: bool = False) -> Path:
        """Write an extract."""
        data = content.encode() if isinstance(content, str) else content
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
        return path

    def night(self, as_of: date) -> Night:
        return Night(as_of, self.shop, {}, self.paths, Machine(threads=1, memory_limit="1GB"))

    def extract(self, as_of: date) -> StepReport:
        return extract(self.night(as_of), self.ledger)

    def load(self, as_of: date, audit: Auditor | None = None) -> StepReport:
        """Load, and note in the ledger that the load ended well."""
        run_id = self.ledger.start(as_of, "load")
        with warehouse.connect(self.paths, Machine(1, "1GB")) as con:
            night = self.night(as_of)
            audited = audit or contracts.auditor(self.results.extend)
            report = load(con, night, audited, lambda: KEY)
            if erasure.is_asked(con, night):
                erasure.plan(con, night, KEY)
                taken = erase(con, night, KEY)
                erasure.purge(con, KEY)
                erasure.finish(con)
                gone = {"erased": taken.quarantined, "refused": taken.refused}
                facts = {
                    k: int(report.facts[k]) + gone.get(k, 0) if k in gone else v
                    for k, v in report.facts.items()
                }
                report = StepReport(report.rows, facts)
        self.ledger.finish(run_id, 0.0, report.rows, report.facts)
        return report

    def run(self, as_of: date, audit: Auditor | None = unaudited) -> StepReport:
        self.extract(as_of)
        return self.load(as_of, audit)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the warehouse holds."""
        with warehouse.connect(self.paths, Machine(1, "1GB")) as con:
            return con.execute(query).fetchall()

    def landed(self, source: str = "shop_orders") -> list[Partition]:
        return landing.partitions(self.paths, source)

    def landed_rows(self, columns: str, source: str = "shop_orders") -> list[tuple[Any, ...]]:
        """The landed records of all partitions of a source, quarantined ones too, with their
        `_line`."""
        rows: list[tuple[Any, ...]] = []
        for partition in self.landed(source):
            folder = landing.partition_dir(self.paths, source, partition.extract_date)
            for file in partition.files:
                read = f"read_parquet('{folder / file.landed_as}', file_row_number = true)"
                line = "" if file.first_line is None else f", {line_of(file.first_line)} as _line"
                query = f"select {columns} from (select *{line} from {read})"
                rows += duckdb.sql(query).fetchall()
        return rows

    def failed(self) -> list[str]:
        """The names of the checks that failed, since the beginning."""
        return [result.name for result in self.results if not result.success]

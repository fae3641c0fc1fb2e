"""A small shop with one finished night, copied for each fault, and what a fault may not change."""

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from benchmarks.shop.settings import Settings
from benchmarks.shop.shop import answer, make
from pipelines import steps
from pipelines.errors import NocturneError
from pipelines.ledger import Ledger
from pipelines.settings import Paths
from pipelines.specs.checks import CheckResult
from pipelines.specs.night import StepReport
from pipelines.verbs import VERBS
from tests.conftest import FIRST_NIGHT
from tests.nights import SAMPLE, bytes_of

NEXT_NIGHT = FIRST_NIGHT + timedelta(days=1)
CUSTOMERS = 2000  # the fewest whose churn and purchase models pass their gates
Row = dict[str, str]


class Base:
    """The finished night that all faults start from, and the same night before its delivery. The
    extracts stay in one place: a night pins its configuration, which names their folder."""

    def __init__(self, root: Path) -> None:
        self.extracts, self.untouched = root / "extracts", root / "untouched" / "extracts"
        self.config = root / "shop.yml"
        self.finished, self.exported = root / "finished", root / "exported"
        make(Settings(CUSTOMERS), root / "untouched", tell_truth=False)
        answer(root / "untouched")
        _clean(self.untouched / str(NEXT_NIGHT) / "orders.csv")
        shutil.copytree(self.untouched / str(FIRST_NIGHT), self.extracts / str(FIRST_NIGHT))
        self.write_config(self.config)
        for verb in VERBS[: VERBS.index("deliver")]:
            steps.run(verb, FIRST_NIGHT, self.config, data_dir=self.finished)
        shutil.copytree(self.finished, self.exported)
        steps.run("deliver", FIRST_NIGHT, self.config, data_dir=self.finished)

    def write_config(self, path: Path, **changes: Any) -> Path:
        """The sample's configuration for these extracts, with fewer training dates."""
        content = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
        for source in content["sources"].values():
            source["path"] = source["path"].replace("data/sample/extracts", str(self.extracts))
        content["training"] = {"anchor_every_days": 28, "anchors": 13}
        content["checks"] = {"volume_history": 2}
        path.write_text(yaml.safe_dump(content | changes, allow_unicode=True), encoding="utf-8")
        return path


def _clean(orders: Path) -> None:
    """Leave out the sample shop's own bad order: what is told then was told of the fault."""
    lines = orders.read_text(encoding="utf-8").splitlines(keepends=True)
    orders.write_text("".join(line for line in lines if ",gratuit," not in line), encoding="utf-8")


class Nights:
    """A copy of the night, to break something in and to run the next step on."""

    def __init__(self, base: Base, data_dir: Path, *, delivered: bool) -> None:
        self.base, self.data_dir = base, data_dir
        self.paths = Paths(data_dir)
        shutil.copytree(base.finished if delivered else base.exported, data_dir)
        for folder in base.extracts.iterdir():
            if folder.name != str(FIRST_NIGHT):
                shutil.rmtree(folder)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.paths.ledger)

    # What arrives

    def receive(self, day: date = NEXT_NIGHT) -> Path:
        """The extracts of a day after the first night: always those of the second."""
        folder = self.base.extracts / str(day)
        if not folder.exists():
            shutil.copytree(self.base.untouched / str(NEXT_NIGHT), folder)
        return folder

    def file(self, name: str, day: date = NEXT_NIGHT) -> Path:
        return self.receive(day) / name

    def change(
        self, name: str, change: Callable[[list[Row]], list[Row]], day: date = NEXT_NIGHT
    ) -> None:
        """Change the records of a comma-separated extract."""
        path = self.file(name, day)
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
        rows = change(list(reader))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(reader.fieldnames or ()), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    # What is broken behind the front door

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(str(self.paths.warehouse)) as con:
            yield con

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.warehouse() as con:
            return con.execute(query, list(values)).fetchall()

    def champion(self, model: str) -> Path:
        """The folder of the version that scores."""
        pointer = json.loads((self.paths.registry / model / "champion.json").read_text("utf-8"))
        return self.paths.registry / model / pointer["changes"][-1]["version"]

    # What is run, and what it may not change

    def run(self, verb: str, as_of: date = NEXT_NIGHT, **options: Any) -> StepReport:
        config = options.pop("config", self.base.config)
        return steps.run(verb, as_of, config, data_dir=self.data_dir, **options)

    def stopped(
        self,
        verb: str,
        as_of: date = NEXT_NIGHT,
        error: type[NocturneError] = NocturneError,
        **options: Any,
    ) -> str:
        """Run a step that must stop: the sentence it stops with. Everything that anybody reads is
        as before, and the ledger holds the failed try with that sentence."""
        before = self.state()
        with pytest.raises(error) as caught:
            self.run(verb, as_of, **options)
        assert self.state() == before
        last = self.ledger.runs(1)[0]
        assert (last.as_of, last.verb, last.status) == (as_of, verb, "failed")
        assert last.error == str(caught.value)
        return str(caught.value)

    def told(self, as_of: date = NEXT_NIGHT) -> dict[str, CheckResult]:
        """The checks that failed, by name, as the ledger keeps them."""
        return {check.name: check for check in self.ledger.checks(as_of) if not check.success}

    def state(self) -> dict[str, Any]:
        return state(self.paths)


def state(paths: Paths) -> dict[str, Any]:
    """All that others read: rows of the tables that Python writes, files, champions."""
    found: dict[str, Any] = {}
    with duckdb.connect(str(paths.warehouse), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in"
            " ('raw', 'ops', 'ml', 'activation', 'measurement') order by all"
        ).fetchall()
        for schema, table in tables:
            rows = f"select count(*), bit_xor(hash(t)) from {schema}.{table} t"
            found[f"{schema}.{table}"] = con.execute(rows).fetchone()
    for folder in (paths.exports, paths.data_dir / "outbox", paths.registry):
        found |= {f"{folder.name}/{name}": sha256 for name, sha256 in bytes_of(folder).items()}
    found["published"] = sha256_of(paths.published)
    return found


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

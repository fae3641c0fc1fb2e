"""A night killed (SIGKILL) inside each step and started again ends with the same bytes as one that
was not; meanwhile no reader of the published file or the exports ever sees half of anything."""

import hashlib
import json
import signal
import subprocess
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.ledger import Ledger
from pipelines.settings import Paths
from pipelines.verbs import VERBS
from tests.conftest import FIRST_NIGHT, ROOT
from tests.nights import bytes_of, command, environment, nocturne

pytestmark = pytest.mark.slow

NEXT_NIGHT = FIRST_NIGHT + timedelta(days=1)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights without a kill."""
    data_dir = tmp_path_factory.mktemp("undisturbed")
    nocturne("run", FIRST_NIGHT, data_dir)
    nocturne("run", NEXT_NIGHT, data_dir)
    return data_dir


def test_a_night_killed_in_each_step_ends_with_the_same_bytes(
    undisturbed: Path, tmp_path: Path
) -> None:
    data_dir = tmp_path / "killed"
    seconds = {run.verb: run.seconds or 0 for run in Ledger(Paths(undisturbed).ledger).runs(13)}
    with Reader(data_dir) as reader:
        for verb in VERBS:
            _kill_inside(verb, FIRST_NIGHT, data_dir, 0.6 * seconds[verb])
            nocturne(verb, FIRST_NIGHT, data_dir)
        for verb in VERBS:  # the second night replaces what readers are looking at
            _kill_inside(verb, NEXT_NIGHT, data_dir, 0.2 * seconds[verb])
            nocturne(verb, NEXT_NIGHT, data_dir)
    assert reader.problems == []
    assert reader.reads > 50
    for folder in ("exports", "registry", "outbox"):
        assert bytes_of(data_dir / folder) == bytes_of(undisturbed / folder)
    assert _published_tables(data_dir) == _published_tables(undisturbed)
    leftovers = [p for p in (data_dir / "exports").rglob("*") if p.name.startswith(".")]
    assert leftovers == []


def _kill_inside(verb: str, as_of: date, data_dir: Path, delay: float) -> None:
    """Start a step, wait until the ledger says that it runs, then `delay` seconds, then SIGKILL."""
    process = subprocess.Popen(
        command(verb, as_of, data_dir),
        env=environment(),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ledger_file = Paths(data_dir).ledger
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if ledger_file.exists():
            latest = Ledger(ledger_file).runs(1)
            if latest and latest[0].verb == verb and latest[0].as_of == as_of:
                break
        time.sleep(0.01)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _published_tables(data_dir: Path) -> dict[str, str]:
    """Hash of every published table's rows in order, but for the ledger's own times, and for the
    names of landed files: two threads land the lines of a JSON file in blocks of either order, and
    a landed file is called after its bytes."""
    with duckdb.connect(str(Paths(data_dir).published), read_only=True) as con:
        names = con.sql(
            "select schema_name || '.' || table_name from duckdb_tables() order by 1"
        ).fetchall()
        read = {name: f"from {name}" for (name,) in names if name not in {"ops.runs", "ops.checks"}}
        read["ops.books"] = "select * exclude (landed_as) from ops.books"
        return {
            name: hashlib.sha256(repr(con.sql(rows).fetchall()).encode()).hexdigest()
            for name, rows in read.items()
        }


class Reader(threading.Thread):
    """Polls what readers see: the published file opens and answers, and every manifest in sight
    describes the very files beside it."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(daemon=True)
        self._paths = Paths(data_dir)
        self._ended = threading.Event()
        self.problems: list[str] = []
        self.reads = 0

    def __enter__(self) -> "Reader":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while not self._ended.is_set():
            self._read_published()
            self._read_exports()
            time.sleep(0.02)

    def _read_published(self) -> None:
        if not self._paths.published.exists():
            return
        try:
            with duckdb.connect(str(self._paths.published), read_only=True) as con:
                rows = con.sql(
                    "select count(*), count(distinct as_of) from marts.customer_360"
                ).fetchall()
            if rows[0][0] == 0 or rows[0][1] != 1:
                self.problems.append(f"published: {rows}")
            self.reads += 1
        except duckdb.Error as error:
            self.problems.append(f"published: {error}")

    def _read_exports(self) -> None:
        for folder in self._paths.exports.glob("*/as_of=*"):
            try:
                listing = json.loads((folder / "manifest.json").read_text())
                contents = {e["file"]: (folder / e["file"]).read_bytes() for e in listing["files"]}
            except FileNotFoundError as error:
                if folder.exists():  # a folder may be replaced, but what is in sight is whole
                    self.problems.append(f"{folder.name}: {error}")
                continue
            for entry in listing["files"]:
                if hashlib.sha256(contents[entry["file"]]).hexdigest() != entry["sha256"]:
                    self.problems.append(f"{folder.name}/{entry['file']}: not as in its manifest")
            self.reads += 1

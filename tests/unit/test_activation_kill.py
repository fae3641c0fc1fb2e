"""A kill -9 anywhere: nothing half visible, and the rerun gives the bytes of a run undisturbed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.activation import deliver, export, publish
from pipelines.ledger import Ledger
from pipelines.specs.night import Night
from tests.unit import activation_world as world
from tests.unit.test_activation_publish import read

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
STEP = """
import os, sys
from pathlib import Path
from pipelines import warehouse
from pipelines.activation import deliver, durable, export, publish
from pipelines.ledger import Ledger
from tests.unit import activation_world as world

verb, data_dir, point, nth = sys.argv[1:]
night = world.night(Path(data_dir))
owner, _, name = point.rpartition(".")
target = {"os": os, "durable": durable}[owner]
original, calls = getattr(target, name), 0

def deadly(*args):
    global calls
    calls += 1
    if calls == int(nth):
        os.kill(os.getpid(), 9)
    return original(*args)

setattr(target, name, deadly)
if verb == "deliver":
    deliver(night, sealed=False)
else:
    with warehouse.connect(night.paths, night.machine) as con:
        if verb == "publish":
            publish(con, night, Ledger(night.paths.ledger), world.KEY)
        else:
            export(
                con, night, world.audit, champions={}, sealed=False, record=lambda r: None, key=str
            )
"""


def killed(verb: str, night: Night, point: str, nth: int) -> None:
    command = [sys.executable, "-c", STEP, verb, str(night.paths.data_dir), point, str(nth)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run_export(night: Night) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        export(
            con,
            night,
            world.audit,
            champions={},
            sealed=False,
            record=lambda results: None,
            key=str,
        )


def run_publish(night: Night) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        publish(con, night, Ledger(night.paths.ledger), world.KEY)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Night:
    night = world.open_world(tmp_path_factory.mktemp("undisturbed"))
    run_export(night)
    deliver(night, sealed=False)
    run_publish(night)
    return night


def change(night: Night) -> None:
    """Tomorrow's knowledge: other bytes than those that stand there now."""
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute("update ml.scores set value = value / 2")


def restore(night: Night) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute("update ml.scores set value = value * 2")


@pytest.mark.parametrize(("point", "nth"), [("durable.sha256", 3), ("os.rename", 1)])
def test_export_killed_before_anything_stood_there(
    tmp_path: Path, undisturbed: Night, point: str, nth: int
) -> None:
    night = world.open_world(tmp_path)
    killed("export", night, point, nth)
    assert tree(night.paths.exports) == {}
    run_export(night)
    assert tree(night.paths.exports) == tree(undisturbed.paths.exports)
    assert tree(night.paths.scratch) == {}


@pytest.mark.parametrize("nth", [1, 2])
def test_export_killed_while_it_replaces_a_folder(
    tmp_path: Path, undisturbed: Night, nth: int
) -> None:
    night = world.open_world(tmp_path)
    change(night)
    run_export(night)
    before = tree(night.paths.exports)
    restore(night)
    killed("export", night, "os.rename", nth)
    assert tree(night.paths.exports) == (before if nth == 1 else {})
    run_export(night)
    assert tree(night.paths.exports) == tree(undisturbed.paths.exports)
    assert tree(night.paths.scratch) == {}


@pytest.mark.parametrize("nth", [1, 4, 9])
def test_deliver_killed_shows_whole_files_and_no_mark(
    tmp_path: Path, undisturbed: Night, nth: int
) -> None:
    night = world.open_world(tmp_path)
    run_export(night)
    killed("deliver", night, "os.replace", nth)
    whole = tree(undisturbed.paths.data_dir / "outbox")
    seen = {k: v for k, v in tree(tmp_path / "outbox").items() if not k.startswith(".")}
    assert len(seen) == nth - 1
    assert seen.items() < whole.items()
    assert not any(name.endswith("DONE") for name in seen)
    deliver(night, sealed=False)
    assert tree(tmp_path / "outbox") == whole


@pytest.mark.parametrize("point", ["durable.sync", "os.replace"])
def test_publish_killed_leaves_the_old_file(tmp_path: Path, undisturbed: Night, point: str) -> None:
    night = world.open_world(tmp_path)
    change(night)
    run_publish(night)
    before = read(night)
    restore(night)
    killed("publish", night, point, 1)
    assert read(night) == before
    assert len(list(night.paths.published.parent.glob(".analytics*"))) == 1
    run_publish(night)
    assert read(night) == read(undisturbed)
    assert list(night.paths.published.parent.glob(".analytics*")) == []

"""A night and a training together under a real scheduler, with one task killed half-way."""

import hashlib
import json
import time
import urllib.error
from datetime import date
from pathlib import Path

import pytest

from pipelines.ledger import Ledger
from pipelines.settings import Paths
from pipelines.specs.shop import load_shop
from pipelines.steps import is_complete
from pipelines.verbs import VERBS
from tests.conftest import FIRST_NIGHT, ROOT
from tests.slow.airflow_local import Airflow, running, wait_until

pytestmark = pytest.mark.slow

CONFIG = ROOT / "config" / "sample.yml"
KILLED = "transform"
ENDED = ("success", "failed")
MINUTES = 10


def test_a_killed_task_is_retried_and_the_night_ends_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path / "data")
    monkeypatch.setenv("NOCTURNE_DATA_DIR", str(paths.data_dir))
    end = time.monotonic() + MINUTES * 60
    with running(CONFIG, paths.data_dir) as airflow:
        wait_until("the DAGs are read", lambda: _knows_dags(airflow), 90)
        conf = {"as_of": FIRST_NIGHT.isoformat()}
        night = airflow.start("nightly", conf)
        training = airflow.start("training", conf)
        wait_until(
            f"{KILLED} runs",
            lambda: airflow.tasks("nightly", night)[KILLED]["state"] == "running",
            120,
        )
        time.sleep(3)  # the first seconds load dbt; then it writes
        airflow.kill("nightly", night, KILLED)
        wait_until(
            "night and training have ended",
            lambda: all(
                airflow.state(dag, run) in ENDED
                for dag, run in (("nightly", night), ("training", training))
            ),
            end - time.monotonic(),
        )
        tasks = airflow.tasks("nightly", night)
        trained = airflow.tasks("training", training)

    assert {name: task["state"] for name, task in tasks.items()} == dict.fromkeys(
        ("unless_complete", *VERBS), "success"
    )
    assert {task["state"] for task in trained.values()} == {"success"}
    assert [name for name, task in tasks.items() if task["try_number"] > 1] == [KILLED]
    assert _tries(paths, FIRST_NIGHT, KILLED)[:2] == ["running", "done"]
    assert Ledger(paths.ledger).is_sealed(FIRST_NIGHT)
    for destination in load_shop(CONFIG).destinations:
        _verify(paths.exports / destination / f"as_of={FIRST_NIGHT}")
    assert is_complete(FIRST_NIGHT, CONFIG, data_dir=paths.data_dir)


def _knows_dags(airflow: Airflow) -> bool:
    try:
        return len(airflow.call("GET", "dags")["dags"]) == 3
    except urllib.error.URLError:
        return False


def _tries(paths: Paths, as_of: date, verb: str) -> list[str]:
    """How each try of a step ended, first to last; a killed one stays 'running'."""
    runs = Ledger(paths.ledger).runs()
    return [run.status for run in reversed(runs) if (run.as_of, run.verb) == (as_of, verb)]


def _verify(folder: Path) -> None:
    """The manifest lists every file of the folder with its size and hash."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    listed = {file["file"]: (file["bytes"], file["sha256"]) for file in manifest["files"]}
    found = {
        path.name: (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    assert listed == found
    assert found

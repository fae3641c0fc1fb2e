"""The DAGs as Airflow reads them. Airflow is loaded in a process of its own, with a home of its own
and this project's tests' warnings out of its way."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.verbs import VERBS
from tests.conftest import ROOT

HEAVY = ["altair", "dbt", "great_expectations", "lightgbm", "polars", "sklearn", "vl_convert"]
MOMENTS = {
    "the evening before spring's change": "2026-03-28T22:59:00+00:00",
    "midnight before spring's change": "2026-03-28T23:00:00+00:00",
    "03:15 after spring's change": "2026-03-29T01:15:00+00:00",
    "midnight before autumn's change": "2026-10-24T22:00:00+00:00",
    "03:15 after autumn's change": "2026-10-25T02:15:00+00:00",
    "the last minute of a long day": "2026-10-25T22:59:00+00:00",
}
PROBE = """
import json, sys
from datetime import datetime
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
bag = DagBag(sys.argv[1])
heavy = [name for name in json.loads(sys.argv[2]) if name in sys.modules]
from pipelines import errors, orchestration
ours = [kind for kind in vars(errors).values() if isinstance(kind, type)]
kinds = [kind for kind in ours if issubclass(kind, Exception)] + [ValueError]
decide = lambda task, kind: task.retry_policy.evaluate(kind.__new__(kind), 1, 2).action.value
print(json.dumps({
    "import_errors": bag.import_errors,
    "heavy": heavy,
    "dags": {dag.dag_id: {
        "tasks": [task.task_id for task in dag.topological_sort()],
        "chained": all(len(task.upstream_list) <= 1 for task in dag.tasks),
        "pools": {task.task_id: task.pool for task in dag.tasks},
        "retries": [task.retries for task in dag.tasks],
        "owners": [task.owner for task in dag.tasks],
        "decisions": {
            kind.__name__: sorted({decide(task, kind) for task in dag.tasks}) for kind in kinds
        },
        "schedule": getattr(dag.timetable, "expression", None),
        "time_zone": str(getattr(dag.timetable, "timezone", "")),
        "deadlines": [alert.interval.total_seconds() for alert in dag.deadline or []],
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "params": sorted(dag.params),
        "doc": dag.doc_md,
        "survives": DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag)).dag_id,
    } for dag in bag.dags.values()},
    "as_of": {name: orchestration.resolve_as_of(None, datetime.fromisoformat(moment),
              "Europe/Paris").isoformat() for name, moment in json.loads(sys.argv[3]).items()},
    "asked": orchestration.resolve_as_of("2026-06-29", datetime.fromisoformat(
        "2026-11-22T02:15:00+00:00"), "Europe/Paris").isoformat(),
}))
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What Airflow makes of `dags/`."""
    home = tmp_path_factory.mktemp("airflow")
    env = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "NOCTURNE_CONFIG": str(ROOT / "config" / "sample.yml"),
        "NOCTURNE_DATA_DIR": str(home / "data"),
        "PYTHONPATH": str(ROOT),
    }
    arguments = [str(ROOT / "dags"), json.dumps(HEAVY), json.dumps(MOMENTS)]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROBE, *arguments],
        env=env,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_every_dag_is_found_and_read(read: Any) -> None:
    assert read["import_errors"] == {}
    assert sorted(read["dags"]) == ["backfill", "nightly", "training"]


def test_reading_the_dags_loads_nothing_heavy(read: Any) -> None:
    assert read["heavy"] == []


def test_a_night_is_the_thirteen_verbs_in_order(read: Any) -> None:
    nightly = read["dags"]["nightly"]
    assert nightly["tasks"] == ["unless_complete", *VERBS]
    assert nightly["chained"]


def test_the_night_starts_clear_of_the_clock_change_and_is_due_at_six(read: Any) -> None:
    nightly = read["dags"]["nightly"]
    assert nightly["schedule"] == "15 3 * * *"
    assert nightly["time_zone"] == "Europe/Paris"
    assert nightly["deadlines"] == [(6 * 60 - (3 * 60 + 15)) * 60]


def test_no_dag_catches_up_or_runs_beside_itself(read: Any) -> None:
    for dag in read["dags"].values():
        assert not dag["catchup"]
        assert dag["max_active_runs"] == 1


def test_steps_that_hold_the_warehouse_wait_for_its_one_slot(read: Any) -> None:
    pools = read["dags"]["nightly"]["pools"]
    free = {"unless_complete", "extract", "deliver", "report"}
    assert {task for task, pool in pools.items() if pool == "default_pool"} == free
    assert pools["train"] == read["dags"]["training"]["pools"]["train"] == "training"
    assert {pools[task] for task in set(pools) - free - {"train"}} == {"warehouse"}
    assert read["dags"]["backfill"]["pools"]["backfill"] == "warehouse"


def test_only_mistakes_that_a_person_must_mend_are_not_tried_again(read: Any) -> None:
    for dag in read["dags"].values():
        decisions = dag["decisions"]
        assert set(dag["retries"]) == {2}
        for mistake in ("TerminalError", "ConfigError", "SourceError", "CheckFailed", "NotReady"):
            assert decisions[mistake] == ["fail"]
        for passing in ("TransientError", "WarehouseBusy", "StorageError", "ValueError"):
            assert decisions[passing] == ["retry"]


def test_every_dag_says_what_it_does_and_whose_it_is(read: Any) -> None:
    for name, dag in read["dags"].items():
        assert dag["doc"].startswith(f"# {name}\n")
        assert set(dag["owners"]) == {"nocturne"}
        assert dag["survives"] == name


def test_a_backfill_takes_dates_and_has_no_schedule(read: Any) -> None:
    assert read["dags"]["backfill"]["params"] == ["from", "to"]
    assert read["dags"]["backfill"]["schedule"] is None


def test_as_of_is_the_shop_date_of_the_logical_date_when_clocks_change(read: Any) -> None:
    assert read["as_of"] == {
        "the evening before spring's change": "2026-03-28",
        "midnight before spring's change": "2026-03-29",
        "03:15 after spring's change": "2026-03-29",
        "midnight before autumn's change": "2026-10-25",
        "03:15 after autumn's change": "2026-10-25",
        "the last minute of a long day": "2026-10-25",
    }


def test_an_as_of_that_is_asked_for_wins(read: Any) -> None:
    assert read["asked"] == "2026-06-29"


def test_only_orchestration_imports_airflow() -> None:
    """DAG files use it through `pipelines.orchestration`."""
    files = [*Path(ROOT, "dags").glob("*.py"), *Path(ROOT, "pipelines").rglob("*.py")]
    importing = {
        path.relative_to(ROOT).as_posix()
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(("import airflow", "from airflow"))
    }
    assert importing == {"pipelines/orchestration.py"}

"""What the task `extract` of the real DAG file does about an awaited extract, at given times."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT

PROBE = """
import json, sys
from datetime import UTC, datetime
from airflow.dag_processing.dagbag import DagBag
from pipelines import clock, orchestration
task = DagBag(sys.argv[1]).dags["nightly"].get_task("extract")
moment = datetime(2026, 7, 1, 1, 15, tzinfo=UTC)
context = {"params": {"as_of": None, "recompute": False}, "logical_date": moment}
orchestration.get_current_context = lambda: context
told = []
for now in json.loads(sys.argv[2]):
    clock.now = lambda: datetime.fromisoformat(now)
    try:
        task.python_callable()
    except Exception as error:
        action = task.retry_policy.evaluate(error, 1, 2).action.value
        told.append([type(error).__name__, str(getattr(error, "reschedule_date", action))])
print(json.dumps(told))
"""


def test_the_task_looks_again_every_five_minutes_until_the_time_is_over(
    tmp_path: Path, small_config: dict[str, Any]
) -> None:
    source = small_config["sources"]["orders"]
    source |= {"path": str(tmp_path / "{date}.csv"), "wait_until": "05:30"}
    shop = tmp_path / "shop.yml"
    shop.write_text(yaml.safe_dump(small_config), encoding="utf-8")
    env = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "NOCTURNE_CONFIG": str(shop),
        "NOCTURNE_DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT),
    }
    times = [f"2026-07-01T{time}:00+00:00" for time in ("01:15", "03:28", "03:30")]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROBE, str(ROOT / "dags"), json.dumps(times)],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == [
        ["AirflowRescheduleException", "2026-07-01 01:20:00+00:00"],
        ["AirflowRescheduleException", "2026-07-01 03:30:00+00:00"],
        ["SourceError", "fail"],
    ]

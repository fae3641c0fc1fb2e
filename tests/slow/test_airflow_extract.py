"""The night's DAG under Airflow: while an extract has not come, and with secrets of Airflow's."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import clock, landing
from pipelines.settings import Paths
from tests.conftest import ROOT
from tests.contract.world import order, orders

pytestmark = pytest.mark.slow

# Airflow waits for the real clock: its looks are made seconds apart, and the file comes after one.
PROBE = """
import json, sys
from datetime import datetime, timedelta
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag
from airflow.models.taskreschedule import TaskReschedule
from airflow.utils.session import create_session
from pipelines import orchestration, steps

dags, conf, arrives, text = sys.argv[1:5]
orchestration._BETWEEN_LOOKS = timedelta(seconds=2)
looks, run = [], steps.run

def look(verb, *arguments, **options):
    looks.append(verb)
    if looks.count("extract") == 2 and arrives:
        Path(arrives).write_text(text)
    return run(verb, *arguments, **options)

steps.run = look
dag = DagBag(dags).dags["nightly"].partial_subset(["unless_complete", "extract"])
ended = dag.test(logical_date=datetime.fromisoformat("2026-07-01T00:00:00+00:00"),
                 run_conf=json.loads(conf))
tries = {task.task_id: [task.state, task.try_number] for task in ended.get_task_instances()}
with create_session() as session:
    waits = session.query(TaskReschedule).count()
print(json.dumps({"state": ended.state, "tries": tries, "looks": looks, "waits": waits}))
"""


@pytest.fixture
def shop(tmp_path: Path, small_config: dict[str, Any]) -> Path:
    """A shop that waits until midnight for its orders, in a time zone where that is far away."""
    small_config["time_zone"] = "Etc/GMT+12" if clock.now().hour >= 12 else "UTC"
    source = small_config["sources"]["orders"]
    source |= {"path": str(tmp_path / "{date}.csv"), "wait_until": "23:59"}
    path = tmp_path / "shop.yml"
    path.write_text(yaml.safe_dump(small_config), encoding="utf-8")
    return path


def test_a_night_waits_without_a_worker_or_a_try_and_goes_on_when_the_file_comes(
    tmp_path: Path, shop: Path
) -> None:
    as_of = clock.shop_today(yaml.safe_load(shop.read_text())["time_zone"])
    yesterday = datetime.combine(as_of, datetime.min.time()) - timedelta(hours=12)
    told = _night(tmp_path, shop, as_of.isoformat(), orders(order(1, at=str(yesterday))))
    assert told["state"] == "success"
    assert told["looks"] == ["extract", "extract"]
    assert told["tries"]["extract"] == ["success", 1]
    assert told["waits"] == 1


def test_a_task_reads_the_url_of_a_database_from_a_connection_of_airflow(
    tmp_path: Path, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as con:
        con.execute("create table orders (id, at, state, total, email)")
        con.execute("insert into orders values ('O1', '2026-06-28', 'paid', 12.5, 'a@b.example')")
        con.commit()
    content = yaml.safe_load(shop.read_text(encoding="utf-8"))
    source = content["sources"]["orders"]
    for setting in ("path", "format", "wait_until"):
        del source[setting]
    source |= {"connector": "sql", "sql": {"connection": "airflow:shop_db", "table": "orders"}}
    shop.write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.setenv("AIRFLOW_CONN_SHOP_DB", f"sqlite:///{tmp_path}/shop.db")
    told = _night(tmp_path, shop, "2026-06-29", "")
    assert told["tries"]["extract"] == ["success", 1]
    (landed,) = landing.partitions(Paths(tmp_path / "data"), "orders")
    assert [file.records for file in landed.files] == [1]


def _night(tmp_path: Path, shop: Path, as_of: str, text: str) -> Any:
    env = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "NOCTURNE_CONFIG": str(shop),
        "NOCTURNE_DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    migrate = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(migrate, env=env, capture_output=True, check=True, timeout=120)
    arguments = [str(ROOT / "dags"), json.dumps({"as_of": as_of}), str(tmp_path / f"{as_of}.csv")]
    run = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments, text],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])

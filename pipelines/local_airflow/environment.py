"""The settings of Airflow for this checkout, as environment variables, and its first start."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from pipelines.errors import StorageError
from pipelines.settings import PROJECT_ROOT, data_dir

AIRFLOW = (sys.executable, "-m", "airflow")
POOLS = {  # one slot each; the tasks name them in pipelines.orchestration
    "warehouse": "Steps that hold the warehouse",
    "training": "Fits models, one at a time",
}


def environment(config: Path, port: int = 8080) -> dict[str, str]:
    """This process's environment with Airflow's settings. Only this machine can reach the
    api-server; `config` is the shop's."""
    url = f"http://127.0.0.1:{port}"
    path = [os.environ.get("PYTHONPATH"), str(PROJECT_ROOT)]
    return {
        **os.environ,
        "NOCTURNE_CONFIG": str(config.resolve()),
        "NOCTURNE_DATA_DIR": str(data_dir()),
        "PYTHONPATH": os.pathsep.join(part for part in path if part),
        "PYTHONWARNINGS": "ignore",  # Airflow's own deprecations
        "AIRFLOW_HOME": str(data_dir() / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "airflow=WARNING task=WARNING",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


def prepare(env: dict[str, str]) -> None:
    """Make the metadata database and the pools, once per version of Airflow (5–10 s). StorageError
    with what Airflow said when it cannot."""
    home = Path(env["AIRFLOW_HOME"])
    done = home / f"migrated-{version('apache-airflow')}"
    if done.exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    _quietly(env, "db", "migrate")
    pools = {
        name: {"slots": 1, "description": description, "include_deferred": False}
        for name, description in POOLS.items()
    }
    file = home / "pools.json"
    file.write_text(json.dumps(pools), encoding="utf-8")
    _quietly(env, "pools", "import", str(file))
    done.touch()


def _quietly(env: dict[str, str], *command: str) -> None:
    run = subprocess.run([*AIRFLOW, *command], env=env, capture_output=True, text=True, check=False)
    if run.returncode:
        raise StorageError(f"airflow {' '.join(command)} failed:\n{run.stdout}{run.stderr}")

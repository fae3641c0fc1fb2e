"""A real Airflow for a test: three processes on a free loopback port, its REST API, and the means
to kill a task's process."""

import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from pipelines.local_airflow.environment import environment
from pipelines.local_airflow.servers import password, servers


@dataclass(frozen=True)
class Airflow:
    """The REST API of a running Airflow, as its admin."""

    url: str
    token: str

    def call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/api/v2/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def start(self, dag: str, conf: dict[str, Any]) -> str:
        """Switch a DAG on and trigger it; the id of its run."""
        self.call("PATCH", f"dags/{dag}", {"is_paused": False})
        run = self.call("POST", f"dags/{dag}/dagRuns", {"logical_date": None, "conf": conf})
        return str(run["dag_run_id"])

    def state(self, dag: str, run_id: str) -> str:
        return str(self.call("GET", f"dags/{dag}/dagRuns/{run_id}")["state"])

    def tasks(self, dag: str, run_id: str) -> dict[str, dict[str, Any]]:
        """The task instances of a run by task."""
        found = self.call("GET", f"dags/{dag}/dagRuns/{run_id}/taskInstances")
        return {task["task_id"]: task for task in found["task_instances"]}

    def kill(self, dag: str, run_id: str, task: str) -> int:
        """SIGKILL the process of one running task, and only that; its pid."""
        pid = int(self.tasks(dag, run_id)[task]["pid"])
        process = psutil.Process(pid)
        assert "airflow" in " ".join([process.name(), *process.cmdline()])
        os.kill(pid, signal.SIGKILL)
        return pid


@contextmanager
def running(config: Path, data_dir: Path) -> Iterator[Airflow]:
    """Airflow on fresh metadata below `data_dir` (NOCTURNE_DATA_DIR has to name it). Afterwards
    no process of it is left."""
    env = environment(config, _free_port())
    assert Path(env["AIRFLOW_HOME"]) == data_dir / "airflow"
    url = env["AIRFLOW__API__BASE_URL"]
    started: list[psutil.Process] = []
    try:
        with servers(env) as processes:
            try:
                yield Airflow(url, _token(url, password(env)))
            finally:
                for process in processes.values():
                    started += _family(process.pid)
    finally:
        _, here = psutil.wait_procs(started, timeout=5)
        left = [process for process in here if _is_alive(process)]
        for process in left:
            process.kill()
    assert left == []


def wait_until(what: str, is_true: Callable[[], bool], seconds: float) -> None:
    """Look every second; AssertionError naming `what` when it does not come true in time."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(1)


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _is_alive(process: psutil.Process) -> bool:
    """An ended process that nobody has asked after (in a container: a zombie) is not alive."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _token(url: str, secret: str) -> str:
    body = json.dumps({"username": "admin", "password": secret}).encode()
    request = urllib.request.Request(
        f"{url}/auth/token", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["access_token"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

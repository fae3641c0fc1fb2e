"""Airflow's api-server, scheduler and dag-processor as processes of their own."""

import json
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import psutil

from pipelines.errors import StorageError
from pipelines.local_airflow.environment import AIRFLOW, environment, prepare

SERVERS = {  # the api-server reads the tasks' logs from the disk: nobody has to serve them
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}
START_SECONDS = 120
END_SECONDS = 15  # a running task has that long to end


def serve(config: Path, port: int) -> int:
    """Airflow until Ctrl-C, or until one of its processes ends by itself."""
    env = environment(config, port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    click.echo("Starting Airflow; Ctrl-C stops it.")
    try:
        with servers(env) as running:
            click.echo(f"{env['AIRFLOW__API__BASE_URL']}  user admin, password {password(env)}")
            click.echo("The DAGs are paused until you switch them on.")
            while all(process.poll() is None for process in running.values()):
                time.sleep(1)
            ended = [name for name, process in running.items() if process.poll() is not None]
            click.echo(f"Ended: {', '.join(ended)}; see its log in {env['AIRFLOW_HOME']}")
            return 1
    except KeyboardInterrupt:
        return 0


@contextmanager
def servers(env: dict[str, str]) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """The three processes by name, the api-server answering; all ended on the way out, with what
    they started. Their output is in `<AIRFLOW_HOME>/<name>.log`."""
    prepare(env)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in SERVERS.items():
            running[name] = _start(command, env, log=Path(env["AIRFLOW_HOME"]) / f"{name}.log")
            if name == "api-server":  # the others talk to it
                _wait_until_answering(env, running[name])
        yield running
    finally:
        _end(running.values())


def _start(command: list[str], env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(
            [*AIRFLOW, *command], env=env, stdout=output, stderr=output, start_new_session=True
        )


def _end(processes: Iterable["subprocess.Popen[bytes]"]) -> None:
    """Ask the servers to stop, then stop what is left of them and of the tasks they run, which are
    in process groups of their own. A step stopped half-way leaves its partition as it was."""
    family = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            top = psutil.Process(process.pid)
            family += [top, *top.children(recursive=True)]
            top.terminate()
    _, left = psutil.wait_procs(family, timeout=END_SECONDS)
    for one in left:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    for process in processes:
        process.wait()


def _wait_until_answering(env: dict[str, str], process: "subprocess.Popen[bytes]") -> None:
    url = f"{env['AIRFLOW__API__BASE_URL']}/api/v2/version"
    for _ in range(START_SECONDS * 2):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.5)
    log = Path(env["AIRFLOW_HOME"]) / "api-server.log"
    raise StorageError(f"Airflow's api-server does not answer at {url}; see {log}")


def password(env: dict[str, str]) -> str:
    """The password of Airflow's user `admin`, made at the first start."""
    file = Path(env["AIRFLOW_HOME"]) / "simple_auth_manager_passwords.json.generated"
    return str(json.loads(file.read_text(encoding="utf-8"))["admin"])

"""Airflow's api-server, scheduler and dag-processor as processes of their own."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import click

from pipelines.errors import StorageError
from pipelines.local_airflow.environment import AIRFLOW, environment, prepare

SERVERS = ("api-server", "scheduler", "dag-processor")
START_SECONDS = 120
END_SECONDS = 20


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
    with ExitStack() as stack:
        running = {}
        for name in SERVERS:
            running[name] = stack.enter_context(_server(name, env))
            if name == "api-server":  # the others talk to it
                _wait_until_answering(env, running[name])
        yield running


@contextmanager
def _server(name: str, env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with (Path(env["AIRFLOW_HOME"]) / f"{name}.log").open("ab") as output:
        process = subprocess.Popen(
            [*AIRFLOW, name], env=env, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process and what it started to stop; then stop what is left of them."""
    try:
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(END_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
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

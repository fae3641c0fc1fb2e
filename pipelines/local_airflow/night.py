"""One night of the DAG `nightly` in the foreground: `airflow dags test`, with our lines only."""

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines import steps
from pipelines.local_airflow.environment import AIRFLOW, environment, prepare
from pipelines.specs.shop import load_shop


def run_night(as_of: date, config: Path, *, recompute: bool = False) -> int:
    """Run the night and print what our steps log; 0 when it ended well. All that Airflow said is
    in `<AIRFLOW_HOME>/nightly-<as_of>.log`. ConfigError when the configuration is wrong."""
    load_shop(config)  # said at once, and not as an import error of a DAG
    env = environment(config) | {"AIRFLOW__LOGGING__JSON_LOGS": "True"}
    prepare(env)
    conf = json.dumps({"as_of": as_of.isoformat(), "recompute": recompute})
    command = [*AIRFLOW, "dags", "test", "nightly", as_of.isoformat(), "--conf", conf]
    log = Path(env["AIRFLOW_HOME"]) / f"nightly-{as_of}.log"
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            kept.write(line)
            if said := ours(line):
                click.echo(said)
    if process.returncode:
        click.echo(f"The night of {as_of} failed; all that was said is in {log}")
    else:
        click.echo(steps.files_made(as_of, config))
    return process.returncode


def ours(line: str) -> str | None:
    """What a JSON log line says when one of our modules said it."""
    try:
        entry: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or not str(entry.get("logger", "")).startswith("pipelines"):
        return None
    level = "" if entry.get("level") == "info" else f"{entry.get('level')}: "
    return f"{str(entry.get('timestamp'))[11:19]} {level}{entry.get('event')}"

"""`python -m pipelines.local_airflow night 2026-06-29 [--recompute]`, or `… serve`."""

import sys
from datetime import datetime
from pathlib import Path

import click

from pipelines.errors import NocturneError
from pipelines.local_airflow.night import run_night
from pipelines.local_airflow.servers import serve as serve_airflow

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="NOCTURNE_CONFIG",
    default=Path("config/sample.yml"),
    show_default=True,
    help="The shop's configuration.",
)


@click.group()
def main() -> None:
    """Airflow on this machine."""


@main.command()
@click.argument("as_of", type=click.DateTime(["%Y-%m-%d"]))
@config_option
@click.option("--recompute", is_flag=True, help="Do every step again.")
def night(as_of: datetime, config: Path, recompute: bool) -> None:
    """Run one night under Airflow, in the foreground."""
    sys.exit(run_night(as_of.date(), config, recompute=recompute))


@main.command()
@config_option
@click.option("--port", default=8080, show_default=True, help="Of the web page.")
def serve(config: Path, port: int) -> None:
    """Start Airflow: web page, scheduler and dag-processor. Ctrl-C stops it."""
    sys.exit(serve_airflow(config, port))


try:
    main(prog_name="python -m pipelines.local_airflow")
except NocturneError as error:
    sys.exit(str(error))

"""`python -m pipelines.local_airflow night 2026-06-29 [--recompute]`, or `… serve`."""

import sys
from datetime import datetime
from pathlib import Path

import click

from pipelines import clock
from pipelines.errors import NocturneError
from pipelines.local_airflow.night import run_night
from pipelines.local_airflow.servers import serve as serve_airflow
from pipelines.specs.shop import load_shop

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
@click.argument("as_of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", required=False)
@config_option
@click.option("--recompute", is_flag=True, help="Do every step again.")
def night(as_of: datetime | None, config: Path, recompute: bool) -> None:
    """Run the night of DATE (default: today in the shop's time zone) under Airflow, in the
    foreground."""
    day = as_of.date() if as_of else clock.shop_today(load_shop(config).time_zone)
    sys.exit(run_night(day, config, recompute=recompute))


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

"""The command `nocturne`: a night, its verbs one by one, and a look at how things stand.

Only light imports at the top: `nocturne --help` answers at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines.errors import NocturneError, TerminalError, TransientError

PASSING = 75  # EX_TEMPFAIL of sysexits.h: run the same again later

VERBS = {
    "extract": "Read the extracts of the night into landing.",
    "load": "Check what has landed and take it into raw; quarantine what cannot be.",
    "transform": "Build staging, identity and marts with dbt.",
    "snapshot": "Build the customers' features as of the night.",
    "label": "Build labels and outcomes that have matured.",
    "train": "Train models that have no champion or an old one; gates decide.",
    "score": "Score every customer with the night's champions.",
    "decide": "Choose a campaign, or none, for every contactable customer.",
    "measure": "Measure past sends and decisions against their control.",
    "publish": "Swap in the analysts' DuckDB file.",
    "export": "Write and audit the files for the e-mail tools.",
    "deliver": "Put the audited files into the drop folder and seal the night.",
    "report": "Write the night's page, in French and English.",
}


class Date(click.ParamType[date]):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date written YYYY-MM-DD", param, ctx)
        if not 1970 <= day.year <= 2100:
            self.fail(f"{value!r} is not between 1970 and 2100", param, ctx)
        return day


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command has."""
    for option in (
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            envvar="NOCTURNE_CONFIG",
            default=Path("config/sample.yml"),
            show_default=True,
            help="The shop's configuration.",
        ),
        click.option(
            "--data-dir",
            type=click.Path(path_type=Path),
            envvar="NOCTURNE_DATA_DIR",
            help="Where runs write everything (default: data/ of this checkout).",
        ),
    ):
        command = option(command)
    return command


def as_of_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The date of the night."""
    return click.option(
        "--as-of", type=Date(), help="The night's date (default: today in the shop's time zone)."
    )(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nocturne-marketing", prog_name="nocturne")
def cli() -> None:
    """A nightly predictive-marketing pipeline: extracts in, customer 360, scores and
    import-ready files out."""


@cli.command(name="run")
@shared
@as_of_option
@click.option("--recompute", is_flag=True, help="Do every step again, even those done already.")
def run_night(config: Path, data_dir: Path | None, as_of: date | None, recompute: bool) -> None:
    """Run the whole night, all thirteen verbs in order."""
    from pipelines import steps, verbs
    from pipelines.cli import progress

    night = _as_of(as_of, config)
    with progress.show(night) as tell:
        for verb in verbs.VERBS:
            tell(
                verb,
                lambda v=verb: steps.run(  # type: ignore[misc]
                    v, night, config, data_dir=data_dir, recompute=recompute
                ),
            )
    click.echo(steps.files_made(night, config, data_dir=data_dir))


def _verb(name: str, help_text: str) -> click.Command:
    @shared
    @as_of_option
    @click.option("--recompute", is_flag=True, help="Do it again even when it is done already.")
    def command(config: Path, data_dir: Path | None, as_of: date | None, recompute: bool) -> None:
        from pipelines import steps
        from pipelines.cli import progress

        night = _as_of(as_of, config)
        with progress.show(night) as tell:
            tell(
                name, lambda: steps.run(name, night, config, data_dir=data_dir, recompute=recompute)
            )

    return click.command(name=name, help=help_text)(command)


for _name, _help in VERBS.items():
    cli.add_command(_verb(_name, _help))


@cli.command()
@shared
@as_of_option
def retrain(config: Path, data_dir: Path | None, as_of: date | None) -> None:
    """Train challengers now, however young the champions are; gates decide."""
    from pipelines import steps
    from pipelines.cli import progress

    night = _as_of(as_of, config)
    with progress.show(night) as tell:
        tell("train", lambda: steps.train(night, config, data_dir=data_dir))


@cli.command()
@shared
@click.option("--from", "first", type=Date(), required=True, help="The first date.")
@click.option("--to", "last", type=Date(), required=True, help="The last date.")
def backfill(config: Path, data_dir: Path | None, first: date, last: date) -> None:
    """Features, labels and scores of past dates; never decisions or files."""
    from pipelines import steps
    from pipelines.cli import progress

    with progress.show(last) as tell:
        tell("backfill", lambda: steps.backfill(first, last, config, data_dir=data_dir))


@cli.command()
@shared
@click.argument("model")
@click.option("--promote", metavar="VERSION", help="Make this version the champion.")
@click.option("--rollback", is_flag=True, help="Bring the previous champion back.")
def models(
    config: Path, data_dir: Path | None, model: str, promote: str | None, rollback: bool
) -> None:
    """List the versions of MODEL; promote one, or roll back."""
    from pipelines.cli import registry_view

    click.echo(registry_view.act(config, data_dir, model, promote=promote, rollback=rollback))


@cli.command()
@shared
@click.option("--nights", default=7, show_default=True, help="How many nights to show.")
def status(config: Path, data_dir: Path | None, nights: int) -> None:
    """How the last nights went, from the run ledger."""
    from pipelines.cli import status as view

    click.echo(view.last_nights(config, data_dir, nights))


@cli.group(invoke_without_command=True)
@shared
@click.option("--source", help="Only this source.")
@click.option("--extract-date", "--as-of", type=Date(), help="Only the extracts of this date.")
@click.option(
    "--show-records",
    type=click.IntRange(1),
    metavar="N",
    help="Show the first N records as they came: personal data.",
)
@click.pass_context
def quarantine(
    context: click.Context,
    config: Path,
    data_dir: Path | None,
    *,
    source: str | None,
    extract_date: date | None,
    show_records: int | None,
) -> None:
    """What could not be loaded, by source, extract, column and reason."""
    from pipelines.cli import quarantine as view

    if context.invoked_subcommand is None:
        click.echo(view.show(config, data_dir, source, extract_date, show_records))


@quarantine.command(name="replay")
@shared
@click.option("--source", required=True, help="The source whose settings are mended.")
@click.option("--extract-date", "--as-of", type=Date(), help="Only its extract of this date.")
def replay_quarantined(
    config: Path, data_dir: Path | None, source: str, extract_date: date | None
) -> None:
    """Load what is in quarantine of a source again, as it is configured now."""
    from pipelines import steps
    from pipelines.cli import quarantine as view

    report = steps.replay(source, config, extract_date=extract_date, data_dir=data_dir)
    click.echo(view.replayed(source, report))


@cli.command()
@shared
@click.argument("word", metavar="EMAIL|PHONE|ID")
@click.option(
    "--as-of", type=Date(), help="Decisions of that night and before (default: the last)."
)
@click.option("--json", "as_json", is_flag=True, help="Everything, records of the extracts too.")
def who(
    config: Path, data_dir: Path | None, *, word: str, as_of: date | None, as_json: bool
) -> None:
    """What is known of a person, why the records are one, what may be sent, what was decided.

    ID: of a customer, contact, loyalty card, visitor, order or contact point. Personal data; with
    --json the answer to an access request."""
    from pipelines.cli import who as view

    click.echo(view.show(config, data_dir, word, as_of, as_json=as_json))


@cli.command()
@shared
def compact(config: Path, data_dir: Path | None) -> None:
    """Write the warehouse file anew without the space that deleted rows left in it."""
    from pipelines import steps

    before, after = steps.compact(config, data_dir=data_dir)
    click.echo(f"{before:,} bytes before, {after:,} after.")


@cli.command()
@shared
def doctor(config: Path, data_dir: Path | None) -> None:
    """What is missing on this machine or in the configuration, and how to mend it."""
    from pipelines.cli import doctor as examination

    findings = examination.examine(config, data_dir)
    click.echo(examination.render(findings))
    if not all(finding.fine for finding in findings):
        sys.exit(1)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("config/my_shop.yml"),
    show_default=True,
    help="The file to write; one that exists is left alone.",
)
@click.option("--shop", default="my_shop", show_default=True, help="Its short name.")
@click.option(
    "--time-zone",
    default="Europe/Paris",
    show_default=True,
    help="Its night begins at 00:00.",
)
@click.option("--times-are", default="", help="The time zone of times without one, such as UTC.")
@click.option("--currency", default="EUR", show_default=True, help="Of all amounts.")
@click.option(
    "--country", default="FR", show_default=True, help="Of telephone numbers without a prefix."
)
def init(
    folder: Path,
    output: Path,
    *,
    shop: str,
    time_zone: str,
    times_are: str,
    currency: str,
    country: str,
) -> None:
    """Write a first configuration for the extracts in FOLDER, guessed from their contents.

    What was guessed is commented with CHECK; files that are not understood are commented out. Files
    of one tool that carry a date in their path count as one source."""
    from pipelines.cli.sources import check_options, check_zone
    from pipelines.sources import draft

    check_options(shop=shop, time_zone=time_zone, currency=currency, country=country)
    check_zone("--times-are", times_are)
    if output.exists():
        raise TerminalError(f"{output}: is there already; choose another --output, or remove it")
    text = draft(folder.resolve(), shop, time_zone, currency, country, times_are=times_are)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    lines = text.splitlines()
    read = sum(line.startswith("    entity: ") for line in lines)
    aside = sum(line.startswith("  #   entity: ") for line in lines)
    checks = sum("# CHECK" in line for line in lines if not line.startswith("  #   "))
    for line in lines:
        if line.startswith("# Missing: "):
            click.echo(line.removeprefix("# "))
    counts = f"{output}: {read} sources, {aside} commented out, {checks} places to check"
    if "    entity: orders" in lines:
        click.echo(f"{counts}; then run\n  nocturne sources check --config {output}")
    else:
        click.echo(f"{counts}; map the orders there before anything else")


@cli.group()
def sources() -> None:
    """The sources of the configuration."""


@sources.command()
@shared
@click.option("--source", help="Only this one.")
@click.option("--rows", type=click.IntRange(1, 1_000_000), default=50_000, show_default=True)
def check(config: Path, data_dir: Path | None, source: str | None, rows: int) -> None:
    """Read the first records of the newest extract of each source: how it is mapped, what does not
    fit.

    Of a file that is elsewhere, a database or an API everything is brought first, and not kept.
    Shows values of your extracts, personal ones too. Ends with 1 when a source cannot be read, more
    would go to quarantine than its checks allow, or no source feeds the orders."""
    from pipelines.cli import sources as sources_check

    if not sources_check.check(config, data_dir, source, rows, click.echo):
        sys.exit(1)


def _as_of(given: date | None, config: Path) -> date:
    from pipelines import clock
    from pipelines.specs.shop import load_shop

    return given or clock.shop_today(load_shop(config).time_zone)


def main() -> None:
    """Entry point: mistakes are sentences and a non-zero exit code, never a traceback."""
    from pipelines import logs

    logs.setup()
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except NocturneError as error:
        click.echo(f"nocturne: {error}", err=True)
        sys.exit(PASSING if isinstance(error, TransientError) else 1)


if __name__ == "__main__":
    main()

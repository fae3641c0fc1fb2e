"""Progress of a night: a line per step with rows and seconds on a terminal, log lines otherwise."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from pipelines import clock, logs
from pipelines.specs.night import StepReport

Tell = Callable[[str, Callable[[], Any]], None]


@contextmanager
def show(as_of: date) -> Iterator[Tell]:
    """A function that runs one step and tells how it went."""
    if not sys.stderr.isatty():
        yield lambda verb, step: step()
        return

    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    logs.setup("WARNING")
    console.print(f"[bold]Night of {as_of}[/bold]")

    def tell(verb: str, step: Callable[[], Any]) -> None:
        started = clock.seconds()
        with console.status(f"{verb} …"):
            done = step()
        reports = done if isinstance(done, list) else [done]
        seconds = clock.seconds() - started
        console.print(f"  {verb:<10} {seconds:6.1f} s  {_line(reports)}")

    yield tell


def _line(reports: list[StepReport]) -> str:
    rows = sum(report.rows for report in reports)
    facts = reports[-1].facts if reports else {}
    if "skipped" in facts:
        return f"[dim]skipped: {facts['skipped']}[/dim]"
    told = ", ".join(f"{name} {value}" for name, value in facts.items())
    return f"{rows:>9,} rows  [dim]{told}[/dim]"

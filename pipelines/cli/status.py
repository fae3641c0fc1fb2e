"""What the run ledger and the data directory tell about the last nights."""

from pathlib import Path

from pipelines import settings
from pipelines.ledger import Ledger, Run
from pipelines.settings import Paths
from pipelines.specs.shop import load_shop


def last_nights(config: Path, data_dir: Path | None, nights: int) -> str:
    """A table of the last `nights` nights: one line per step, newest night first."""
    load_shop(config)
    paths = _paths(data_dir)
    if not paths.ledger.exists():
        return f"No night has run yet in {paths.data_dir}. Start one with: nocturne run"
    ledger = Ledger(paths.ledger)
    runs = ledger.runs(2000)
    lines: list[str] = []
    for as_of in sorted({run.as_of for run in runs}, reverse=True)[:nights]:
        state = "sealed" if ledger.is_sealed(as_of) else "open"
        lines.append(f"{as_of}  {state}")
        lines += [_line(run) for run in reversed(runs) if run.as_of == as_of]
    return "\n".join(lines)


def _line(run: Run) -> str:
    if run.status == "done":
        told = f"{run.rows or 0:>10,} rows  {run.seconds or 0:7.1f} s"
    else:
        told = f"{run.status}: {run.error.splitlines()[0] if run.error else 'no end was noted'}"
    return f"  {run.verb:<10} {told}"


def _paths(data_dir: Path | None) -> Paths:
    return Paths((data_dir or settings.data_dir()).resolve())

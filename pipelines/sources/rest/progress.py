"""How far an unfinished extract has come: kept beside it, page by page."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.sources.rest.paging import Ask


@dataclass(frozen=True, slots=True)
class Progress:
    """`size`: the bytes of the whole pages in the unfinished file; `following`: the next
    request."""

    size: int
    pages: int
    records: int
    following: Ask


def place(unfinished: Path) -> Path:
    """Where the progress of an unfinished file is kept."""
    return unfinished.with_name(f"{unfinished.name}.progress")


def keep(unfinished: Path, progress: Progress) -> None:
    """Note the progress; a crash leaves the note before it, or this one."""
    new = unfinished.with_name(f"{unfinished.name}.progress.new")
    new.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    new.replace(place(unfinished))


def resumed(unfinished: Path) -> Progress | None:
    """Where to go on; None when there is nothing to go on from."""
    try:
        content = json.loads(place(unfinished).read_text("utf-8"))
        noted = Progress(**{**content, "following": Ask(**content["following"])})
        return noted if unfinished.stat().st_size >= noted.size else None
    except (OSError, ValueError, TypeError, KeyError):
        return None

"""What a connector has found for a night: files that are here, or that can be brought here."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.sources.prepare import Extract

Bring = Callable[[Path], str]
"""Write the extract to a path; returns where a next one is to go on (empty: nowhere)."""


@dataclass(frozen=True, slots=True)
class Found:
    """An extract and the date it carries; `is_dated` when its name says it. `size`: in bytes, None
    where only bringing it tells (the answer to a query). `bring`: for what is not on this disk;
    `extract.path` is then where it goes, in the inbox."""

    extract: Extract
    date: date
    is_dated: bool
    size: int | None
    bring: Bring | None = None

    def here(self) -> str:
        """Bring the file, if it is not here: whole, or not at all. Returns where a next extract is
        to go on."""
        path = self.extract.path
        if self.bring is None:
            return ""
        noted = path.with_name(f"{path.name}.next")
        if not path.exists() or self.size not in (None, path.stat().st_size):
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"{path.name}.unfinished")
            noted.write_text(self.bring(unfinished), encoding="utf-8")
            unfinished.replace(path)
        return noted.read_text("utf-8")

    def sha256(self) -> str:
        """The hash of the file's bytes."""
        self.here()
        with self.extract.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

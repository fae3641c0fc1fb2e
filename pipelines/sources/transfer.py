"""Brings files from another machine: in pieces, going on where one was cut, and each compared with
what was listed."""

import weakref
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from pipelines.errors import NocturneError, TransientError
from pipelines.sources import engine
from pipelines.sources.patience import patiently
from pipelines.sources.place import Entry, Place, Session
from pipelines.sources.prepare import Extract


class Line:
    """A place that stays open from one file to the next (a first night may bring a thousand, and
    to log in takes longer than to fetch a small one); closed when nothing refers to it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._session: Session | None = None
        self._close: Callable[[], object] = lambda: None

    def session(self) -> Session:
        """The open place, opened when it is not."""
        if self._session is None:
            stack = ExitStack()
            self._session = stack.enter_context(self._place.open())
            self._close = weakref.finalize(self, stack.close)
        return self._session

    def hang_up(self) -> None:
        """Close it: the next one to use it opens it anew."""
        self._session = None
        self._close()


def bring(line: Line, extract: Extract, entry: Entry, target: Path) -> str:
    """Write a remote file to `target`, from where an earlier attempt ended. TransientError when the
    connection keeps breaking, or when the file is not as it was listed."""
    with engine.sentences(extract):
        came, now = _transfer(line, entry, target)
        if now == entry and came == entry.size:
            return ""
        target.unlink()
    if now is None:
        raise TransientError(f"{extract.label}: is gone since it was listed; run again")
    raise TransientError(
        f"{extract.label}: is still being written: listed with {entry.size} bytes, {came} came, "
        f"now it has {now.size}; run again when it is whole, or have its writer tell so by a file "
        "beside it (`done_marker`)"
    )


@patiently
def _transfer(line: Line, entry: Entry, target: Path) -> tuple[int, Entry | None]:
    """How many bytes of the file are at `target`, and the file as it is now that they are."""
    came = target.stat().st_size if target.exists() else 0
    try:
        session = line.session()
        with target.open("ab") as file:
            for chunk in session.read(entry, came):
                file.write(chunk)
                came += len(chunk)
        return came, session.state(entry.path)
    except NocturneError:
        line.hang_up()
        raise

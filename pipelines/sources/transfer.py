"""Brings one file from another machine: in pieces, going on where it was cut, and compared with
what was listed."""

from pathlib import Path

from pipelines.errors import TransientError
from pipelines.sources import engine
from pipelines.sources.patience import patiently
from pipelines.sources.place import Entry, Place
from pipelines.sources.prepare import Extract


def bring(place: Place, extract: Extract, entry: Entry, target: Path) -> str:
    """Write a remote file to `target`, from where an earlier attempt ended. TransientError when the
    connection keeps breaking, or when the file is not as it was listed."""
    with engine.sentences(extract):
        came, now = _transfer(place, entry, target)
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
def _transfer(place: Place, entry: Entry, target: Path) -> tuple[int, Entry | None]:
    """How many bytes of the file are at `target`, and the file as it is now that they are."""
    with place.open() as session:
        came = target.stat().st_size if target.exists() else 0
        with target.open("ab") as file:
            for chunk in session.read(entry, came):
                file.write(chunk)
                came += len(chunk)
        return came, session.state(entry.path)

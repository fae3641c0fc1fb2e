"""Finds the extract files of a source, on this machine or on another."""

import difflib
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from pipelines import logs
from pipelines.errors import SourceError
from pipelines.settings import PROJECT_ROOT
from pipelines.sources import object_store, sftp
from pipelines.sources.found import Found
from pipelines.sources.path_pattern import path_pattern
from pipelines.sources.patience import patiently
from pipelines.sources.place import Entry, Place, Session, ThisMachine
from pipelines.sources.prepare import Extract
from pipelines.sources.transfer import Line, bring
from pipelines.specs.remote import Address, address
from pipelines.specs.source import Source

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A file of a source, its date (None: its path has none), and whether it is whole by its done
    marker."""

    entry: Entry
    date: date | None
    is_done: bool


def find(name: str, source: Source, as_of: date, inbox: Path) -> list[Found]:
    """The files of a source dated `as_of` or earlier, oldest first; remote ones are to be brought
    into the folder `inbox`. A path without `{date}` is one file, dated `as_of`. SourceError when a
    folder lies where a file should be; TransientError when the place cannot be reached."""
    where = address(source.path)
    place = _place(name, source, where)
    listed = [f for f in _look(place, source, where) if (f.date or as_of) <= as_of]
    waiting = sorted(where.place + f.entry.path for f in listed if not f.is_done)
    if waiting:
        log.warning(
            "extract %s: %d file(s) wait for their done marker (%s): %s",
            name,
            len(waiting),
            source.done_marker,
            ", ".join(waiting[-3:]),
        )
    line = Line(place)
    found = [_found(name, line, where, f, as_of=as_of, inbox=inbox) for f in listed if f.is_done]
    return sorted(found, key=lambda f: (f.date, f.extract.file))


def count(name: str, source: Source) -> tuple[int, int]:
    """How many files of a source there are, of whatever date, and how many of them wait for their
    done marker. Errors as `find`."""
    where = address(source.path)
    with _place(name, source, where).open() as session:
        done = [f.is_done for f in _listed(session, source, where)]
    return len(done), done.count(False)


def _place(name: str, source: Source, where: Address) -> Place:
    label = f"source {name!r}: {where.place or 'this machine'}"
    if not where.kind:
        return ThisMachine(label)
    if where.kind == "sftp":
        return sftp.place(label, where, source.access)
    return object_store.place(label, where, source.access)


@patiently
def _look(place: Place, source: Source, where: Address) -> list[_Listed]:
    with place.open() as session:
        return list(_listed(session, source, where))


def _listed(session: Session, source: Source, where: Address) -> Iterable[_Listed]:
    """The files that the source's path means, in any order."""
    if "{date}" not in source.path:
        entry = session.state(where.inside)
        marker = _marker(source, where.inside)
        if entry:
            yield _Listed(entry, None, marker is None or session.state(marker) is not None)
        return
    pattern = path_pattern(where.inside, source.date_in_path)
    there: set[str] = set()
    dated: list[tuple[Entry, date]] = []
    for entry in session.below(pattern.base, pattern.below):
        day = pattern.date(entry.path)
        if day:
            dated.append((entry, day))
        if source.done_marker:
            there.add(entry.path)
    markers = {entry.path: _marker(source, entry.path) for entry, _ in dated}
    are_markers = set(markers.values())  # `*` may mean them too
    for entry, day in dated:
        if entry.path not in are_markers:
            marker = markers[entry.path]
            yield _Listed(entry, day, marker is None or marker in there)


def _marker(source: Source, path: str) -> str | None:
    """The path of a file's done marker, which lies in the same folder; None when it needs none."""
    if source.done_marker is None:
        return None
    folder, slash, name = path.rpartition("/")
    stem = Path(name.removesuffix(".gz")).stem
    known = {"{path}": path, "{stem}": f"{folder}{slash}{stem}", "{folder}/": f"{folder}{slash}"}
    begins = next(begin for begin in known if source.done_marker.startswith(begin))
    return known[begins] + source.done_marker.removeprefix(begins)


def _found(
    name: str, line: Line, where: Address, listed: _Listed, *, as_of: date, inbox: Path
) -> Found:
    entry, file = listed.entry, where.place + listed.entry.path
    day, is_dated = listed.date or as_of, listed.date is not None
    extract = Extract(name, file, PROJECT_ROOT / entry.path)
    if entry.is_folder:
        raise SourceError(
            f"{extract.label}: a folder, where an extract file is expected; "
            "set `path` to the file itself"
        )
    if not where.kind:
        return Found(extract, day, is_dated, entry.size)
    # Its name tells the version: what was brought, or half brought, of an older one stays unused.
    version = hashlib.sha256(f"{file}\n{entry.size}\n{entry.version}".encode()).hexdigest()[:32]
    extract = Extract(name, file, inbox / version)
    return Found(extract, day, is_dated, entry.size, partial(bring, line, extract, entry))


def missing(name: str, source: Source, as_of: date) -> str:
    """The sentence that says that tonight's file is not there, and what is."""
    where = address(source.path)
    expected = where.inside.replace("{date}", as_of.strftime(source.date_in_path))
    folder, wanted = _folder_of(expected)
    with _place(name, source, where).open() as session:
        while (entries := session.folder(folder)) is None and folder not in ("", "/"):
            folder, wanted = _folder_of(folder.removesuffix("/"))
    names = sorted(entry.name for entry in entries or [])
    begins = f"source {name!r}: no file for {as_of}; expected {where.place}{expected}"
    if wanted in names and source.done_marker:
        return f"{begins}, which is there and waits for its done marker ({source.done_marker})"
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.3)
    there = ", ".join(near or names[:3]) or "nothing"
    shown = where.place + (folder if where.kind else folder.removeprefix(f"{PROJECT_ROOT}/"))
    return f"{begins} (path {source.path}); nearest in {shown or './'}: {there}"


def _folder_of(path: str) -> tuple[str, str]:
    """The folder of a path, with its last slash (empty: where paths begin), and the name in it."""
    folder, slash, name = path.rpartition("/")
    return folder + slash, name

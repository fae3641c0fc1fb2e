"""Finds the extract files of a source on disk."""

import difflib
import re
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.errors import SourceError
from pipelines.settings import PROJECT_ROOT
from pipelines.sources.found import Found
from pipelines.sources.prepare import Extract
from pipelines.specs.shop import Source

_WIDTH = {"Y": r"\d{4}", "m": r"\d{2}", "d": r"\d{2}", "y": r"\d{2}", "j": r"\d{3}"}


def find(name: str, source: Source, as_of: date) -> list[Found]:
    """The files of a source dated `as_of` or earlier, oldest first. A path without `{date}` is one
    file, dated `as_of`. SourceError when a folder lies where a file should be."""
    if "{date}" not in source.path:
        path = PROJECT_ROOT / source.path
        found = [_found(name, source.path, path, as_of, False)] if path.exists() else []
    else:
        found = [f for f in _dated(name, source) if f.date <= as_of]
    for file in found:
        if file.extract.path.is_dir():
            raise SourceError(
                f"{file.extract.label}: a folder, where an extract file is expected; "
                "set `path` to the file itself"
            )
    return sorted(found, key=lambda f: (f.date, f.extract.file))


def _found(name: str, file: str, path: Path, day: date, is_dated: bool) -> Found:
    return Found(Extract(name, file, path), day, is_dated, path.stat().st_size)


def _dated(name: str, source: Source) -> list[Found]:
    before, _, after = source.path.partition("{date}")
    base = Path(before[: before.rfind("/") + 1])  # the deepest folder without a date
    any_date = re.sub("[^/]+", "*", source.date_in_path)  # a date may be several folders
    below = (before[before.rfind("/") + 1 :] + "{date}" + after).replace("{date}", any_date)
    pattern = _pattern(source)
    found = []
    for path in (PROJECT_ROOT / base).glob(below):
        file = (base / path.relative_to(PROJECT_ROOT / base)).as_posix()
        match = pattern.fullmatch(file)
        day = _date(match[1], source.date_in_path) if match else None
        if day:
            found.append(_found(name, file, path, day, True))
    return found


def _pattern(source: Source) -> re.Pattern[str]:
    """The path as an expression whose group 1 is the date; `*` matches within one folder."""
    tokens = re.split(r"%(.)", re.escape(source.date_in_path).replace(r"\%", "%"))
    day = "".join(t if i % 2 == 0 else _WIDTH.get(t, ".+?") for i, t in enumerate(tokens))
    first, *rest = (re.escape(part) for part in Path(source.path).as_posix().split("{date}"))
    return re.compile(r"\1".join([f"{first}({day}){rest[0]}", *rest[1:]]).replace(r"\*", "[^/]*"))


def _date(text: str, written_as: str) -> date | None:
    try:
        return datetime.strptime(text, written_as).replace(tzinfo=UTC).date()
    except ValueError:
        return None


def missing(name: str, source: Source, as_of: date) -> str:
    """The sentence that says that tonight's file is not there, and what is."""
    expected = source.path.replace("{date}", as_of.strftime(source.date_in_path))
    folder = PROJECT_ROOT / Path(expected).parent
    while not folder.is_dir():
        folder = folder.parent
    names = sorted(p.name for p in folder.iterdir())
    wanted = PROJECT_ROOT / expected
    near = difflib.get_close_matches(wanted.relative_to(folder).parts[0], names, n=3, cutoff=0.3)
    there = ", ".join(near or names[:3]) or "nothing"
    shown = folder.relative_to(PROJECT_ROOT) if folder.is_relative_to(PROJECT_ROOT) else folder
    return (
        f"source {name!r}: no file for {as_of}; expected {expected} (path {source.path}); "
        f"nearest in {shown}/: {there}"
    )

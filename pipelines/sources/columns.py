"""Matches the columns that a file has with those that the configuration maps."""

import difflib
import re
from collections.abc import Collection

from pipelines.errors import SourceError
from pipelines.sources import engine
from pipelines.sources.prepare import Extract
from pipelines.specs.contract import ENTITIES
from pipelines.specs.further import FURTHER
from pipelines.specs.source import Source

_LOOKS_LIKE_DATA = re.compile(r".*@.*|[\d .,:/+'T-]*\d[\d .,:/+'TZ-]*")
_SHOWN, _LONGEST = 12, 40  # columns in a sentence, characters of one
_WORD = 4  # letters; shorter texts are within many names


def require(extract: Extract, source: Source, found: list[str], hint: str = "") -> None:
    """SourceError when a mapped column is not among `found`, or is there twice."""
    theirs = list(dict.fromkeys(source.columns.values()))
    _refuse(extract, [column for column in theirs if column not in found], found, hint)
    _refuse_twice(extract, theirs, found)


def there(extract: Extract, source: Source, found: list[str], hint: str = "") -> Source:
    """The source with those of its mapped columns that are among `found`. SourceError when one that
    its preset or its entity requires is not, when all of a group are not of which one is needed, or
    when one is there twice."""
    kept = {ours: theirs for ours, theirs in source.columns.items() if place(theirs, found)}
    given = kept.keys() | source.constants.keys()
    ruling = {ours for ours in source.columns.keys() - given if ours.startswith(FURTHER)}
    if source.preset:
        needed = set(source.preset.declaration.columns) - given
    else:
        entity = ENTITIES[source.entity]
        needed = set(entity.required) - given
        needed |= {column for group in entity.one_of if not given & set(group) for column in group}
    absent = [theirs for ours, theirs in source.columns.items() if ours in needed | ruling]
    _refuse(extract, list(dict.fromkeys(absent)), found, hint)
    _refuse_twice(extract, list(dict.fromkeys(kept.values())), found)
    return source.model_copy(update={"columns": kept})


def place(theirs: str, found: Collection[str]) -> tuple[str, str] | None:
    """The column among `found` that `theirs` means, and the dotted path within the JSON text that
    it holds; an empty one for the column itself."""
    if theirs in found:
        return theirs, ""
    parts = theirs.split(".")
    columns = (".".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    column = next((column for column in columns if column in found), None)
    return None if column is None else (column, theirs.removeprefix(f"{column}."))


def present(source: Source, found: Collection[str]) -> tuple[str, ...]:
    """What is there by name: the columns, and the mapped paths within them."""
    within = (theirs for theirs in source.columns.values() if place(theirs, found))
    return tuple(dict.fromkeys((*found, *within)))


def within(text: str, path: str) -> str:
    """SQL: what the JSON of an SQL text has at a dotted path, NULL where that is none."""
    if not path:
        return text
    return f"json_extract_string(case when json_valid({text}) then {text} end, {_quoted(path)})"


def json_path(dotted: str) -> str:
    """The JSON path of `a.b[0].c`."""
    parts = re.sub(r"\[(\d+)\]", r".[\1]", dotted).split(".")
    return "$" + "".join(p if p.startswith("[") else f'."{p}"' for p in parts)


def _quoted(path: str) -> str:
    return engine.quoted(json_path(path))


def _refuse(extract: Extract, absent: list[str], found: list[str], hint: str) -> None:
    if absent:
        named = ", ".join(f"{column!r}{_nearest(column, found)}" for column in absent)
        raise SourceError(
            f"{extract.label}: missing column{'s' if len(absent) > 1 else ''} {named}; "
            f"{describe(found)}{hint}"
        )


def _refuse_twice(extract: Extract, theirs: list[str], found: list[str]) -> None:
    twice = [column for column in theirs if found.count(column) > 1]
    if twice:
        raise SourceError(
            f"{extract.label}: column {twice[0]!r} is there {found.count(twice[0])} times; "
            "rename one in the extract, so that it is clear which one is meant"
        )


def describe(found: list[str]) -> str:
    """What the header holds, without showing it when it looks like a row of data."""
    if any("\n" in column for column in found):
        return f"its first row ({len(found)} values) spans several lines: a quote may be open"
    if any(_LOOKS_LIKE_DATA.fullmatch(column) for column in found if column):
        return f"its first row ({len(found)} values) looks like data, not like column names"
    shown = ", ".join(column[:_LONGEST] for column in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"found {len(found)} column{'s' if len(found) != 1 else ''}: {shown}{more}"


def near(column: str, found: Collection[str]) -> str | None:
    """The name among `found` that `column` may have become; none that looks like data."""
    lower = {name.lower(): name for name in found if _looks_like_a_name(name)}
    wanted = column.lower()
    matches = difflib.get_close_matches(wanted, list(lower), n=1)
    if not matches and len(wanted) >= _WORD:  # phone, phone_number
        matches = [name for name in sorted(lower) if wanted in name]
    return lower[matches[0]] if matches else None


def _looks_like_a_name(text: str) -> bool:
    is_long = len(text) > _LONGEST or "\n" in text
    return not is_long and not _LOOKS_LIKE_DATA.fullmatch(text)


def _nearest(column: str, found: list[str]) -> str:
    name = near(column, found)
    return f" (nearest: {name!r})" if name else ""


def unknown(source: Source, found: list[str]) -> list[str]:
    """The columns that nothing maps."""
    mapped = set(source.columns.values())
    return [column for column in dict.fromkeys(found) if column not in mapped]

"""Matches the columns that a file has with those that the configuration maps."""

import difflib
import re

from pipelines.errors import SourceError
from pipelines.sources.prepare import Extract
from pipelines.specs.source import Source

_LOOKS_LIKE_DATA = re.compile(r".*@.*|[\d .,:/+'T-]*\d[\d .,:/+'TZ-]*")
_SHOWN = 12


def require(extract: Extract, source: Source, found: list[str], hint: str = "") -> None:
    """SourceError when a mapped column is not among `found`, or is there twice. Optional columns of
    a preset may be absent."""
    theirs = list(dict.fromkeys(source.columns.values()))
    optional = source.preset.declaration.optional_columns if source.preset else ()
    absent = [column for column in theirs if column not in found and column not in optional]
    if absent:
        near = [_near(column, found) for column in absent]
        raise SourceError(
            f"{extract.label}: missing column{'s' if len(absent) > 1 else ''} "
            f"{', '.join(repr(c) + n for c, n in zip(absent, near, strict=True))}; "
            f"{describe(found)}{hint}"
        )
    twice = [column for column in theirs if found.count(column) > 1]
    if twice:
        raise SourceError(
            f"{extract.label}: column {twice[0]!r} is there {found.count(twice[0])} times; "
            "rename one in the extract, so that it is clear which one is meant"
        )


def there(source: Source, found: list[str]) -> Source:
    """The source without the optional columns of its preset that a file lacks."""
    if source.preset is None:
        return source
    columns = {ours: theirs for ours, theirs in source.columns.items() if theirs in found}
    return source.model_copy(update={"columns": columns})


def describe(found: list[str]) -> str:
    """What the header holds, without showing it when it looks like a row of data."""
    if any("\n" in column for column in found):
        return f"its first row ({len(found)} values) spans several lines: a quote may be open"
    if any(_LOOKS_LIKE_DATA.fullmatch(column) for column in found if column):
        return f"its first row ({len(found)} values) looks like data, not like column names"
    shown = ", ".join(column[:40] for column in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"found {len(found)} column{'s' if len(found) != 1 else ''}: {shown}{more}"


def _near(column: str, found: list[str]) -> str:
    lower = {name.lower(): name for name in found if not _LOOKS_LIKE_DATA.fullmatch(name)}
    near = difflib.get_close_matches(column.lower(), list(lower), n=1)
    return f" (nearest: {lower[near[0]]!r})" if near else ""


def unknown(source: Source, found: list[str]) -> list[str]:
    """The columns that nothing maps."""
    mapped = set(source.columns.values())
    return [column for column in dict.fromkeys(found) if column not in mapped]

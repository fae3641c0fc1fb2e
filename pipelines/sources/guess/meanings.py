"""What the values of a source mean, as lines of YAML."""

import json
import re
from collections.abc import Iterable, Iterator

from pipelines.sources.guess import closed
from pipelines.sources.guess.closed import Word
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.lifecycle import by_life
from pipelines.sources.guess.looks import BOOLEANS, YES
from pipelines.sources.guess.placed import without_any
from pipelines.sources.guess.shape import Shape
from pipelines.specs.contract import Column, Kind

_YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
_STATUS = ("orders", "status")
_SHOWN = 30  # values nobody knows


def scalar(text: str) -> str:
    """A text as YAML: JSON's quotes are YAML's, too."""
    is_plain = re.fullmatch(r"[A-Za-z_][\w.]*", text) and text.lower() not in _YAML_WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def meanings_of(fit: Fit, others: Iterable[Shape]) -> dict[str, list[Word]]:
    """Their words for each closed set; an optional column with words nobody knows is left out, for
    each of its records would be refused."""
    found: dict[str, list[Word]] = {}
    others = list(others)
    for column in fit.entity.columns:
        if column.name not in fit.columns:
            continue
        if column.name in fit.values_of:
            pairs = fit.values_of[column.name].items()
            found[column.name] = [Word(theirs, 0, ours) for theirs, ours in pairs]
            continue
        if column.kind is Kind.BOOLEAN and (odd := _foreign_flags(fit.values(column.name))):
            found[column.name] = [Word(theirs, 0, ours) for theirs, ours in odd.items()]
        if not column.allowed:
            continue
        said = closed.words(fit, column, others)
        said = by_life(fit, said) if (fit.entity.name, column.name) == _STATUS else said
        words = [word for word in said if not _is_left_out(fit, column, word)]
        unknown = [word.theirs for word in words if word.ours is None]
        if unknown and not column.required:
            theirs = fit.columns.pop(column.name)
            fit.notes.append(
                f"{column.name}: {theirs} is not mapped: {_listed(unknown)} may mean any of "
                f"{', '.join(column.allowed)}; map it with values, if it is that"
            )
        elif words:
            found[column.name] = words
    return found


def _foreign_flags(values: list[str]) -> dict[str, str]:
    """Words for yes and no that no source reads by itself; empty where one of them does."""
    distinct = sorted(set(values))
    if all(value.lower() in BOOLEANS for value in distinct):
        return {}
    return {value: "true" if value.lower() in YES else "false" for value in distinct}


def _is_left_out(fit: Fit, column: Column, word: Word) -> bool:
    """Whether no record with the word is taken."""
    theirs = fit.columns[column.name]
    return word.theirs in fit.skip.get(theirs, ()) or without_any(fit, theirs, word.theirs)


def _listed(values: list[str]) -> str:
    return ", ".join(map(scalar, values[:5])) + (" …" if len(values) > 5 else "")


def value_lines(fit: Fit, meanings: dict[str, list[Word]]) -> Iterator[str]:
    if not meanings:
        return
    yield "    values:"
    for column, words in meanings.items():
        yield from _value_lines(fit.entity.column(column), words)


def _value_lines(column: Column, words: list[Word]) -> Iterator[str]:
    allowed = ", ".join(column.allowed)
    known = [word for word in words if word.ours is not None]
    yield f"      {column.name}:{'' if known else ' {}'}"
    if any(word.doubt for word in known):
        yield f"        # CHECK: allowed are {allowed}"
    for word in known:
        seen = f"  # CHECK: seen {word.count} times; {word.doubt}" if word.doubt else ""
        yield f"        {scalar(word.theirs)}: {scalar(word.ours or '')}{seen}"
    unknown = [word for word in words if word.ours is None]
    for word in unknown[:_SHOWN]:
        yield (
            f"        # CHECK: {scalar(word.theirs)}: which of {allowed}? seen {word.count} times; "
            "its records are refused until it is mapped"
        )
    if len(unknown) > _SHOWN:
        yield f"        # and {len(unknown) - _SHOWN} further values"

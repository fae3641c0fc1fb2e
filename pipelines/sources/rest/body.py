"""Reads one page of an answer: its records as the text they came in, and what surrounds them.

Records are cut out of the text, never written anew: 12.10 stays 12.10, and an integer keeps all its
digits, whatever their number."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.errors import SourceError

# Numbers are kept as text: what surrounds the records may hold a cursor with many digits.
_DECODE = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).raw_decode
_WHITE = re.compile(r"[ \t\n\r]*")
_LINE_ENDS = str.maketrans("\r\n", "  ")
_MOST_KEYS = 12  # named in a sentence


@dataclass(frozen=True, slots=True)
class Page:
    """`spans`: where each record lies in `text`. `around`: the answer without its records, the last
    of which is still there; its numbers are texts."""

    text: str
    spans: list[tuple[int, int]]
    around: Any

    def lines(self) -> Iterator[bytes]:
        """The records, one a line. A line end within a record can only be white space, since JSON
        has none inside of texts."""
        for start, end in self.spans:
            yield self.text[start:end].translate(_LINE_ENDS).encode() + b"\n"


NOTHING = Page("", [], {})


def read(where: str, text: str, path: str) -> Page:
    """The page that `text` is, with the records at the dotted `path`. SourceError, which begins
    with `where`, when it is not JSON or has no list there."""
    keys = path.split(".") if path else []
    try:
        around, spans, at = _value(text, _skip(text, 0), keys)
        at = _skip(text, at)
        if at != len(text):
            raise json.JSONDecodeError("more text after its end", text, at)
    except json.JSONDecodeError as error:
        raise SourceError(_not_json(where, text, error)) from None
    except RecursionError:
        raise SourceError(f"{where}: not readable as JSON: nested too deeply") from None
    if spans is None:
        raise SourceError(_no_list(where, around, path))
    return Page(text, spans, around)


def dig(value: Any, path: str) -> Any:
    """What lies at a dotted path, None when nothing does; numbers are places in a list."""
    for key in path.split("."):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and re.fullmatch(r"-?\d{1,9}", key):
            value = value[int(key)] if -len(value) <= int(key) < len(value) else None
        else:
            return None
    return value


Parsed = tuple[Any, list[tuple[int, int]] | None, int]


def _value(text: str, at: int, keys: list[str]) -> Parsed:
    """The value at `at` without the records in it, their places (None: there is no list), and
    where it ends."""
    first = text[at : at + 1]
    if not keys and first == "[":
        return _list(text, at)
    if keys and first == "{":
        return _object(text, at, keys)
    value, end = _DECODE(text, at)
    # Some write null for an empty list.
    return value, [] if not keys and value is None else None, end


def _list(text: str, at: int) -> Parsed:
    spans: list[tuple[int, int]] = []
    last: list[Any] = []
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        if spans:
            at = _skip(text, _expect(text, at, ","))
        value, end = _DECODE(text, at)
        spans.append((at, end))
        last = [value]
        at = _skip(text, end)
    return last, spans, at + 1


def _object(text: str, at: int, keys: list[str]) -> Parsed:
    around: dict[str, Any] = {}
    spans: list[tuple[int, int]] | None = None
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        if around:
            at = _skip(text, _expect(text, at, ","))
        _expect(text, at, '"')
        key, at = _DECODE(text, at)
        at = _skip(text, _expect(text, _skip(text, at), ":"))
        if key == keys[0]:
            around[key], spans, at = _value(text, at, keys[1:])
        else:
            around[key], at = _DECODE(text, at)
        at = _skip(text, at)
    return around, spans, at + 1


def _skip(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"expected {sign}", text, at)
    return at + 1


def _not_json(where: str, text: str, error: json.JSONDecodeError) -> str:
    if text.lstrip()[:1] == "<":
        return (
            f"{where}: answers with a page for people (HTML or XML), not with JSON; often a login "
            "page or a proxy's: check `rest.url` and the token"
        )
    if not text.strip():
        return f"{where}: answers with nothing, where JSON is expected; check `rest.url`"
    place = f"line {error.lineno}, column {error.colno}"
    return f"{where}: not readable as JSON: {error.msg} ({place})"


def _no_list(where: str, around: Any, path: str) -> str:
    above, value = "the answer", around
    for key in path.split(".") if path else []:
        if not isinstance(value, dict) or key not in value:
            break
        above, value = f"`{key}`", value[key]
    if isinstance(value, dict):
        keys = ", ".join(list(value)[:_MOST_KEYS]) or "none"
        found = f"{above} is an object with the keys: {keys}"
    else:
        found = f"{above} is {_KINDS.get(type(value), 'a number or a text')}"
    return (
        f"{where}: no list of records at `records: {path!r}`; {found}; set `rest.records` to the "
        "dotted path of the list, or to '' when the answer is the list"
    )


_KINDS = {list: "a list", bool: "true or false", type(None): "null"}

"""Reads the records of one JSON document: an array of objects, at its top or somewhere within."""

import codecs
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from pipelines.errors import SourceError
from pipelines.sources import jsonl_file, unpack
from pipelines.sources.prepare import Extract
from pipelines.sources.rows import Rows
from pipelines.sources.unpack import Packed
from pipelines.specs.source import Source

_CHUNK = 1 << 16  # bytes
_DEEPEST = 100  # levels of a document that is data, not an attack
_LONGEST = 40  # digits of a number that is written out; DECIMAL keeps 38
_SHOWN = 5
# Python makes no integer of more than 4,300 digits, and the parser in C dies of that.
_TOO_MANY_DIGITS = re.compile(rb"[0-9]{4000}")


def read(con: duckdb.DuckDBPyConnection, extract: Extract, source: Source, scratch: Path) -> Rows:
    """The elements of the array at `source.records`, as a file of JSON lines would be read; `_line`
    is the element's number in the array, from 1.

    SourceError when the document is not whole, or holds no array there. Numbers keep all their
    digits; one element at a time is held in memory."""
    lines = scratch / "elements.jsonl"
    records = objects = 0
    with unpack.opened(Packed(extract.path, extract.label, source.member)) as stream:
        document = _Document(extract, source, stream)
        with lines.open("w", encoding="utf-8", newline="\n") as file:
            for record in document.records():
                records += 1
                objects += isinstance(record, dict)
                file.write(json.dumps(record, ensure_ascii=False, default=_number) + "\n")
            file.write("" if records else "\n")  # nothing is not the same as no file
    if records and not objects:
        raise SourceError(
            f"{extract.label}: none of the {records} elements at {document.place} is an object; "
            "set `records` to an array of objects"
        )
    plain = source.model_copy(update={"encoding": "utf-8", "member": None})
    return jsonl_file.read(con, Extract(extract.source, extract.file, lines), plain, scratch)


def _number(value: Decimal) -> float | str:
    """A number that would not come back as it is written (12.10, 20 digits) becomes a text."""
    if abs(value.adjusted()) > _LONGEST:
        return str(value)
    text = format(value, "f")
    return float(value) if repr(float(value)) == text else text


class _Document:
    """A JSON document, read as a stream of events."""

    def __init__(self, extract: Extract, source: Source, stream: BinaryIO) -> None:
        self._extract, self._wanted = extract, source.records or ""
        self._text = _Utf8(extract, stream, source.encoding)
        self._keys: list[str] = []  # of the objects that the event lies in
        self._arrays: list[str] = []  # dotted paths of the first ones that are not wanted
        self._found = 0

    @property
    def place(self) -> str:
        return repr(self._wanted) if self._wanted else "the top"

    def records(self) -> Iterator[Any]:
        """The elements of each array at the wanted path."""
        events = self._events()
        for event, value in events:
            match event:
                case "start_map":
                    self._keys.append("")
                case "map_key":
                    self._keys[-1] = value
                case "end_map":
                    self._keys.pop()
                case "start_array" if ".".join(self._keys) == self._wanted:
                    self._found += 1
                    yield from _elements(events)
                case "start_array" if len(self._arrays) < _SHOWN:
                    self._arrays.append(".".join(self._keys))
        if not self._found:
            raise SourceError(self._no_array())

    def _events(self) -> Iterator[tuple[str, Any]]:
        """The parser's events. SourceError when the document breaks off, is none or too deep."""
        try:
            import ijson
        except ImportError:
            raise SourceError(
                f"{self._extract.label}: format json needs the library ijson; install it with "
                "`pip install -e '.[json]'`"
            ) from None
        depth = 0
        try:
            for event, value in ijson.basic_parse(self._text, buf_size=_CHUNK):
                depth += (event in _BEGINS) - (event in _ENDS)
                if depth > _DEEPEST:
                    raise SourceError(
                        f"{self._extract.label}: nested more than {_DEEPEST} levels deep, as no "
                        "extract is"
                    )
                yield event, value
        except ijson.JSONError as error:
            raise SourceError(self._broken(error)) from None

    def _broken(self, error: Exception) -> str:
        what = error.args[0] if error.args else ""
        text = what.decode("utf-8", "replace") if isinstance(what, bytes) else str(what)
        why = (text.splitlines() or ["?"])[0].strip()  # the next lines show the data
        hint = "it is damaged or was still being copied; fetch it again"
        if "trailing garbage" in why:
            hint = "something follows its end; for one object a line set `format: jsonl`"
        return f"{self._extract.label}: not readable as one JSON document ({why}); {hint}"

    def _no_array(self) -> str:
        there = list(dict.fromkeys(path or "(the top)" for path in self._arrays))
        if there:
            advice = f"there are arrays at: {', '.join(there)}; set `records` to one of them"
            advice += " (leave it away for the top)" if "(the top)" in there else ""
        else:
            advice = "there is none anywhere; look at what the tool has written"
        return f"{self._extract.label}: no array of records at {self.place}; {advice}"


_BEGINS = ("start_map", "start_array")
_ENDS = ("end_map", "end_array")


def _elements(events: Iterator[tuple[str, Any]]) -> Iterator[Any]:
    """Each element of an array that has begun, whole."""
    import ijson

    depth = 0
    builder = ijson.ObjectBuilder()
    for event, value in events:
        if not depth and event == "end_array":
            return
        builder.event(event, value)
        depth += (event in _BEGINS) - (event in _ENDS)
        if not depth:
            yield builder.value
            builder = ijson.ObjectBuilder()


class _Utf8:
    """A stream in any encoding, read as UTF-8 without a byte order mark."""

    def __init__(self, extract: Extract, stream: BinaryIO, encoding: str) -> None:
        is_utf8 = codecs.lookup(encoding).name == "utf-8"
        decoder = codecs.getincrementaldecoder("utf-8-sig" if is_utf8 else encoding)
        self._decoder = decoder("strict")
        self._extract, self._stream, self._encoding = extract, stream, encoding
        self._before = b""

    def read(self, size: int = _CHUNK) -> bytes:
        while True:
            chunk = self._stream.read(size)
            try:
                text = self._decoder.decode(chunk, final=not chunk)
            except UnicodeError:
                raise SourceError(
                    f"{self._extract.label}: is not {self._encoding}, the declared encoding; set "
                    "`encoding` of the source to the one it is written in"
                ) from None
            if text or not chunk:
                return self._checked(text.encode("utf-8"))

    def _checked(self, data: bytes) -> bytes:
        seen = self._before + data
        if _TOO_MANY_DIGITS.search(seen):
            raise SourceError(f"{self._extract.label}: holds a number of 4,000 digits or more")
        self._before = seen[-4000:]
        return data

"""Reads one file of JSON lines."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.sources import columns, engine
from pipelines.sources.prepare import Extract, plain_text
from pipelines.sources.rows import Account, Rows
from pipelines.specs.contract import ENTITIES
from pipelines.specs.source import Source

_CHUNK = 8 << 20  # bytes
_SCHEMA = pa.schema([("line", pa.int64()), ("text", pa.large_string())])
_MOST_LEAVES = 500  # beyond that, keys are data: keep top-level values whole
# `and` may evaluate both sides, and json_type raises on what is not JSON.
PARENT = "parent"  # of an element: the record that holds it
_GOOD = "(case when json_valid(text) then json_type(text) = 'OBJECT' else false end)"


def read(con: duckdb.DuckDBPyConnection, extract: Extract, source: Source, scratch: Path) -> Rows:
    """The objects of a file of JSON lines, values as text; `columns` hold dotted paths.
    SourceError when a required column is in no object of the file."""
    plain = plain_text(extract, source.encoding, scratch / "plain.txt", source.member)
    unreadable: list[engine.RejectRow] = []
    con.register("lines", _batches(plain, extract, unreadable))
    try:
        shapes = con.execute(
            f"select case when {_GOOD} then json_structure(text)::varchar end, count(*)"
            " from lines group by all"
        ).fetchall()
    except duckdb.InvalidInputException as error:
        if "recursion depth" not in str(error):
            raise
        raise SourceError(
            f"{extract.label}: a record is nested deeper than 128 levels; have it exported flat"
        ) from None
    found = sum(count for _, count in shapes) + len(unreadable)
    good = sum(count for shape, count in shapes if shape is not None)
    structures = [shape for shape, _ in shapes if shape is not None]
    if source.elements and structures:
        con.register("lines", _batches(plain, extract))
        query = f"select distinct json_structure(text)::varchar from ({_records(source)})"
        structures = [shape for (shape,) in con.execute(query).fetchall()]
    pointers = _leaves(_merged(json.loads(shape) for shape in structures))
    leaves = list(pointers)
    _require(extract, source, leaves, found, good)
    unknown = columns.unknown(source, leaves)
    unknown = [leaf for leaf in unknown if not _is_mapped_within(leaf, source)]
    if source.elements:  # what the record says beside is not said again of each
        unknown = [leaf for leaf in unknown if not leaf.startswith(f"{PARENT}.")]
    con.register("lines", _batches(plain, extract))

    def settle(target: Path) -> Account:
        broken = _not_objects(con, extract, plain, found - good - len(unreadable))
        con.unregister("lines")
        there = [*leaves, *(path for path in source.columns.values() if _is_there(path, leaves))]
        names = tuple(dict.fromkeys(there))
        return Account(found, unreadable + broken, names, tuple(unknown))

    sql = _select(source, pointers=pointers, unknown=unknown)
    return Rows(sql, dict.fromkeys(source.columns, "VARCHAR"), settle)


def _batches(
    plain: Path, extract: Extract, unreadable: list[engine.RejectRow] | None = None
) -> pa.RecordBatchReader:
    """The lines that are not blank, with their numbers, as a stream. Lines that are not UTF-8 are
    left out and, given a list, added to it."""

    def stream() -> Iterator[pa.RecordBatch]:
        before = 0
        with plain.open("rb") as file:
            while chunk := file.read(_CHUNK):
                chunk += b"" if chunk.endswith(b"\n") else file.readline()
                numbers, texts = _split(chunk)
                try:
                    chunk.decode("utf-8")
                except UnicodeDecodeError:
                    numbers, texts, bad = _without_bad(chunk, numbers)
                    if unreadable is not None:
                        reason = "a byte that is not UTF-8"
                        unreadable.extend(
                            (extract.file, n + before + 1, None, reason, text) for n, text in bad
                        )
                yield pa.record_batch([pa.array(numbers + before + 1), texts], schema=_SCHEMA)
                before += chunk.count(b"\n")

    return pa.RecordBatchReader.from_batches(_SCHEMA, stream())


def _split(chunk: bytes) -> tuple[np.ndarray[Any, np.dtype[np.int64]], pa.LargeStringArray]:
    """0-based numbers and texts of the lines that are not blank; the texts share the bytes."""
    ends = np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == 10) + 1
    if not len(ends) or ends[-1] != len(chunk):
        ends = np.append(ends, len(chunk))
    offsets = np.concatenate([[0], ends]).astype(np.int64)
    texts = pa.LargeStringArray.from_buffers(
        len(ends), pa.py_buffer(offsets.tobytes()), pa.py_buffer(chunk)
    )
    filled = np.diff(offsets) > 1
    for i in np.flatnonzero(np.diff(offsets) < 16):
        filled[i] = bool(chunk[offsets[i] : offsets[i + 1]].strip())
    return np.flatnonzero(filled), texts.filter(pa.array(filled))


def _without_bad(
    chunk: bytes, numbers: np.ndarray[Any, np.dtype[np.int64]]
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], pa.LargeStringArray, list[tuple[int, str]]]:
    lines = chunk.split(b"\n")
    good, texts, bad = [], [], []
    for number in numbers.tolist():
        try:
            texts.append(lines[number].decode("utf-8"))
            good.append(number)
        except UnicodeDecodeError:
            bad.append((number, lines[number].decode("utf-8", "replace")))
    return np.array(good, dtype=np.int64), pa.array(texts, pa.large_string()), bad


def _merged(shapes: Iterable[Any]) -> dict[str, Any]:
    """One structure that holds every key of `shapes`; where a key is an object in one, it is."""
    merged: dict[str, Any] = {}
    for shape in shapes:
        for key, below in shape.items() if isinstance(shape, dict) else ():  # `{}` has no shape
            there = merged.get(key)
            if isinstance(below, dict):
                merged[key] = _merged([there, below]) if isinstance(there, dict) else below
            elif not isinstance(there, dict):
                merged[key] = below
    return {key: merged[key] for key in sorted(merged)}


def _leaves(structure: dict[str, Any], prefix: str = "", above: str = "") -> dict[str, str]:
    """The leaves by dotted path, each with its JSON pointer, which can name every key there is;
    objects with very many keys are leaves themselves."""
    own = {key: f"{above}/{key.replace('~', '~0').replace('/', '~1')}" for key in structure}
    whole = {f"{prefix}{key}": pointer for key, pointer in own.items()}
    leaves: dict[str, str] = {}
    for key, below in structure.items():
        nested = _leaves(below, f"{prefix}{key}.", own[key]) if isinstance(below, dict) else {}
        leaves |= nested or {f"{prefix}{key}": own[key]}
    return whole if len(leaves) > _MOST_LEAVES else leaves


def _is_mapped_within(leaf: str, source: Source) -> bool:
    """Whether a mapped path lies within the array at `leaf` or is an object that contains it."""
    return any(
        path.startswith(f"{leaf}[") or leaf.startswith(f"{path}.")
        for path in source.columns.values()
    )


def _require(extract: Extract, source: Source, leaves: list[str], read: int, good: int) -> None:
    if not read:
        return
    if not good:
        raise SourceError(
            f"{extract.label}: none of its {read} lines is a JSON object; format jsonl expects one "
            "object a line"
        )
    preset = source.preset
    required = set(preset.declaration.columns if preset else ENTITIES[source.entity].required)
    needed = {ours: path for ours, path in source.columns.items() if ours in required}
    top = {re.split(r"[.\[]", leaf)[0] for leaf in leaves} | set(leaves)
    present = [p for p in needed.values() if p in top or _is_there(p, leaves)]
    columns.require(
        extract, source.model_copy(update={"columns": needed}), sorted({*leaves, *present})
    )


def _is_there(path: str, leaves: list[str]) -> bool:
    return any(
        leaf.startswith((f"{path}.", f"{path}[")) or path.startswith((f"{leaf}.", f"{leaf}["))
        for leaf in leaves
    )


def _select(source: Source, *, pointers: dict[str, str], unknown: list[str]) -> str:
    mapped = [pointers.get(path) or columns.json_path(path) for path in source.columns.values()]
    paths = ", ".join(map(engine.quoted, mapped))
    values = "".join(
        f"found[{i + 1}] as {engine.name(ours)}, " for i, ours in enumerate(source.columns)
    )
    kept = engine.extra(
        {path: f"json_extract(text, {engine.quoted(pointers[path])})" for path in unknown}
    )
    return (
        f"select {values}line as _line, {kept} as extra"
        f" from (select line, text, json_extract_string(text, [{paths}]) as found"
        f" from ({_records(source)}))"
    )


def _records(source: Source) -> str:
    """SQL: `line` and `text` of each record: of the objects, or of the elements of an array that
    each has, with the object as their `parent` and their place in it as `parent.position`."""
    objects = f"select line, text from lines where {_GOOD}"
    if not source.elements:
        return objects
    array = engine.quoted(f"{columns.json_path(source.elements)}[*]")
    without: Any = None
    for key in reversed(source.elements.split(".")):
        without = {key: without}
    rest = engine.quoted(json.dumps(without, ensure_ascii=False))
    parent = f"json_merge_patch(text, {rest}, json_object('position', position))"
    element = f"json_merge_patch(element, json_object('{PARENT}', {parent}))::varchar"
    return (
        f"select line, {element} as text"
        f" from (select line, text, unnest(json_extract(text, {array})) as element,"
        f" generate_subscripts(json_extract(text, {array}), 1) as position from ({objects}))"
        " where json_type(element) = 'OBJECT'"
    )


def _not_objects(
    con: duckdb.DuckDBPyConnection, extract: Extract, plain: Path, count: int
) -> list[engine.RejectRow]:
    if not count:
        return []
    con.register("lines", _batches(plain, extract))
    rows = con.execute(
        "select line,"
        " case when json_valid(text) then 'JSON, but not an object' else 'not JSON' end,"
        f" rtrim(text, chr(10)) from lines where not ({_GOOD}) order by line"
    ).fetchall()
    return [(extract.file, line, None, reason, text) for line, reason, text in rows]

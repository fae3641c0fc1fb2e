"""What a file looks like: its format, encoding and delimiter, and some values of each column."""

import codecs
import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.errors import SourceError
from pipelines.sources.guess.documents import records, worksheet
from pipelines.sources.guess.looks import NOTHINGS
from pipelines.sources.unpack import Packed, opened

_BYTES, _ROWS = 16 << 20, 20_000  # rare statuses are often in the latest rows only
_TRIED_ROWS = 200
_APART, _OFTEN_APART = 0.95, 0.75
_WORKBOOKS = (".xlsx", ".xlsm")
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Shape:
    """`columns`: name → its filled values in the first rows, as text. `uncertain`: what was guessed
    and might be wrong, as sentences."""

    format: str
    encoding: str
    delimiter: str
    columns: dict[str, list[str]]
    uncertain: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)  # of the format: where the records are
    rows: int = 0  # records looked at
    nothings: dict[str, frozenset[str]] = field(default_factory=dict)  # column → 0000-00-00, NULL …
    repeated: frozenset[str] = frozenset()  # columns whose values often come more than once
    keys: frozenset[str] = frozenset()  # columns whose values hardly ever come twice
    full: frozenset[str] = frozenset()  # columns that every record fills


def shape_of(files: tuple[Path, ...]) -> Shape:
    """Look at the beginnings of files that are written alike, the first of which tells the columns.
    SourceError when it is of no format that a source reads."""
    shape = _shape_of(files[0])
    distinct = {name: len(set(values)) for name, values in shape.columns.items() if values}
    counts = {name: len(shape.columns[name]) for name in distinct}
    nothings = {
        name: found for name, values in shape.columns.items() if (found := NOTHINGS & set(values))
    }
    for newer in files[1:]:
        for name, values in _shape_of(newer).columns.items():
            shape.columns.get(name, []).extend(values)
    for name in nothings:
        shape.columns[name] = [v for v in shape.columns[name] if v not in NOTHINGS]
    return replace(
        shape,
        nothings=nothings,
        repeated=frozenset(n for n in distinct if distinct[n] < _OFTEN_APART * counts[n]),
        keys=frozenset(n for n in distinct if distinct[n] >= _APART * counts[n]),
        full=frozenset(n for n in distinct if counts[n] >= shape.rows and n not in nothings),
    )


def _shape_of(path: Path) -> Shape:
    if path.suffix.lower() in _WORKBOOKS:
        rows, header = worksheet(path, _ROWS)
        settings: dict[str, Any] = {"excel": {"header_row": header}} if header else {}
        return Shape("excel", "utf-8", ",", _table(rows), settings=settings, rows=len(rows) - 1)
    with opened(Packed(path, path.name)) as file:
        data = bytes(file.read(_BYTES))
    if not data.strip():
        raise SourceError(f"{path.name}: empty")
    if data.startswith(b"PAR1"):
        return _with_rows(Shape("parquet", "utf-8", ",", _parquet(path)))
    text, encoding, doubt = _decoded(data, whole=len(data) < _BYTES)
    if text.lstrip().startswith("[") or _is_document(text):
        found, place = records(path, text, whole=len(data) < _BYTES)
        settings = {"records": place} if place else {}
        return Shape("json", encoding, ",", _objects(found), doubt, settings, rows=len(found))
    if text.lstrip().startswith("{"):
        return _with_rows(Shape("jsonl", encoding, ",", _json_lines(path, text), doubt))
    if "\0" in text or text.lstrip().startswith("<"):
        raise SourceError(f"{path.name}: neither CSV, JSON, Excel nor Parquet")
    delimiter, rows = _rows(text)
    if delimiter is None:
        raise SourceError(f"{path.name}: no delimiter gives it columns")
    return Shape("csv", encoding, delimiter, _table(rows), doubt, rows=len(rows) - 1)


def _table(rows: list[list[str]]) -> dict[str, list[str]]:
    """Column → filled values, of rows that begin with the names."""
    header = [name.strip() for name in rows[0]]
    columns: dict[str, list[str]] = {name: [] for name in header if name}
    for row in rows[1:]:
        for name, value in zip(header, row, strict=False):
            if name and value.strip():
                columns[name].append(value.strip())
    return columns


def _is_document(text: str) -> bool:
    """Whether JSON goes on over several lines, as no JSON lines do."""
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("{"):
        return False
    try:
        json.loads(first)
    except ValueError:
        return bool(rest.strip())
    return not rest.strip() and "[{" in first.replace(" ", "")


def _objects(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for each in found[:_ROWS]:
        _flatten(each, "", columns)
    return columns


def _with_rows(shape: Shape) -> Shape:
    """Of formats that are not counted: as many rows as the fullest column has values."""
    return replace(shape, rows=max(map(len, shape.columns.values()), default=0))


def _decoded(data: bytes, *, whole: bool) -> tuple[str, str, tuple[str, ...]]:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data.decode("utf-16", "ignore"), "utf-16", ()
    cut = data if whole else data[: data.rfind(b"\n") + 1]
    try:
        return cut.decode("utf-8-sig"), "utf-8", ()
    except UnicodeDecodeError:
        doubt = "the encoding is not UTF-8; windows-1252 is what French tools use most"
        return cut.decode("windows-1252", "replace"), "windows-1252", (doubt,)


def _rows(text: str) -> tuple[str | None, list[list[str]]]:
    """The delimiter under which most rows have as many values as the header, and those rows."""
    best: tuple[tuple[float, int], str | None] = ((0.0, 0), None)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows: list[list[str]] = []
        try:
            for row in reader:
                if row:
                    rows.append(row)
                if len(rows) > _TRIED_ROWS:
                    break
        except csv.Error:
            continue
        if not rows:
            continue
        width = len(rows[0])
        fits = sum(len(row) == width for row in rows) / len(rows)
        score = (round(fits, 1) if width > 1 else 0.0, width)
        if width > 1 and score > best[0]:
            best = (score, delimiter)
    if best[1] is None:
        return None, []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=best[1])
    return best[1], list(islice((row for row in reader if row), _ROWS))


def _json_lines(path: Path, text: str) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    read = Counter[bool]()
    for line in text.splitlines()[:_ROWS]:
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError:
            read[False] += 1
            continue
        read[isinstance(found, dict)] += 1
        if isinstance(found, dict):
            _flatten(found, "", columns)
    if read[True] <= read[False]:
        raise SourceError(f"{path.name}: begins with {{, but its lines are no JSON objects")
    return columns


def _flatten(found: dict[str, Any], prefix: str, columns: dict[str, list[str]]) -> None:
    for key, value in found.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", columns)
            continue
        values = columns.setdefault(prefix + key, [])
        if value not in (None, ""):
            values.append(value if isinstance(value, str) else json.dumps(value))


def _parquet(path: Path) -> dict[str, list[str]]:
    import pyarrow.parquet as pq

    batch = next(pq.ParquetFile(path).iter_batches(batch_size=_ROWS), None)
    if batch is None:
        return {}
    return {
        name: [str(v) for v in batch.column(name).to_pylist() if v is not None]
        for name in batch.schema.names
    }

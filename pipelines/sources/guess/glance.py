"""A look at the beginning of a file: its format, encoding and delimiter, and what it holds."""

import codecs
import csv
import io
import json
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.errors import SourceError
from pipelines.sources.guess.beyond import Beyond, beyond
from pipelines.sources.guess.documents import records, worksheet
from pipelines.sources.guess.flat import flat, opened_up
from pipelines.sources.guess.shape import Shape, summed
from pipelines.sources.unpack import Packed, opened

_BYTES, _ROWS = 16 << 20, 20_000  # rare statuses are often in the latest rows only
_TRIED_ROWS = 200
_WORKBOOKS = (".xlsx", ".xlsm")
_DELIMITERS = (",", ";", "\t", "|")


def shape_of(files: tuple[Path, ...]) -> Shape:
    """Look at the beginnings of files that are written alike, the first of which tells the columns.
    SourceError when it is of no format that a source reads."""
    first, *newer = [_shape_of(file) for file in files]
    # One file tells what comes twice: the next one may hold the same records again.
    alone = summed(first)
    cells = {
        name: [*values, *(v for other in newer for v in other.cells.get(name, [""] * other.rows))]
        for name, values in first.cells.items()
    }
    rest = beyond(files[0], alone) if first.is_cut else Beyond()
    cells = {name: [*values, *rest.cells.get(name, ())] for name, values in cells.items()}
    if first.format in ("csv", "parquet"):
        cells = opened_up(cells)
    found = replace(
        summed(replace(first, cells=cells)),
        repeated=alone.repeated,
        keys=alone.keys,
        full=alone.full,
    )
    return replace(found, known=rest.keys)


def _shape_of(path: Path) -> Shape:
    if path.suffix.lower() in _WORKBOOKS:
        rows, header = worksheet(path, _ROWS)
        settings: dict[str, Any] = {"excel": {"header_row": header}} if header else {}
        return Shape("excel", "utf-8", ",", _table(rows), settings=settings)
    with opened(Packed(path, path.name)) as file:
        data = bytes(file.read(_BYTES))
    if not data.strip():
        raise SourceError(f"{path.name}: empty")
    if data.startswith(b"PAR1"):
        cells = _parquet(path)
        return Shape("parquet", "utf-8", ",", cells, is_cut=_is_cut(cells))
    text, encoding, doubt = _decoded(data, whole=len(data) < _BYTES)
    if text.lstrip().startswith("[") or _is_document(text):
        found, place = records(path, text, whole=len(data) < _BYTES)
        settings = {"records": place} if place else {}
        return Shape("json", encoding, ",", flat(found[:_ROWS]), doubt, settings)
    if text.lstrip().startswith("{"):
        cells = _json_lines(path, text)
        is_cut = _is_cut(cells) or len(data) == _BYTES
        return Shape("jsonl", encoding, ",", cells, doubt, is_cut=is_cut)
    if "\0" in text or text.lstrip().startswith("<"):
        raise SourceError(f"{path.name}: neither CSV, JSON, Excel nor Parquet")
    delimiter, rows = _rows(text)
    if delimiter is None:
        raise SourceError(f"{path.name}: no delimiter gives it columns")
    is_cut = len(rows) == _ROWS or len(data) == _BYTES
    return Shape("csv", encoding, delimiter, _table(rows), doubt, is_cut=is_cut)


def _is_cut(cells: dict[str, list[str]]) -> bool:
    return max(map(len, cells.values()), default=0) >= _ROWS


def _table(rows: list[list[str]]) -> dict[str, list[str]]:
    """Column → the value of each row, of rows that begin with the names."""
    header = [name.strip() for name in rows[0]]
    places = {name: i for i, name in reversed(list(enumerate(header))) if name}
    return {
        name: [row[i].strip() if i < len(row) else "" for row in rows[1:]]
        for name, i in sorted(places.items(), key=lambda item: item[1])
    }


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


def _decoded(data: bytes, *, whole: bool) -> tuple[str, str, tuple[str, ...]]:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data.decode("utf-16", "ignore"), "utf-16", ()
    cut = data if whole else data[: data.rfind(b"\n") + 1]
    try:
        return cut.decode("utf-8-sig"), "utf-8", ()
    except UnicodeDecodeError:
        doubt = "the encoding is not UTF-8; windows-1252 is what tools in Western Europe use most"
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
    objects: list[dict[str, Any]] = []
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
            objects.append(found)
    if read[True] <= read[False]:
        raise SourceError(f"{path.name}: begins with {{, but its lines are no JSON objects")
    return flat(objects)


def _parquet(path: Path) -> dict[str, list[str]]:
    import pyarrow.parquet as pq

    batch = next(pq.ParquetFile(path).iter_batches(batch_size=_ROWS), None)
    if batch is None:
        return {}
    return {
        name: ["" if v is None else str(v) for v in batch.column(name).to_pylist()]
        for name in batch.schema.names
    }

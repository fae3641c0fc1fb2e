"""Reads one sheet of an Excel workbook (.xlsx), row by row."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import SourceError
from pipelines.sources import columns, engine, workbook
from pipelines.sources.excel_cells import NO_VALUE, Row, cell_text
from pipelines.sources.prepare import Extract
from pipelines.sources.rows import Account, Rows
from pipelines.specs.contract import ENTITIES, Kind
from pipelines.specs.source import Source

_BATCH = 2_000  # rows
_LOOKED_AT = 20  # rows in which a header may be, below titles


@dataclass(frozen=True, slots=True)
class _Header:
    """`row`: its 1-based number; `names`: of the columns, from the first on."""

    row: int
    names: list[str]


def read(con: duckdb.DuckDBPyConnection, extract: Extract, source: Source, scratch: Path) -> Rows:
    """The rows of a sheet, all columns as text; `_line` is the row's number in the sheet. Empty
    rows are none. A record with an error (#N/A) or with a formula that has no stored value in a
    mapped column is a reject.

    SourceError when the file is no workbook, or its sheet or header not as declared."""
    target = scratch / "sheet.parquet"
    with workbook.rows(extract, source.excel.sheet) as rows:
        first = list(itertools.islice(rows, source.excel.header_row or _LOOKED_AT))
        header, source = _header(extract, source, first)
        rest = itertools.chain(first[header.row :], rows)
        account = _write(extract, source, header, rest, target)
    sql = f"select * from read_parquet({engine.quoted(str(target))})"
    return Rows(sql, dict.fromkeys(source.columns, "VARCHAR"), lambda _: account)


def _names(row: Row, source: Source) -> list[str]:
    texts = [cell_text(cell, source.decimal, None) or "" for cell in row.cells]
    while texts and not texts[-1].strip():
        texts.pop()
    return [text.strip() or f"column_{i + 1}" for i, text in enumerate(texts)]


def _header(extract: Extract, source: Source, first: list[Row]) -> tuple[_Header, Source]:
    """The header that is declared, else the first row with something in it; and the source with
    the columns that it has."""
    declared = source.excel.header_row
    found = [_Header(row.number, _names(row, source)) for row in first]
    filled = [header for header in found if header.names and declared in (None, header.row)]
    if not filled:
        where = f"row {declared} is" if declared else f"the first {_LOOKED_AT} rows are"
        raise SourceError(
            f"{extract.label}: {where} empty, where the column names should be; set "
            "`excel.header_row`, or `excel.sheet` to another sheet"
        )
    wanted = set(source.columns.values())
    better = [header for header in filled if wanted <= set(header.names)]
    hint = f"; they are in row {better[0].row}: set `excel.header_row`" if better else ""
    return filled[0], columns.there(extract, source, filled[0].names, hint)


def _write(
    extract: Extract, source: Source, header: _Header, rows: Iterator[Row], target: Path
) -> Account:
    places = {ours: header.names.index(theirs) for ours, theirs in source.columns.items()}
    schema = pa.schema(
        [(ours, pa.string()) for ours in places] + [("_line", pa.int64()), ("extra", pa.string())]
    )
    unknown = dict.fromkeys(columns.unknown(source, header.names))
    rejects: list[engine.RejectRow] = []
    written_as = _written_as(source, places)

    def records() -> Iterator[list[str | int | None]]:
        for row in rows:
            texts = _texts(row, source.decimal, written_as)
            if not any(text.strip() for text in texts.values()):
                continue
            kept = {_name(header, i): text for i, text in texts.items() if i not in written_as}
            reject = _reject(extract, header, row, places, texts)
            if reject:
                rejects.append(reject)
                continue
            unknown.update(dict.fromkeys(kept))
            extra = json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else None
            yield [*(texts.get(i) for i in places.values()), row.number, extra]

    landed = 0
    every = records()
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        while batch := list(itertools.islice(every, _BATCH)):
            arrays = [
                pa.array(values, field.type)
                for values, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            landed += len(batch)
    return Account(landed + len(rejects), rejects, tuple(header.names), tuple(unknown))


def _written_as(source: Source, places: dict[str, int]) -> dict[int, str | None]:
    """The format in which load expects the dates of each mapped column; a column that a preset or a
    rule reads may be a time."""
    formats = {Kind.DATE: source.date_format, Kind.TIMESTAMP: source.timestamp_format}
    kinds = {column.name: column.kind for column in ENTITIES[source.entity].columns}
    if source.preset:
        kinds = dict.fromkeys(places, Kind.TIMESTAMP)
    return {place: formats.get(kinds.get(ours, Kind.TIMESTAMP)) for ours, place in places.items()}


def _texts(row: Row, decimal: str, written_as: dict[int, str | None]) -> dict[int, str]:
    """The filled cells of a row by their place."""
    found = ((i, cell_text(c, decimal, written_as.get(i))) for i, c in enumerate(row.cells))
    return {i: text for i, text in found if text}


def _name(header: _Header, column: int) -> str:
    """A value beside the table belongs to a column without a name."""
    return header.names[column] if column < len(header.names) else f"column_{column + 1}"


def _reject(
    extract: Extract, header: _Header, row: Row, places: dict[str, int], texts: dict[int, str]
) -> engine.RejectRow | None:
    for ours, place in places.items():
        cell = row.cells[place] if place < len(row.cells) else None
        if cell is None or not (cell.is_error or cell.value is NO_VALUE):
            continue
        reason = f"the cell holds the error {cell.value}"
        if cell.value is NO_VALUE:
            reason = "a formula without a stored value: open the workbook in Excel and save it"
        shown = {_name(header, i): text for i, text in texts.items()}
        return (extract.file, row.number, ours, reason, json.dumps(shown, ensure_ascii=False))
    return None

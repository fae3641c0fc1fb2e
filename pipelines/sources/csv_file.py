"""Lands one CSV file as text."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.sources import columns, engine
from pipelines.sources.prepare import Extract, plain_text
from pipelines.sources.scan import Scan, scan
from pipelines.specs.source import Source

_DELIMITERS = {";": "';'", ",": "','", "\t": "a tab", "|": "'|'"}
_REASONS = {
    "MISSING COLUMNS": "fewer values than the header has columns",
    "TOO MANY COLUMNS": "more values than the header has columns",
    "UNQUOTED VALUE": "a quoted value is followed by something else than a delimiter",
    "INVALID ENCODING": "a byte that is not text in the declared encoding",
    "LINE SIZE OVER MAXIMUM": "a line longer than 2 MB",
}


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of one file: `records` are in the Parquet file, `rejects` are not."""

    records_read: int
    records: int
    rejects: list[engine.RejectRow]
    unknown_columns: tuple[str, ...]


def land(con: duckdb.DuckDBPyConnection, extract: Extract, source: Source, target: Path) -> Landed:
    """Write the records of a CSV file to the Parquet file `target`, all columns as text.

    SourceError when the header is not as declared, or when what the reader returns and our own
    count of records differ: then nothing of the file is to be trusted."""
    scratch = target.with_suffix(".txt")
    plain = plain_text(extract, source.encoding, scratch, source.member, source.skip_lines)
    try:
        blank_lines, header = _header(plain, source)
    except csv.Error as error:
        raise SourceError(
            f"{extract.label}: its header row cannot be read ({error}); a quote may be open in it"
        ) from None
    columns.require(extract, source, header, _other_delimiter(plain, source))
    unfinished = target.with_suffix(".unnumbered")
    refused = _read(con, extract, source, plain, unfinished, blank_lines=blank_lines, header=header)
    one_column = len(header) == 1  # the reader takes its blank lines for records
    account = scan(
        plain,
        source.delimiter,
        np.array(sorted(refused)),
        blank_lines + 2,
        keep_blank=one_column,
        quote=source.quote,
    )
    good = engine.count(con, unfinished)
    _refuse_unbalanced(extract, plain, account, good)
    _number(con, unfinished, target, account, next(iter(source.columns)) if one_column else None)
    landed = engine.count(con, target)
    blank = good - len(account.surplus) - landed  # only where there is one column
    rejects: list[engine.RejectRow] = [
        (
            extract.file,
            r.line,
            None,
            refused.get(r.position, _REASONS["TOO MANY COLUMNS"]),
            _text(plain, r.start, r.end),
        )
        for r in (*account.rejects, *account.surplus)
    ]
    unfinished.unlink(missing_ok=True)
    if plain != extract.path:
        plain.unlink()
    unknown = tuple(columns.unknown(source, header))
    return Landed(account.records - blank, landed, rejects, unknown)


def _header(plain: Path, source: Source) -> tuple[int, list[str]]:
    """The number of blank lines before the header, and its column names."""
    with plain.open(encoding="utf-8", errors="replace", newline="") as file:
        for blank, row in enumerate(_rows(file, source)):
            if row:
                return blank, [name.strip() or f"column_{i + 1}" for i, name in enumerate(row)]
    return 0, []


def _rows(file: TextIO, source: Source) -> Iterator[list[str]]:
    if source.quote:
        return csv.reader(file, delimiter=source.delimiter, quotechar=source.quote)
    return csv.reader(file, delimiter=source.delimiter, quoting=csv.QUOTE_NONE)


def _other_delimiter(plain: Path, source: Source) -> str:
    """The hint that another delimiter would give all the mapped columns; empty if none would."""
    wanted = set(source.columns.values())
    for delimiter, shown in _DELIMITERS.items():
        header: list[str] = []
        with suppress(csv.Error):
            _, header = _header(plain, source.model_copy(update={"delimiter": delimiter}))
        if delimiter != source.delimiter and wanted <= set(header):
            declared = _DELIMITERS.get(source.delimiter, repr(source.delimiter))
            return f"; the delimiter is {shown}, not {declared} as declared: set `delimiter`"
    return ""


def _read(
    con: duckdb.DuckDBPyConnection,
    extract: Extract,
    source: Source,
    plain: Path,
    target: Path,
    *,
    blank_lines: int,
    header: list[str],
) -> dict[int, str]:
    """Let DuckDB read the file; the refused records as byte position → reason."""
    fields = {name: f"c{i}" for i, name in reversed(list(enumerate(header)))}
    canonical = [
        f"{fields[theirs]} as {engine.name(ours)}" for ours, theirs in source.columns.items()
    ]
    unknown = {name: fields[name] for name in columns.unknown(source, header)}
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header)))
    quote = engine.quoted(source.quote)
    for table in ("reject_errors", "reject_scans"):
        con.execute(f"drop table if exists {table}")
    query = (
        f"select {', '.join(canonical)}, row_number() over () + {blank_lines + 1} as _line,"
        f" {engine.quoted(extract.file)} as _file, {engine.extra(unknown)} as extra"
        f" from read_csv({engine.quoted(str(plain))}, columns = {{{types}}}, auto_detect = false,"
        f" header = true, skip = {blank_lines}, delim = {engine.quoted(source.delimiter)},"
        f" quote = {quote}, escape = {quote}, new_line = '\\n', store_rejects = true)"
    )
    try:
        engine.copy(con, query, target)
    except duckdb.InvalidInputException as error:
        raise SourceError(
            f"{extract.label}: not readable as CSV ({str(error).splitlines()[0]}); look for a "
            "carriage return or a quote within a value and have the file exported again"
        ) from None
    errors = con.execute(
        "select line_byte_position - 1, min(error_type::varchar) from reject_errors group by all"
    ).fetchall()
    return {position: _REASONS.get(kind, kind.lower()) for position, kind in errors}


def _refuse_unbalanced(extract: Extract, plain: Path, account: Scan, good: int) -> None:
    counts = (
        f"{account.records} records counted, {good} readable, {len(account.rejects)} refused; "
        "nothing of the file was landed"
    )
    if account.ends_in_quote:
        raise SourceError(f"{extract.label}: a quote is opened and never closed; {counts}")
    for reject in account.rejects:
        if "\n" in _text(plain, reject.start, reject.end):
            raise SourceError(
                f"{extract.label}, line {reject.line}: a refused record spans several lines, which "
                f"is how a stray quote swallows records; {counts}"
            )
    if good + len(account.rejects) != account.records:
        raise SourceError(
            f"{extract.label}: the books do not balance, probably for a stray quote; {counts}"
        )


def _text(plain: Path, start: int, end: int) -> str:
    with plain.open("rb") as file:
        file.seek(start)
        return file.read(end - start).decode("utf-8", "replace").rstrip("\n")


def _number(
    con: duckdb.DuckDBPyConnection, rows: Path, target: Path, account: Scan, filled: str | None
) -> None:
    """Mend the lines of the rows: what was written is right where each line is one record. Rows
    with more values than the header are dropped and, with `filled`, those where that column is
    empty."""
    wrong = account.row_breaks[np.flatnonzero(account.line_shifts)]
    if not len(wrong) and not len(account.surplus_rows) and not filled:
        rows.rename(target)
        return
    con.register("shifts", pa.table({"first": account.row_breaks, "shift": account.line_shifts}))
    con.register("surplus", pa.table({"row": account.surplus_rows}))
    engine.copy(
        con,
        "select r.* exclude (_row) replace (_line + shift as _line)"
        f" from (select * rename (file_row_number as _row) from read_parquet("
        f"{engine.quoted(str(rows))}, file_row_number = true)) r"
        " asof join shifts on r._row >= shifts.first anti join surplus on r._row = surplus.row"
        f" where {engine.name(filled) + ' is not null' if filled else 'true'} order by _row",
        target,
    )
    con.unregister("shifts")
    con.unregister("surplus")

"""Reads one CSV file."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.sources import columns, engine
from pipelines.sources.prepare import Extract, plain_text
from pipelines.sources.rows import Account, Rows
from pipelines.sources.scan import Scan, Tally, scan, tally
from pipelines.specs.source import Source

_DELIMITERS = {";": "';'", ",": "','", "\t": "a tab", "|": "'|'"}
_FEW = 50  # irregular places in a file
_REASONS = {
    "MISSING COLUMNS": "fewer values than the header has columns",
    "TOO MANY COLUMNS": "more values than the header has columns",
    "UNQUOTED VALUE": "a quoted value is followed by something else than a delimiter",
    "INVALID ENCODING": "a byte that is not text in the declared encoding",
    "LINE SIZE OVER MAXIMUM": "a line longer than 2 MB",
}


def read(con: duckdb.DuckDBPyConnection, extract: Extract, source: Source, scratch: Path) -> Rows:
    """The records of a CSV file, all columns as text. SourceError when the header is not as
    declared; on settling, when what the reader returned and our own count of records differ."""
    plain = plain_text(
        extract, source.encoding, scratch / "plain.txt", source.member, source.skip_lines
    )
    try:
        blank_lines, header = _header(plain, source)
    except csv.Error as error:
        raise SourceError(
            f"{extract.label}: its header row cannot be read ({error}); a quote may be open in it"
        ) from None
    source = columns.there(extract, source, header, _other_delimiter(plain, source))
    for table in ("reject_errors", "reject_scans"):
        con.execute(f"drop table if exists {table}")
    counts = tally(plain, source.delimiter, source.quote)
    is_whole = set(source.columns.values()) <= set(header)  # none lies within the text of another
    file = _Csv(extract, source, plain, blank_lines, tuple(header), counts)
    return Rows(
        file.select(),
        dict.fromkeys(source.columns, "VARCHAR"),
        partial(file.settle, con),
        has_lines=False,
        is_rough=len(header) == 1,
        is_tidy=counts is not None and counts.is_tidy and is_whole,
    )


@dataclass(frozen=True, slots=True)
class _Csv:
    """A plain CSV file whose header, after some blank lines, has been read."""

    extract: Extract
    source: Source
    plain: Path
    blank_lines: int
    header: tuple[str, ...]
    tally: Tally | None

    @property
    def _unknown(self) -> list[str]:
        return columns.unknown(self.source, list(self.header))

    def _places(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Each canonical column with the column that it comes from, and the path within that."""
        for ours, theirs in self.source.columns.items():
            yield ours, columns.place(theirs, self.header) or (theirs, "")

    @property
    def _present(self) -> tuple[str, ...]:
        return columns.present(self.source, self.header)

    def select(self) -> str:
        """SQL: the file as DuckDB reads it, refused records apart. Rows come without their line: to
        number them would keep all but one thread idle."""
        fields = {name: f"c{i}" for i, name in reversed(list(enumerate(self.header)))}
        canonical = "".join(
            f"{columns.within(fields[column], path)} as {engine.name(ours)}, "
            for ours, (column, path) in self._places()
        )
        types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.header)))
        quote = engine.quoted(self.source.quote)
        extra = engine.extra({name: fields[name] for name in self._unknown})
        return (
            f"select {canonical}{extra} as extra"
            f" from read_csv({engine.quoted(str(self.plain))}, columns = {{{types}}},"
            f" auto_detect = false, header = true, skip = {self.blank_lines},"
            f" delim = {engine.quoted(self.source.delimiter)}, quote = {quote}, escape = {quote},"
            " new_line = '\\n', store_rejects = true)"
        )

    def settle(self, con: duckdb.DuckDBPyConnection, target: Path) -> Account:
        """Compare the rows in `target` with our own count, and mend their lines where a row is not
        one line."""
        refused = _refused(con)
        returned = engine.count(con, target)
        if not refused and self._is_even(returned):
            names = tuple(self._unknown)
            return Account(returned, [], self._present, names, first_line=2)
        one_column = len(self.header) == 1  # the reader takes its blank lines for records
        first_line = self.blank_lines + 2
        found = scan(
            self.plain,
            self.source.delimiter,
            np.array(sorted(refused)),
            first_line,
            keep_blank=one_column,
            quote=self.source.quote,
        )
        _refuse_unbalanced(self.extract, self.plain, found, returned)
        is_straight = not (found.line_shifts.any() or len(found.surplus_rows) or one_column)
        if not is_straight:
            filled = next(iter(self.source.columns)) if one_column else None
            _number(con, target, found, first_line, filled)
        blank = returned - len(found.surplus) - engine.count(con, target)  # only with one column
        return Account(
            found.records - blank,
            self._rejects(found, refused),
            self._present,
            tuple(self._unknown),
            first_line if is_straight else None,
        )

    def _is_even(self, returned: int) -> bool:
        """Whether each line is the header or a record that the reader has returned. As it refuses
        records with fewer delimiters than the header has, none has more where there are as many in
        all as there should be."""
        between = len(self.header) - 1
        return (
            self.tally is not None
            and between > 0
            and self.tally.lines == returned + 1
            and self.tally.delimiters == self.tally.lines * between
        )

    def _rejects(self, found: Scan, refused: dict[int, str]) -> list[engine.RejectRow]:
        too_many = _REASONS["TOO MANY COLUMNS"]
        return [
            (
                self.extract.file,
                r.line,
                None,
                refused.get(r.position, too_many),
                _text(self.plain, r.start, r.end),
            )
            for r in (*found.rejects, *found.surplus)
        ]


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


def _refused(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """What the reader refused: byte position → reason."""
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
    con: duckdb.DuckDBPyConnection, target: Path, found: Scan, first_line: int, filled: str | None
) -> None:
    """Give each row of `target` its physical line. Rows with more values than the header are
    dropped and, with `filled`, those where that column is empty."""
    unnumbered = target.rename(target.with_suffix(".unnumbered"))
    rows = (
        "(select * rename (file_row_number as _row) from"
        f" read_parquet({engine.quoted(str(unnumbered))}, file_row_number = true)) r"
    )
    kept = f"{engine.name(filled)} is not null" if filled else "true"
    columns = f"r.* exclude (_row), _row + {first_line}"
    if len(found.row_breaks) + len(found.surplus_rows) <= _FEW:  # nothing has to be put in order
        pairs = list(zip(found.row_breaks.tolist(), found.line_shifts.tolist(), strict=True))
        whens = " ".join(f"when _row >= {row} then {shift}" for row, shift in reversed(pairs))
        dropped = ", ".join(map(str, [-1, *found.surplus_rows.tolist()]))
        query = (
            f"select {columns} + case {whens} end as _line from {rows}"
            f" where _row not in ({dropped}) and {kept}"
        )
        engine.copy(con, query, target)
    else:
        con.register("shifts", pa.table({"first": found.row_breaks, "shift": found.line_shifts}))
        con.register("surplus", pa.table({"row": found.surplus_rows}))
        query = (
            f"select {columns} + shift as _line from {rows}"
            " asof join shifts on r._row >= shifts.first"
            f" anti join surplus on r._row = surplus.row where {kept} order by _row"
        )
        engine.copy(con, query, target)
        con.unregister("shifts")
        con.unregister("surplus")
    unnumbered.unlink()

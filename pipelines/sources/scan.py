"""An account of a CSV file that does not depend on the CSV reader.

It finds where each record starts (a newline outside quotes ends a record, blank lines are none), so
that what the reader returned can be counted against it and every record has its physical line. It
also counts values: the reader takes a record with too many, when the last ones are empty, for a
good one, though a stray delimiter may have moved them (`12,50` for 12.50)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_CHUNK = 8 << 20  # bytes; a chunk is extended to the end of its last line
_NEWLINE, _SPACE = 10, 32
# Blanks and the mark of text, other than the space: wherever they stand, a value may need care.
_UNTIDY = (b"\t", b"\r", b"'", "\u00a0".encode(), "\u202f".encode())
_UNTIDY_ASCII = _UNTIDY[:3]
_ASCII = 128  # bytes from here on are parts of longer characters


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that the reader refused: its physical line, its bytes `start` to `end`, and the
    `position` within them that the reader reported."""

    line: int
    position: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scan:
    """`records`: records without the header. `rejects`: those that hold a reported position.
    `surplus`: those with more values than the header that the reader returned all the same, as its
    rows `surplus_rows` (0-based). `row_breaks`, `line_shifts`: from the row `row_breaks[i]` of the
    reader on, a row's physical line is its number + the first line of data + `line_shifts[i]`.
    `ends_in_quote`: a quote is still open at the end."""

    records: int
    rejects: tuple[Reject, ...]
    surplus: tuple[Reject, ...]
    surplus_rows: Ints
    row_breaks: Ints
    line_shifts: Ints
    ends_in_quote: bool


@dataclass(frozen=True, slots=True)
class _Records:
    starts: Ints
    ends: Ints
    lines: Ints
    values: Ints  # how many it has, empty ones too


class _Boundaries:
    """Walks through a UTF-8 file with `\\n` line ends, chunk by chunk."""

    def __init__(self, delimiter: str, quote: str, keep_blank: bool) -> None:
        self._delimiter = delimiter.encode()
        self._quote = ord(quote) if quote else None
        self._keep_blank = keep_blank
        self._start = 0  # of the record under way
        self._line = 1  # of that record
        self._newlines = 0  # seen so far
        self._delimiters = 0  # of that record, seen so far
        self.in_quote = False

    def walk(self, file: BinaryIO) -> Iterator[_Records]:
        base = 0
        while chunk := file.read(_CHUNK):
            chunk += b"" if chunk.endswith(b"\n") else file.readline()
            chunk += b"" if chunk.endswith(b"\n") else b"\n"  # the last line may lack its end
            yield self._chunk(np.frombuffer(chunk, dtype=np.uint8), base)
            base += len(chunk)
        if self._start < base:  # a quote is open: whatever was counted, the file is refused
            yield _Records(*(np.array([n]) for n in (self._start, base, self._line, 1)))

    def _chunk(self, data: NDArray[np.uint8], base: int) -> _Records:
        newlines = np.flatnonzero(data == _NEWLINE)
        delimiters = self._delimiters_in(data)
        toggles = self._toggles(data)
        closing = np.flatnonzero(~self._inside(toggles, newlines))
        delimiters = delimiters[~self._inside(toggles, delimiters)]
        self.in_quote ^= bool(len(toggles) & 1)
        values = self._values(newlines[closing], delimiters)
        ends = newlines[closing] + base
        starts = np.concatenate([[self._start], ends + 1]).astype(np.int64)
        lines = np.concatenate([[self._line], self._newlines + closing + 2]).astype(np.int64)
        self._start, self._line = int(starts[-1]), int(lines[-1])
        self._newlines += len(newlines)
        starts, lines = starts[:-1], lines[:-1]
        if self._keep_blank:
            return _Records(starts, ends, lines, values)
        filled = ends > starts
        return _Records(starts[filled], ends[filled], lines[filled], values[filled])

    def _values(self, ends: Ints, delimiters: Ints) -> Ints:
        """How many values the records have that end at `ends`; the delimiters after the last of
        them belong to the next record."""
        each, rest = divmod(len(delimiters), len(ends)) if len(ends) else (0, 1)
        if not (rest or self._delimiters) and each:
            of_record = delimiters.reshape(-1, each)
            if (of_record[:, -1] < ends).all() and (of_record[1:, 0] > ends[:-1]).all():
                return np.full(len(ends), each + 1)  # nearly always: all have the same number
        counts = self._delimiters + np.searchsorted(delimiters, ends)
        values = np.diff(counts, prepend=0) + 1
        self._delimiters += len(delimiters) - (int(counts[-1]) if len(counts) else 0)
        return values

    def _inside(self, toggles: Ints, places: Ints) -> NDArray[np.bool_]:
        """Which of the places are within quotes."""
        if not len(toggles):
            return np.full(len(places), self.in_quote)
        return ((np.searchsorted(toggles, places) + self.in_quote) & 1).astype(bool)

    def _delimiters_in(self, data: NDArray[np.uint8]) -> Ints:
        found = np.flatnonzero(data == self._delimiter[-1])
        for back, byte in enumerate(reversed(self._delimiter[:-1]), 1):
            found = found[data[found - back] == byte]
        return found

    def _toggles(self, data: NDArray[np.uint8]) -> Ints:
        """The quotes that open or close a quoted value. `""` inside one closes and opens again."""
        if self._quote is None:
            return np.array([], dtype=np.int64)
        quotes = np.flatnonzero(data == self._quote)
        if not len(quotes):
            return quotes
        opening = quotes[int(self.in_quote) :: 2]
        before = data[np.maximum(opening - 1, 0)]
        regular = (before == self._delimiter[-1]) | (before == _NEWLINE) | (before == self._quote)
        if bool(np.all(regular | (opening == 0))):
            return quotes
        return self._careful_toggles(data, quotes)

    def _careful_toggles(self, data: NDArray[np.uint8], quotes: Ints) -> Ints:
        """As `_toggles` where some quotes are plain characters, as in `5" nails`: a quote opens a
        value only at its beginning (spaces before it do not count)."""
        toggles, inside, closed_at = [], self.in_quote, -2
        for quote in quotes.tolist():
            if inside:
                inside, closed_at = False, quote
            elif quote - 1 == closed_at or self._begins_value(data, quote):
                inside = True
            else:
                continue
            toggles.append(quote)
        return np.array(toggles, dtype=np.int64)

    def _begins_value(self, data: NDArray[np.uint8], quote: int) -> bool:
        at = quote - 1
        while at >= 0 and data[at] == _SPACE:
            at -= 1
        return at < 0 or int(data[at]) in (self._delimiter[-1], _NEWLINE)


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a file without quotes, in which each line that is not blank is a record.
    `is_tidy`: no value begins or ends with a blank, or with the mark `'`."""

    lines: int
    delimiters: int
    is_tidy: bool


def tally(path: Path, delimiter: str, quote: str) -> Tally | None:
    """Count the lines and delimiters of a plain CSV file; None when quotes make them another thing
    than records and values. A small part of the work of `scan`."""
    if len(delimiter.encode()) > 1:
        return None
    lines = delimiters = 0
    is_tidy = True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if quote and quote.encode() in chunk:
                return None
            data = np.frombuffer(chunk, dtype=np.uint8)
            lines += int(np.count_nonzero(data == _NEWLINE))
            delimiters += int(np.count_nonzero(data == ord(delimiter)))
            is_tidy = is_tidy and _is_tidy(chunk, data, ord(delimiter))
    return Tally(lines, delimiters, is_tidy)


def _is_tidy(chunk: bytes, data: NDArray[np.uint8], delimiter: int) -> bool:
    if any(mark in chunk for mark in (_UNTIDY_ASCII if chunk.isascii() else _UNTIDY)):
        return False
    if chunk[0] >= _ASCII or chunk[-1] >= _ASCII:
        return False  # perhaps: a blank may be cut in two
    spaces = np.flatnonzero(data == _SPACE)
    if not len(spaces):
        return True
    if spaces[0] == 0 or spaces[-1] == len(data) - 1:
        return False  # perhaps: what stands beside it is in another chunk
    beside = np.concatenate([data[spaces - 1], data[spaces + 1]])
    return not bool(np.isin(beside, [delimiter, _NEWLINE, _SPACE]).any())


def scan(
    path: Path,
    delimiter: str,
    refused: Ints,
    first_line: int = 2,
    *,
    keep_blank: bool = False,
    quote: str = '"',
) -> Scan:
    """Account for the CSV file `path` (UTF-8, `\\n`), whose first record is the header.

    `refused`: the byte positions, ascending, where the reader refused records. `first_line`: of the
    first data record of a plain file. Memory is bounded by the longest line and by the number of
    records that a blank line or a newline comes before."""
    boundaries = _Boundaries(delimiter, quote, keep_blank)
    rejects: list[Reject] = []
    surplus: list[Reject] = []
    surplus_rows: list[Ints] = []
    breaks: list[Ints] = []
    shifts: list[Ints] = []
    seen, good, last_shift = -1, 0, np.array([-first_line])  # record -1: the header
    last_end = np.array([-1])
    width = 0  # values of the header
    with path.open("rb") as file:
        for records in boundaries.walk(file):
            first_data = 1 if seen < 0 and len(records.starts) else 0
            width = int(records.values[0]) if first_data else width
            seen += len(records.starts)
            # A position on a blank line means the record after it: DuckDB counts from there.
            floors = np.concatenate([last_end, records.ends])[: len(records.ends)] + 1
            at = np.searchsorted(refused, floors)
            last_end = records.ends[-1:] if len(records.ends) else last_end
            is_refused = np.searchsorted(refused, records.ends, side="right") > at
            is_refused[:first_data] = False
            for i in np.flatnonzero(is_refused):
                rejects.append(_reject(records, i, refused[at[i]]))
            is_refused[:first_data] = True
            returned = np.flatnonzero(~is_refused)
            too_wide = np.flatnonzero(records.values[returned] > width)
            surplus += [_reject(records, i, records.starts[i]) for i in returned[too_wide]]
            surplus_rows.append(good + too_wide)
            rows = np.arange(good, good + len(returned))
            shift = records.lines[returned] - rows - first_line
            changed = np.flatnonzero(np.diff(shift, prepend=last_shift))
            breaks.append(rows[changed])
            shifts.append(shift[changed])
            good += len(returned)
            last_shift = shift[-1:] if len(returned) else last_shift
    empty = np.array([], dtype=np.int64)
    return Scan(
        records=max(seen, 0),
        rejects=tuple(rejects),
        surplus=tuple(surplus),
        surplus_rows=np.concatenate([empty, *surplus_rows]),
        row_breaks=np.concatenate([empty, *breaks]),
        line_shifts=np.concatenate([empty, *shifts]),
        ends_in_quote=boundaries.in_quote,
    )


def _reject(records: _Records, i: np.int64, position: np.int64) -> Reject:
    return Reject(*map(int, (records.lines[i], position, records.starts[i], records.ends[i])))

"""An account of a CSV file that does not depend on the CSV reader.

It finds where each record starts (a newline outside quotes ends a record, blank lines are none), so
that what the reader returned can be counted against it and every record has its physical line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_CHUNK = 8 << 20  # bytes; a chunk is extended to the end of its last line
_NEWLINE, _QUOTE, _SPACE = 10, 34, 32


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
    `row_breaks`, `line_shifts`: from the good row `row_breaks[i]` (0-based) on, a row's physical
    line is its number + the first line of data + `line_shifts[i]`. `ends_in_quote`: a quote is
    still open at the end."""

    records: int
    rejects: tuple[Reject, ...]
    row_breaks: Ints
    line_shifts: Ints
    ends_in_quote: bool


@dataclass(frozen=True, slots=True)
class _Records:
    starts: Ints
    ends: Ints
    lines: Ints


class _Boundaries:
    """Walks through a UTF-8 file with `\\n` line ends, chunk by chunk."""

    def __init__(self, delimiter: str, keep_blank: bool) -> None:
        self._delimiter = delimiter.encode()[-1]
        self._keep_blank = keep_blank
        self._start = 0  # of the record under way
        self._line = 1  # of that record
        self._newlines = 0  # seen so far
        self.in_quote = False

    def walk(self, file: BinaryIO) -> Iterator[_Records]:
        base = 0
        while chunk := file.read(_CHUNK):
            chunk += b"" if chunk.endswith(b"\n") else file.readline()
            yield self._chunk(np.frombuffer(chunk, dtype=np.uint8), base)
            base += len(chunk)
        if self._start < base:
            yield _Records(*(np.array([n]) for n in (self._start, base, self._line)))

    def _chunk(self, data: NDArray[np.uint8], base: int) -> _Records:
        newlines = np.flatnonzero(data == _NEWLINE)
        toggles = self._toggles(data)
        inside = (np.searchsorted(toggles, newlines) + self.in_quote) & 1
        self.in_quote = bool((len(toggles) + self.in_quote) & 1)
        closing = np.flatnonzero(inside == 0)
        ends = newlines[closing] + base
        starts = np.concatenate([[self._start], ends + 1]).astype(np.int64)
        lines = np.concatenate([[self._line], self._newlines + closing + 2]).astype(np.int64)
        self._start, self._line = int(starts[-1]), int(lines[-1])
        self._newlines += len(newlines)
        starts, lines = starts[:-1], lines[:-1]
        if self._keep_blank:
            return _Records(starts, ends, lines)
        filled = ends > starts
        return _Records(starts[filled], ends[filled], lines[filled])

    def _toggles(self, data: NDArray[np.uint8]) -> Ints:
        """The quotes that open or close a quoted value. `""` inside one closes and opens again."""
        quotes = np.flatnonzero(data == _QUOTE)
        if not len(quotes):
            return quotes
        opening = quotes[int(self.in_quote) :: 2]
        before = data[np.maximum(opening - 1, 0)]
        regular = (before == self._delimiter) | (before == _NEWLINE) | (before == _QUOTE)
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
        return at < 0 or int(data[at]) in (self._delimiter, _NEWLINE)


def scan(
    path: Path, delimiter: str, refused: Ints, first_line: int = 2, keep_blank: bool = False
) -> Scan:
    """Account for the CSV file `path` (UTF-8, `\\n`), whose first record is the header.

    `refused`: the byte positions, ascending, where the reader refused records. `first_line`: of the
    first data record of a plain file. Memory is bounded by the longest line and by the number of
    records that a blank line or a newline comes before."""
    boundaries = _Boundaries(delimiter, keep_blank)
    rejects: list[Reject] = []
    breaks: list[Ints] = []
    shifts: list[Ints] = []
    seen, good, last_shift = -1, 0, np.array([-first_line])  # record -1: the header
    last_end = np.array([-1])
    with path.open("rb") as file:
        for records in boundaries.walk(file):
            first_data = 1 if seen < 0 and len(records.starts) else 0
            seen += len(records.starts)
            # A position on a blank line means the record after it: DuckDB counts from there.
            floors = np.concatenate([last_end, records.ends])[: len(records.ends)] + 1
            at = np.searchsorted(refused, floors)
            last_end = records.ends[-1:] if len(records.ends) else last_end
            is_refused = np.searchsorted(refused, records.ends, side="right") > at
            is_refused[:first_data] = False
            for i in np.flatnonzero(is_refused):
                found = (records.lines[i], refused[at[i]], records.starts[i], records.ends[i])
                rejects.append(Reject(*map(int, found)))
            is_refused[:first_data] = True
            lines = records.lines[~is_refused]
            rows = np.arange(good, good + len(lines))
            shift = lines - rows - first_line
            changed = np.flatnonzero(np.diff(shift, prepend=last_shift))
            breaks.append(rows[changed])
            shifts.append(shift[changed])
            good += len(lines)
            last_shift = shift[-1:] if len(lines) else last_shift
    empty = np.array([], dtype=np.int64)
    return Scan(
        records=max(seen, 0),
        rejects=tuple(rejects),
        row_breaks=np.concatenate([empty, *breaks]),
        line_shifts=np.concatenate([empty, *shifts]),
        ends_in_quote=boundaries.in_quote,
    )

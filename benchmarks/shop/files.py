"""How the tools write: CSV in two dialects, JSON lines, gzip without a time in it."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

CHUNK = 50_000
STRAY_EVERY = 7
"""A raw line that does not belong comes after every so many good rows."""


@contextmanager
def opened(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A text file to write, packed when its name ends in `.gz`; the same bytes each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".gz":
        with path.open("w", encoding=encoding, newline="") as plain:
            yield plain
        return
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding=encoding, newline="") as text,
    ):
        yield text


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    stray: Sequence[str] = (),
    *,
    french: bool = False,
) -> None:
    """Write a CSV as an e-commerce tool does, or as a French CRM does (`;`, Windows-1252)."""
    end = "\r\n" if french else "\n"
    with opened(path, "windows-1252" if french else "utf-8") as file:
        writer = csv.writer(file, delimiter=";" if french else ",", lineterminator=end)
        writer.writerow(header)
        left = iter(stray)
        for number, row in enumerate(rows, start=1):
            writer.writerow(row)
            if number % STRAY_EVERY == 0:
                file.writelines(f"{line}{end}" for line in _next(left))
        file.writelines(f"{line}{end}" for line in left)


def write_lines(path: Path, lines: Iterable[str], stray: Sequence[str] = ()) -> None:
    """Write lines of text, the stray ones among them."""
    with opened(path) as file:
        left = iter(stray)
        for number, line in enumerate(lines, start=1):
            file.write(f"{line}\n")
            if number % STRAY_EVERY == 0:
                file.writelines(f"{text}\n" for text in _next(left))
        file.writelines(f"{text}\n" for text in left)


def _next(left: Iterator[str]) -> list[str]:
    text = next(left, None)
    return [] if text is None else [text]


def euros(cents: Iterable[int]) -> list[str]:
    """`12.90` for 1290."""
    return [_euros(value) for value in cents]


def _euros(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"

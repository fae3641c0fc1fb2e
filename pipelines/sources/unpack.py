"""Opens a packed extract as a stream: gzip, zstd, or one member of a zip archive. The first bytes
tell which, not the name. Nothing is unpacked to memory, and nothing unpacks without end."""

import errno
import fnmatch
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from pipelines.errors import SourceError

GZIP, ZSTD, ZIP = "gzip", "zstd", "zip"
_BEGINS = {  # what a file of that kind begins with
    b"\x1f\x8b": GZIP,
    b"\x28\xb5\x2f\xfd": ZSTD,
    **{bytes((0x50 + n, 0x2A, 0x4D, 0x18)): ZSTD for n in range(16)},  # as pzstd writes it
    b"PK\x03\x04": ZIP,
    b"PK\x05\x06": ZIP,  # without any member
    b"PK\x07\x08": ZIP,  # the first part of several
}
_CHUNK = 1 << 20  # bytes
# A bomb of zeros packs 1,029-fold with gzip, 32,000-fold with zstd; a million stock rows that
# differ in nothing but the product 15-fold and 176-fold. What is small may pack as it likes.
_FREE, _FOLD = 1 << 30, 500
_SHOWN = 5
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")  # what desktops add on their own
_ENCRYPTED = 0x1  # bit of a member's flags
_BROKEN = (EOFError, NotImplementedError, RuntimeError, ValueError)  # what zipfile raises, too
_DAMAGED = (zlib.error, lzma.LZMAError, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that may be packed. `label` begins every sentence about it; `member`: a pattern for
    the one to take from an archive."""

    path: Path
    label: str
    member: str | None = None


def kind(path: Path) -> str | None:
    """gzip, zstd or zip; None for a file that is not packed."""
    with path.open("rb") as file:
        return _kind(file.read(4))


def _kind(start: bytes) -> str | None:
    return next((name for begin, name in _BEGINS.items() if start.startswith(begin)), None)


@contextmanager
def opened(packed: Packed) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked as they are read. SourceError when it cannot be unpacked, is
    encrypted, holds no member or several that match, or unpacks to far more than data would."""
    with ExitStack() as stack:
        size = packed.path.stat().st_size
        stream = stack.enter_context(packed.path.open("rb"))
        outer = _kind(stream.peek(4)[:4])
        if outer == ZIP:
            stream, size = _member(packed, stream, stack)
            inner = _kind(stream.peek(4)[:4])
            if inner == ZIP:
                raise SourceError(
                    f"{packed.label}: its member is a zip archive itself; pack the extract once"
                )
            outer = inner
        if outer:
            unpacked = _Unpacked(_decompressor(stream, outer), packed, size, outer)
            stream = stack.enter_context(io.BufferedReader(unpacked, _CHUNK))
        yield stream


def _decompressor(stream: BinaryIO, how: str) -> IO[bytes]:
    if how == GZIP:
        import gzip

        return cast(IO[bytes], gzip.GzipFile(fileobj=stream))
    import pyarrow as pa

    return cast(IO[bytes], pa.CompressedInputStream(stream, "zstd"))


def _member(packed: Packed, archive: BinaryIO, stack: ExitStack) -> tuple[io.BufferedReader, int]:
    """The stream of the one member that is wanted, and its packed size."""
    try:
        opened_zip = stack.enter_context(zipfile.ZipFile(archive))
        info = _wanted(packed, opened_zip.infolist())
        _refuse(packed, info)
        raw = stack.enter_context(opened_zip.open(info))
    except (*_DAMAGED, *_BROKEN) as error:
        raise _damaged(packed, ZIP, error) from None
    unpacked = _Unpacked(raw, packed, info.compress_size, ZIP)
    return stack.enter_context(io.BufferedReader(unpacked, _CHUNK)), info.compress_size


def _wanted(packed: Packed, members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    files = [m for m in members if not m.is_dir() and not _is_clutter(m.filename)]
    names = [m.filename for m in files]
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        raise SourceError(f"{packed.label}: an Excel workbook; set `format: excel`")
    if not files:
        raise SourceError(f"{packed.label}: a zip archive without any file in it")
    pattern = packed.member
    found = [m for m in files if pattern is None or _matches(m.filename, pattern)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise SourceError(
            f"{packed.label}: no member of the zip archive matches {pattern!r}; it holds "
            f"{_list(names)}; set `member` to the name of one"
        )
    matching = f" match {pattern!r}" if pattern else ""
    raise SourceError(
        f"{packed.label}: {len(found)} members of the zip archive{matching}, one is expected: "
        f"{_list([m.filename for m in found])}; set `member` to a pattern that only one matches"
    )


def _is_clutter(name: str) -> bool:
    return name.startswith(_CLUTTER[0]) or name.rpartition("/")[2] in _CLUTTER[1:]


def _matches(name: str, pattern: str) -> bool:
    """A pattern without a folder is one for the name alone, whatever folder it lies in."""
    return fnmatch.fnmatchcase(name if "/" in pattern else name.rpartition("/")[2], pattern)


def _list(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(repr(name[:80]) for name in names[:_SHOWN]) + more


def _refuse(packed: Packed, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise SourceError(
            f"{packed.label}: its member {info.filename!r} is encrypted; have the extract sent "
            "without a password, over a connection that is itself encrypted"
        )
    refuse_bombs(packed.label, [info])


def refuse_bombs(label: str, members: list[zipfile.ZipInfo]) -> None:
    """SourceError when a member of an archive unpacks to far more than data would."""
    for info in members:
        if info.file_size > max(_FREE, _FOLD * info.compress_size):
            raise _too_much(label, ZIP, info.compress_size)


def _too_much(label: str, how: str, size: int) -> SourceError:
    return SourceError(
        f"{label}: its {size:,} bytes of {how} unpack to more than {_FREE >> 30} GB and "
        f"more than {_FOLD} times as much, which no extract does; look at what was packed"
    )


def _damaged(packed: Packed, how: str, error: Exception) -> SourceError:
    if isinstance(error, NotImplementedError):
        return SourceError(
            f"{packed.label}: packed in a way that cannot be unpacked here ({error}); pack it as "
            "usual (deflate), or as gzip or zstd"
        )
    return SourceError(
        f"{packed.label}: cannot be unpacked as {how} ({error}); it is damaged or was still being "
        "copied; fetch it again"
    )


class _Unpacked(io.RawIOBase):
    """What `stream` unpacks to, with sentences for what goes wrong and an end to what does not."""

    def __init__(self, stream: IO[bytes], packed: Packed, size: int, how: str) -> None:
        self._stream, self._packed, self._size, self._how = stream, packed, size, how
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (*_DAMAGED, *_BROKEN) as error:
            raise _damaged(self._packed, self._how, error) from None
        except OSError as error:
            if error.errno in errno.errorcode:  # the disk's matter, not the file's
                raise
            raise _damaged(self._packed, self._how, error) from None
        self._read += len(data)
        if self._read > max(_FREE, _FOLD * self._size):
            raise _too_much(self._packed.label, self._how, self._size)
        buffer[: len(data)] = data
        return len(data)

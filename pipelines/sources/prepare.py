"""Makes a text extract plain: unpacked, UTF-8 without a byte order mark, `\\n` line ends."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from pipelines.errors import SourceError
from pipelines.sources import unpack
from pipelines.sources.unpack import Packed

_CHUNK = 8 << 20  # bytes
_BOM = codecs.BOM_UTF8
_UTF8 = codecs.lookup("utf-8").name
_FEW_ACCENTS = 3  # in an extract whose other letters are ASCII, once mangled names may be UTF-8
_UTF8_NAMES = {_UTF8, codecs.lookup("utf-8-sig").name}


@dataclass(frozen=True, slots=True)
class Extract:
    """One extract file to read: `label` names its source and path in every sentence."""

    source: str
    file: str  # as configured
    path: Path

    @property
    def label(self) -> str:
        return f"source {self.source!r}: {self.file}"


def plain_text(
    extract: Extract,
    encoding: str,
    scratch: Path,
    member: str | None = None,
    skip_lines: int = 0,
) -> Path:
    """The extract itself when it is plain already, else a plain copy at `scratch`. `member`: which
    one of a zip archive. `skip_lines`: how many lines at the top are to be blank.

    SourceError when it is empty, cannot be unpacked or is not written in `encoding`. Single lines
    that are not UTF-8 in a file that otherwise is stay as they are: the reader refuses them."""
    if not skip_lines and _is_plain_ascii(extract.path, encoding):
        return extract.path
    packed = Packed(extract.path, extract.label, member)
    is_utf8 = codecs.lookup(encoding).name in _UTF8_NAMES
    if is_utf8:
        _refuse_other_encodings(packed)
        if not skip_lines and _is_plain(extract.path):
            return extract.path
    elif _is_utf8(packed):
        raise SourceError(
            f"{extract.label}: written in utf-8, not {encoding} as declared: its letters with "
            "accents would become two characters each; set `encoding: utf-8`"
        )
    with unpack.opened(packed) as source, scratch.open("wb") as target:
        chunks = _utf8_chunks(source) if is_utf8 else _transcoded(packed, source, encoding)
        _write(_blanked(chunks, skip_lines), target)
    if not scratch.stat().st_size:
        raise SourceError(f"{extract.label}: empty once unpacked; not even a header row")
    return scratch


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Chunks of whole lines, so that no character is cut."""
    while chunk := source.read(_CHUNK):
        yield chunk if chunk.endswith(b"\n") else chunk + source.readline()


def _is_utf8(packed: Packed) -> bool:
    """True when all is UTF-8, with more than a stray accent: text in another encoding hardly ever
    is, but nearly any bytes can be read as windows-1252."""
    decoder, beyond_ascii = codecs.getincrementaldecoder("utf-8")("strict"), 0
    try:
        with unpack.opened(packed) as source:
            while chunk := source.read(_CHUNK):
                text = decoder.decode(chunk)
                beyond_ascii += 0 if text.isascii() else sum(not c.isascii() for c in text)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return beyond_ascii >= _FEW_ACCENTS


def _is_plain_ascii(path: Path, encoding: str) -> bool:
    """Whether there is nothing to do, found by reading the file once."""
    if unpack.kind(path) or not _is_ascii_within(encoding):
        return False
    last = b""
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            if b"\r" in chunk or not chunk.isascii():
                return False
            last = chunk[-1:]
    return last == b"\n"


def _is_ascii_within(encoding: str) -> bool:
    """Whether ASCII characters are written in `encoding` as they are in ASCII."""
    ascii_text = bytes(range(128)).decode("ascii")
    return ascii_text.encode(encoding, "replace") == ascii_text.encode("ascii")


def _is_plain(path: Path) -> bool:
    if unpack.kind(path):
        return False
    with path.open("rb") as file:
        if file.read(3) == _BOM:
            return False
        file.seek(0)
        last = b""
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            if b"\r" in chunk:
                return False
            last = chunk[-1:]
        return last == b"\n"  # DuckDB misplaces a short last record without one


def _refuse_other_encodings(packed: Packed) -> None:
    """A file with bytes that are not UTF-8 and no valid character beyond ASCII was written in
    another encoding. With both, single lines are damaged."""
    first_bad, line = "", 1
    with unpack.opened(packed) as source:
        for chunk in _lines(source):
            try:
                if not chunk.isascii() and chunk.removeprefix(_BOM).decode("utf-8"):
                    return
            except UnicodeDecodeError as error:
                valid = chunk.decode("utf-8", "ignore")
                if not valid.isascii():
                    return
                first_bad = first_bad or _undecodable(packed, "utf-8", error, line)
            line += chunk.count(b"\n")
    if first_bad:
        raise SourceError(first_bad)


def _undecodable(packed: Packed, encoding: str, error: UnicodeDecodeError, line: int) -> str:
    data = bytes(error.object)
    line += data[: error.start].count(b"\n")
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        hint = "it begins like utf-16"
    elif codecs.lookup(encoding).name == _UTF8:
        hint = "files from French tools are often windows-1252"
    else:
        hint = "it may be utf-8"
    return (
        f"{packed.label}, line {line}: byte 0x{data[error.start]:02x} is not {encoding}, the "
        f"declared encoding; {hint}: set `encoding` of the source to the one it is written in"
    )


def _utf8_chunks(source: BinaryIO) -> Iterator[bytes]:
    for i, chunk in enumerate(_lines(source)):
        yield chunk.removeprefix(_BOM) if i == 0 else chunk


def _transcoded(packed: Packed, source: BinaryIO, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, first = 1, True
    while True:
        chunk = source.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise SourceError(_undecodable(packed, encoding, error, line)) from None
        except UnicodeError as error:  # utf-16 without its mark, for example
            raise SourceError(
                f"{packed.label}: is not {encoding}, the declared encoding ({error}); set "
                "`encoding` of the source to the one it is written in"
            ) from None
        line += text.count("\n")
        yield (text.removeprefix("\ufeff") if first else text).encode("utf-8")
        first = False
        if not chunk:
            return


def _blanked(chunks: Iterator[bytes], lines: int) -> Iterator[bytes]:
    """With the first lines blank: those that follow keep their numbers."""
    for chunk in chunks:
        rest = chunk
        while lines and rest:
            _, end, rest = rest.partition(b"\n")
            lines -= len(end)
            yield end
        yield rest


def _write(chunks: Iterator[bytes], target: IO[bytes]) -> None:
    """Write with `\\n` line ends, also of the last line, whether lines end in `\\r\\n`, `\\n` or,
    throughout, `\\r`."""
    held, last, old_mac = b"", b"", None
    for chunk in chunks:
        data = held + chunk
        held = b"\r" if data.endswith(b"\r") else b""  # its `\n` may be in the next chunk
        data = data[: len(data) - len(held)]
        if old_mac is None and data:
            old_mac = b"\r" in data and b"\n" not in data
        last = data[-1:] or last
        target.write(data.replace(b"\r", b"\n") if old_mac else data.replace(b"\r\n", b"\n"))
    target.write(b"\n" if held or last not in (b"\n", b"\r", b"") else b"")

"""A place where extracts lie: the folders of this machine, of an SFTP server, of a bucket. Places
differ in how they list and read; which names are extracts is decided in one way for all."""

import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from pipelines.errors import SourceError
from pipelines.settings import PROJECT_ROOT

CHUNK = 4 << 20  # bytes; from 1 to 16 MiB an SFTP server sends alike (190 MB/s, on one machine)


@dataclass(frozen=True, slots=True)
class Entry:
    """A listed file or folder. `size` in bytes; `version` changes when the file is rewritten, as
    far as the place can tell."""

    path: str
    size: int
    version: str
    is_folder: bool = False

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class Session(Protocol):
    """A place while it is open. SourceError or TransientError when it does not answer as it
    should, each a sentence about the place."""

    def folder(self, path: str) -> list[Entry] | None:
        """What lies directly in a folder (empty: where paths begin); None when there is none."""

    def below(self, base: str, parts: Sequence[re.Pattern[str]]) -> Iterator[Entry]:
        """All that lies as deep below `base` as there are `parts`, in folders that match them."""

    def state(self, path: str) -> Entry | None:
        """A file as it is now; None when it is gone."""

    def read(self, entry: Entry, start: int) -> Iterator[bytes]:
        """The bytes of a file from `start` on, in chunks that fit into memory."""


class Place(Protocol):
    """Where a source's path leads."""

    def open(self) -> AbstractContextManager[Session]:
        """Connect; what is opened is closed again."""


def descend(
    folder: Callable[[str], list[Entry] | None], base: str, parts: Sequence[re.Pattern[str]]
) -> Iterator[Entry]:
    """`Session.below` for places with real folders: lists only those that match."""
    for entry in folder(base) or []:
        if len(parts) == 1:
            yield entry
        elif entry.is_folder and parts[0].fullmatch(entry.name):
            yield from descend(folder, f"{entry.path}/", parts[1:])


@dataclass(frozen=True, slots=True)
class ThisMachine:
    """The folders of this machine; relative paths count from the checkout. `label` begins its
    sentences."""

    label: str

    def open(self) -> AbstractContextManager[Session]:
        return nullcontext(self)

    def folder(self, path: str) -> list[Entry] | None:
        where = PROJECT_ROOT / path
        if not where.is_dir():
            return None
        try:
            entries = [self.state(f"{path}{child.name}") for child in where.iterdir()]
        except OSError as error:
            raise SourceError(
                f"{self.label}: cannot look into {where}: {error.strerror}; let the user that runs "
                "the night read it"
            ) from None
        return [entry for entry in entries if entry is not None]

    def below(self, base: str, parts: Sequence[re.Pattern[str]]) -> Iterator[Entry]:
        return descend(self.folder, base, parts)

    def state(self, path: str) -> Entry | None:
        try:
            state = (PROJECT_ROOT / path).stat()
        except (FileNotFoundError, NotADirectoryError):  # also a link that leads nowhere
            return None
        return Entry(path, state.st_size, str(state.st_mtime_ns), stat.S_ISDIR(state.st_mode))

    def read(self, entry: Entry, start: int) -> Iterator[bytes]:
        with (PROJECT_ROOT / entry.path).open("rb") as file:
            file.seek(start)
            yield from iter(lambda: file.read(CHUNK), b"")

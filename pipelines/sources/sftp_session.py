"""An open connection to an SFTP server: its folders and files."""

import re
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.errors import NocturneError
from pipelines.sources.place import CHUNK, Entry, descend
from pipelines.sources.waiting import Waiting

if TYPE_CHECKING:
    import asyncssh

    from pipelines.sources.sftp import SftpServer

_ABSENT = {2, 10}  # codes of SFTP: no such file, no such path
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SftpSession:
    """An open connection, driven from code that waits."""

    server: "SftpServer"
    runner: Waiting
    client: "asyncssh.SFTPClient"

    def _run(self, what: Awaitable[T]) -> T:
        return self.server.run(self.runner, what)

    def folder(self, path: str) -> list[Entry] | None:
        import asyncssh

        try:
            names = self._run(_absent_as_error(self.client.readdir(path or ".")))
        except _Absent:
            return None
        entries = []
        for name in names:
            text = str(name.filename)
            if text not in (".", ".."):
                is_link = name.attrs.type == asyncssh.FILEXFER_TYPE_SYMLINK
                found = self.state(f"{path}{text}") if is_link else _entry(path + text, name.attrs)
                entries += [found] if found else []
        return entries

    def below(self, base: str, parts: Sequence[re.Pattern[str]]) -> Iterator[Entry]:
        return descend(self.folder, base, parts)

    def state(self, path: str) -> Entry | None:
        try:
            return _entry(path, self._run(_absent_as_error(self.client.stat(path))))
        except _Absent:
            return None

    def read(self, entry: Entry, start: int) -> Iterator[bytes]:
        try:
            file = self._run(_absent_as_error(self.client.open(entry.path, "rb")))
        except _Absent:
            return
        try:
            while start < entry.size:
                chunk = self._run(file.read(min(CHUNK, entry.size - start), start))
                if not chunk:
                    return
                yield bytes(chunk)
                start += len(chunk)
        finally:
            with suppress(NocturneError):  # the line may be gone, and that is told already
                self._run(file.close())


class _Absent(Exception):
    """There is nothing of that name."""


async def _absent_as_error(what: Any) -> Any:
    import asyncssh

    try:
        return await what
    except asyncssh.SFTPError as error:
        if error.code in _ABSENT:
            raise _Absent from None
        raise


def _entry(path: str, attrs: "asyncssh.SFTPAttrs") -> Entry:
    import asyncssh

    is_folder = attrs.type == asyncssh.FILEXFER_TYPE_DIRECTORY
    return Entry(path, attrs.size or 0, f"{attrs.mtime}", is_folder)

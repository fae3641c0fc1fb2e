"""Files on an SFTP server."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.errors import SourceError, TransientError
from pipelines.settings import PROJECT_ROOT
from pipelines.sources.place import CHUNK, Entry, Session, descend
from pipelines.sources.secrets import given, text_or_file
from pipelines.specs.remote import Access, Address

if TYPE_CHECKING:
    import asyncssh

_CONNECT_SECONDS, _LOGIN_SECONDS = 30, 60
_ALIVE_SECONDS, _ALIVE_COUNT = 15, 4  # a server that is silent for a minute is gone
_ABSENT = {2, 10}  # codes of SFTP: no such file, no such path
T = TypeVar("T")


def place(label: str, where: Address, access: Access | None) -> "SftpServer":
    """The server that a path names. SourceError when the library is not installed."""
    try:
        import asyncssh  # noqa: F401
    except ImportError:
        raise SourceError(
            f"{label}: sftp:// needs the library asyncssh; install it: make install, or "
            "pip install 'nocturne-marketing[sftp]'"
        ) from None
    host, _, port = where.host.partition(":")
    return SftpServer(label, host, int(port or 22), access or Access())


@dataclass(frozen=True, slots=True)
class SftpServer:
    """An SFTP server and how to log in. Its host key is always checked."""

    label: str
    host: str
    port: int
    access: Access

    @contextmanager
    def open(self) -> Iterator[Session]:
        options = self._identity()
        with asyncio.Runner() as runner:
            connection = self.run(runner, self._connect(options))
            try:
                names_as_they_are = connection.start_sftp_client(path_errors="surrogateescape")
                client = self.run(runner, names_as_they_are)
                yield _Session(self, runner, client)
            finally:
                connection.abort()
                runner.run(connection.wait_closed())

    def run(self, runner: asyncio.Runner, what: Awaitable[T]) -> T:
        """Wait for an answer of the server. SourceError or TransientError when there is none."""
        with self._sentences():
            return runner.run(_awaited(what))

    async def _connect(self, options: dict[str, Any]) -> "asyncssh.SSHClientConnection":
        import asyncssh

        seen: list[str] = []
        access = self.access

        class Client(asyncssh.SSHClient):
            """Asked about host keys that are not in known_hosts."""

            def validate_host_public_key(
                self, host: str, addr: str, port: int, key: asyncssh.SSHKey
            ) -> bool:
                seen.append(f"{key.get_fingerprint()} ({key.get_algorithm()})")
                return access.host_key is not None and (
                    key.get_fingerprint().rstrip("=") == access.host_key.rstrip("=")
                )

        try:
            return await asyncssh.connect(
                self.host,
                self.port,
                client_factory=Client,
                config=None,  # nothing of this machine's own habits: a night is its configuration
                agent_path=None,
                gss_host=None,
                connect_timeout=_CONNECT_SECONDS,
                login_timeout=_LOGIN_SECONDS,
                keepalive_interval=_ALIVE_SECONDS,
                keepalive_count_max=_ALIVE_COUNT,
                **options,
            )
        except asyncssh.HostKeyNotVerifiable:
            raise SourceError(self._untrusted(seen)) from None

    def _identity(self) -> dict[str, Any]:
        """What asyncssh is to log in with. SourceError when a secret or a file is missing."""
        import asyncssh

        access = self.access
        keys = []
        if access.private_key is not None:
            variable = access.private_key
            value = given(self.label, "private_key", variable) or ""
            text = text_or_file(self.label, variable, value, "PRIVATE KEY-----")
            passphrase = given(self.label, "passphrase", access.passphrase)
            try:
                keys = [asyncssh.import_private_key(text, passphrase)]
            except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
                raise SourceError(
                    f"{self.label}: the private key of {variable} cannot be read; give a whole key "
                    "in the format of OpenSSH or PEM, and `access.passphrase` if one locks it"
                ) from None
        return {
            "username": given(self.label, "user", access.user),
            "password": given(self.label, "password", access.password),
            "client_keys": keys,
            "known_hosts": self._known_hosts(),
        }

    def _known_hosts(self) -> Any:
        import asyncssh

        nobody: tuple[list[Any], ...] = ([], [], [])
        if self.access.host_key is not None:
            return nobody
        own = Path("~/.ssh/known_hosts").expanduser()
        named = self.access.known_hosts
        file = PROJECT_ROOT / Path(named).expanduser() if named is not None else own
        if named is None and not file.exists():
            return nobody
        try:
            return asyncssh.read_known_hosts(str(file))
        except (OSError, ValueError):
            raise SourceError(
                f"{self.label}: {file} cannot be read as a file of host keys; {self._scan()}"
            ) from None

    def _scan(self) -> str:
        port = "" if self.port == 22 else f"-p {self.port} "
        return (
            f"`ssh-keyscan {port}{self.host}` writes its lines, but compare the fingerprint with "
            "the one that the operator of the server tells you"
        )

    def _untrusted(self, seen: list[str]) -> str:
        shown = f" It shows {', '.join(seen)}." if seen else ""
        expected = "`access.host_key`" if self.access.host_key else "`access.known_hosts`"
        return (
            f"{self.label}: the server's host key is not the one expected (by {expected}), so "
            f"nothing was sent.{shown} Ask its operator for the fingerprint, then set "
            f"`access.host_key: SHA256:…` or `access.known_hosts` (a file): {self._scan()}"
        )

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turns what the network or the server raise into SourceError or TransientError."""
        import asyncssh

        try:
            yield
        except asyncssh.PermissionDenied:
            raise SourceError(
                f"{self.label}: the server refuses the login; check the values of the variables "
                f"under `access` (user {self.access.user}, password {self.access.password}, "
                f"private key {self.access.private_key})"
            ) from None
        except asyncssh.SFTPPermissionDenied as error:
            raise SourceError(
                f"{self.label}: the server lets the user not read there ({error.reason}); have its "
                "operator allow it, or correct `path`"
            ) from None
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise self._passing("its name cannot be looked up just now") from None
            raise SourceError(
                f"{self.label}: no host of that name is known; correct `path`"
            ) from None
        except asyncssh.Error as error:
            raise self._passing(error.reason) from None
        except OSError as error:  # of the network: files of this machine are written elsewhere
            raise self._passing(error.strerror or str(error) or "no answer") from None

    def _passing(self, reason: str) -> TransientError:
        return TransientError(
            f"{self.label}: cannot be reached or broke off ({reason}); run again, and if it stays "
            "so ask its operator"
        )


@dataclass(frozen=True, slots=True)
class _Session:
    """An open connection, driven from code that waits."""

    server: SftpServer
    runner: asyncio.Runner
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
        while start < entry.size:
            chunk = self._run(file.read(min(CHUNK, entry.size - start), start))
            if not chunk:
                return
            yield bytes(chunk)
            start += len(chunk)


async def _awaited(what: Awaitable[T]) -> T:
    """A coroutine, which is what a runner wants."""
    return await what


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

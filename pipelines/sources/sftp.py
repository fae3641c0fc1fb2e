"""Files on an SFTP server."""

import socket
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.errors import SourceError, TransientError
from pipelines.sources.place import Session
from pipelines.sources.sftp_login import identity, untrusted
from pipelines.sources.sftp_session import SftpSession
from pipelines.sources.waiting import Waiting
from pipelines.specs.remote import Access, Address

if TYPE_CHECKING:
    import asyncssh

_CONNECT_SECONDS, _LOGIN_SECONDS = 30, 60
_ALIVE_SECONDS, _ALIVE_COUNT = 15, 4  # a server that is silent for a minute is gone
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
        options = identity(self)
        with Waiting() as runner:
            connection = self.run(runner, self._connect(options))
            try:
                names_as_they_are = connection.start_sftp_client(path_errors="surrogateescape")
                client = self.run(runner, names_as_they_are)
                yield SftpSession(self, runner, client)
            finally:
                runner.run(_closed(connection))

    def run(self, runner: Waiting, what: Awaitable[T]) -> T:
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
            raise SourceError(untrusted(self, seen)) from None

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


async def _awaited(what: Awaitable[T]) -> T:
    """A coroutine, which is what a runner wants."""
    return await what


async def _closed(connection: "asyncssh.SSHClientConnection") -> None:
    connection.abort()
    await connection.wait_closed()

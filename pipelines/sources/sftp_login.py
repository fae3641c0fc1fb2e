"""How to log in to an SFTP server, and how it proves which one it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import SourceError
from pipelines.settings import PROJECT_ROOT
from pipelines.sources.secrets import of_access, text_or_file

if TYPE_CHECKING:
    from pipelines.sources.sftp import SftpServer


def identity(server: "SftpServer") -> dict[str, Any]:
    """What asyncssh is to log in with. SourceError when a secret or a file is missing."""
    import asyncssh

    access = server.access
    keys = []
    if access.private_key is not None:
        value = of_access(server.label, access, "private_key") or ""
        text = text_or_file(server.label, access.private_key, value, "PRIVATE KEY-----")
        passphrase = of_access(server.label, access, "passphrase")
        try:
            keys = [asyncssh.import_private_key(text, passphrase)]
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
            raise SourceError(
                f"{server.label}: the private key of {access.private_key} cannot be read; give a "
                "whole key in the format of OpenSSH or PEM, and `access.passphrase` if one locks it"
            ) from None
    return {
        "username": of_access(server.label, access, "user"),
        "password": of_access(server.label, access, "password"),
        "client_keys": keys,
        "known_hosts": _known_hosts(server),
    }


def _known_hosts(server: "SftpServer") -> Any:
    import asyncssh

    nobody: tuple[list[Any], ...] = ([], [], [])
    if server.access.host_key is not None:
        return nobody
    own = Path("~/.ssh/known_hosts").expanduser()
    named = server.access.known_hosts
    file = PROJECT_ROOT / Path(named).expanduser() if named is not None else own
    if named is None and not file.exists():
        return nobody
    try:
        return asyncssh.read_known_hosts(str(file))
    except (OSError, ValueError):
        raise SourceError(
            f"{server.label}: {file} cannot be read as a file of host keys; {_scan(server)}"
        ) from None


def _scan(server: "SftpServer") -> str:
    port = "" if server.port == 22 else f"-p {server.port} "
    return (
        f"`ssh-keyscan {port}{server.host}` writes its lines, but compare the fingerprint with "
        "the one that the operator of the server tells you"
    )


def untrusted(server: "SftpServer", seen: list[str]) -> str:
    """The sentence about a server that nothing vouches for; `seen`: the host keys it showed."""
    shown = f" It shows {', '.join(seen)}." if seen else ""
    expected = "`access.host_key`" if server.access.host_key else "`access.known_hosts`"
    return (
        f"{server.label}: the server's host key is not the one expected (by {expected}), so "
        f"nothing was sent.{shown} Ask its operator for the fingerprint, then set "
        f"`access.host_key: SHA256:…` or `access.known_hosts` (a file): {_scan(server)}"
    )

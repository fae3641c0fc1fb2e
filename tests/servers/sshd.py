"""OpenSSH's own server, as the user who runs the tests, on a free port."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

import pytest

from tests.servers.absent import absent

_CONFIG = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PubkeyAuthentication yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
PermitRootLogin yes
UsePAM no
StrictModes no
PidFile none
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True, slots=True)
class Sshd:
    """A running server: its port, its folder with `host` and `user` keys, who may log in."""

    port: int
    folder: Path
    user: str

    @property
    def fingerprint(self) -> str:
        """The host key's, as ssh-keygen prints it."""
        return _run("ssh-keygen", "-lf", f"{self.folder}/host.pub").split()[1]

    def known_hosts(self, port: int | None = None) -> Path:
        """A file that knows this server, as it is reached through `port`."""
        path = self.folder / f"known_hosts_{port or self.port}"
        key = (self.folder / "host.pub").read_text()
        path.write_text(f"[127.0.0.1]:{port or self.port} {key}")
        return path


@contextmanager
def sshd(folder: Path) -> Iterator[Sshd]:
    """Start it; skip, or fail where servers are required, when it is not installed."""
    found = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    program = found or absent("sshd", "apt-get install -y openssh-server")
    if os.geteuid() == 0:  # as root it wants a folder to lock itself into
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    folder.mkdir()
    for key in ("host", "user"):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/{key}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    start = f"ulimit -n 64; exec {program} -D -e -f {folder}/config"  # as tight as servers are
    command = ["sh", "-c", start]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            line = server.stderr.readline()
            if "listening" not in line:
                pytest.fail(f"sshd did not start: {line}{server.stderr.read()}")
            yield Sshd(port, folder, getuser())
        finally:
            server.terminate()
            server.wait()  # not for its children, which end with their connections


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

"""A folder on another machine, whichever kind of server it is on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tenacity import wait_none

from pipelines.sources import find, transfer
from tests.servers.s3 import S3, s3
from tests.servers.sshd import Sshd, sshd

SECRETS = {
    "SHOP_SFTP_USER": "",
    "SHOP_SFTP_KEY": "",
    "SHOP_S3_KEY": "AKIAEXAMPLE",
    "SHOP_S3_SECRET": "s3-secret-value",
}
_CLOCK = 1_782_900_000  # seconds; each file written is a second younger than the one before


@dataclass
class Remote:
    """Where a test puts extracts; `path` and `access` are the settings of a source that reads
    them, through another `port` when it says so."""

    server: Sshd | S3
    folder: Path
    written: int = 0

    @property
    def port(self) -> int:
        return self.server.port

    def put(self, name: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        self.written += 1
        if isinstance(self.server, S3):
            self.server.put(f"in/{name}", data)
            return
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (_CLOCK + self.written,) * 2)

    def delete(self, name: str) -> None:
        if isinstance(self.server, S3):
            self.server.delete(f"in/{name}")
        else:
            (self.folder / name).unlink()

    def begins(self, port: int | None = None) -> str:
        """What every path begins with."""
        if isinstance(self.server, S3):
            return "s3://extracts/in"
        return f"sftp://127.0.0.1:{port or self.port}{self.folder}"

    def source(
        self, base: dict[str, Any], name: str = "orders_{date}.csv", port: int | None = None
    ) -> dict[str, Any]:
        """`base` with the settings of a source that reads files called `name`."""
        path = f"{self.begins(port)}/{name}"
        return {**base, "path": path, "access": self.access(port)}

    def access(self, port: int | None = None) -> dict[str, str]:
        if isinstance(self.server, S3):
            return {
                "key": "SHOP_S3_KEY",
                "secret": "SHOP_S3_SECRET",
                "endpoint": f"http://127.0.0.1:{port or self.port}",
                "region": "eu-west-3",
            }
        return {
            "user": "SHOP_SFTP_USER",
            "private_key": "SHOP_SFTP_KEY",
            "known_hosts": str(self.server.known_hosts(port)),
        }


@contextmanager
def remote(kind: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    """Start a server of a kind, `sftp` or `s3`, with its secrets set."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    if kind == "s3":
        with s3() as bucket:
            yield Remote(bucket, root)
        return
    with sshd(root / "sshd") as server:
        monkeypatch.setenv("SHOP_SFTP_USER", server.user)
        monkeypatch.setenv("SHOP_SFTP_KEY", str(server.folder / "user"))
        (root / "in").mkdir()
        yield Remote(server, root / "in")


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    for retried in (find._look, transfer._transfer):
        monkeypatch.setattr(retried.retry, "wait", wait_none())  # type: ignore[attr-defined]

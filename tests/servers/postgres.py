"""A PostgreSQL server, started for one test run in a folder that goes with it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.absent import absent

PASSWORD = "nights/4@ll"  # of the user `clerk`
_RULES = """local all clerk scram-sha-256
local all all trust
"""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server, reached through the socket in `folder`."""

    folder: Path

    def url(self, user: str = "owner", password: str = "") -> str:
        """The URL of its only database for a user; `password` as a URL writes it."""
        written = f"{user}:{password}" if password else user
        return f"postgresql://{written}@/postgres?host={self.folder}"

    def run(self, *statements: str) -> None:
        """Run statements as the owner, each in a transaction of its own."""
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(self.url(), autocommit=True) as connection, connection.cursor() as c:
            for statement in statements:
                c.execute(statement)

    def value(self, query: str) -> object:
        """The only value of a query's answer."""
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(self.url(), autocommit=True) as connection, connection.cursor() as c:
            c.execute(query)
            row = c.fetchone()
            return row[0] if row else None


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A throw-away PostgreSQL without a port. Its users: `owner`, trusted, and `clerk`, who needs
    PASSWORD and may read nothing that is not granted."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="nocturne-pg-", dir="/tmp"))  # a socket's path is short
    data = folder / "data"
    control = [str(programs / "pg_ctl"), "-D", str(data)]
    try:
        if _is_root():
            shutil.chown(folder, "postgres")
        _run(folder, [str(programs / "initdb"), "-D", str(data), "-U", "owner", "-A", "trust",
                      "-E", "UTF8", "--no-sync"])  # fmt: skip
        (data / "pg_hba.conf").write_text(_RULES)
        settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=32MB"
        _run(folder, [*control, "-w", "-l", str(folder / "log"), "-o", settings, "start"])
        try:
            server = Postgres(folder)
            server.run(f"create role clerk login password '{PASSWORD}'")
            yield server
        finally:
            _run(folder, [*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of PostgreSQL's programs."""
    on_path = shutil.which("initdb")
    places = (
        [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    )
    if not places:
        absent("PostgreSQL", "`apt-get install postgresql`")
    return places[-1].parent


def _run(folder: Path, command: list[str]) -> None:
    """PostgreSQL refuses to run as root."""
    user: dict[str, Any] = {}
    if _is_root():
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    with tempfile.TemporaryFile("w+") as told:  # the server would keep a pipe open
        done = subprocess.run(
            command, cwd=folder, stdout=told, stderr=subprocess.STDOUT, check=False, **user
        )
        told.seek(0)
        assert not done.returncode, told.read()


def _is_root() -> bool:
    return os.geteuid() == 0

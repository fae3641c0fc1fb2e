"""Running nights in tests as a user would: the command line in a process of its own."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from tests.conftest import ROOT

SAMPLE = ROOT / "config" / "sample.yml"


def environment(**extra: str) -> dict[str, str]:
    """The environment of a child process: the tests' key, no telemetry, two threads."""
    return os.environ | {"NOCTURNE_HASH_KEY": "test-key", "NOCTURNE_THREADS": "2"} | extra


def command(
    verb: str, as_of: date | None, data_dir: Path, *more: str, config: Path = SAMPLE
) -> list[str]:
    """`nocturne VERB --as-of … --config … --data-dir …`; some commands are of no night."""
    options = ["--config", str(config), "--data-dir", str(data_dir)]
    options += [] if as_of is None else ["--as-of", str(as_of)]
    return [sys.executable, "-m", "pipelines.cli", verb, *options, *more]


def nocturne(
    verb: str, as_of: date | None, data_dir: Path, *more: str, config: Path = SAMPLE, **env: str
) -> str:
    """Run one command to its end; what it printed. An AssertionError shows what went wrong."""
    done = subprocess.run(
        command(verb, as_of, data_dir, *more, config=config),
        env=environment(**env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def bytes_of(folder: Path) -> dict[str, str]:
    """Relative path → SHA-256 of every file below `folder`."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

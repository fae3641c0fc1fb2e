"""Writing to disk so that a reader sees the old bytes or the new ones, never half of either, and
a killed writer leaves nothing that the next run does not sweep away."""

import hashlib
import os
import shutil
from pathlib import Path

_CHUNK = 1 << 20


def sha256(path: Path) -> str:
    """The hex digest of the bytes of `path`, read in chunks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Ask the disk to keep the bytes of a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(new: Path, target: Path) -> None:
    """`new` becomes `target` (same disk), durably: a reader opens the old file or the new one."""
    sync(new)
    new.replace(target)
    sync(target.parent)


def replace_folder(new: Path, target: Path, aside: Path) -> None:
    """`new` becomes `target`, durably; what was there is moved to `aside` and removed.

    A folder cannot be renamed over a full one, so the old one is renamed away first: for an instant
    (or, after a kill just then, until the rerun) a reader finds no folder, but never a half-filled
    one. A symbolic link swapped in one call would close that gap, but mail tools, SFTP servers and
    object stores that mirror the folder treat links differently, so there is none.
    """
    for path in sorted(new.iterdir()):
        sync(path)
    sync(new)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        target.rename(aside)
    new.rename(target)
    sync(target.parent)
    shutil.rmtree(aside, ignore_errors=True)

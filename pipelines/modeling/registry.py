"""The model registry: folders below `<data_dir>/registry`, which are the truth.

    registry/<model>/<version>/card.json         and model.txt or effects.json
    registry/<model>/champion.json               which version scores, and what was before

A version is named `<as_of>-<8 hex of the hash of its files>`: registering the same content again
changes nothing. Folders and pointer appear by rename, so a reader never sees half of one."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pipelines.errors import NotReady, TerminalError
from pipelines.modeling.card import Card
from pipelines.settings import Paths
from pipelines.specs.shop import Closed

_POINTER = "champion.json"


class Change(Closed):
    """One change of champion. `rollback` takes back the promotion before it."""

    action: Literal["promote", "rollback"]
    version: str  # champion after the change


class Pointer(Closed):
    """champion.json: every change of champion, oldest first, and the night that last trained."""

    changes: tuple[Change, ...] = ()
    last_trained: date | None = None

    def stack(self) -> list[str]:
        """Champions that a rollback may return to, the present one last."""
        stack: list[str] = []
        for change in self.changes:
            if change.action == "promote":
                stack.append(change.version)
            else:
                stack.pop()
        return stack


@dataclass(frozen=True, slots=True)
class Version:
    """A registered version and where it stands."""

    version: str
    card: Card
    is_champion: bool


def register(paths: Paths, card: Card, files: dict[str, str]) -> str:
    """Write a version (its card and `files`: name → text); the version's name. Not yet champion."""
    contents = {"card.json": card.text(), **files}
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\n{len(contents[name])}\n{contents[name]}".encode())
    version = f"{card.as_of}-{digest.hexdigest()[:8]}"
    folder = paths.registry / card.model / version
    if folder.is_dir():
        return version
    folder.parent.mkdir(parents=True, exist_ok=True)
    paths.scratch.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="version-", dir=paths.scratch))
    try:
        for name, text in contents.items():
            (scratch / name).write_text(text, encoding="utf-8")
        scratch.chmod(0o755)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return version


def versions(paths: Paths, model: str) -> list[Version]:
    """All versions of a model, oldest first; empty when it was never trained."""
    top = champion(paths, model)
    folder = paths.registry / model
    names = sorted(path.parent.name for path in folder.glob("*/card.json"))
    return [Version(name, load_card(paths, model, name), name == top) for name in names]


def champion(paths: Paths, model: str, not_after: date | None = None) -> str | None:
    """The version that scores; None when there is none. With `not_after`, the latest champion that
    was trained by that night: a night in the past must not score with what it could not know."""
    for version in reversed(_pointer(paths, model).stack()):
        if not_after is None or version_date(version) <= not_after:
            return version
    return None


def promote(paths: Paths, model: str, version: str, trained: date | None = None) -> None:
    """Make `version` champion; nothing changes when it is. `trained`: the night that decided so,
    when it was training that did. NotReady when there is no such version."""
    load_card(paths, model, version)
    pointer = _pointer(paths, model)
    changes = pointer.changes
    if pointer.stack()[-1:] != [version]:
        changes = (*changes, Change(action="promote", version=version))
    _write(paths, model, Pointer(changes=changes, last_trained=trained or pointer.last_trained))


def rollback(paths: Paths, model: str) -> str:
    """Return to the champion before the present one; its version. TerminalError when none was."""
    pointer = _pointer(paths, model)
    stack = pointer.stack()
    if len(stack) < 2:
        raise TerminalError(
            f"{model}: found {len(stack)} champion(s) in its history; a rollback needs two; "
            "promote another version instead"
        )
    change = Change(action="rollback", version=stack[-2])
    _write(
        paths,
        model,
        Pointer(changes=(*pointer.changes, change), last_trained=pointer.last_trained),
    )
    return stack[-2]


def note_training(paths: Paths, model: str, as_of: date) -> None:
    """Remember that night `as_of` trained the model, whatever came of it."""
    pointer = _pointer(paths, model)
    _write(paths, model, Pointer(changes=pointer.changes, last_trained=as_of))


def last_trained(paths: Paths, model: str) -> date | None:
    """The night that last trained the model, promoted or refused."""
    return _pointer(paths, model).last_trained


def load_card(paths: Paths, model: str, version: str) -> Card:
    """The card of a version. NotReady when it is not registered."""
    return Card.model_validate_json(load_text(paths, model, version, "card.json"))


def load_text(paths: Paths, model: str, version: str, name: str) -> str:
    """One file of a version. NotReady when it is not registered."""
    path = paths.registry / model / version / name
    if not path.is_file():
        known = sorted(p.parent.name for p in (paths.registry / model).glob("*/card.json"))
        raise NotReady(
            f"{model}: no version {version!r} with {name}; there are: {', '.join(known) or 'none'}"
        )
    return path.read_text(encoding="utf-8")


def version_date(version: str) -> date:
    """The night that trained a version, from its name."""
    return date.fromisoformat(version[:10])


def _pointer(paths: Paths, model: str) -> Pointer:
    path = paths.registry / model / _POINTER
    return Pointer.model_validate_json(path.read_text("utf-8")) if path.is_file() else Pointer()


def _write(paths: Paths, model: str, pointer: Pointer) -> None:
    folder = paths.registry / model
    folder.mkdir(parents=True, exist_ok=True)
    paths.scratch.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix="champion-", dir=paths.scratch)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(pointer.model_dump_json(indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(scratch).chmod(0o644)
    Path(scratch).replace(folder / _POINTER)

"""The model registry: folders below `<data_dir>/registry`, which are the truth.

    registry/<model>/<version>/card.json         and model.txt or effects.json
    registry/<model>/champion.json               which version scores, and what was before

A version is named `<as_of>-<8 hex of the hash of its files>`: registering the same content again
changes nothing. Folders and pointer appear by rename, so a reader never sees half of one. `root` is
the registry's folder everywhere below."""

import hashlib
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipelines.errors import NotReady, TerminalError
from pipelines.modeling.card import Card
from pipelines.specs.closed import Closed

_POINTER = "champion.json"


class Change(Closed):
    """One change of champion. `rollback` takes back the promotion before it."""

    action: Literal["promote", "rollback"]
    version: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}-[0-9a-f]{8}$")  # champion after the change


class Pointer(Closed):
    """champion.json: every change of champion, oldest first, and the night that last trained."""

    changes: tuple[Change, ...] = ()
    last_trained: date | None = None

    @model_validator(mode="after")
    def rollbacks_follow_promotions(self) -> "Pointer":
        ups = 0
        for change in self.changes:
            ups += 1 if change.action == "promote" else -1
            if ups < 1:
                raise ValueError("a rollback without two promotions before it")
        return self

    def stack(self) -> list[str]:
        """Champions that a rollback may return to, the present one last."""
        stack: list[str] = []
        for change in self.changes:
            if change.action == "promote":
                stack.append(change.version)
            else:
                stack.pop()
        return stack


def register(root: Path, card: Card, files: dict[str, str]) -> str:
    """Write a version (its card and `files`: name → text); the version's name. Not yet champion."""
    contents = {"card.json": card.text(), **files}
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\n{len(contents[name])}\n{contents[name]}".encode())
    version = f"{card.as_of}-{digest.hexdigest()[:8]}"
    folder = root / card.model / version
    if folder.is_dir():
        return version
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=_scratch(root)))
    try:
        for name, text in contents.items():
            (scratch / name).write_text(text, encoding="utf-8")
        scratch.chmod(0o755)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return version


def versions(root: Path, model: str) -> list[str]:
    """All versions of a model, oldest night first; empty when it was never trained."""
    return sorted(path.parent.name for path in (root / model).glob("*/card.json"))


def champion(root: Path, model: str, not_after: date | None = None) -> str | None:
    """The version that scores; None when there is none. With `not_after`, the latest champion that
    was trained by that night: a night in the past must not score with what it could not know."""
    for version in reversed(_pointer(root, model).stack()):
        if not_after is None or version_date(version) <= not_after:
            return version
    return None


def promote(root: Path, model: str, version: str, trained: date | None = None) -> None:
    """Make `version` champion; nothing changes when it is. `trained`: the night that decided so,
    when it was training that did. NotReady when there is no such version."""
    load_card(root, model, version)
    pointer = _pointer(root, model)
    changes = pointer.changes
    if pointer.stack()[-1:] != [version]:
        changes = (*changes, Change(action="promote", version=version))
    _write(root, model, Pointer(changes=changes, last_trained=trained or pointer.last_trained))


def rollback(root: Path, model: str) -> str:
    """Return to the champion before the present one; its version. TerminalError when none was."""
    pointer = _pointer(root, model)
    stack = pointer.stack()
    if len(stack) < 2:
        raise TerminalError(
            f"{model}: found {len(stack)} champion(s) in its history; a rollback needs two; "
            "promote another version instead"
        )
    change = Change(action="rollback", version=stack[-2])
    changes = (*pointer.changes, change)
    _write(root, model, Pointer(changes=changes, last_trained=pointer.last_trained))
    return stack[-2]


def note_training(root: Path, model: str, as_of: date) -> None:
    """Remember that night `as_of` trained the model, whatever came of it."""
    pointer = _pointer(root, model)
    _write(root, model, Pointer(changes=pointer.changes, last_trained=as_of))


def last_trained(root: Path, model: str) -> date | None:
    """The night that last trained the model, promoted or refused."""
    return _pointer(root, model).last_trained


def load_card(root: Path, model: str, version: str) -> Card:
    """The card of a version. NotReady when it is not registered, TerminalError when damaged."""
    try:
        return Card.model_validate_json(load_text(root, model, version, "card.json"))
    except ValueError:
        raise damaged(root / model / version / "card.json") from None


def load_text(root: Path, model: str, version: str, name: str) -> str:
    """One file of a version. NotReady when it is not registered."""
    path = root / model / version / name
    if not path.is_file():
        known = ", ".join(versions(root, model)) or "none"
        raise NotReady(f"{model}: no version {version!r} with {name}; there are: {known}")
    return path.read_text(encoding="utf-8")


def version_date(version: str) -> date:
    """The night that trained a version, from its name."""
    return date.fromisoformat(version[:10])


def _pointer(root: Path, model: str) -> Pointer:
    path = root / model / _POINTER
    try:
        return Pointer.model_validate_json(path.read_text("utf-8")) if path.is_file() else Pointer()
    except ValueError:
        raise damaged(path) from None


def damaged(path: Path) -> TerminalError:
    """The sentence that says that a file of the registry is not as it was written."""
    return TerminalError(
        f"{path}: damaged; put it back from a backup, or delete it and promote a version anew "
        "(`nocturne models MODEL --promote VERSION`)"
    )


def _write(root: Path, model: str, pointer: Pointer) -> None:
    folder = root / model
    folder.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=_scratch(root))
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(pointer.model_dump_json(indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(scratch).chmod(0o644)
    Path(scratch).replace(folder / _POINTER)


def _scratch(root: Path) -> Path:
    """Where files are made before they are renamed: on the same disk, out of any model's folder."""
    folder = root / ".scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder

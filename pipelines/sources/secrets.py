"""The secrets that open a place, by name."""

from pathlib import Path

from pipelines import secrets
from pipelines.errors import SourceError
from pipelines.secrets import MissingSecret, Part
from pipelines.specs.remote import Access


def given(label: str, name: str, part: Part, holds: str) -> str:
    """The secret called `name`, without the line end that files and shells add. SourceError when it
    is not there; `holds` says what it is to be."""
    try:
        return secrets.read(name, part).strip("\r\n")
    except MissingSecret as error:
        raise SourceError(f"{label}: {error}; it is to hold {holds}") from None


def of_access(label: str, access: Access, part: Part) -> str | None:
    """The secret that `access.<part>` names, None where it names none. SourceError as `given`."""
    name = getattr(access, part)
    return None if name is None else given(label, name, part, f"`access.{part}`")


def text_or_file(label: str, name: str, value: str, mark: str) -> str:
    """The text of a secret that is given as it is (then `mark` is in it) or as the path of a
    file."""
    if mark in value:
        return value
    try:
        return Path(value).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError):  # its content might be half a key: it is not shown
        raise SourceError(
            f"{label}: {name} holds neither what it should ({mark} …) nor the path of a "
            "file that can be read"
        ) from None

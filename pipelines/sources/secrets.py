"""The secrets that open a place, by name."""

from pathlib import Path

from pipelines.errors import SourceError
from pipelines.settings import secret


def given(label: str, setting: str, variable: str | None) -> str | None:
    """The secret that `access.<setting>` names, None where it names none. SourceError when its
    environment variable is not set."""
    if variable is None:
        return None
    value = secret(variable)
    if value is None:
        raise SourceError(
            f"{label}: the environment variable {variable} is not set; it is to hold "
            f"`access.{setting}`"
        )
    return value


def text_or_file(label: str, variable: str, value: str, mark: str) -> str:
    """The text of a secret that is given as it is (then `mark` is in it) or as the path of a
    file."""
    if mark in value:
        return value
    try:
        return Path(value).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError):  # its content might be half a key: it is not shown
        raise SourceError(
            f"{label}: {variable} holds neither what it should ({mark} …) nor the path of a "
            "file that can be read"
        ) from None

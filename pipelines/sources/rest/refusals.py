"""What an API's refusal means, as sentences: by status code, without secrets."""

import json
from typing import Any

from pipelines.errors import SourceError
from pipelines.sources.rest.credentials import Credentials

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses worth another try
_WORDS = ("message", "detail", "title", "error_description", "error", "errors", "reason", "code")
_LONGEST = 200  # characters of an API's own words


class Refused(SourceError):
    """The API does not accept the request as it was put."""


def refusal(where: str, status: int, body: bytes, proof: Credentials) -> SourceError:
    """The error for a `status` that no other try would change."""
    own = proof.hide(_own_words(body))
    said = f" It says: {own}" if own else ""
    if status == 401:
        mend = (
            f"it does not accept what {proof.names} holds; set a valid secret, and check the "
            "header and scheme"
            if proof.names
            else "it wants to know who asks; set `rest.token` or `rest.basic`"
        )
        return SourceError(f"{where}: answers 401 (unauthorized): {mend}.{said}")
    if status == 403:
        who = f"the owner of {proof.names}" if proof.names else "whoever asks without a token"
        return SourceError(
            f"{where}: answers 403 (forbidden): {who} may not read this; grant it in the tool, or "
            f"use another secret.{said}"
        )
    if status in {404, 410}:
        return Refused(f"{where}: answers {status} (nothing is there); check `rest.url`.{said}")
    return Refused(
        f"{where}: answers {status}, which asking again does not change; check `rest.url`, "
        f"`rest.parameters` and `rest.headers`.{said}"
    )


def _own_words(body: bytes) -> str:
    try:
        found = _first_text(json.loads(body), 0)
    except (ValueError, RecursionError):
        return ""
    words = " ".join("".join(c if c.isprintable() else " " for c in found).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def _first_text(value: Any, depth: int) -> str:
    if isinstance(value, str) or depth > 3:
        return value if isinstance(value, str) else ""
    if isinstance(value, list):
        return _first_text(value[0], depth + 1) if value else ""
    if isinstance(value, dict):
        texts = (_first_text(value[name], depth + 1) for name in _WORDS if name in value)
        return next((text for text in texts if text), "")
    return ""

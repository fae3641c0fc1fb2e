"""What every section of the configuration is built on."""

import difflib
import re
from collections.abc import Iterable
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict

_NO_PLACE = {"localtime", "Factory", "posixrules"}  # listed with the time zones, but none


class Closed(BaseModel):
    """No unknown keys, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _secret_name(value: str) -> str:
    """ValueError when it is none: a secret itself, most often, which is therefore not repeated."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*|airflow:[\w.-]{1,200}", value):
        raise ValueError(
            "allowed: the name of an environment variable, or airflow: and the id of a connection, "
            "never the secret itself"
        )
    return value


SecretName = Annotated[str, AfterValidator(_secret_name)]


def not_one_of(value: str, allowed: Iterable[str]) -> str:
    """What was found and what is allowed, the nearest first."""
    near = difflib.get_close_matches(value, list(allowed), n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"found {value!r}; {hint}allowed: {', '.join(allowed)}"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_PLACE)  # a walk through hundreds of files


def zone(value: str) -> str:
    """`value`, the name of a time zone; ValueError when it is none."""
    if value not in _zones():
        raise ValueError(f"found {value!r}; allowed: a name such as Europe/Paris or UTC")
    return value


def short(value: object) -> str:
    """A value as it is shown in a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"

"""What every section of the configuration is built on."""

import re

from pydantic import BaseModel, ConfigDict


class Closed(BaseModel):
    """No unknown keys, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def environment_name(value: str) -> str:
    """`value`, the name of an environment variable; ValueError when it is none: a secret itself,
    most often, which is therefore not repeated."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("allowed: the name of an environment variable, never the secret itself")
    return value

"""The base of every section of `config/<shop>.yml`."""

from pydantic import BaseModel, ConfigDict


class Closed(BaseModel):
    """No unknown keys, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

"""`sql:` of a source: what a database is asked for."""

import re

from pydantic import Field, field_validator, model_validator

from pipelines.specs.closed import Closed, SecretName

_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_READS = re.compile(r"[\s(]*(select|with|values)\b", re.IGNORECASE)


class Sql(Closed):
    """What a database is asked for each night (`connector: sql`)."""

    connection: SecretName  # name of the secret that is the database's URL
    table: str | None = None  # a table or view as it is spelled there, like sales.orders …
    query: str | None = None  # … or one SELECT: exactly one of the two
    cursor: str | None = None  # column that says when a row last changed; absent: all rows, nightly
    lag_hours: float = Field(
        default=1.0, ge=0, le=8784
    )  # read again before the cursor's last value
    batch_mb: int = Field(default=16, ge=1, le=512)  # of rows that memory holds at a time

    @field_validator("table")
    @classmethod
    def table_has_a_name(cls, value: str | None) -> str | None:
        if value is not None and not all(value.split(".")):
            raise ValueError(f"found {value!r}; allowed: a name such as orders or sales.orders")
        return value

    @field_validator("query")
    @classmethod
    def query_reads(cls, value: str | None) -> str | None:
        if value is None:
            return None
        asked = value.strip().removesuffix(";").strip()
        if not _READS.match(_COMMENTS.sub(" ", asked)):
            raise ValueError("must be one statement that begins with SELECT or WITH")
        return asked

    @model_validator(mode="after")
    def one_thing_is_asked_for(self) -> "Sql":
        if (self.table is None) == (self.query is None):
            found = "neither" if self.table is None else "both"
            raise ValueError(f"found {found} of table and query, where exactly one is allowed")
        return self

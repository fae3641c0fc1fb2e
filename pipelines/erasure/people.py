"""Whether somebody is to be erased, and when that is done."""

from dataclasses import dataclass

import duckdb

from pipelines.specs.night import Night


@dataclass(frozen=True, slots=True)
class Kept:
    """What tells the people in `ops.erasing` in files: e-mail addresses as they are compared, and
    further texts (phone numbers, ids of contacts, customers …)."""

    emails: frozenset[str]
    others: frozenset[str]


# Words of other kinds in `ops.erasing`, that are no text by which a file names a person.
_NOT_IN_FILES = ("email", "heir", "request", "event")


def is_asked(con: duckdb.DuckDBPyConnection, night: Night) -> bool:
    """Whether a loaded request waits, or an erasure was not finished."""
    [(found,)] = con.execute(
        "select exists (from raw.erasure_requests where extract_date <= ?)"
        " or exists (from ops.erasing)",
        [night.as_of],
    ).fetchall()
    return bool(found)


def kept_of(con: duckdb.DuckDBPyConnection) -> Kept:
    """The people in `ops.erasing`, as files would name them."""
    rows = con.execute("select identifier_type, identifier from ops.erasing").fetchall()
    return Kept(
        frozenset(text for kind, text in rows if kind == "email"),
        frozenset(text for kind, text in rows if kind not in _NOT_IN_FILES),
    )


def finish(con: duckdb.DuckDBPyConnection) -> None:
    """Everything is erased: nobody needs to be known any more."""
    con.execute("delete from ops.erasing")

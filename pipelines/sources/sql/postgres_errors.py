"""What PostgreSQL and its driver raise, as sentences."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pipelines.errors import SourceError, TransientError
from pipelines.sources.sql.asked import Asked

# What a person has to mend before a connection can succeed; all else may pass.
_MENDABLE = re.compile(
    "authentication|password|does not exist|pg_hba|permi|SSL|certificate|invalid|not known|unknown",
    re.IGNORECASE,
)
# SQLSTATE: connection lost, rolled back, out of resources, shut down or cancelled, disk of theirs.
_PASSING = ("08", "40", "53", "57", "58")
_PASSING_WORDS = ("canceling statement", "terminating connection", "server closed")
_MALFORMED = ("42", "0A")  # syntax, unknown names; what is not allowed within a subquery
_NO_TABLE, _FORBIDDEN = "42P01", "42501"


@contextmanager
def connecting(asked: Asked) -> Iterator[None]:
    """Turns a refused connection into a sentence."""
    from adbc_driver_manager import Error

    try:
        yield
    except Error as error:
        what = _connection_error(str(error))
        at = f"the database at {asked.to.place}"
        if _MENDABLE.search(what):
            raise asked.wrong(
                f"{at} refused the connection: {what}; correct the URL in {asked.sql.connection}, "
                "or what that user may do"
            ) from None
        raise asked.passing(f"{at} cannot be reached: {what}") from None


@contextmanager
def sentences(
    asked: Asked, cursor: Any, tables: Callable[[], list[str]] | None = None
) -> Iterator[None]:
    """Turns what a query raises into SourceError or TransientError. `tables`: lists those that
    exist, for the sentence about one that does not."""
    from adbc_driver_manager import Error
    from pyarrow.lib import ArrowException

    try:
        yield
    except Error as error:
        state, what = error.sqlstate or "", _first_line(str(error))
        if state == _NO_TABLE and asked.sql.table and tables:
            with sentences(asked, cursor):
                raise asked.no_table(tables()) from None
        raise _of_state(asked, state, what) from None
    except (OSError, ArrowException) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # our disk's matter
        what = _first_line(str(error))
        if any(words in what for words in _PASSING_WORDS) or not _is_alive(cursor):
            at = f"the database at {asked.to.place}"
            raise asked.passing(f"{at} broke off while it answered: {what}") from None
        raise asked.wrong(f"the database could not answer: {what}") from None


def _of_state(asked: Asked, state: str, what: str) -> SourceError | TransientError:
    if state.startswith(_PASSING):
        return asked.passing(f"the database at {asked.to.place} broke off: {what}")
    if state == _FORBIDDEN:
        return asked.wrong(f"{what}; grant SELECT on it to the user of {asked.sql.connection}")
    if state.startswith(_MALFORMED):
        return asked.wrong(f"sql.{'query' if asked.sql.query else 'table'}: {what}")
    return asked.wrong(f"the database could not answer: {what}")


def _is_alive(cursor: Any) -> bool:
    """Whether the server still answers on this connection."""
    from adbc_driver_manager import Error

    try:
        cursor.execute("rollback")
    except (Error, OSError):
        return False
    return True


def _connection_error(text: str) -> str:
    """What the server said, else why it could not be reached: a host may have several addresses."""
    lines = text.partition("Failed to connect: ")[2].splitlines() or ["no answer"]
    return _first_line(next((line for line in lines if "FATAL" in line), lines[0]))


def _first_line(text: str) -> str:
    """The server's own words, and its hint where it gives one."""
    lines = [line.strip() for line in text.splitlines()]
    first = re.sub(r"^.*?(ERROR|FATAL|PANIC):\s+", "", lines[0]) if lines else ""
    first = re.sub(r"^[A-Z_]+: \[libpq\] ", "", first)
    hints = [line.removeprefix("HINT:").strip() for line in lines if line.startswith("HINT:")]
    return f"{first} ({hints[0]})" if hints else first

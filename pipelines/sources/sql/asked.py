"""What is asked of a database in one night, whatever its dialect."""

import difflib
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pipelines import logs
from pipelines.errors import SourceError, TransientError
from pipelines.sources import columns
from pipelines.sources.prepare import Extract
from pipelines.sources.sql.url import Address
from pipelines.specs.source import Source
from pipelines.specs.sql import Sql

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """`last`: the cursor's last value as the last answer wrote it, empty the first time.
    `midnight`: of the night in shop time, naive UTC. `zone`: of times without an offset."""

    extract: Extract
    source: Source
    sql: Sql
    to: Address
    last: str
    as_of: date
    midnight: datetime
    zone: str

    @property
    def local_midnight(self) -> datetime:
        """The same moment as a clock in `zone` shows it, naive."""
        aware = self.midnight.replace(tzinfo=UTC)
        return aware.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def rows(self) -> str:
        """SQL: what comes after FROM. A line end closes a comment that a query may end with."""
        if self.sql.query is not None:
            return f"({self.sql.query}\n) as asked"
        return ".".join(name(part) for part in (self.sql.table or "").split(".")) + " as asked"

    def wrong(self, sentence: str) -> SourceError:
        """What the user is to mend; no part of the URL that is secret is ever shown."""
        return SourceError(f"{self.extract.label}: {self.to.without_secrets(sentence)}")

    def passing(self, sentence: str) -> TransientError:
        """What passes by itself."""
        told = self.to.without_secrets(sentence)
        return TransientError(f"{self.extract.label}: {told}; nothing was landed, run again")

    def no_table(self, there: list[str]) -> SourceError:
        """`there`: the tables and views that exist."""
        table = self.sql.table or ""
        spelled = {t.lower(): t for t in there} | {t.split(".")[-1].lower(): t for t in there}
        near = difflib.get_close_matches(table.lower(), list(spelled), n=1)
        nearest = f" (nearest: {spelled[near[0]]!r})" if near else ""
        shown = ", ".join(sorted(there)[:12]) or "none that this user may read"
        return self.wrong(f"no table or view {table!r}{nearest}; there are: {shown}")

    def require(self, found: list[str]) -> None:
        """SourceError when `found`, the columns of the answer, lack the cursor or a mapped one, or
        when two have one name."""
        twice = [column for column in found if found.count(column) > 1]
        if twice:
            raise self.wrong(
                f"column {twice[0]!r} is there {found.count(twice[0])} times; name them apart with "
                "AS in sql.query"
            )
        columns.require(self.extract, self.source, found)
        if self.sql.cursor and self.sql.cursor not in found:
            near = difflib.get_close_matches(self.sql.cursor, found, n=1)
            nearest = f" (nearest: {near[0]!r})" if near else ""
            raise self.wrong(
                f"sql.cursor: no column {self.sql.cursor!r}{nearest}; {columns.describe(found)}"
            )

    def tell(self, rows: int, without_cursor: int) -> None:
        """Log what came."""
        log.info("extract %s: the database answered with %d rows", self.extract.source, rows)
        if without_cursor:
            log.warning(
                "extract %s: %d rows have no %s: they are read again every night; give them one, "
                "or write coalesce(…) as %s in sql.query",
                self.extract.source,
                without_cursor,
                self.sql.cursor,
                self.sql.cursor,
            )


def name(text: str) -> str:
    """An SQL identifier, as both dialects quote it."""
    return '"' + text.replace('"', '""') + '"'


def asking(sql: Sql) -> str:
    """A hash of what is asked for. With another table, query or cursor the last value of the old
    one says nothing: everything is read once more."""
    parts = json.dumps([sql.connection, sql.table, sql.query, sql.cursor])
    return hashlib.sha256(parts.encode()).hexdigest()[:8]


def last(sql: Sql, earlier: list[str]) -> str:
    """The latest of the values that earlier answers to the same question went up to. They are ISO
    8601 in one form, so their order is that of the texts."""
    pairs = (text.partition(" ") for text in earlier)
    return max((value for mark, _, value in pairs if mark == asking(sql)), default="")

"""Databases as sources: a table or a query becomes one Parquet file a night.

Without a cursor the answer is the whole table, asked for once a night. With one it is the rows that
changed since the last answer, up to the night's midnight, so that a night stays a function of its
date. Rows that are read twice are harmless: raw keeps versions, the latest supersedes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines import clock
from pipelines.landing import Partition
from pipelines.sources.found import Found
from pipelines.sources.prepare import Extract
from pipelines.sources.sql import postgres, sqlite
from pipelines.sources.sql.asked import Asked, asking, last
from pipelines.sources.sql.url import address
from pipelines.specs.night import Night
from pipelines.specs.source import Source
from pipelines.specs.sql import Sql

FILE = "database"  # the extract's name in manifests and sentences; the same every night
_DIALECTS: dict[str, Callable[[Asked, Path], str]] = {
    "postgresql": postgres.bring,
    "sqlite": sqlite.bring,
}


@dataclass(frozen=True, slots=True)
class _Bring:
    """Asks the database when it is called, not before: most reruns of a night need no answer."""

    night: Night
    extract: Extract
    source: Source
    sql: Sql
    last: str

    def __call__(self, path: Path) -> str:
        zone = self.source.time_zone or self.night.shop.time_zone
        to = address(self.extract.label, self.sql.connection)
        asked = Asked(
            extract=self.extract,
            source=self.source,
            sql=self.sql,
            to=to,
            last=self.last,
            as_of=self.night.as_of,
            midnight=clock.shop_midnight(self.night.as_of, self.night.shop.time_zone),
            zone=zone,
        )
        try:
            found = _DIALECTS[to.dialect](asked, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return f"{asking(self.sql)} {found or self.last}".rstrip() if self.sql.cursor else ""


def find(night: Night, name: str, source: Source, held: list[Partition]) -> list[Found]:
    """One extract: tonight's answer. Bringing it raises SourceError for what the user can mend and
    TransientError when the database cannot answer now."""
    sql = source.sql
    if sql is None:  # the configuration was checked: connector sql has its section
        return []
    path = night.paths.inbox / name / f"{night.as_of}-{asking(sql)}.parquet"
    extract = Extract(name, FILE, path)
    bring = _Bring(night, extract, source, sql, _goes_on_from(sql, held, night.as_of))
    return [Found(extract, night.as_of, is_dated=False, size=None, bring=bring)]


def _goes_on_from(sql: Sql, held: list[Partition], as_of: date) -> str:
    earlier = [f.goes_on_from for p in held if p.extract_date < as_of for f in p.files]
    return last(sql, earlier) if sql.cursor else ""

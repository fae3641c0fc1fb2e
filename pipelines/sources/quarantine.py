"""A look into the quarantine: what is there and why, by place; the records only when asked for."""

from dataclasses import dataclass
from datetime import date

import duckdb


@dataclass(frozen=True, slots=True)
class Where:
    """Which part of the quarantine; None means all of it."""

    source: str | None = None
    extract_date: date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one extract that have the same reason in the same column. `column`: None when the
    whole record cannot be read. `file`, `line`: of the first one."""

    source: str
    extract_date: date
    column: str | None
    reason: str
    records: int
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Held:
    """One record in quarantine, with what it says. Personal data."""

    source: str
    extract_date: date
    file: str
    line: int
    column: str | None
    reason: str
    record: str


_WHERE = "($source is null or source = $source) and ($day is null or extract_date = $day)"


@dataclass(frozen=True, slots=True)
class Totals:
    """What the books count for ever, and how many of it left quarantine."""

    quarantined: int
    no_longer_kept: int


def totals(con: duckdb.DuckDBPyConnection, where: Where) -> Totals:
    """How many records went to quarantine, and how many of them are no longer kept."""
    [row] = con.execute(
        "select coalesce(sum(quarantined), 0)::bigint, coalesce(sum(no_longer_kept), 0)::bigint"
        f" from ops.books where {_WHERE}",
        _values(where),
    ).fetchall()
    return Totals(*row)


def groups(con: duckdb.DuckDBPyConnection, where: Where) -> list[Group]:
    """What is in quarantine: the latest extract first, then the most frequent reason."""
    rows = con.execute(
        "select source, extract_date, column_name, reason, count(*),"
        " first(file order by file, line), first(line order by file, line)"
        f" from ops.quarantine where {_WHERE} group by all"
        " order by extract_date desc, source, count(*) desc, column_name, reason",
        _values(where),
    ).fetchall()
    return [Group(*row) for row in rows]


def records(con: duckdb.DuckDBPyConnection, where: Where, most: int) -> list[Held]:
    """The first `most` records in quarantine, in the order of `groups`' extracts and of their
    lines."""
    rows = con.execute(
        "select source, extract_date, file, line, column_name, reason, record"
        f" from ops.quarantine where {_WHERE}"
        " order by extract_date desc, source, file, line, column_name limit $most",
        _values(where) | {"most": most},
    ).fetchall()
    return [Held(*row) for row in rows]


def dates(con: duckdb.DuckDBPyConnection, where: Where) -> list[date]:
    """The extract dates whose books say that records are in quarantine, oldest first."""
    rows = con.execute(
        "select distinct extract_date from ops.books"
        f" where quarantined > 0 and {_WHERE} order by 1",
        _values(where),
    ).fetchall()
    return [row[0] for row in rows]


def _values(where: Where) -> dict[str, str | date | int | None]:
    return {"source": where.source, "day": where.extract_date}

"""The books: for each extract file, records read + added = landed + quarantined + set aside +
refused. For ever."""

from dataclasses import astuple, dataclass
from datetime import date

import duckdb

from pipelines.catalog import insert_into
from pipelines.errors import CheckFailed
from pipelines.landing import LandedFile, Partition

# (source, extract_date) → its Parquet files, each with how many of its file's quarantined records
# are no longer kept
Known = dict[tuple[str, date], set[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Booked:
    """One row of `ops.books`, and whether its file came late."""

    source: str
    entity: str
    extract_date: date
    file: str
    records_read: int
    landed: int
    quarantined: int
    refused: int
    set_aside: int
    added: int
    values_dropped: int
    unknown_columns: str
    landed_as: str
    first_line: int | None
    columns: str
    no_longer_kept: int
    is_late: bool

    @classmethod
    def of(cls, partition: Partition, file: LandedFile, landed: int) -> "Booked":
        return cls(
            source=partition.source,
            entity=partition.entity,
            extract_date=partition.extract_date,
            file=file.file,
            records_read=file.records_read,
            landed=landed,
            quarantined=file.quarantined + file.rejects,
            refused=file.records_gone,
            set_aside=file.set_aside,
            added=file.added,
            values_dropped=file.values_dropped,
            unknown_columns=",".join(file.unknown_columns),
            landed_as=file.landed_as,
            first_line=file.first_line,
            columns=",".join(partition.columns),
            no_longer_kept=file.no_longer_kept,
            is_late=file.date < str(partition.extract_date),
        )


def known(con: duckdb.DuckDBPyConnection) -> Known:
    """What is loaded."""
    found: Known = {}
    rows = con.execute(
        "select source, extract_date, landed_as, coalesce(no_longer_kept, 0) from ops.books"
    ).fetchall()
    for source, extract_date, landed_as, no_longer_kept in rows:
        found.setdefault((source, extract_date), set()).add((landed_as, no_longer_kept))
    return found


def delete(con: duckdb.DuckDBPyConnection, source: str, extract_date: date) -> None:
    """Forget a partition that was loaded before."""
    for table in ("ops.books", "ops.quarantine"):
        con.execute(
            f"delete from {table} where source = ? and extract_date = ?", [source, extract_date]
        )


def write(con: duckdb.DuckDBPyConnection, booked: list[Booked]) -> None:
    """Add rows to `ops.books`."""
    rows = [astuple(b)[:-1] for b in booked]
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        con.executemany(f"{insert_into('ops.books')} values ({marks})", rows)


def balance(booked: list[Booked]) -> None:
    """CheckFailed naming every file whose books do not balance."""
    wrong = [
        f"source {b.source!r}: {b.file}: {b.records_read} records read"
        f"{f' + {b.added} added' if b.added else ''}, but {b.landed} landed + "
        f"{b.quarantined} quarantined + {b.set_aside} set aside + {b.refused} refused"
        for b in booked
        if b.records_read + b.added != b.landed + b.quarantined + b.set_aside + b.refused
    ]
    if wrong:
        raise CheckFailed("\n".join(wrong))

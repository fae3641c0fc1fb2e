"""The books: for each extract file, records read = landed + quarantined + refused. For ever."""

from dataclasses import astuple, dataclass
from datetime import date

import duckdb

from pipelines.catalog import insert_into, source_column
from pipelines.errors import CheckFailed
from pipelines.landing import LandedFile, Partition
from pipelines.sources.convert import SOFT
from pipelines.sources.engine import quoted
from pipelines.specs.contract import ENTITIES, Entity


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
    values_dropped: int
    unknown_columns: str
    is_late: bool

    @classmethod
    def of(
        cls, partition: Partition, file: LandedFile, landed: int, quarantined: int, dropped: int
    ) -> "Booked":
        return cls(
            source=partition.source,
            entity=partition.entity,
            extract_date=partition.extract_date,
            file=file.file,
            records_read=file.records_read,
            landed=landed,
            quarantined=quarantined,
            refused=0,
            values_dropped=dropped,
            unknown_columns=",".join(file.unknown_columns),
            is_late=file.date < str(partition.extract_date),
        )


def known(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, date], dict[str, int]]:
    """(source, extract_date) → file → records read, of what is loaded."""
    found: dict[tuple[str, date], dict[str, int]] = {}
    rows = con.execute("select source, extract_date, file, records_read from ops.books").fetchall()
    for source, extract_date, file, records in rows:
        found.setdefault((source, extract_date), {})[file] = records
    return found


def delete(con: duckdb.DuckDBPyConnection, partition: Partition) -> None:
    """Remove a partition that was loaded before, also from the entity it fed then."""
    where = f"source = {quoted(partition.source)} and extract_date = {_date(partition)}"
    rows = con.execute(f"select distinct entity from ops.books where {where}").fetchall()
    for entity in (ENTITIES[row[0]] for row in rows if row[0] in ENTITIES):
        con.execute(f"delete from raw.{entity.name} where {_of(entity, partition)}")
    if rows:
        con.execute(f"delete from ops.books where {where}")
        con.execute(f"delete from ops.quarantine where {where}")


def write(con: duckdb.DuckDBPyConnection, booked: list[Booked]) -> None:
    """Add rows to `ops.books`."""
    rows = [astuple(b)[:-1] for b in booked]
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        con.executemany(f"{insert_into('ops.books')} values ({marks})", rows)


def balance(booked: list[Booked]) -> None:
    """CheckFailed naming every file whose books do not balance."""
    wrong = [
        f"source {b.source!r}: {b.file}: {b.records_read} records read, but {b.landed} landed + "
        f"{b.quarantined} quarantined + {b.refused} refused"
        for b in booked
        if b.records_read != b.landed + b.quarantined + b.refused
    ]
    if wrong:
        raise CheckFailed("\n".join(wrong))


def values_dropped(con: duckdb.DuckDBPyConnection, partition: Partition, file: str) -> int:
    """The soft values (e-mail, phone) of a file that became NULL."""
    entity = ENTITIES[partition.entity]
    soft = [c.name for c in entity.columns if c.kind in SOFT]
    if not soft:
        return 0
    counts = " + ".join(f"count(json_extract(extra, '$.invalid_{column}'))" for column in soft)
    rows = con.execute(
        f"select {counts} from raw.{entity.name} where {_of(entity, partition)}"
        f" and file = {quoted(file)} and contains(extra, '\"invalid_')"
    ).fetchall()
    return int(rows[0][0])


def _of(entity: Entity, partition: Partition) -> str:
    return (
        f"{source_column(entity)} = {quoted(partition.source)}"
        f" and extract_date = {_date(partition)}"
    )


def _date(partition: Partition) -> str:
    return f"date {quoted(str(partition.extract_date))}"

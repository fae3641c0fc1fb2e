"""Writes record batches to a Parquet file while the next ones are on their way."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


@dataclass(frozen=True, slots=True)
class Written:
    """`last`: the greatest value in the column of the cursor, empty when there is none.
    `without_cursor`: rows in which it is NULL."""

    rows: int
    last: str
    without_cursor: int


def write(batches: Iterator[Any], schema: Any, target: Path, cursor: str | None) -> Written:
    """Write all `batches` of `schema`; memory holds two of them. The column `cursor` holds times,
    or texts in ISO 8601.

    The file is read once and then deleted, so it is packed as lightly as possible."""
    rows = without_cursor = 0
    last: Any = None
    under_way: Future[None] | None = None
    writer = pq.ParquetWriter(
        target, schema, compression="lz4", use_dictionary=False, write_statistics=False
    )
    with writer, ThreadPoolExecutor(1) as one:
        for batch in batches:
            rows += batch.num_rows
            if cursor is not None:
                column = batch.column(schema.names.index(cursor))
                without_cursor += column.null_count
                greatest = pc.max(column).as_py()
                last = greatest if last is None else max(last, greatest or last)
            if under_way is not None:
                under_way.result()
            under_way = one.submit(writer.write_batch, batch)
        if under_way is not None:
            under_way.result()
    return Written(rows, "" if last is None else str(last), without_cursor)


def text_schema(names: list[str]) -> Any:
    """A schema in which every column is text."""
    return pa.schema([(name, pa.string()) for name in names])

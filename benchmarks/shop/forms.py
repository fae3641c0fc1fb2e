"""How tools write: the form of each column, as CSV in two dialects, JSON lines or Parquet.

A table arrives with times as local seconds and amounts as cents; here they become what a file
shows. The same table always gives the same bytes (gzip files: once unpacked)."""

import gzip
import io
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.shop.days import NEVER, utc

TEXT, INTEGER, RATE = "text", "integer", "rate"
LOCAL, OFFSET, UTC, DATE = "local", "offset", "utc", "date"
EUROS = "euros"
Form = Mapping[str, str]
"""Column → its form: LOCAL (DD/MM/YYYY hh:mm:ss), OFFSET and UTC (ISO 8601), DATE (days since 1970
as DD/MM/YYYY), EUROS (of cents), RATE, INTEGER or TEXT."""
STRAY_EVERY = 7
"""A line that does not belong comes after every so many good ones."""


def write(
    table: pl.DataFrame,
    form: Form,
    path: Path,
    *,
    french: bool = False,
    header: bool = True,
    stray: tuple[str, ...] = (),
) -> None:
    """Write a table; the file's name says how. `stray`: raw lines among those of a text file.
    Without `header`, the rows of a CSV are to follow others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        typed(table, form).write_parquet(path, compression="zstd", statistics=False)
        return
    name = path.name.removesuffix(".gz")
    if name.endswith(".jsonl"):
        content = _lines(shown(table, form))
    else:
        content = _csv(shown(table, form, french=french), french=french, header=header)
    content = _among(content, stray, "\r\n" if french else "\n", header=not name.endswith(".jsonl"))
    raw = content.encode("windows-1252" if french else "utf-8")
    path.write_bytes(gzip.compress(raw, 9, mtime=0) if path.suffix == ".gz" else raw)


def typed(table: pl.DataFrame, form: Form) -> pl.DataFrame:
    """As a warehouse exports it: times and amounts in their own types."""
    columns = []
    for name, kind in form.items():
        value = _present(table[name])
        if kind in (OFFSET, UTC):
            seconds = pl.Series(name, utc(_filled(table[name])))
            value = pl.select(pl.when(value.is_not_null()).then(seconds)).to_series()
            value = pl.from_epoch(value, "s").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
        elif kind == LOCAL:
            value = pl.from_epoch(value, "s").dt.cast_time_unit("us")
        elif kind == DATE:
            value = value.cast(pl.Int32).cast(pl.Date)
        elif kind == EUROS:
            value = value.cast(pl.Float64) / 100
        columns.append(value.alias(name))
    return pl.DataFrame(columns)


def shown(table: pl.DataFrame, form: Form, *, french: bool = False) -> pl.DataFrame:
    """As text."""
    return pl.DataFrame(
        [_text(table[name], kind, french).alias(name) for name, kind in form.items()]
    )


def _text(values: pl.Series, kind: str, french: bool) -> pl.Series:
    present = _present(values)
    if kind == LOCAL:
        return pl.from_epoch(present, "s").dt.strftime("%d/%m/%Y %H:%M:%S")
    if kind == DATE:
        return present.cast(pl.Int32).cast(pl.Date).dt.strftime("%d/%m/%Y")
    if kind in (OFFSET, UTC):
        local = _filled(values)
        at_zero = utc(local)
        if kind == UTC:
            text = pl.from_epoch(pl.Series(at_zero), "s").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        else:
            hours = pl.Series((local - at_zero) // 3600).cast(pl.String)
            stamp = pl.from_epoch(pl.Series(local), "s").dt.strftime("%Y-%m-%dT%H:%M:%S+0")
            text = stamp + hours + ":00"
        return pl.select(pl.when(present.is_not_null()).then(text)).to_series()
    if kind == EUROS:
        cents = present.abs()
        sign = pl.select(pl.when(present < 0).then(pl.lit("-")).otherwise(pl.lit(""))).to_series()
        whole, rest = (cents // 100).cast(pl.String), (cents % 100).cast(pl.String).str.zfill(2)
        return sign + whole + ("," if french else ".") + rest
    return present.cast(pl.String)


def _present(values: pl.Series) -> pl.Series:
    """Null for what never comes."""
    if values.dtype != pl.Int64:
        return values
    return pl.select(pl.when((values < NEVER) & (values > -NEVER)).then(values)).to_series()


def _filled(values: pl.Series) -> np.typing.NDArray[np.int64]:
    return _present(values).fill_null(0).to_numpy()


def _csv(table: pl.DataFrame, *, french: bool, header: bool) -> str:
    out = io.BytesIO()
    table.write_csv(
        out,
        separator=";" if french else ",",
        line_terminator="\r\n" if french else "\n",
        include_header=header,
    )
    return out.getvalue().decode()


def _lines(table: pl.DataFrame) -> str:
    """Nested by the dots in the names; what is null is left out, as tag managers do."""
    nest = [name.split(".") for name in table.columns]
    lines = []
    for row in table.iter_rows():
        found: dict[str, object] = {}
        for path, value in zip(nest, row, strict=True):
            if value is None:
                continue
            if len(path) == 1:
                found[path[0]] = value
            else:
                inner = found.setdefault(path[0], {})
                assert isinstance(inner, dict)
                inner[path[1]] = value
        lines.append(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines)


def _among(content: str, stray: tuple[str, ...], end: str, *, header: bool) -> str:
    """The stray lines among the good ones. A quoted line break is kept whole: lines are counted in
    the text, and none is put where a quote is open."""
    if not stray:
        return content
    lines, left, out, count, is_open = content.split(end)[:-1], list(stray), [], 0, False
    for number, line in enumerate(lines):
        out.append(line)
        is_open ^= line.count('"') % 2 == 1 and header
        count += number > 0 or not header
        if left and not is_open and count and count % STRAY_EVERY == 0:
            out.append(left.pop(0))
    return end.join([*out, *left, ""])

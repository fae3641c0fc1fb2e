"""Helpers to build the columns of an extract."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.shop.days import DAY, midnight
from benchmarks.shop.settings import BoolArray, IntArray
from benchmarks.shop.state import Table

FOR_EVER = -(2**61)
"""Before everything: the first extract tells the whole history."""


@dataclass(frozen=True, slots=True)
class Span:
    """What became known in `begin` ≤ local seconds < `end`, told on the day `end` begins."""

    begin: int
    end: int
    day: int

    def has(self, seconds: IntArray) -> BoolArray:
        """Which of the moments lie within."""
        return (seconds >= self.begin) & (seconds < self.end)


def span_of(day: int, *, first: bool) -> Span:
    """The span of the extract of a day."""
    return Span(FOR_EVER if first else midnight(day - 1), midnight(day), day)


def chosen(table: Table, mask: BoolArray) -> Table:
    """The rows where the mask is true."""
    return {name: values[mask] for name, values in table.items()}


def days_of(seconds: IntArray) -> IntArray:
    """Day indices of local seconds."""
    return (seconds - midnight(0)) // DAY


def picked(texts: tuple[str | None, ...], index: IntArray | BoolArray) -> pl.Series:
    """The text of each index."""
    return pl.Series(texts, dtype=pl.String).gather(np.asarray(index, dtype=np.int64))


def only_where(mask: BoolArray, values: pl.Series) -> pl.Series:
    """Null where the mask is false."""
    return either(mask, values, None)


def either(mask: BoolArray, values: pl.Series, other: pl.Series | str | None) -> pl.Series:
    """`values` where the mask is true, else `other`."""
    otherwise = pl.lit(other) if other is None or isinstance(other, str) else other
    return pl.select(pl.when(pl.Series(mask)).then(values).otherwise(otherwise)).to_series()


def same(text: str, size: int) -> pl.Series:
    """The same text in every row."""
    return pl.Series([text]).new_from_index(0, size)

"""What can be chosen about the shop, and its named random streams."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

FIRST_EXTRACT = date(2026, 6, 29)
"""A Monday: the extract with the whole history; one small extract follows per extra day."""
FEWEST_CUSTOMERS = 150


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """The size and the span of the shop; day 0 is the first day of its history."""

    customers: int = 2000
    seed: int = 7
    history_days: int = 728
    extra_days: int = 3
    web_days: int = 728

    def __post_init__(self) -> None:
        if self.customers < FEWEST_CUSTOMERS:
            raise ValueError(
                f"customers is {self.customers}; at least {FEWEST_CUSTOMERS} are needed, "
                "because each kind of awkward row takes people of its own"
            )
        if not 1 <= self.web_days <= self.history_days or self.extra_days < 0:
            raise ValueError(
                "web_days must lie within history_days, extra_days must not be negative"
            )

    @property
    def first_day(self) -> date:
        """Day 0 in the shop's calendar."""
        return FIRST_EXTRACT - timedelta(days=self.history_days)

    @property
    def total_days(self) -> int:
        """Days that are lived through: the history and the extra days."""
        return self.history_days + self.extra_days

    @property
    def extract_dates(self) -> list[date]:
        """One date per folder; each folder holds what was known at its 00:00."""
        return [FIRST_EXTRACT + timedelta(days=n) for n in range(self.extra_days + 1)]

    def day_index(self, day: date) -> int:
        """Days since day 0."""
        return (day - self.first_day).days


def words(text: str, separator: str | None = None) -> tuple[str, ...]:
    """A list as one string, which reads better than forty quoted words."""
    return tuple(text.split(separator))


def stream(seed: int, name: str) -> np.random.Generator:
    """A random stream of its own per subject, so that one subject's draws never move another's."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))

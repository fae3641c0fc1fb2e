"""What can be chosen about a shop, and its named random streams."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from benchmarks.shop.parameters import PRESETS, Parameters

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

FIRST_EXTRACT = date(2026, 6, 29)
"""A Monday: the extract with the whole history; a small one follows each day."""
HISTORY_DAYS = 728
BLOCK = 20_000
"""People who are simulated together; a shop is many blocks, lived on any number of processes."""
FEWEST_CUSTOMERS = 150
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Settings:
    """The size of a shop, its seed and its preset; day 0 is the first day of the history."""

    customers: int = 2000
    seed: int = 7
    preset: str = "default"

    def __post_init__(self) -> None:
        if self.customers < FEWEST_CUSTOMERS:
            raise ValueError(f"customers is {self.customers}; at least {FEWEST_CUSTOMERS}")
        if self.preset not in PRESETS:
            raise ValueError(f"preset is {self.preset!r}; allowed: {', '.join(PRESETS)}")

    @property
    def parameters(self) -> Parameters:
        """The numbers that drive the shop."""
        return PRESETS[self.preset]

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.customers // BLOCK)

    def size(self, block: int) -> int:
        """How many people live in a block."""
        return min(BLOCK, self.customers - block * BLOCK)


def words(text: str) -> tuple[str, ...]:
    """A list as one string, which reads better than forty quoted words."""
    return tuple(text.split())


def date_of(day: int) -> date:
    """The date of a day index."""
    return FIRST_EXTRACT + timedelta(days=day - HISTORY_DAYS)


def day_of(when: date) -> int:
    """The day index of a date."""
    return (when - FIRST_EXTRACT).days + HISTORY_DAYS


def stream(seed: int, subject: str, *numbers: int) -> np.random.Generator:
    """A random stream of its own per subject, block and day, so that no subject's draws move
    another's and a day can be lived without those before it being drawn again."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(subject.encode()), *numbers]))


def mixed(*numbers: IntArray | int) -> IntArray:
    """A number of 63 bits that looks random, always the same for the same `numbers` (splitmix64 by
    Sebastiano Vigna, 2015)."""
    state = np.zeros((), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for number in numbers:
            state = state * GOLDEN + np.asarray(number).astype(np.uint64) + GOLDEN
            state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state = state ^ (state >> np.uint64(31))
    result: IntArray = np.asarray(state >> np.uint64(1)).astype(np.int64)
    return result


def chance(*numbers: IntArray | int) -> FloatArray:
    """A uniform number in [0, 1), always the same for the same `numbers`."""
    result: FloatArray = mixed(*numbers) / 2.0**63
    return result

"""Where everybody of a block is on the present day, and what has happened but is not told yet."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.shop.catalogue import CATEGORIES
from benchmarks.shop.days import NEVER
from benchmarks.shop.people import People
from benchmarks.shop.settings import BoolArray, FloatArray, IntArray

ORDERS, SESSIONS, SENDS = range(3)
"""What is numbered."""
Table = dict[str, npt.NDArray[Any]]
"""Columns of the same length."""


@dataclass(slots=True)
class State:
    """Per person, then the logs: one Table a subject, in order of what happened. A log is cut back
    to what a later extract can still tell once its extract is written."""

    day: int  # the next to be lived
    last_order: IntArray
    orders: IntArray
    spent: IntArray  # cents
    known_orders: IntArray  # those that the CRM can tell are theirs
    known_spent: IntArray
    mood: FloatArray
    pressure: FloatArray  # messages of late, fading
    busy_until: IntArray  # a purchase is on its way
    touched: IntArray  # second of the last change of the CRM record
    stopped_email: IntArray  # day, or NEVER
    stopped_sms: IntArray
    suppressed_mailbox: BoolArray  # by the tool itself (dead, unsubscribed, complained), per owner
    suppressed_number: BoolArray  # the same for telephones
    suppressed_typo: BoolArray  # whose address in the CRM bounced because it is wrong
    fresh_campaign: IntArray  # position, or -1
    fresh_until: IntArray
    trial_on: IntArray  # start of the trial, or NEVER
    member_on: IntArray  # start of the membership, or NEVER
    member_until: IntArray
    coupons: IntArray  # orders with one
    bought: IntArray  # lines by category, (people, categories)
    visits: FloatArray  # of late, fading
    counters: IntArray  # next of ORDERS, SESSIONS, SENDS
    logs: dict[str, Table] = field(default_factory=dict)

    def add(self, log: str, **columns: npt.NDArray[Any] | int) -> None:
        """Append rows; a number stands for the same in all of them."""
        size = max(len(c) for c in columns.values() if not isinstance(c, int))
        rows = {k: np.full(size, v) if isinstance(v, int) else v for k, v in columns.items()}
        self.logs.setdefault(log, {})
        self._waiting.setdefault(log, []).append(rows)

    def log(self, name: str) -> Table:
        """All rows of a log."""
        waiting = self._waiting.pop(name, [])
        present = self.logs.get(name)
        parts = ([present] if present else []) + waiting
        if parts:
            self.logs[name] = {c: np.concatenate([p[c] for p in parts]) for c in parts[0]}
        return self.logs.get(name, {})

    def keep(self, name: str, wanted: BoolArray) -> None:
        """Forget the other rows of a log."""
        self.logs[name] = {c: values[wanted] for c, values in self.log(name).items()}

    def take_numbers(self, kind: int, count: int) -> IntArray:
        """The next `count` numbers of ORDERS, SESSIONS or SENDS."""
        first = int(self.counters[kind])
        self.counters[kind] += count
        return np.arange(first, first + count)

    _waiting: dict[str, list[Table]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write it; `load` reads it back."""
        for name in list(self._waiting):
            self.log(name)
        arrays: Table = {}
        for one in fields(self):
            if one.name not in ("logs", "_waiting"):
                arrays[one.name] = np.asarray(getattr(self, one.name))
        for name, table in self.logs.items():
            arrays |= {f"{name}/{column}": values for column, values in table.items()}
        unfinished = path.with_suffix(".unfinished.npz")
        np.savez(unfinished, allow_pickle=False, **arrays)
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> "State":
        """Read a state that was saved."""
        with np.load(path) as file:
            arrays = dict(file)
        logs: dict[str, Table] = {}
        for key in [key for key in arrays if "/" in key]:
            name, _, column = key.partition("/")
            logs.setdefault(name, {})[column] = arrays.pop(key)
        return cls(**(arrays | {"day": int(arrays["day"])}), logs=logs)


def beginning(rng: np.random.Generator, people: People, mood_spread: float) -> State:
    """The state on the first day of the history."""
    n = people.count
    early = people.arrival < 0
    back = np.minimum(rng.exponential(1 / np.maximum(people.rate, 0.002)), 400).astype(np.int64)
    since = np.maximum(people.arrival, -back)
    return State(
        day=0,
        last_order=np.where(early, since, people.arrival - 1),
        orders=early.astype(np.int64),
        spent=np.where(early, 4000, 0),
        known_orders=early.astype(np.int64),
        known_spent=np.where(early, 4000, 0),
        mood=rng.normal(0.0, mood_spread, n),
        pressure=np.zeros(n),
        busy_until=np.full(n, -1),
        touched=np.zeros(n, dtype=np.int64),
        stopped_email=np.full(n, NEVER),
        stopped_sms=np.full(n, NEVER),
        suppressed_mailbox=np.zeros(n, dtype=np.bool_),
        suppressed_number=np.zeros(n, dtype=np.bool_),
        suppressed_typo=np.zeros(n, dtype=np.bool_),
        fresh_campaign=np.full(n, -1),
        fresh_until=np.full(n, -1),
        trial_on=np.full(n, NEVER),
        member_on=np.full(n, NEVER),
        member_until=np.full(n, NEVER),
        coupons=np.zeros(n, dtype=np.int64),
        bought=np.zeros((n, len(CATEGORIES)), dtype=np.int64),
        visits=np.zeros(n),
        counters=np.zeros(3, dtype=np.int64),
    )

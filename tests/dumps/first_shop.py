"""The shop of the first dumps, and how they write it."""

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

_START = datetime(2025, 1, 1, 8)  # noqa: DTZ001
_DAYS = 540
_FIRST = ("Anna", "Bruno", "Chloé", "David", "Emma", "Farid", "Gaëlle", "Hugo")
_LAST = ("Martin", "Bernard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Michel")
TOWNS = (("75011", "Paris"), ("69003", "Lyon"), ("31000", "Toulouse"), ("59800", "Lille"))
NEVER = "0000-00-00 00:00:00"

Rows = list[Sequence[object]]


class FirstShop:
    """Customers, products and orders that every dump tells in its own words."""

    def __init__(self, customers: int = 120, orders: int = 300) -> None:
        self.dice = random.Random(7)
        self.customers = range(1, customers + 1)
        self.products = range(1, 41)
        self.orders = [
            (n, self.dice.choice(self.customers), self.moment(n / orders))
            for n in range(1, orders + 1)
        ]

    def moment(self, share: float) -> datetime:
        return _START + timedelta(
            days=int(share * _DAYS),
            minutes=self.dice.randrange(600),
            seconds=self.dice.randrange(60),
        )

    def basket(self, order: int) -> list[tuple[int, int, float]]:
        """(product, quantity, unit price with tax) of an order."""
        count = 1 + order % 3
        return [(p, 1 + order % 2, 4.9 + 3 * p) for p in self.dice.sample(self.products, count)]

    def person(self, n: int) -> tuple[str, str, str]:
        first, last = _FIRST[n % 8], _LAST[n // 8 % 8]
        return first, last, f"person{n}@example.org"


def write(
    path: Path, header: str, rows: Iterable[Sequence[object]], delimiter: str = ",",
    encoding: str = "utf-8",
) -> None:  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        out.writerow(header.split())
        out.writerows(rows)


def six(amount: float) -> str:
    return f"{amount:.6f}"

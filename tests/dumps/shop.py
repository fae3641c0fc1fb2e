"""The shop that every dump tells in its own words: made up value by value, the same each time."""

import csv
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

START = datetime(2025, 1, 1, 8)  # noqa: DTZ001
_DAYS, _ORDERS, _CUSTOMERS, _PRODUCTS = 540, 400, 120, 40
_FIRST = ("Anna", "Bruno", "Chloé", "David", "Emma", "Farid", "Gaëlle", "Hugo")
_LAST = ("Martin", "Bernard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Michel")
_TOWNS = (("75011", "Paris"), ("69003", "Lyon"), ("31000", "Toulouse"), ("59800", "Lille"))
_KINDS = ("Shoes", "Coats", "Bags", "Hats", "Belts")
_BRANDS = ("Acme", "Globex", "Initech")
_OLD = ("completed",) * 20 + ("cancelled",) * 2 + ("refunded",)

Row = Mapping[str, object]


@dataclass(frozen=True)
class Customer:
    """`updated` is after `joined`; `agreed`: to the newsletter."""

    id: int
    first: str
    last: str
    email: str
    phone: str
    postcode: str
    town: str
    born: date | None
    is_woman: bool
    joined: datetime
    updated: datetime
    agreed: bool


@dataclass(frozen=True)
class Product:
    """It has two variants, with the ids 2 × id - 1 and 2 × id, at the same price in cents."""

    id: int
    name: str
    sku: str
    kind: int  # of `kinds`
    brand: str
    price: int

    @property
    def variants(self) -> tuple[int, int]:
        return 2 * self.id - 1, 2 * self.id


@dataclass(frozen=True)
class Line:
    """`id` is one of all lines, `rank` counts within the order; `price`: of one, cents with tax."""

    id: int
    rank: int
    product: Product
    variant: int
    quantity: int
    price: int

    @property
    def total(self) -> int:
        return self.quantity * self.price


@dataclass(frozen=True)
class Order:
    """`state` is a status of the contract or cart; amounts are cents, a fifth of them tax."""

    id: int
    customer: Customer
    is_guest: bool
    begun: datetime
    state: str
    lines: tuple[Line, ...]
    shipping: int
    discount: int

    @property
    def number(self) -> str:
        return f"{100_000 + self.id}"

    @property
    def is_cart(self) -> bool:
        return self.state == "cart"

    @property
    def placed(self) -> datetime | None:
        return None if self.is_cart else self.begun + timedelta(minutes=7 + self.id % 31)

    @property
    def paid(self) -> datetime | None:
        paid = self.placed and self.state not in ("pending", "cancelled")
        return self.begun + timedelta(minutes=60) if paid else None

    @property
    def shipped(self) -> datetime | None:
        sent = self.state in ("shipped", "completed", "refunded")
        return self.begun + timedelta(days=2, hours=self.id % 9) if sent else None

    @property
    def updated(self) -> datetime:
        return self.begun + timedelta(days=4 if self.shipped else 0, hours=2)

    @property
    def goods(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def total(self) -> int:
        return self.goods + self.shipping - self.discount

    @property
    def tax(self) -> int:
        return self.total - net(self.total)


class Shop:
    """`carts`: whether some orders were never placed."""

    kinds = _KINDS

    def __init__(self, *, carts: bool) -> None:
        self._carts = carts

    @cached_property
    def customers(self) -> list[Customer]:
        return [_customer(n) for n in range(1, _CUSTOMERS + 1)]

    @cached_property
    def products(self) -> list[Product]:
        return [
            Product(
                p,
                f"{_KINDS[p % 5][:-1]} {chr(64 + p % 26)}{p}",
                f"SKU-{p:04d}",
                p % 5,
                _BRANDS[p % 3],
                490 + 300 * p + 45 * (p % 4),
            )
            for p in range(1, _PRODUCTS + 1)
        ]

    @cached_property
    def orders(self) -> list[Order]:
        dice, found, count = random.Random(7), [], 0
        for n in range(1, _ORDERS + 1):
            begun = START + timedelta(
                days=int(n / _ORDERS * _DAYS),
                minutes=dice.randrange(600),
                seconds=dice.randrange(60),
            )
            lines = []
            for rank, product in enumerate(dice.sample(self.products, 1 + n % 3), start=1):
                count += 1
                variant = product.variants[dice.randrange(2)]
                lines.append(Line(count, rank, product, variant, 1 + n % 2, product.price))
            order = Order(
                id=n,
                customer=dice.choice(self.customers),
                is_guest=n % 6 == 0,
                begun=begun,
                state=_state(n, dice, carts=self._carts),
                lines=tuple(lines),
                shipping=490 if n % 4 else 0,
                discount=500 if n % 9 == 0 else 0,
            )
            found.append(order)
        return found

    @property
    def placed(self) -> list[Order]:
        return [order for order in self.orders if not order.is_cart]


def _state(n: int, dice: random.Random, *, carts: bool) -> str:
    if carts and n % 8 == 3:
        return "cart"
    if n > _ORDERS - 12:
        return ("pending", "paid", "paid", "shipped")[n % 4]
    return dice.choice(_OLD)


def _customer(n: int) -> Customer:
    joined = START + timedelta(days=n * 2, hours=n % 11, minutes=n % 53)
    postcode, town = _TOWNS[n % 4]
    return Customer(
        id=n,
        first=_FIRST[n % 8],
        last=_LAST[n // 8 % 8],
        email=f"person{n}@example.org",
        phone=f"06{n * 7919 % 10**8:08d}",
        postcode=postcode,
        town=town,
        born=date(1960 + n % 40, 1 + n % 9, 10 + n % 10) if n % 3 else None,
        is_woman=n % 2 == 0,
        joined=joined,
        updated=joined + timedelta(days=30),
        agreed=n % 3 == 0,
    )


def net(cents: int) -> int:
    """Without a fifth of tax, in whole cents."""
    return round(cents / 1.2)


def money(cents: int, digits: int = 2) -> str:
    """An amount as decimals."""
    return f"{cents / 100:.{digits}f}"


def time(at: datetime | None, style: str = "%Y-%m-%d %H:%M:%S", never: str = "") -> str:
    """A time as text."""
    return f"{at:{style}}" if at else never


@cache
def uuid(kind: str, n: int) -> str:
    """The same identifier for the same thing."""
    dice = random.Random(f"{kind}{n}")
    digits = f"{dice.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def write_json(path: Path, records: Sequence[Row]) -> None:
    """A JSON document that is an array."""
    path.write_text(json.dumps(list(records)), encoding="utf-8")


def write(path: Path, rows: Sequence[Row], delimiter: str = ",", encoding: str = "utf-8") -> None:
    """A CSV file with the keys of the first row as its header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        out.writerow(rows[0])
        out.writerows(row.values() for row in rows)

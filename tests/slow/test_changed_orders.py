"""A night makes anew only the orders that something has happened to, and their customers, and tells
again of who has come: whatever happens, the tables are those of a rebuild."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.transform.dbt import build
from pipelines.transform.verbs import _variables
from tests.leakage.world import World

FIRST = date(2025, 6, 2)
NIGHTS = [FIRST + timedelta(days=n) for n in range(7)]
SKIPPED, BACKFILLED, REPLAYED, UPGRADED = NIGHTS[2], NIGHTS[4], NIGHTS[3], NIGHTS[5]
CIRCLES, PRODUCTS = 60, 30
MODELS = ["orders", "order_lines", "customer_purchases", "purchase_gaps", "customer_visits"]
TABLES = {model: f"marts.{model}" for model in MODELS} | {
    # Who has lost their browsers keeps a row.
    "customer_visits": "(from marts.customer_visits where last_visit_at is not null)"
}
Row = dict[str, Any]
Extract = dict[str, list[Row]]
Contents = dict[str, set[tuple[Any, ...]]]


class Shop:
    """Circles of people who share addresses, and what they order; each extract tells more of it."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)
        self.orders: list[Row] = []
        self.lines: list[Row] = []

    def extract(self, day: date) -> Extract:
        luck = self.luck
        many = 400 if day == FIRST else 40
        orders = [self._order(day, len(self.orders) + n) for n in range(many)]
        changed = [self._changed(day, luck.choice(self.orders)) for _ in range(20) if self.orders]
        self.orders += orders
        lines = [self._line(order, day, n) for order in orders for n in range(luck.randint(0, 3))]
        late = [self._line(luck.choice(self.orders), day, 10 + n) for n in range(15)]
        self.lines += lines
        again = [line | {"unit_price": luck.randint(1, 9)} for line in luck.sample(self.lines, 5)]
        return {
            "orders": list({row["order_id"]: row for row in changed + orders}.values()),
            "order_lines": _once(lines + late + again),
            "products": [self._product() for _ in range(4)] if day > FIRST else self._products(),
            "web_events": [self._event(day, n) for n in range(300 if day == FIRST else 30)],
            "contacts": [self._contact(day) for _ in range(60 if day == FIRST else 8)],
        }

    def _moment(self, day: date, ago: list[int]) -> str:
        days, minutes = self.luck.choice(ago), self.luck.randint(0, 999)
        midnight = datetime.combine(day, datetime.min.time())
        return (midnight - timedelta(days=days, minutes=minutes)).isoformat(" ")

    def _some(self, *values: str) -> str | None:
        return self.luck.choice([None, *values])

    def _who(self, *others: None) -> Row:
        """One of a circle's two contacts, or of `others`; now and then by an address of the next
        circle."""
        circle = self.luck.randrange(CIRCLES)
        contact = self.luck.choice([f"c{2 * circle}", f"c{2 * circle + 1}", *others])
        circle += self.luck.random() < 0.02
        return {
            "contact_id": contact,
            "email": self._some(f"a{circle}@x.test", f"b{circle}@x.test"),
            "phone": self._some(f"+336000{circle:0>4}1", f"+336000{circle:0>4}2"),
            "loyalty_id": self._some(f"L{circle}"),
        }

    def _contact(self, day: date) -> Row:
        return {
            "updated_at": self._moment(day, [0, 1]),
            "first_name": self._some("Anna", "A.", "Paul"),
            "birth_date": self._some("1980-01-01", "1950-01-01"),
            **self._who(),
        }

    def _order(self, day: date, number: int) -> Row:
        """Some are dated after the night that they come in."""
        return {
            "order_id": f"o{number}",
            "ordered_at": self._moment(day, [-2, -1, 0, 0, 1, 5, 50, 200]),
            "status": "paid",
            "channel": self._some("web", "store", "marketplace"),
            "store_id": self._some("s1", "s2"),
            "total_amount": self.luck.randint(5, 90),
            "discount_amount": self.luck.choice([None, 2]),
            # On the last ten browsers more people order than in any household.
            "visitor_id": self._some(f"v{self.luck.randrange(3 * CIRCLES)}", f"v{_kiosk(number)}"),
            **self._who(None),
        }

    def _event(self, day: date, number: int) -> Row:
        """Some are dated after the night that they come in; on some browsers several sign in."""
        is_sign_in = self.luck.random() < 0.3
        return {
            "event_id": f"e{day}-{number}",
            "occurred_at": self._moment(day, [-1, 0, 0, 1, 40]),
            "visitor_id": f"v{self.luck.randrange(3 * CIRCLES)}",
            "event_name": "sign_in" if is_sign_in else "page_view",
            "contact_id": f"c{self.luck.randrange(2 * CIRCLES)}" if is_sign_in else None,
            "consent_state": self.luck.choice([None, None, None, "denied"]),
        }

    def _changed(self, day: date, order: Row) -> Row:
        """Cancelled, perhaps only from a later day on; or put off; or somebody else's."""
        order["updated_at"] = self._moment(day, [-1, 0, 1])
        chance = self.luck.random()
        if chance < 0.2:
            order["ordered_at"] = self._moment(day, [-3, -2, -1, 0, 4])
        elif chance < 0.6:
            order["status"] = self.luck.choice(["cancelled", "refunded", "paid"])
            order["cancelled_at"] = self.luck.choice([None, self._moment(day, [-2, -1, 0, 3])])
        else:
            order |= self._who(None)
        return dict(order)

    def _line(self, order: Row, day: date, number: int) -> Row:
        is_return = number >= 10 or self.luck.random() < 0.1
        return {
            "order_id": order["order_id"],
            "line_number": number,
            "product_id": f"p{self.luck.randrange(PRODUCTS)}",
            "quantity": -1 if is_return else self.luck.randint(1, 3),
            "unit_price": self.luck.randint(1, 30),
            "occurred_at": self._moment(day, [-2, -1, 0, 1]) if is_return else None,
        }

    def _products(self) -> list[Row]:
        return [self._product() for _ in range(PRODUCTS)]

    def _product(self) -> Row:
        return {
            "product_id": f"p{self.luck.randrange(PRODUCTS)}",
            "name": self._some("thing", "other thing"),
            "category": self._some("garden", "kitchen", "toys"),
            "brand": self._some("best"),
            "price": self.luck.randint(5, 30),
            "unit_margin": self._some("2", "3"),
        }


def _kiosk(number: int) -> int:
    return 3 * CIRCLES - 1 - number % 10


def _once(lines: list[Row]) -> list[Row]:
    return list({(line["order_id"], line["line_number"]): line for line in lines}.values())


def make(world: World, as_of: date, **how: Any) -> None:
    night = world.night(as_of, how.pop("cut", None))
    variables = _variables(night) | {"since": how.pop("since", as_of).isoformat()}
    build(night, [f"+{model}" for model in MODELS], variables, command="run", **how)


def contents(world: World) -> Contents:
    made = {"as_of", "extract_cut"}
    return {
        model: world.rows(table, ["as_of"] if model in ("orders", "order_lines") else made)
        for model, table in TABLES.items()
    }


def unlike(one: Contents, other: Contents) -> dict[str, int]:
    return {table: len(one[table] ^ other[table]) for table in TABLES if one[table] != other[table]}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_to_orders_the_rows_are_those_of_a_rebuild(
    seed: int, tmp_path: Path
) -> None:
    shop = Shop(seed)
    nightly, rebuilt = World(tmp_path / "nightly"), World(tmp_path / "rebuilt")
    found: dict[date, Extract] = {}
    for day in NIGHTS:
        found[day] = shop.extract(day)
        for world in (nightly, rebuilt):
            for entity, rows in found[day].items():
                world.add(entity, day, rows)
        if day == SKIPPED:
            continue
        if day == UPGRADED:  # what an earlier release made lacks a column, and is made anew
            nightly.query("alter table marts.customer_purchases drop column has_bought_before")
        make(nightly, day)
        make(rebuilt, day, full_refresh=True)
        made = contents(nightly)
        assert all(made.values())
        assert unlike(made, contents(rebuilt)) == {}, day
        if day == BACKFILLED:  # an earlier night with what is known by now, then tonight again
            make(nightly, NIGHTS[1], cut=day)
            make(rebuilt, NIGHTS[1], cut=day, full_refresh=True)
            assert unlike(contents(nightly), contents(rebuilt)) == {}
            make(nightly, day)
            assert unlike(contents(nightly), made) == {}

    # They are many people.
    assert nightly.query("select count(*) from marts.customer_purchases")[0][0] > CIRCLES / 2
    # Few orders were made anew: that is what it is for.
    total, tonight = nightly.query(
        f"select count(*), count(*) filter (where as_of = date '{NIGHTS[-1]}')"
        " from marts.order_states"
    )[0]
    assert tonight < total / 2

    # An extract of the past is taken back, with the orders, people and products that it brought.
    for world in (nightly, rebuilt):
        for entity in found[REPLAYED]:
            world.query(f"delete from raw.{entity} where extract_date = date '{REPLAYED}'")
    make(nightly, NIGHTS[-1], since=REPLAYED)
    make(rebuilt, NIGHTS[-1], full_refresh=True)
    assert unlike(contents(nightly), contents(rebuilt)) == {}

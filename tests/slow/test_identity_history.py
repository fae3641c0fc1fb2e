"""Who is who, of hundreds of small random circles of people over five nights: whatever order things
are learnt in, the history says the same."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.transform.dbt import build
from pipelines.transform.verbs import _variables
from tests.leakage.world import World

FIRST = date(2025, 6, 2)
NIGHTS = [FIRST + timedelta(days=n) for n in range(5)]
PAST = FIRST - timedelta(days=60)
CIRCLES = 150
TABLES = ["identity_edges", "identity_ties", "identity_clusters", "identity_history"]
Extract = dict[str, list[dict[str, Any]]]


def extracts(seed: int) -> dict[date, Extract]:
    """Circles of contacts, guests and browsers that share addresses, numbers and cards, and tell
    their names, or not, in extracts that may come late."""
    rng = random.Random(seed)
    found: dict[date, Extract] = {
        day: {"contacts": [], "orders": [], "web_events": []} for day in NIGHTS
    }
    for circle in range(CIRCLES):
        for number in range(rng.randint(3, 14)):
            night = rng.choices(NIGHTS, weights=[6, 1, 1, 1, 1])[0]
            moment = datetime.combine(night, datetime.min.time()) - timedelta(
                days=rng.choice([0, 0, 2, 40, 80, 120]), minutes=rng.randint(61, 1200)
            )
            kind, row = rng.choice(
                [("contacts", contact), ("orders", order), ("web_events", web_event)]
            )
            found[night][kind].append(row(rng, f"{circle}", number, moment.isoformat(" ")))
    return found


def _some(rng: random.Random, *values: str) -> str | None:
    return rng.choice([None, *values])


def _addresses(rng: random.Random, circle: str) -> dict[str, str | None]:
    return {
        "email": _some(rng, f"a{circle}@x.test", f"b{circle}@x.test", f"a{circle}@x.test"),
        "phone": _some(rng, f"+336000{circle:0>4}1", f"+336000{circle:0>4}2"),
        "loyalty_id": _some(rng, f"L{circle}"),
    }


def contact(rng: random.Random, circle: str, number: int, moment: str) -> dict[str, Any]:
    return {
        "contact_id": f"{circle}-{number}",
        "created_at": moment,
        "updated_at": moment,
        "first_name": _some(rng, "Anna", "A.", "Paul"),
        "birth_date": _some(rng, "1980-01-01", "1950-01-01"),
        **_addresses(rng, circle),
    }


def order(rng: random.Random, circle: str, number: int, moment: str) -> dict[str, Any]:
    return {
        "order_id": f"o{circle}-{number}",
        "ordered_at": moment,
        "status": "paid",
        "total_amount": 20,
        "contact_id": _some(rng, f"{circle}-1", f"{circle}-2") if rng.random() < 0.4 else None,
        "visitor_id": _some(rng, f"v{circle}-1") if rng.random() < 0.3 else None,
        **_addresses(rng, circle),
    }


def web_event(rng: random.Random, circle: str, number: int, moment: str) -> dict[str, Any]:
    return {
        "event_id": f"e{circle}-{number}",
        "occurred_at": moment,
        "visitor_id": f"v{circle}-{rng.randint(1, 2)}",
        "event_name": rng.choice(["sign_in", "purchase", "page_view"]),
        "contact_id": _some(rng, *(f"{circle}-{n}" for n in range(1, 6))),
        "email": _some(rng, f"a{circle}@x.test", f"b{circle}@x.test"),
        "consent_state": "denied" if rng.random() < 0.1 else None,
    }


def learn(world: World, as_of: date, *, full_refresh: bool = False) -> None:
    night = world.night(as_of)
    build(night, ["+customer_changes"], _variables(night), full_refresh=full_refresh)


def fill(world: World, day: date, extract: Extract, before: str = "9") -> None:
    for entity, rows in extract.items():
        moment = {"contacts": "created_at", "orders": "ordered_at"}.get(entity, "occurred_at")
        world.add(entity, day, [row for row in rows if str(row[moment]) < before])


def known(world: World, as_of: date, cut: date) -> set[tuple[Any, ...]]:
    return set(
        world.query(
            f"select profile_id, customer_id from identity.identity_history"
            f" where valid_from_date <= date '{as_of}' and valid_until_date > date '{as_of}'"
            f" and known_from_date <= date '{cut}' and known_until_date > date '{cut}'"
        )
    )


def contents(world: World) -> dict[str, set[tuple[Any, ...]]]:
    return {table: world.rows(f"identity.{table}") for table in TABLES}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_history_does_not_depend_on_how_it_was_learnt(seed: int, tmp_path: Path) -> None:
    found = extracts(seed)
    world = World(tmp_path / "nightly")
    as_told = {}
    for day, extract in found.items():
        fill(world, day, extract)
        learn(world, day)
        as_told[day] = known(world, day, day)
        people = {row for row in as_told[day] if not row[0].startswith("visitor:")}
        assert people == set(
            world.query(
                "select profile_id, customer_id from identity.customer_ledger"
                " where until_as_of = date '9999-12-31'"
            )
        )
    learnt = contents(world)
    assert all(learnt.values())
    assert world.value("select count(*) from identity.customer_changes where kind = 'merge'") > 10
    assert world.value("select count(*) from identity.customer_changes where kind = 'split'") > 5

    # What a night knew, later nights know of it too; each change of an id was recorded.
    assert {day: known(world, day, day) for day in NIGHTS} == as_told

    # Made anew from all extracts at once.
    learn(world, NIGHTS[-1], full_refresh=True)
    assert {t: len(learnt[t] ^ rows) for t, rows in contents(world).items()} == dict.fromkeys(
        TABLES, 0
    )

    # What happened from a date on teaches nothing about that date: without it, all is the same.
    # (Except how many share an identifier: those count in the order in which they became known.)
    shorter = World(tmp_path / "shorter")
    midnight = datetime.combine(PAST, datetime.min.time()) - timedelta(hours=2)  # summer, in UTC
    for day, extract in found.items():
        fill(shorter, day, extract, before=midnight.isoformat(" "))
    learn(shorter, NIGHTS[-1])
    crowded = {
        profile
        for (profile,) in world.query(
            "select profile_id from identity.identity_clusters where cluster in ("
            " select cluster from identity.identity_clusters"
            " semi join (from identity.identity_ties where places_too_many > 0) using (profile_id))"
        )
    }
    one, other = (
        {row for row in known(each, PAST, NIGHTS[-1]) if row[0] not in crowded}
        for each in (shorter, world)
    )
    assert len(one) > CIRCLES
    assert one == other

"""Law 1: what happens after a date teaches nothing to the snapshot of that date."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines import transform
from tests.leakage import bazaar
from tests.leakage.bazaar import FIRST, NIGHTS
from tests.leakage.world import World

PAST = FIRST - timedelta(days=56)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The shop on its first night, with tonight's snapshot and one of the past."""
    made = World(tmp_path_factory.mktemp("leakage"))
    bazaar.fill(made, nights=1)
    transform.transform(made.night(FIRST))
    transform.snapshot(made.night(FIRST), [PAST, FIRST])
    return made


def _snapshot(world: World, as_of: date) -> set[tuple[object, ...]]:
    return world.rows(f"(from features.customer_features where as_of = date '{as_of}')")


def test_a_snapshot_has_its_customers_and_something_of_every_group(world: World) -> None:
    rows = world.query(
        f"""select count(*), sum(orders_count), sum(web_visits_count_91d),
                   sum(emails_opened_count_91d), sum(sign_ins_count_91d), count(loyalty_tier),
                   count(favourite_category_365d), sum(abandoned_carts_count_28d),
                   count(tenure_days), max(season_sin)
            from features.customer_features where as_of = date '{FIRST}'"""
    )[0]
    assert all(value and value > 0 for value in rows), rows


@pytest.mark.slow
def test_nothing_later_changes_a_snapshot_taken_again_at_the_same_cut(world: World) -> None:
    before = {as_of: _snapshot(world, as_of) for as_of in (PAST, FIRST)}
    for number in (1, 2):
        for entity, rows in bazaar.extract(number).items():
            world.add(entity, NIGHTS[number], rows)
    transform.transform(world.night(NIGHTS[2]))
    transform.transform(world.night(FIRST))
    transform.snapshot(world.night(FIRST), [PAST, FIRST])
    for as_of, rows in before.items():
        assert _snapshot(world, as_of) == rows


AFTER_MIDNIGHT = f"{FIRST} 09:00"
SOME_ORDER = bazaar.extract(0)["orders"][0]
LATE = {
    "an order": (
        "orders",
        {
            "order_id": "late",
            "ordered_at": AFTER_MIDNIGHT,
            "status": "paid",
            "total_amount": 999,
            "email": "mail3@example.org",
        },
    ),
    "a refund": (
        "orders",
        {**SOME_ORDER, "status": "refunded", "total_amount": 1, "updated_at": AFTER_MIDNIGHT},
    ),
    "a sign-in": (
        "web_events",
        {
            "event_id": "late",
            "occurred_at": AFTER_MIDNIGHT,
            "visitor_id": "v25",
            "event_name": "sign_in",
            "contact_id": "k5",
        },
    ),
    "a merge by a changed e-mail": (
        "contacts",
        {
            "contact_id": "k1",
            "created_at": "2024-06-01",
            "updated_at": AFTER_MIDNIGHT,
            "email": "mail30@example.org",
            "loyalty_tier": "platinum",
        },
    ),
    "a return": (
        "order_lines",
        {
            "order_id": SOME_ORDER["order_id"],
            "line_number": 70,
            "product_id": "p1",
            "quantity": -1,
            "unit_price": 2,
            "occurred_at": AFTER_MIDNIGHT,
        },
    ),
}


def test_what_happened_after_midnight_leaves_that_date_alone_even_at_a_later_cut(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    bazaar.fill(world, nights=1)
    cut = FIRST + timedelta(days=1)
    transform.transform(world.night(cut))
    transform.snapshot(world.night(FIRST, cut=cut), [FIRST])
    before = _snapshot(world, FIRST)
    for entity, row in LATE.values():
        world.add(entity, cut, [row])
    transform.transform(world.night(cut))
    transform.snapshot(world.night(FIRST, cut=cut), [FIRST, cut])
    assert _snapshot(world, FIRST) == before
    # They were not simply ignored: the night after knows them.
    assert world.value(
        f"""select bool_or(loyalty_tier = 'platinum') and max(net_revenue_amount) >= 999
            from features.customer_features where as_of = date '{cut}'"""
    )

"""The life cycle: each stage, what is recorded of it, and thresholds that are learnt."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines import transform
from tests.leakage.world import Row, World

FIRST = date(2025, 6, 1)
NIGHT = date(2025, 6, 2)


def order(who: str, day: date, channel: str = "store") -> Row:
    return {
        "order_id": f"{who} {day}",
        "email": f"{who}@x.test",
        "ordered_at": f"{day} 10:00",
        "channel": channel,
        "status": "paid",
        "total_amount": 20,
    }


def ago(*days: int) -> list[date]:
    """Days before the second night."""
    return [NIGHT - timedelta(days=d) for d in days]


# Too few to learn from: at risk after 91 days, lapsed after 182.
BOUGHT = {
    "first_time": ago(91),
    "late_beginner": ago(92),
    "lost_beginner": ago(183),
    "active": ago(200, 100, 20),
    "late": ago(250, 180, 92),
    "at_the_edge": ago(400, 300, 182),
    "lost": ago(400, 300, 183),
    "not_long_away": ago(184, 2),
    "won_back": ago(185, 2),
    "second_order": ago(30),
    "member": ago(3),
}
STAGES = {
    "lead": "lead",
    "first_time": "first_time",
    "late_beginner": "at_risk",
    "lost_beginner": "lapsed",
    "active": "active",
    "late": "at_risk",
    "at_the_edge": "at_risk",
    "lost": "lapsed",
    "not_long_away": "active",
    "won_back": "won_back",
    "second_order": "active",
}


def subscription(who: str, **moments: Any) -> Row:
    return {"subscription_id": who, "email": f"{who}@x.test", "plan": "club", **moments}


SUBSCRIPTIONS = [
    subscription("trying", trial_started_at="2025-05-27 10:00", trial_ends_at="2025-06-10"),
    subscription("drifting", trial_started_at="2025-05-24 10:00", trial_ends_at="2025-06-10"),
    subscription("member", trial_started_at="2025-05-10", trial_ends_at="2025-06-10"),
    subscription("paying", trial_started_at="2025-04-01", converted_at="2025-04-15"),
    subscription("stopped", trial_started_at="2025-04-01", cancelled_at="2025-04-05"),
    subscription("over", trial_started_at="2025-04-01", trial_ends_at="2025-04-15"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("lifecycle"))
    made.add("orders", FIRST, [order(who, day) for who, days in BOUGHT.items() for day in days])
    made.add(
        "contacts",
        FIRST,
        [{"contact_id": "lead", "updated_at": "2025-01-01", "email": "lead@x.test"}],
    )
    made.add("subscriptions", FIRST, SUBSCRIPTIONS)
    transform.transform(made.night(FIRST))
    made.add("orders", NIGHT, [order("second_order", FIRST)])
    transform.transform(made.night(NIGHT))
    return made


def of(world: World, who: str, query: str) -> list[tuple[Any, ...]]:
    return world.query(
        f"{query} where customer_id in (select customer_id from identity.identity_map"
        f" where as_of = '{NIGHT}' and profile_id in ('email:{who}@x.test', 'contact:{who}'))"
    )


def test_each_stage_and_its_edges(world: World) -> None:
    found = {
        who: of(world, who, "select lifecycle_stage from marts.customer_360")[0][0]
        for who in STAGES
    }
    assert found == STAGES


SUBSCRIBED = {
    "trying": "trial_started",
    "drifting": "drifting",
    "member": "trial_started",
    "paying": "converted",
    "stopped": None,
    "over": None,
    "active": None,
}


def test_a_trial_drifts_after_a_week_without_a_sign_of_life(world: World) -> None:
    found = {
        who: of(world, who, "select subscription_stage from marts.customer_360")[0][0]
        for who in SUBSCRIBED
    }
    assert found == SUBSCRIBED


def test_what_each_night_said_is_recorded(world: World) -> None:
    query = (
        "select stage, previous_stage, since_as_of::varchar, until_as_of::varchar"
        " from (from marts.customer_lifecycle where track = 'purchases' order by since_as_of)"
    )
    assert of(world, "second_order", query) == [
        ("first_time", None, "2025-06-01", "2025-06-02"),
        ("active", "first_time", "2025-06-02", "9999-12-31"),
    ]
    assert of(world, "late_beginner", query) == [
        ("first_time", None, "2025-06-01", "2025-06-02"),
        ("at_risk", "first_time", "2025-06-02", "9999-12-31"),
    ]
    assert of(world, "lead", query) == [("lead", None, "2025-06-01", "9999-12-31")]


@pytest.mark.slow
def test_a_night_that_another_followed_is_not_written_again(world: World) -> None:
    before = world.rows("marts.customer_lifecycle")
    transform.transform(world.night(FIRST))
    assert world.rows("marts.customer_lifecycle") == before
    transform.transform(world.night(NIGHT))
    assert world.rows("marts.customer_lifecycle") == before


BEGINNING = NIGHT - timedelta(days=730)


def crowd() -> Iterator[Row]:
    """One-time buyers of stores: 120 of the first year came back after 1 to 120 days, and 40 never
    did; 10 came back after more than a year. 300 young ones came back within five days."""
    for i in range(170):
        day = BEGINNING + timedelta(days=i)
        yield order(f"old{i}", day)
        if i < 120:
            yield order(f"old{i}", day + timedelta(days=i + 1))
        elif i < 130:
            yield order(f"old{i}", day + timedelta(days=380))
    for i in range(300):
        day = NIGHT - timedelta(days=30 + i)
        yield order(f"young{i}", day)
        yield order(f"young{i}", day + timedelta(days=1 + i % 5))
    yield order("online", NIGHT - timedelta(days=400), "web")


@pytest.mark.slow
def test_thresholds_are_learnt_from_those_who_had_the_time_to_come_back(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    world = World(tmp_path_factory.mktemp("thresholds"))
    world.add("orders", NIGHT, crowd())
    transform.transform(world.night(NIGHT))
    found = {
        (band, channel): rest
        for band, channel, *rest in world.query(
            "select order_band, channel_group, gaps_count, at_risk_after_days, lapsed_after_days,"
            " learnt_from, is_fallback, horizon_days from marts.lifecycle_thresholds"
        )
    }
    assert found["one", "store"] == [120, 96, 114, "segment", False, 364]
    assert found["one", "online"] == [0, 96, 114, "band", True, 364]
    assert found["two", "store"] == [0, 91, 182, "default", True, 364]
    assert len(found) == 18

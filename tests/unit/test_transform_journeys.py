"""What a customer does across channels: sessions, journeys, affinity, timeline, one case each."""

from datetime import date, timedelta
from typing import Any

import pytest

from pipelines import transform
from tests.leakage.world import Row, World

FIRST = date(2025, 6, 1)
NIGHT = date(2025, 6, 2)


def contact(key: str) -> Row:
    moment = "2025-01-01 08:00"
    return {"contact_id": key, "created_at": moment, "updated_at": moment, "email": f"{key}@x.test"}


def order(key: str, who: str, moment: str, channel: str, **more: Any) -> Row:
    return {
        "order_id": key,
        "contact_id": who,
        "ordered_at": moment,
        "channel": channel,
        "status": "paid",
        "total_amount": 20,
        **more,
    }


def line(key: str, product: str, **more: Any) -> Row:
    return {
        "order_id": key,
        "line_number": 1,
        "product_id": product,
        "quantity": 2,
        "unit_price": 9,
        **more,
    }


def event(visitor: str, moment: str, name: str = "page_view", **more: Any) -> Row:
    key = f"{visitor} {moment} {name}"
    return {
        "event_id": key, "visitor_id": visitor, "occurred_at": moment, "event_name": name, **more
    }  # fmt: skip


def browser(who: str, product: str, moment: str, known: str = "2025-05-02 09:00") -> list[Row]:
    """A browser that looks at a product, and that its owner signs in with."""
    return [
        event(f"v_{who}", moment, "product_view", product_id=product),
        event(f"v_{who}", known, "sign_in", contact_id=who),
    ]


PRODUCTS: list[Row] = [
    {"product_id": "boot", "name": "Boot", "category": "shoes", "price": 10, "unit_margin": 4},
    {"product_id": "clog", "name": "Clog", "category": "shoes", "price": 10, "unit_margin": 4},
    {"product_id": "cap", "name": "Cap", "category": "hats"},
]

# Of each order: who, when, channel, product, store. Shop time is two hours ahead.
BOUGHT = {
    "product_seen": ("product_seen", "2025-05-20 10:00", "store", "boot", "s1"),
    "category_seen": ("category_seen", "2025-05-20 10:00", "store", "boot", "s1"),
    "at_the_edge": ("at_the_edge", "2025-05-30 10:00", "store", "boot", "s1"),
    "too_early": ("too_early", "2025-05-31 10:00", "store", "boot", "s1"),
    "seen_after": ("seen_after", "2025-05-10 10:00", "store", "boot", "s1"),
    "no_browser": ("no_browser", "2025-05-20 10:00", "store", "boot", "s1"),
    "known_late": ("known_late", "2025-05-20 10:00", "store", "boot", "s1"),
    "matured": ("matured", "2025-04-01 10:00", "store", "boot", "s1"),
    "in_store": ("showroomer", "2025-05-01 10:00", "store", "boot", "s1"),
    "then_online": ("showroomer", "2025-05-10 10:00", "web", "clog", None),
    "hat_online": ("showroomer", "2025-05-12 10:00", "web", "cap", None),
    "collected": ("collector", "2025-05-12 10:00", "app", "cap", "s1"),
    "old_store": ("migrant", "2024-10-01 10:00", "store", "cap", "s1"),
    "new_web": ("migrant", "2025-05-01 10:00", "web", "cap", None),
    "half_a_year_ago": ("fan", "2024-12-04 10:00", "web", "boot", None),
    "objected": ("objector", "2025-05-01 10:00", "web", "boot", None),
}
EVENTS = [
    # Shop midnight is at 22:00.
    event("midnight", "2025-05-31 21:50"),
    event("half_an_hour", "2025-05-20 10:00"),
    event("half_an_hour", "2025-05-20 10:30"),
    event("nearly", "2025-05-20 10:00"),
    event("nearly", "2025-05-20 10:29:59"),
    event("joined", "2025-05-31 12:00"),
    event("joined", "2025-05-31 12:50", "purchase", order_id="o9"),
    event("tool", "2025-05-20 10:00", session_id="s", page="/home"),
    event("tool", "2025-05-20 11:30", "product_view", session_id="s", category="hats"),
    event("tool", "2025-05-21 11:30", session_id="s", page="/again"),
    event("refused", "2025-05-20 10:00", consent_state="denied"),
    *browser("product_seen", "boot", "2025-05-10 10:00"),
    event("v_product_seen", "2025-05-18 09:00", "store_locator"),
    *browser("category_seen", "clog", "2025-05-19 10:00"),
    *browser("at_the_edge", "boot", "2025-05-02 10:00"),
    *browser("too_early", "boot", "2025-05-02 10:00"),
    *browser("seen_after", "boot", "2025-05-10 10:01"),
    event("v_known_late", "2025-05-15 10:00", "product_view", product_id="boot"),
    event("v_matured", "2025-03-28 10:00", "product_view", product_id="boot"),
    *browser("fan", "cap", "2025-03-04 10:00"),
]
LATE = [
    event("midnight", "2025-05-31 22:10"),
    event("joined", "2025-05-31 12:25"),
    event("v_known_late", "2025-06-01 10:00", "sign_in", contact_id="known_late"),
    event("v_matured", "2025-06-01 10:00", "sign_in", contact_id="matured"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two nights; what the first one said of two orders is kept in a table `first_look`."""
    made = World(tmp_path_factory.mktemp("journeys"))
    people = sorted({who for who, *_ in BOUGHT.values()})
    made.add("contacts", FIRST, map(contact, people))
    made.add("products", FIRST, PRODUCTS)
    made.add(
        "orders",
        FIRST,
        [order(key, who, *when, store_id=store) for key, (who, *when, _, store) in BOUGHT.items()],
    )
    made.add("order_lines", FIRST, [line(key, product) for key, (*_, product, _) in BOUGHT.items()])
    made.add("web_events", FIRST, EVENTS)
    withdrawn = {"channel": "email", "status": "withdrawn", "changed_at": "2025-05-30"}
    made.add(
        "consents",
        FIRST,
        [
            {**withdrawn, "contact_id": "objector", "status": "objected", "purpose": "profiling"},
            {**withdrawn, "contact_id": "collector", "purpose": "open_tracking"},
        ],
    )
    made.add(
        "campaign_events",
        FIRST,
        [
            {"campaign_id": "c", "contact_id": who, "event_name": name, "occurred_at": "2025-05-12"}
            for who in ("collector", "showroomer")
            for name in ("delivered", "open", "click")
        ],
    )
    transform.transform(made.night(FIRST))
    made.query("create table main.first_look as from marts.order_journeys")
    made.add("web_events", NIGHT, LATE)
    transform.transform(made.night(NIGHT))
    return made


def sessions(world: World, visitor: str, columns: str = "started_at::varchar") -> list[Any]:
    return world.query(
        f"select {columns} from marts.web_sessions where visitor_id = '{visitor}' order by 1"
    )


def test_a_session_goes_on_after_midnight_and_in_the_next_extract(world: World) -> None:
    columns = "session_date::varchar, events_count, duration_seconds, known_from_date::varchar"
    assert sessions(world, "midnight", columns) == [("2025-05-31", 2, 1200, "2025-06-02")]


def test_half_an_hour_without_an_event_ends_a_session(world: World) -> None:
    assert len(sessions(world, "half_an_hour")) == 2
    assert len(sessions(world, "nearly")) == 1


def test_a_late_event_between_two_sessions_makes_them_one(world: World) -> None:
    columns = "events_count, purchases_count, order_id, duration_seconds"
    assert sessions(world, "joined", columns) == [(3, 1, "o9", 3000)]


def test_a_session_that_the_tool_names_may_pause_for_less_than_a_day(world: World) -> None:
    columns = "started_at::varchar, events_count, entry_page, main_category, product_views_count"
    assert sessions(world, "tool", columns) == [
        ("2025-05-20 10:00:00", 2, "/home", "hats", 1),
        ("2025-05-21 11:30:00", 1, "/again", None, 0),
    ]


def test_who_refused_has_no_session(world: World) -> None:
    assert sessions(world, "refused") == []


RESEARCH: dict[str, tuple[bool | None, ...]] = {
    "product_seen": (True, True, False),
    "category_seen": (False, True, False),
    "at_the_edge": (True, True, False),
    "too_early": (False, False, True),
    "seen_after": (False, False, False),
    "no_browser": (None, None, None),
    "known_late": (True, True, False),
    "matured": (None, None, None),
}


def test_research_online_before_a_purchase_in_a_store(world: World) -> None:
    found = {
        key: tuple(seen)
        for key, *seen in world.query(
            "select order_id, has_seen_product_online, is_researched_online,"
            " has_seen_product_online_earlier from marts.purchase_journeys"
        )
    }
    assert {key: found[key] for key in RESEARCH} == RESEARCH


def test_days_visits_and_the_store_locator_before_an_order(world: World) -> None:
    assert world.query(
        "select first_view_days, last_view_days, visits_before_count, has_looked_for_store"
        " from marts.purchase_journeys where order_id = 'product_seen'"
    ) == [(10, 10, 3, True)]


def test_an_order_is_looked_at_again_until_it_has_matured(world: World) -> None:
    assert world.query(
        "select order_id, has_known_browser from main.first_look"
        " where order_id in ('known_late', 'matured') order by 1"
    ) == [("known_late", False), ("matured", False)]
    assert world.query(
        "select order_id, has_known_browser, is_matured, matures_on_date::varchar"
        " from marts.purchase_journeys where order_id in ('known_late', 'matured') order by 1"
    ) == [("known_late", True, False, "2025-06-17"), ("matured", False, True, "2025-06-01")]


def test_purchases_online_after_one_of_the_category_in_a_store(world: World) -> None:
    assert world.query(
        "select order_id, has_store_purchase_before, has_store_purchase_of_category_before,"
        " previous_channel, previous_order_days, is_channel_change from marts.purchase_journeys"
        " where customer_id = (select customer_id from marts.orders where order_id = 'in_store')"
        " order by ordered_at"
    ) == [
        ("in_store", None, None, None, None, None),
        ("then_online", True, True, "store", 9, True),
        ("hat_online", True, False, "web", 2, False),
    ]


def customer(world: World, key: str, columns: str) -> tuple[Any, ...]:
    return world.query(
        f"select {columns} from marts.cross_channel_customers"
        f" where customer_id = (select customer_id from marts.orders where order_id = '{key}')"
    )[0]


def test_click_and_collect_is_an_online_order_with_a_store(world: World) -> None:
    assert world.query(
        "select order_id from marts.purchase_journeys where is_click_and_collect"
    ) == [("collected",)]
    assert customer(world, "collected", "click_and_collect_rate, is_cross_channel") == (1, False)


def test_a_customer_has_migrated_whose_main_channel_changed(world: World) -> None:
    columns = "main_channel_previous_182d, main_channel_182d, has_migrated, is_cross_channel"
    assert customer(world, "new_web", columns) == ("store", "web", True, True)
    assert customer(world, "then_online", columns)[2] is None


def test_shares_of_a_category_count_only_what_can_be_told(world: World) -> None:
    assert world.query(
        "select store_orders_count, tellable_store_orders_count, seen_product_online_count,"
        " seen_category_online_count, seen_category_online_rate"
        " from marts.cross_channel_categories"
        " where month = '2025-05-01' and category = 'shoes' and store_id = 's1'"
    ) == [(8, 6, 3, 4, 0.6667)]
    assert world.query(
        "select tellable_online_orders_count, store_before_online_count, showrooming_rate"
        " from marts.cross_channel_categories"
        " where month = '2025-05-01' and category = 'shoes' and store_id = ''"
    ) == [(2, 1, 0.5)]


def test_the_funnel_of_a_month(world: World) -> None:
    steps = dict(
        world.query(
            "select step, people_count from marts.cross_channel_funnel where month = '2025-05-01'"
        )
    )
    assert steps["store_locator_users"] == 1
    assert steps["click_and_collect_buyers"] == 1
    assert steps["store_then_online_buyers"] == 1
    assert steps["store_buyers"] == 8
    assert steps["store_buyers_with_a_known_browser"] == 6
    assert steps["researched_store_buyers"] == 4
    assert steps["visitors"] == steps["identified_visitors"] + 5  # refused browsers are not counted


def test_an_affinity_halves_in_ninety_days_and_objectors_have_none(world: World) -> None:
    assert NIGHT - timedelta(days=180) == date(2024, 12, 4)
    assert NIGHT - timedelta(days=90) == date(2025, 3, 4)
    query = (
        "select category, round(score, 4), rank, last_bought_date::varchar,"
        " last_viewed_date::varchar from marts.product_affinity where customer_id ="
        " (select customer_id from marts.orders where order_id = '{}') order by rank"
    )
    assert world.query(query.format("half_a_year_ago")) == [
        ("shoes", 0.7143, 1, "2024-12-04", None),  # 5 × ¼ of 1.75
        ("hats", 0.2857, 2, None, "2025-03-04"),  # 1 × ½
    ]
    assert world.query(query.format("objected")) == []


def timeline(world: World, key: str) -> list[str]:
    rows = world.query(
        "select event_type from marts.customer_timeline where customer_id ="
        f" (select customer_id from marts.orders where order_id = '{key}')"
        " order by occurred_at, event_key"
    )
    return [event_type for (event_type,) in rows]


def test_the_timeline_tells_what_a_customer_did_on_every_channel(world: World) -> None:
    assert timeline(world, "product_seen") == [
        "account_created", "sign_in", "product_view", "store_locator", "order"
    ]  # fmt: skip


def test_no_open_or_click_of_whom_nobody_may_track(world: World) -> None:
    assert [t for t in timeline(world, "collected") if t.startswith("message_")] == [
        "message_delivered"
    ]
    assert sorted(t for t in timeline(world, "in_store") if t.startswith("message_")) == [
        "message_clicked", "message_delivered", "message_opened"
    ]  # fmt: skip


def test_the_margin_of_a_line_is_its_amount_less_the_cost_of_its_units(world: World) -> None:
    """Two boots for 9 each: 18, and each costs its list price of 10 less its margin of 4."""
    query = "select margin_amount from marts.{} where order_id = '{}'"
    assert world.value(query.format("order_lines", "in_store")) == 6
    assert world.value(query.format("orders", "in_store")) == 6
    assert world.value(query.format("orders", "collected")) is None


@pytest.mark.slow
def test_the_same_night_again_changes_nothing(world: World) -> None:
    names = ["web_sessions", "order_journeys", "journey_categories", "customer_lifecycle"]
    before = [world.rows(f"marts.{name}") for name in names]
    transform.transform(world.night(NIGHT))
    assert [world.rows(f"marts.{name}") for name in names] == before

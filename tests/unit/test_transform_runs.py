"""Runs of the dbt project: again, in pieces, from scratch, and with almost nothing to read."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines import transform
from pipelines.errors import CheckFailed, TerminalError
from pipelines.settings import Machine
from pipelines.transform import LabelRequest
from pipelines.transform.dbt import build
from tests.leakage import bazaar
from tests.leakage.bazaar import FIRST, NIGHTS
from tests.leakage.world import World

LAST = NIGHTS[-1]
ANCHOR = LAST - timedelta(days=35)
TABLES = [
    "marts.contact_history",
    "marts.order_history",
    "marts.order_line_history",
    "marts.product_history",
    "marts.campaign_history",
    "marts.consent_history",
    "marts.subscription_history",
    "marts.web_visits",
    "marts.web_sessions",
    "marts.web_product_views",
    "marts.campaign_contacts",
    "marts.campaign_responses",
    "marts.orders",
    "marts.order_lines",
    "(select * exclude (as_of, extract_cut) from marts.customer_purchases)",
    "(select * exclude (as_of, extract_cut) from marts.purchase_gaps)",
    "marts.contact_points",
    "marts.consent_words",
    "marts.attribute_history",
    "marts.golden_records",
    "marts.customer_attributes",
    "marts.declared_and_observed",
    "marts.consent_status",
    "marts.suppressions",
    "marts.tracking_refusals",
    "marts.contact_point_quality",
    "marts.contact_base_summary",
    "marts.contact_base_advice",
    "marts.customer_360",
    "marts.customer_stages",
    "marts.customer_timeline",
    "marts.order_journeys",
    "marts.journey_categories",
    "marts.purchase_journeys",
    "marts.cross_channel_customers",
    "marts.cross_channel_categories",
    "marts.cross_channel_funnel",
    "marts.product_affinity",
    "marts.freshness",
    "identity.identity_edges",
    "identity.identity_ties",
    "identity.identity_history",
    f"(from features.customer_features where as_of = date '{LAST}')",
    f"(from features.customer_features where as_of = date '{ANCHOR}')",
    "labels.label_churn",
    "labels.label_purchase_propensity",
    "outcomes.campaign_outcomes",
]


def last_night(world: World) -> None:
    """All SQL verbs of the last night."""
    night = world.night(LAST)
    transform.transform(night)
    transform.snapshot(night, [ANCHOR, LAST])
    transform.label(night, transform.labels_of(night, [ANCHOR], matured_by=LAST))
    transform.outcomes(night)


def contents(world: World) -> dict[str, set[tuple[object, ...]]]:
    return {table: world.rows(table) for table in TABLES}


def differing(
    one: dict[str, set[tuple[object, ...]]], two: dict[str, set[tuple[object, ...]]]
) -> list[str]:
    return [
        f"{t}: {len(one[t] - two[t])} ≠ {len(two[t] - one[t])}" for t in TABLES if one[t] != two[t]
    ]


@pytest.fixture(scope="module")
def nightly(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Three nights, each with its extract."""
    world = World(tmp_path_factory.mktemp("nightly"))
    for number, day in enumerate(NIGHTS):
        for entity, rows in bazaar.extract(number).items():
            world.add(entity, day, rows)
        transform.transform(world.night(day))
    last_night(world)
    return world


@pytest.fixture(scope="module")
def increments(nightly: World) -> dict[str, set[tuple[object, ...]]]:
    return contents(nightly)


@pytest.mark.slow
def test_every_table_has_rows(increments: dict[str, set[tuple[object, ...]]]) -> None:
    assert [table for table, rows in increments.items() if not rows] == []


@pytest.mark.slow
def test_a_full_rebuild_on_one_thread_equals_the_increments_on_two(
    increments: dict[str, set[tuple[object, ...]]], tmp_path: Path
) -> None:
    world = World(tmp_path, Machine(threads=1, memory_limit="1GB"))
    bazaar.fill(world)
    last_night(world)
    assert differing(contents(world), increments) == []


@pytest.mark.slow
def test_tonights_orders_are_those_that_any_other_date_would_have(
    nightly: World, increments: dict[str, set[tuple[object, ...]]]
) -> None:
    """Where they, or the sums of customers, do not prove to be tonight's, they are made as for a
    past date."""
    table = f"(from features.customer_features where as_of = date '{LAST}')"
    made = f"select count(*) from features.past_orders where as_of = date '{LAST}'"
    assert nightly.value(made) == 0
    kept_up = ("order_states", "customer_purchases")
    for name in kept_up:
        nightly.query(f"update marts.{name} set extract_cut = extract_cut - 1")
    transform.snapshot(nightly.night(LAST), [LAST])
    for name in kept_up:
        nightly.query(f"update marts.{name} set extract_cut = extract_cut + 1")
    assert nightly.value(made) > 0
    assert nightly.rows(table) == increments[table]


@pytest.mark.slow
def test_tonights_sums_of_customers_are_those_that_transform_made(nightly: World) -> None:
    bought = f"select sum(orders_count) from features.customer_features where as_of = date '{LAST}'"
    before = nightly.value(bought)
    nightly.query("update marts.customer_purchases set orders_count = orders_count + 1000")
    transform.snapshot(nightly.night(LAST), [LAST])
    nightly.query("update marts.customer_purchases set orders_count = orders_count - 1000")
    assert nightly.value(bought) >= before + 1000
    transform.snapshot(nightly.night(LAST), [LAST])
    assert nightly.value(bought) == before


@pytest.mark.slow
def test_a_full_refresh_keeps_snapshots_and_labels(
    nightly: World, increments: dict[str, set[tuple[object, ...]]]
) -> None:
    transform.transform(nightly.night(LAST), full_refresh=True)
    assert differing(contents(nightly), increments) == []


@pytest.mark.slow
def test_the_same_night_again_gives_the_same_rows_after_an_order_was_taken_back(
    increments: dict[str, set[tuple[object, ...]]], nightly: World
) -> None:
    wrong = {"order_id": "wrong", "ordered_at": f"{FIRST}", "status": "paid", "total_amount": 1,
             "email": "wrong@example.org"}  # fmt: skip
    nightly.add("orders", LAST, [wrong])
    transform.transform(nightly.night(LAST))
    assert nightly.query("from marts.order_history where order_id = 'wrong'")
    nightly.query("delete from raw.orders where order_id = 'wrong'")
    last_night(nightly)
    assert differing(contents(nightly), increments) == []


@pytest.mark.slow
def test_windows_hold_at_their_edges(nightly: World) -> None:
    """dbt's unit tests: plain rows at the edges of lookback and label windows."""
    built = build(nightly.night(LAST), ["test_type:unit"], {}, command="test")
    assert built.tests == 4


@pytest.mark.slow
def test_orders_alone_are_enough(tmp_path: Path) -> None:
    world = World(tmp_path)
    order = {"ordered_at": "2025-01-10", "status": "paid", "total_amount": 12.5}
    world.add(
        "orders",
        FIRST,
        [{**order, "order_id": f"o{i}", "email": f"a{i % 3}@b.fr"} for i in range(9)],
    )
    last_night(world)
    assert world.value("select sum(net_revenue_amount) from marts.customer_360") == 112.5
    assert world.value("select count(*) from features.customer_features") == 6
    assert world.value("select avg(label) from labels.label_churn") == 1


def test_a_failed_data_test_is_named(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.add("orders", FIRST, [])
    transform.transform(world.night(FIRST))
    world.query(
        "insert into marts.freshness by name"
        f" select date '{FIRST}' as as_of, 'orders' as entity, 0 as records_count"
    )
    with pytest.raises(CheckFailed, match="unique_key_freshness"):
        build(world.night(FIRST), ["freshness"], {}, command="test")


def test_a_model_that_breaks_is_named(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.add("orders", FIRST, [])
    world.query("alter table raw.stock drop column observed_at")
    with pytest.raises(TerminalError, match=r"dbt freshness: .*observed_at"):
        transform.transform(world.night(FIRST))


def test_anchors_never_move() -> None:
    first = date(2025, 1, 1)
    dates = transform.anchor_dates(date(2025, 6, 2), 28, 3, first)
    assert dates == [date(2025, 3, 17), date(2025, 4, 14), date(2025, 5, 12)]
    assert transform.anchor_dates(date(2025, 5, 12), 28, 1, first) == [date(2025, 4, 14)]
    assert transform.anchor_dates(date(2025, 5, 13), 28, 1, first) == [date(2025, 5, 12)]
    assert transform.anchor_dates(date(2025, 6, 2), 28, 18, date(2025, 5, 1)) == [date(2025, 5, 12)]
    assert transform.anchor_dates(date(2025, 6, 2), 28, 18, None) == []


def test_labels_are_asked_for_once_they_have_matured(tmp_path: Path) -> None:
    night = World(tmp_path).night(date(2025, 6, 2))
    assert transform.labels_of(
        night, [date(2025, 5, 5), date(2025, 5, 6)], matured_by=night.as_of
    ) == [
        LabelRequest(date(2025, 5, 5), "label_churn", 28),
        LabelRequest(date(2025, 5, 5), "label_purchase_propensity", 28),
    ]

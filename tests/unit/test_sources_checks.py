"""The limits of a source, each at its edge, through the real load and Great Expectations."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.errors import CheckFailed
from pipelines.specs.checks import Severity
from pipelines.specs.contract import ENTITIES
from pipelines.specs.limits import Checks, Limits, settled
from tests.contract.world import D1, D4, ORDERS, FrontDoor, order, orders

OFF = {"freshness_warning_days": "off", "volume_history": 2}


def door_with(tmp_path: Path, **checks: Any) -> FrontDoor:
    return FrontDoor(tmp_path, shop_orders={**ORDERS, "checks": OFF | checks})


def verdict(door: FrontDoor, as_of: date = D1) -> dict[str, Severity]:
    """Load what is put: the checks that failed. A critical one is to have stopped it."""
    door.extract(as_of)
    door.results.clear()
    try:
        door.load(as_of, audit=None)
        is_stopped = False
    except CheckFailed:
        is_stopped = True
    failed = {r.name: r.severity for r in door.results if not r.success}
    assert is_stopped == (Severity.CRITICAL in failed.values())
    return failed


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (1, {}),
        (2, {"shop_orders_has_few_records_in_quarantine": Severity.WARNING}),
        (4, {"shop_orders_has_few_records_in_quarantine": Severity.WARNING}),
        (
            5,
            {
                "shop_orders_has_few_records_in_quarantine": Severity.WARNING,
                "shop_orders_is_not_mostly_in_quarantine": Severity.CRITICAL,
            },
        ),
    ],
)
def test_quarantine_is_told_and_stops_only_beyond_its_limits(
    tmp_path: Path, bad: int, expected: dict[str, Severity]
) -> None:
    door = door_with(tmp_path, quarantine_warning=0.05, quarantine_critical=0.2)
    states = ["lost"] * bad + ["paid"] * (20 - bad)
    door.put("orders_2026-07-01.csv", orders(*(order(n, state=s) for n, s in enumerate(states))))
    assert verdict(door) == expected


def test_what_is_off_is_not_looked_at(tmp_path: Path) -> None:
    names = Checks.model_fields.keys() - {"volume_history", "references"}
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "checks": dict.fromkeys(names, False)})
    door.put("orders_2026-07-01.csv", orders(order(1, at="2020-01-01"), order(1), order(2, at="x")))
    assert verdict(door) == {}
    assert sorted(r.name for r in door.results) == [
        "orders_are_told_apart_by_their_key",
        "orders_order_id_is_filled",
    ]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (80, {}),
        (79, {"shop_orders_has_about_its_usual_volume": Severity.WARNING}),
        (60, {"shop_orders_has_about_its_usual_volume": Severity.WARNING}),
        (
            59,
            {
                "shop_orders_has_about_its_usual_volume": Severity.WARNING,
                "shop_orders_has_its_usual_volume": Severity.CRITICAL,
            },
        ),
        (180, {}),
        (181, {"shop_orders_has_about_its_usual_volume": Severity.WARNING}),
        (
            301,
            {
                "shop_orders_has_about_its_usual_volume": Severity.WARNING,
                "shop_orders_has_its_usual_volume": Severity.CRITICAL,
            },
        ),
    ],
)
def test_volume_is_judged_only_beyond_its_limits(
    tmp_path: Path, records: int, expected: dict[str, Severity]
) -> None:
    limits = {"volume_drop_warning": 0.2, "volume_growth_critical": 2}
    door = door_with(tmp_path, **limits)
    for day, usual in (("2026-06-30", 7), ("2026-07-01", 100), ("2026-07-02", 100)):
        door.put(f"orders_{day}.csv", orders(*(order(n, at="2026-06-28") for n in range(usual))))
        door.run(date.fromisoformat(day))
    door.put("orders_2026-07-04.csv", orders(*(order(n) for n in range(records))))
    assert verdict(door, D4) == expected


def test_a_small_extract_may_grow_to_a_few_records(tmp_path: Path) -> None:
    door = door_with(tmp_path)
    for day in ("2026-06-30", "2026-07-01", "2026-07-02"):
        door.put(f"orders_{day}.csv", orders(order(1, at="2026-06-28")))
        door.run(date.fromisoformat(day))
    door.put("orders_2026-07-04.csv", orders(*(order(n) for n in range(20))))
    assert verdict(door, D4) == {}


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ("2026-06-30 00:00:00", {}),
        ("2026-06-29 23:59:59", {"shop_orders_is_fresh_in_days": Severity.WARNING}),
        ("2026-06-29 00:00:00", {"shop_orders_is_fresh_in_days": Severity.WARNING}),
        (
            "2026-06-28 23:59:59",
            {
                "shop_orders_is_fresh_in_days": Severity.WARNING,
                "shop_orders_is_not_stale_in_days": Severity.CRITICAL,
            },
        ),
    ],
)
def test_the_newest_record_is_as_old_as_it_may_be_in_shop_time(
    tmp_path: Path, newest: str, expected: dict[str, Severity]
) -> None:
    door = door_with(tmp_path, freshness_warning_days=1, freshness_critical_days=2)
    door.put("orders_2026-07-01.csv", orders(order(1, at="2026-01-01"), order(2, at=newest)))
    assert verdict(door) == expected


def test_an_older_extract_that_is_loaded_later_is_judged_on_its_own_day(tmp_path: Path) -> None:
    door = door_with(tmp_path, freshness_critical_days=1)
    stock = {
        "entity": "stock",
        "path": "{folder}/stock_{date}.csv",
        "format": "csv",
        "columns": {"product_id": "sku", "observed_at": "at", "quantity": "n"},
        "on_missing": "go_on",
        "checks": {"freshness_critical_days": 1},
    }
    door.configure(shop_orders={**ORDERS, "checks": OFF}, stock=stock)
    door.put("stock_2026-07-01.csv", "sku,at,n\nA,2026-06-30 12:00:00,1\n")
    door.put("orders_2026-07-04.csv", orders(order(1)))
    assert verdict(door, D4) == {}
    assert "stock_is_not_stale_in_days" in {r.name for r in door.results}
    door.put("stock_2026-07-04.csv", "sku,at,n\nA,2026-06-30 12:00:00,1\n")
    assert verdict(door, D4) == {"stock_is_not_stale_in_days": Severity.CRITICAL}


def test_two_sources_of_an_entity_are_judged_each_by_its_own_limits(tmp_path: Path) -> None:
    store = {**ORDERS, "path": "{folder}/store_{date}.csv"}
    door = FrontDoor(
        tmp_path,
        web={**ORDERS, "checks": {"duplicates": "critical", "freshness_warning_days": 1}},
        store={**store, "checks": {"duplicates": "warning", "freshness_warning_days": 30}},
    )
    old = order(1, at="2026-06-10 10:00:00")
    door.put("orders_2026-07-01.csv", orders(old))
    door.put("store_2026-07-01.csv", orders(old, old))
    assert verdict(door) == {
        "web_is_fresh_in_days": Severity.WARNING,
        "store_has_each_key_once_within_an_extract": Severity.WARNING,
        "orders_of_two_sources_have_ids_of_their_own": Severity.WARNING,
    }
    door.put("orders_2026-07-01.csv", orders(old, old))
    assert verdict(door)["web_has_each_key_once_within_an_extract"] is Severity.CRITICAL


def test_a_source_sets_its_limits_over_those_of_the_shop_and_the_built_in_ones() -> None:
    shops = Checks.model_validate({"quarantine_critical": 0.2, "freshness_warning_days": False})
    sources = Checks.model_validate({"quarantine_critical": 0.1, "references": "off"})
    assert settled("orders", Checks(), Checks()) == Limits(freshness_warning_days=3)
    assert settled("stock", Checks(), Checks()) == Limits()
    assert settled("orders", shops, Checks()) == Limits(quarantine_critical=0.2)
    assert settled("stock", shops, sources) == Limits(quarantine_critical=0.1, references=None)


@pytest.mark.parametrize(
    ("limit", "found"),
    [
        ({"quarantine_critical": 1.01}, "a share from 0 to 1, or off"),
        ({"quarantine_critical": "20 %"}, "found '20 %'; allowed: a share from 0 to 1, or off"),
        ({"volume_drop_critical": True}, "found True; allowed"),
        ({"volume_growth_warning": 0}, "a share above 0"),
        ({"freshness_warning_days": float("nan")}, "days, more than 0"),
        ({"freshness_warning_days": 0}, "days, more than 0"),
        ({"duplicates": "yes"}, "'warning', 'critical' or 'off'"),
    ],
)
def test_a_limit_that_is_none_is_refused(limit: dict[str, Any], found: str) -> None:
    with pytest.raises(ValidationError, match=found):
        Checks.model_validate(limit)


def test_a_check_that_means_nothing_for_an_entity_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"'products' has no time .* allowed for contacts"):
        products = {"product_id": "p", "name": "n", "category": "c"}
        FrontDoor(
            tmp_path,
            p={**ORDERS, "entity": "products", "columns": products, "checks": OFF},
        )
    with pytest.raises(ValidationError, match=r"checks\.references: allowed for order_lines"):
        door_with(tmp_path, references="off")


def test_these_entities_have_a_time_that_tells_the_age_of_an_extract() -> None:
    assert {e.name: e.event_time for e in ENTITIES.values() if e.event_time} == {
        "contacts": "updated_at",
        "consents": "changed_at",
        "stock": "observed_at",
        "orders": "ordered_at",
        "web_events": "occurred_at",
        "campaign_sends": "sent_at",
        "campaign_events": "occurred_at",
        "attributes": "observed_at",
        "erasure_requests": "requested_at",
    }

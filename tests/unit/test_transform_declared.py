"""What people say of themselves beside what they do."""

from datetime import date
from typing import Any

import pytest

from pipelines import transform
from tests.leakage.world import World

NIGHT = date(2025, 6, 2)


def contact(key: str, **other: Any) -> dict[str, Any]:
    return {"contact_id": key, "updated_at": "2025-01-01", "email": f"{key}@shop.test", **other}


def says(key: str, name: str, value: str, observed_at: str = "2025-01-02") -> dict[str, Any]:
    return {"contact_id": key, "name": name, "value": value, "observed_at": observed_at}


def orders() -> list[dict[str, Any]]:
    bought = [("ann", "store", "S02"), ("ann", "store", "S02"), ("ann", "web", None),
              ("bob", "web", "S01"), ("eve", "store", "S01"), ("shy", "store", "S01")]  # fmt: skip
    return [
        {"order_id": f"o{n}", "ordered_at": "2025-05-01", "status": "paid", "total_amount": 10,
         "contact_id": who, "channel": channel, "store_id": store}
        for n, (who, channel, store) in enumerate(bought)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("declared"))
    made.add(
        "contacts",
        NIGHT,
        [
            contact("ann", country="FR", postal_code="69003", extra='{"MAGASIN_PREFERE": "lyon"}'),
            contact("bob", country="FR", postal_code="13001", extra='{"MAGASIN_PREFERE": "S01"}'),
            contact("eve", extra='{"MAGASIN_PREFERE": "S99"}'),
            contact("shy", extra='{"MAGASIN_PREFERE": "S01"}'),
        ],
    )
    made.add(
        "stores",
        NIGHT,
        [
            {"store_id": "S01", "name": "Paris", "postal_code": "75011", "country": "FR"},
            {"store_id": "S02", "name": "Lyon", "postal_code": "69001", "country": "FR"},
        ],
    )
    made.add("orders", NIGHT, orders())
    made.add("products", NIGHT, [{"product_id": "p", "name": "P", "category": "Femme"}])
    made.add(
        "order_lines",
        NIGHT,
        [{"order_id": "o0", "line_number": 1, "product_id": "p", "quantity": 1, "unit_price": 9}],
    )
    made.add(
        "attributes",
        NIGHT,
        [
            says("ann", "preferred_contact_frequency", "weekly"),
            says("ann", "preferred_contact_frequency", "mensuel", "2025-02-01"),
            says("ann", "preferred_channel", "Boutique"),
            says("ann", "preferred_category", "femme"),
            says("bob", "preferred_contact_frequency", "weekly"),
            says("bob", "preferred_channel", "appli"),
            says("eve", "preferred_contact_frequency", "weekly"),
            says("eve", "preferred_channel", "pigeon"),
            says("bob", "preferred_category", "the colour blue"),
        ],
    )
    made.add(
        "consents",
        NIGHT,
        [
            {"contact_id": who, "channel": "email", "status": "objected", "purpose": purpose,
             "changed_at": "2025-02-01"}
            for who, purpose in [("shy", "profiling"), ("eve", "open_tracking")]
        ],
    )  # fmt: skip
    sent = {who: [f"2025-0{month}-10" for month in (3, 4, 5)] for who in ("ann", "bob", "eve")}
    made.add(
        "campaign_sends",
        NIGHT,
        [
            {"campaign_id": "c", "send_id": f"{who}{day}", "email": f"{who}@shop.test",
             "sent_at": f"{day} 08:00"}
            for who, days in sent.items() for day in days
        ],
    )  # fmt: skip
    made.add(
        "campaign_events",
        NIGHT,
        [
            {"send_id": f"{who}{day}", "event_name": "open", "occurred_at": f"{day} {hour}:00",
             "is_machine": who == "bob"}
            for who, days in sent.items() for day in days for hour in ("09", "10")
        ],
    )  # fmt: skip
    transform.transform(made.night(NIGHT))
    return made


def of(world: World, contact_id: str) -> dict[str, tuple[Any, ...]]:
    rows = world.query(
        "select topic, declared, observed, observed_value, is_agreeing"
        " from marts.declared_and_observed join marts.golden_records using (customer_id)"
        f" where contact_id = '{contact_id}'"
    )
    return {topic: tuple(rest) for topic, *rest in rows}


def test_what_is_said_stands_beside_what_is_done(world: World) -> None:
    assert of(world, "ann") == {
        "contact_frequency": ("monthly", "monthly", 1.0, True),
        "channel": ("store", "store", 0.6667, True),
        "store": ("S02", "S02", 1.0, True),
        "category": ("Femme", "Femme", 1.0, True),
        "area": ("FR 69", "FR 69", 1.0, True),
    }


def test_machines_open_nothing_and_a_store_of_web_orders_is_not_bought_in(world: World) -> None:
    assert of(world, "bob") == {
        "contact_frequency": ("weekly", "never", 0.0, False),
        "channel": ("app", "web", 1.0, False),
    }


def test_nothing_is_said_of_who_refuses_nor_of_words_that_mean_nothing(world: World) -> None:
    assert of(world, "eve") == {}
    assert of(world, "shy") == {}

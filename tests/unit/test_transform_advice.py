"""What is advised about the base of addresses: whom it counts, and what it is worth."""

from datetime import date, timedelta
from typing import Any

import pytest

from pipelines import transform
from tests.leakage.world import World

NIGHT = date(2025, 6, 2)
FULL = {"first_name": "A", "last_name": "B", "birth_date": "1980-01-01", "gender": "f",
        "postal_code": "69001", "city": "Lyon", "country": "FR", "language": "fr",
        "loyalty_id": "L"}  # fmt: skip


def contact(key: str, **other: Any) -> dict[str, Any]:
    full = {**FULL, "loyalty_id": f"L{key}"}
    return {"contact_id": key, "updated_at": "2025-01-01", "email": f"{key}@shop.test",
            **full, **other}  # fmt: skip


def order(who: str, day: str, amount: int, channel: str, store: str | None) -> dict[str, Any]:
    return {"order_id": f"{who}{day}", "ordered_at": f"{day} 10:00", "status": "paid",
            "total_amount": amount, "contact_id": who, "channel": channel,
            "store_id": store}  # fmt: skip


def sends(address: str, count: int, every: int = 7) -> list[dict[str, Any]]:
    """One each `every` days, the last one on the day before the night."""
    return [
        {"campaign_id": "c", "send_id": f"{address}{n}", "email": address,
         "sent_at": f"{NIGHT - timedelta(days=1 + every * n)} 08:00"}
        for n in range(count)
    ]  # fmt: skip


def answer(address: str, event: str, is_machine: bool = False) -> dict[str, Any]:
    return {"send_id": f"{address}0", "event_name": event, "is_machine": is_machine,
            "occurred_at": f"{NIGHT - timedelta(days=1)} 09:00"}  # fmt: skip


def word(who: str, channel: str, status: str, **other: Any) -> dict[str, Any]:
    return {"contact_id": who, "channel": channel, "status": status, "changed_at": "2025-01-05",
            **other}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("advice"))
    silent = ["deaf", "machine", "reader", "buyer", "untracked", "profiled"]
    made.add(
        "contacts",
        NIGHT,
        [
            *(contact(who) for who in silent),
            contact("poor", birth_date=None, phone="+33600000001"),
            contact("rich", birth_date=None, city=None, phone="+33600000002"),
            contact("lost", birth_date=None, phone="+33600000003"),  # bought too long ago
            contact("refuser"),
            contact("letters", email=None),
            contact("desk", email="info@shop.test"),
            contact("bad", email="bad@yopmail.com"),  # bounced as well: once only
        ],
    )
    made.add(
        "orders",
        NIGHT,
        [
            order("poor", "2025-05-01", 10, "store", "S01"),
            order("rich", "2024-07-01", 500, "store", "S01"),
            order("rich", "2025-05-01", 90, "web", None),
            order("lost", "2024-05-31", 900, "web", None),
            order("refuser", "2025-05-01", 40, "store", "S01"),
            order("letters", "2025-05-01", 70, "store", "S02"),
            order("buyer", "2025-03-01", 30, "web", None),
            order("deaf", "2024-11-01", 20, "web", None),
        ],
    )
    made.add(
        "consents",
        NIGHT,
        [
            word("refuser", "email", "withdrawn"),
            word("letters", "post", "granted"),
            word("deaf", "post", "granted"),
            word("buyer", "email", "granted"),
            word("lost", "sms", "granted"),
            word("untracked", "email", "objected", purpose="open_tracking"),
            word("profiled", "email", "objected", purpose="profiling"),
        ],
    )
    made.add(
        "campaigns",
        NIGHT,
        [{"campaign_id": "c", "name": "C", "channel": "email", "cost_per_contact": "0.02"}],
    )
    made.add(
        "campaign_sends",
        NIGHT,
        [
            *(send for who in silent for send in sends(f"{who}@shop.test", 8)),
            *sends("lost@shop.test", 5),
            *sends("info@shop.test", 1),
            *sends("bad@yopmail.com", 20),  # 13 of them in the last 91 days
        ],
    )
    made.add(
        "campaign_events",
        NIGHT,
        [
            answer("machine@shop.test", "open", is_machine=True),
            answer("reader@shop.test", "open"),
            answer("bad@yopmail.com", "bounce"),
        ],
    )
    transform.transform(made.night(NIGHT))
    return made


def advice(world: World, kind: str) -> list[tuple[Any, ...]]:
    return world.query(
        "select channel, item, people_count, points_count, messages_count, value_amount::float8"
        f" from marts.contact_base_advice where kind = '{kind}' order by rank"
    )


def test_what_valuable_people_lack_comes_first(world: World) -> None:
    found = advice(world, "enrich")
    assert [row for row in found if row[1] in ("birth_date", "city")] == [
        ("web", "birth_date", 1, None, None, 590.0),
        ("web", "city", 1, None, None, 590.0),
        ("store", "birth_date", 1, None, None, 10.0),
    ]
    assert ("store", "email", 1, None, None, 70.0) in found
    assert ("store", "phone", 2, None, None, 110.0) in found


def test_who_is_written_to_in_vain_is_told_once_with_what_it_costs(world: World) -> None:
    assert advice(world, "stop_mailing") == [
        ("email", "no_reaction", 2, 2, 16, 0.32),
        ("email", "bounced", 1, 1, 13, 0.26),
        ("email", "role_address", 1, 1, 1, 0.02),
    ]


def test_other_channels_are_named_only_where_they_may_be_used(world: World) -> None:
    assert advice(world, "reach_otherwise") == [
        ("post", "no_email", 1, None, None, 70.0),
        ("post", "no_reaction", 1, None, None, 20.0),
    ]


def test_consent_is_asked_of_buyers_who_have_said_nothing(world: World) -> None:
    assert advice(world, "ask_consent") == [
        ("web", "", 1, None, None, 590.0),
        ("store", "S01", 1, None, None, 10.0),
    ]


def test_every_advice_says_whom_it_counts(world: World) -> None:
    said = world.query("select distinct kind, item, basis from marts.contact_base_advice")
    assert all("last" in basis and basis.endswith(".") for _, _, basis in said)
    (reason,) = [basis for _, item, basis in said if item == "role_address"]
    assert reason.startswith("A desk, not a person")
    assert "At least 6 e-mails in 182 days" in " ".join(basis for _, _, basis in said)

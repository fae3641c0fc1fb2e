"""How good the base of addresses is, address by address and in numbers."""

from datetime import date
from typing import Any

import pytest

from pipelines import transform
from tests.leakage.world import World

NIGHT = date(2025, 6, 2)


def contact(key: str, email: str, **other: Any) -> dict[str, Any]:
    return {"contact_id": key, "updated_at": "2025-01-01", "email": email, **other}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("quality"))
    made.add(
        "contacts",
        NIGHT,
        [
            contact("ann", "ann@gmail.com", first_name="Ann", city="Lyon", country="FR"),
            contact("desk", "info@shop.test"),
            contact("thrown", "x@yopmail.com"),
            contact("broken", "a..b@nowhere"),
            contact("bounced", "b@orange.fr", phone="+33600000001"),
        ],
    )
    made.add("orders", NIGHT, [])
    made.add(
        "consents",
        NIGHT,
        [
            {"contact_id": "ann", "channel": "email", "status": "granted",
             "changed_at": "2025-02-01"},
            {"contact_id": "desk", "channel": "email", "status": "withdrawn",
             "changed_at": "2025-02-01"},
        ],
    )  # fmt: skip
    made.add(
        "campaign_sends",
        NIGHT,
        [
            {"campaign_id": "c", "email": email, "sent_at": f"{day} 08:00", "send_id": f"{n}"}
            for n, (email, day) in enumerate(
                [("ann@gmail.com", "2025-05-01"), ("ann@gmail.com", "2024-05-01"),
                 ("b@orange.fr", "2025-05-01")]
            )
        ],
    )  # fmt: skip
    made.add(
        "campaign_events",
        NIGHT,
        [
            {"campaign_id": "c", "email": email, "event_name": event, "occurred_at": f"{day} 09:00",
             "is_machine": is_machine}
            for email, event, day, is_machine in [
                ("ann@gmail.com", "delivered", "2025-05-01", False),
                ("ann@gmail.com", "open", "2025-05-02", False),
                ("ann@gmail.com", "open", "2025-05-03", True),
                ("b@orange.fr", "bounce", "2025-05-01", False),
            ]
        ],
    )  # fmt: skip
    transform.transform(made.night(NIGHT))
    return made


def test_each_address_is_judged_by_what_it_looks_like(world: World) -> None:
    assert world.query(
        "select address, is_syntax_valid, is_role_address, is_disposable, mailbox_provider"
        " from marts.contact_point_quality"
        " join (select contact_point_id, address from marts.contact_points)"
        " using (contact_point_id) where channel = 'email' order by 1"
    ) == [
        ("a..b@nowhere", False, False, False, "other"),
        ("ann@gmail.com", True, False, False, "google"),
        ("b@orange.fr", True, False, False, "orange"),
        ("info@shop.test", True, True, False, "other"),
        ("x@yopmail.com", True, False, True, "other"),
    ]


def test_and_by_how_it_answers(world: World) -> None:
    assert world.query(
        "select has_bounced, last_delivered_at::varchar, last_human_open_at::varchar,"
        " messages_count_91d, messages_count, completeness_rate, inactive_days"
        " from marts.contact_point_quality"
        " join (select contact_point_id, address from marts.contact_points)"
        " using (contact_point_id) where address in ('ann@gmail.com', 'b@orange.fr')"
        " order by address"
    ) == [
        (False, "2025-05-01 09:00:00", "2025-05-02 09:00:00", 1, 2, 0.3333, 31),
        (True, None, None, 1, 1, 0.1667, None),
    ]


def test_the_summary_counts_them(world: World) -> None:
    assert world.query(
        "select measure, points_count, points_rate from marts.contact_base_summary"
        " where channel = 'email' and points_count > 0 order by 1"
    ) == [
        ("bounced", 1, 0.2),
        ("consent_granted", 1, 0.2),
        ("consent_refused", 1, 0.2),
        ("consent_unknown", 3, 0.6),
        ("contactable", 1, 0.2),
        ("disposable", 1, 0.2),
        ("inactive_365d", 3, 0.6),
        ("messages_91d_no_reaction", 1, 0.2),
        ("role_address", 1, 0.2),
        ("syntax_invalid", 1, 0.2),
    ]

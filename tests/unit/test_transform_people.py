"""Who is who, and who may be contacted: one small shop, one case per person."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import transform
from tests.leakage.world import World

NIGHT = date(2025, 6, 2)


def order(key: str, **who: Any) -> dict[str, Any]:
    return {
        "order_id": key,
        "ordered_at": "2025-05-01 10:00",
        "status": "paid",
        "total_amount": 20,
        **who,
    }


def contact(key: str, **other: Any) -> dict[str, Any]:
    return {
        "contact_id": key,
        "created_at": "2025-01-01",
        "updated_at": "2025-01-01",
        "email": f"{key}@shop.test",
        **other,
    }


def consent(key: str, status: str, changed_at: str, **other: Any) -> dict[str, Any]:
    who = {"contact_id": key} if "email" not in other and "phone" not in other else {}
    return {"channel": "email", "status": status, "changed_at": changed_at, **who, **other}


CONTACTS = [
    contact("family1", email="home@shop.test"),
    contact("family2", email="home@shop.test"),
    contact("plain"),
    contact("nobody", email="test@test.com"),
    *(contact(f"till{i}", email="till@shop.test") for i in range(8)),
    contact("granted", phone="+33600000001"),
    contact("withdrawn"),
    contact("tie"),
    contact("twice"),
    contact("objected", phone="+33600000002"),
    contact("came_back"),
    contact("profiling"),
    contact("deleted", is_deleted=True),
    contact("moved", email="new@shop.test", updated_at="2025-05-20"),
    contact("late_grant"),
    contact("late_withdrawal"),
    contact("unsubscribed"),
    contact("resubscribed"),
    contact("complained"),
    contact("bounced"),
    contact("bounced_once"),
    contact("staff"),
    contact("vip_until_yesterday"),
    contact("silent_buyer", phone="+33600000003"),
    contact("market_buyer"),
    contact("imported", email="a1b2@marketplace.amazon.fr"),
    contact("merged", email="merged@shop.test"),
    contact("inbox", email="in.box+shop@gmail.com"),
]
ORDERS = [
    order("guest", email="PLAIN@shop.test"),
    order("by_visitor", contact_id="plain", visitor_id="v_order"),
    order("by_refuser", contact_id="plain", visitor_id="v_refused"),
    order("nobody1", email="test@test.com"),
    order("silent", contact_id="silent_buyer"),
    order("market", contact_id="market_buyer", channel="marketplace"),
    order("market_import", contact_id="imported"),
    # Of one who bought in the shop as well: one telephone tells it.
    order("market_alias", email="alias@market.test", phone="+33600000003", channel="marketplace"),
    order("market_yes", email="alias_yes@market.test", channel="marketplace"),
    # The shop itself was told this one, too.
    order("market_told", email="told@shop.test", channel="marketplace"),
    order("web_told", email="told@shop.test", channel="web"),
    order("merged_guest", email="merged@shop.test", phone="+33600000009"),
]
CONSENTS = [
    consent("granted", "granted", "2025-02-01"),
    consent("granted", "granted", "2025-02-01", channel="phone"),
    consent("withdrawn", "granted", "2025-02-01"),
    consent("withdrawn", "withdrawn", "2025-03-01"),
    consent("tie", "withdrawn", "2025-02-01"),
    consent("tie", "granted", "2025-02-01"),
    consent("twice", "withdrawn", "2025-02-01"),
    consent("twice", "granted", "2025-03-01"),
    consent("objected", "granted", "2025-02-01", channel="sms"),
    consent("objected", "objected", "2025-03-01"),
    consent("came_back", "objected", "2025-03-01"),
    consent("came_back", "granted", "2025-04-01"),
    consent("profiling", "granted", "2025-02-01"),
    consent("profiling", "objected", "2025-03-01", purpose="profiling"),
    consent("deleted", "granted", "2025-02-01"),
    consent("moved", "withdrawn", "2025-02-01", email="moved@shop.test"),
    consent("moved", "withdrawn", "2025-02-02"),
    consent("late_grant", "granted", "2025-06-02 08:00"),
    consent("late_withdrawal", "granted", "2025-02-01"),
    consent("late_withdrawal", "withdrawn", "2025-06-02 08:00"),
    *(
        consent(name, "granted", "2025-02-01")
        for name in (
            "unsubscribed", "resubscribed", "complained", "bounced", "bounced_once", "staff",
            "vip_until_yesterday",
        )
    ),
    consent("resubscribed", "granted", "2025-05-20"),
    consent("", "withdrawn", "2025-03-01", email="merged@shop.test"),
    consent("merged", "granted", "2025-02-01"),
    consent("inbox", "granted", "2025-02-01"),
    consent("", "withdrawn", "2025-03-01", email="inbox@googlemail.com"),
    consent("", "granted", "2025-03-01", email="alias_yes@market.test"),
]  # fmt: skip
ANSWERS = {
    "unsubscribed": ["unsubscribe"],
    "resubscribed": ["unsubscribe"],
    "complained": ["complaint"],
    "bounced": ["delivered", "bounce"],
    "bounced_once": ["bounce", "delivered"],
}
EVENTS = [
    ("v_signed_in", "sign_in", "plain", None),
    ("v_denied", "sign_in", "plain", "denied"),
    ("v_refused", "page_view", None, "denied"),
    *(("v_kiosk", "sign_in", f"till{i}", None) for i in range(5)),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("people"), lawful_basis="soft_opt_in")
    made.add("contacts", NIGHT, CONTACTS)
    made.add("orders", NIGHT, ORDERS)
    made.add("consents", NIGHT, CONSENTS)
    made.add(
        "campaign_events",
        NIGHT,
        [
            {
                "campaign_id": "c",
                "contact_id": name,
                "event_name": event,
                "occurred_at": f"2025-05-0{i + 1} 10:00",
            }
            for name, events in ANSWERS.items()
            for i, event in enumerate(events)
        ],
    )
    made.add(
        "exclusions",
        NIGHT,
        [
            {"email": "staff@shop.test", "reason": "staff"},
            {
                "contact_id": "vip_until_yesterday",
                "reason": "vip",
                "until": NIGHT - timedelta(days=1),
            },
        ],
    )
    made.add(
        "web_events",
        NIGHT,
        [
            {
                "event_id": f"e{i}",
                "occurred_at": "2025-05-03 10:00",
                "visitor_id": visitor,
                "event_name": name,
                "contact_id": who,
                "consent_state": state,
            }
            for i, (visitor, name, who, state) in enumerate(EVENTS)
        ],
    )
    transform.transform(made.night(NIGHT))
    transform.snapshot(made.night(NIGHT), [NIGHT])
    return made


def customer(world: World, profile: str) -> str | None:
    rows = world.query(
        f"select customer_id from identity.identity_map where profile_id='{profile}'"
    )
    return rows[0][0] if rows else None


def test_two_contacts_of_one_inbox_are_one_customer(world: World) -> None:
    assert customer(world, "contact:family1") == customer(world, "contact:family2")


def test_a_guest_order_in_another_case_joins_its_contact(world: World) -> None:
    assert customer(world, "email:plain@shop.test") == customer(world, "contact:plain")


def test_an_address_of_many_contacts_joins_nobody(world: World) -> None:
    assert len({customer(world, f"contact:till{i}") for i in range(8)}) == 8


def test_a_placeholder_address_is_nobody(world: World) -> None:
    assert customer(world, "email:test@test.com") is None
    assert world.value("select customer_id from marts.orders where order_id = 'nobody1'") is None


def test_browsers_are_stitched_by_sign_in_and_order_unless_the_visitor_refused(
    world: World,
) -> None:
    assert customer(world, "visitor:v_signed_in") == customer(world, "contact:plain")
    assert customer(world, "visitor:v_order") == customer(world, "contact:plain")
    assert customer(world, "visitor:v_denied") is None
    assert customer(world, "visitor:v_refused") is None


def test_a_browser_of_many_people_is_nobody_s(world: World) -> None:
    assert customer(world, "visitor:v_kiosk") is None


def test_a_customer_is_called_after_a_person_not_a_browser(world: World) -> None:
    assert world.value("select 'c_' || left(md5('contact:plain'), 16)") == customer(
        world, "contact:plain"
    )


BLOCKED: dict[tuple[str, str], str | None] = {
    ("email", "granted@shop.test"): None,
    ("phone", "+33600000001"): None,
    ("sms", "+33600000001"): "no_consent",
    ("email", "withdrawn@shop.test"): "withdrawn",
    ("email", "tie@shop.test"): "withdrawn",
    ("email", "twice@shop.test"): None,
    ("email", "objected@shop.test"): "objected",
    ("sms", "+33600000002"): "objected",
    ("email", "came_back@shop.test"): None,
    ("email", "profiling@shop.test"): "profiling_objected",
    ("email", "deleted@shop.test"): "deleted",
    ("email", "new@shop.test"): "withdrawn",
    ("email", "late_grant@shop.test"): "no_consent",
    ("email", "late_withdrawal@shop.test"): "withdrawn",
    ("email", "unsubscribed@shop.test"): "suppressed_unsubscribe",
    ("email", "resubscribed@shop.test"): None,
    ("email", "complained@shop.test"): "suppressed_complaint",
    ("email", "bounced@shop.test"): "suppressed_bounce",
    ("email", "bounced_once@shop.test"): None,
    ("email", "staff@shop.test"): "excluded_staff",
    ("email", "vip_until_yesterday@shop.test"): None,
    ("email", "silent_buyer@shop.test"): None,
    ("sms", "+33600000003"): None,
    ("phone", "+33600000003"): "no_consent",
    ("email", "market_buyer@shop.test"): "no_consent",
    ("email", "a1b2@marketplace.amazon.fr"): "no_consent",
    ("email", "alias@market.test"): "no_consent",
    ("email", "alias_yes@market.test"): None,
    ("email", "told@shop.test"): None,
    ("email", "family1@shop.test"): "absent",
    ("email", "merged@shop.test"): "withdrawn",
    ("email", "in.box+shop@gmail.com"): "withdrawn",
    ("email", "inbox@googlemail.com"): "absent",
}


def test_every_address_is_blocked_for_its_reason(world: World) -> None:
    found = {
        (channel, address): reason
        for channel, address, reason in world.query(
            "select channel, address, blocked_reason from marts.contact_points"
        )
    }
    assert {key: found.get(key, "absent") for key in BLOCKED} == BLOCKED


def test_an_alias_of_a_marketplace_may_be_known_beside_an_address_of_the_shop(
    world: World,
) -> None:
    assert customer(world, "email:alias@market.test") == customer(world, "contact:silent_buyer")
    assert world.query(
        "select address from marts.contact_points where is_from_marketplace order by 1"
    ) == [("a1b2@marketplace.amazon.fr",), ("alias@market.test",), ("alias_yes@market.test",)]


def test_who_objects_to_profiling_has_no_features(world: World) -> None:
    assert world.value(
        "select is_profiling_objected from marts.customer_360 where contact_id = 'profiling'"
    )
    name = customer(world, "contact:profiling")
    assert not world.query(f"from features.customer_features where customer_id = '{name}'")


def test_the_cases_of_the_page_on_consent_are_so(world: World) -> None:
    found = {
        (contact_id, channel): reason or "may be written to"
        for contact_id, channel, reason in world.query(
            "select contact_id, p.channel, p.blocked_reason from marts.contact_points p"
            " join marts.contact_history h on p.address in (h.email, h.phone)"
        )
    }
    text = (Path(__file__).parents[2] / "docs" / "consent.md").read_text(encoding="utf-8")
    table = text.split("## Cases")[1].split("\n|---")[1].splitlines()[1:]
    cases = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert len(cases) > 15
    assert [(*case, found.get((case[0], case[2]))) for case in cases] == [
        (*case, case[3]) for case in cases
    ]

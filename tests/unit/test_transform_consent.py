"""What was said and what happened, address by address: consent_status, suppressions, the opens and
clicks that nobody may look at, the snapshots that an objector leaves."""

from datetime import date
from typing import Any

import pytest

from pipelines import transform
from tests.leakage.world import World, at

FIRST = date(2025, 6, 2)
SECOND = date(2025, 6, 3)


def contact(key: str, **other: Any) -> dict[str, Any]:
    return {
        "contact_id": key,
        "created_at": "2025-01-01",
        "updated_at": "2025-01-01",
        "email": f"{key}@shop.test",
        **other,
    }


def consent(status: str, changed_at: str, **other: Any) -> dict[str, Any]:
    return {"channel": "email", "status": status, "changed_at": changed_at, **other}


CONTACTS = [
    contact("form"),
    contact("two", phone="+33600000002"),
    contact("calls", phone="+33600000003"),
    contact("trial", phone="+33600000004"),
    contact("letter", postal_code="75001"),
    contact("moved", email="old@shop.test"),
    contact("bounced"),
    contact("lives"),
    contact("reader"),
    contact("person", email="one@shop.test"),
    contact("again"),
    contact("watched"),
    contact("listed"),
    contact("forgotten"),
    contact("asked"),
    contact("left", is_deleted=True),
    contact("profiled"),
]
CONSENTS = [
    consent("granted", "2025-02-01", contact_id="form", origin="web form"),
    consent("withdrawn", "2025-03-01", email="form@shop.test", origin="till"),
    # Words about a channel that name no address of it.
    consent("granted", "2025-02-01", email="two@shop.test", channel="sms", origin="checkout"),
    consent("withdrawn", "2025-03-01", email="calls@shop.test", channel="sms"),
    consent("granted", "2025-02-01", phone="+33600000003", channel="sms"),
    consent("objected", "2025-03-01", contact_id="letter", channel="email", origin="letter"),
    consent("withdrawn", "2025-03-01", contact_id="moved"),
    consent("withdrawn", "2025-04-01", email="again@shop.test", purpose="open_tracking"),
    consent("granted", "2025-05-04", email="again@shop.test", purpose="open_tracking"),
]
LATER = [
    consent("withdrawn", "2025-06-02 09:00", contact_id="reader", purpose="open_tracking"),
    # The person objects: with every address.
    consent("objected", "2025-06-02 09:00", email="guest@shop.test", purpose="open_tracking"),
    consent("objected", "2025-06-02 09:00", contact_id="profiled", purpose="profiling"),
]
READERS = ("reader", "person", "again", "watched")
ANSWERS = [
    ("bounced", "delivered", "2025-05-01"),
    ("bounced", "bounce", "2025-05-02"),
    ("bounced", "bounce", "2025-05-03"),
    ("lives", "bounce", "2025-05-02"),
    ("lives", "delivered", "2025-05-04"),
    ("forgotten", "complaint", "2025-05-04"),
    *(
        (who, event, f"2025-05-0{day}")
        for who in READERS
        for day, event in ((2, "open"), (3, "click"), (5, "open"), (6, "click"))
    ),
]


def address(who: str) -> str:
    return "one@shop.test" if who == "person" else f"{who}@shop.test"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("consent"), lawful_basis="opt_in")
    made.add("contacts", FIRST, CONTACTS)
    made.add("consents", FIRST, CONSENTS)
    made.add(
        "orders",
        FIRST,
        [
            {"order_id": "o", "ordered_at": at("2025-04-01"), "status": "paid", "total_amount": 9,
             "contact_id": "person", "email": "guest@shop.test"},
            {"order_id": "guest", "ordered_at": at("2025-04-01"), "status": "paid",
             "total_amount": 9, "email": "guest@shop.test"},
        ],
    )  # fmt: skip
    made.add(
        "campaign_sends",
        FIRST,
        [
            {"campaign_id": "c", "email": address(who), "sent_at": "2025-05-01 08:00",
             "send_id": f"s-{who}"}
            for who in READERS
        ],
    )  # fmt: skip
    made.add(
        "campaign_events",
        FIRST,
        [
            {"campaign_id": "c", "email": address(who), "event_name": event,
             "occurred_at": f"{day} 10:00"}
            for who, event, day in ANSWERS
        ],
    )  # fmt: skip
    made.add("exclusions", FIRST, [{"contact_id": "listed", "reason": "staff"}])
    made.add(
        "erasure_requests",
        FIRST,
        [
            {"email": f"{name}@shop.test", "requested_at": "2025-05-10"}
            for name in ("forgotten", "asked")
        ],
    )
    made.add(
        "subscriptions",
        FIRST,
        [{"subscription_id": "s", "contact_id": "trial", "converted_at": "2025-02-01"}],
    )
    transform.transform(made.night(FIRST))
    transform.snapshot(made.night(FIRST), [FIRST])
    made.before = made.query(_OPENED)  # type: ignore[attr-defined]
    made.add("consents", SECOND, LATER)
    made.add("contacts", SECOND, [contact("moved", email="new@shop.test", updated_at="2025-06-02")])
    transform.transform(made.night(SECOND))
    transform.snapshot(made.night(SECOND), [SECOND])
    transform.outcomes(made.night(SECOND))
    return made


_OPENED = """
select contact_id, emails_opened_count_91d, emails_clicked_count_91d, emails_clicked_91d_rate,
       last_click_days
from features.customer_features
join identity.identity_history using (customer_id)
join (select distinct contact_id, profile_id from marts.contact_history) using (profile_id)
where as_of = date '2025-06-02' and known_until_date = date '9999-12-31'
  and contact_id in ('reader', 'person', 'again', 'watched', 'profiled') order by 1
"""

STATUS = {
    # The last word on the address, whoever gave it and wherever.
    ("email", "form@shop.test"): ("withdrawn", "till", "address", None, "withdrawn"),
    # A yes to SMS that names an e-mail address names no number.
    ("sms", "+33600000002"): ("none", None, None, None, "no_consent"),
    ("phone", "+33600000002"): ("none", None, None, None, "no_consent"),
    # A no to SMS by e-mail address closes the person's channel.
    ("sms", "+33600000003"): ("withdrawn", None, "person", None, "withdrawn"),
    # Who has a running contract may be called about it.
    ("phone", "+33600000004"): ("none", None, None, "contract", None),
    # An objection binds the person on every channel.
    ("post", "letter"): ("objected", "letter", "person", None, "objected"),
    # A new address undoes no "no".
    ("email", "new@shop.test"): ("withdrawn", None, "contact", None, "withdrawn"),
}


def test_the_word_that_binds_each_address_says_where_it_is_from(world: World) -> None:
    found = {
        (channel, address): tuple(rest)
        for channel, address, *rest in world.query(
            "select p.channel, p.address, s.status, s.origin, s.said_by, s.lawful_basis,"
            " s.blocked_reason from marts.consent_status s"
            " join marts.contact_points p using (contact_point_id) where purpose = 'marketing'"
        )
    }
    assert {key: found.get(key) for key in STATUS} == STATUS


def test_there_is_one_row_per_contact_point_and_purpose(world: World) -> None:
    assert world.query(
        "select purpose, count(*) = count(distinct contact_point_id),"
        " count(*) = (select count(*) from marts.contact_points)"
        " from marts.consent_status group by 1 order by 1"
    ) == [("marketing", True, True), ("open_tracking", True, True), ("profiling", True, True)]


def test_a_point_is_contactable_when_its_status_has_a_basis(world: World) -> None:
    assert world.query(
        "select distinct p.is_contactable, s.lawful_basis is not null, s.blocked_reason is null"
        " from marts.consent_status s join marts.contact_points p using (contact_point_id)"
        " where purpose = 'marketing' order by 1"
    ) == [(False, False, False), (True, True, True)]


def test_suppressions_say_since_when_and_until_when(world: World) -> None:
    assert world.query(
        "select address, reason, since_at::varchar, until_at::varchar, is_standing"
        " from marts.suppressions join marts.contact_points using (contact_point_id)"
        " order by address, reason"
    ) == [
        ("asked@shop.test", "erased", "2025-05-10 00:00:00", None, True),
        ("bounced@shop.test", "bounce", "2025-05-02 10:00:00", None, True),
        ("forgotten@shop.test", "complaint", "2025-05-04 10:00:00", None, True),
        ("forgotten@shop.test", "erased", "2025-05-10 00:00:00", None, True),
        ("left@shop.test", "deleted", "2025-01-01 00:00:00", None, True),
        ("listed@shop.test", "excluded_staff", "2025-06-01 22:00:00", None, True),
        ("lives@shop.test", "bounce", "2025-05-02 10:00:00", "2025-05-04 10:00:00", False),
    ]


def test_who_was_erased_is_blocked_by_the_word_that_files_and_pages_know(world: World) -> None:
    assert world.query(
        "select address, suppression_reason, blocked_reason from marts.contact_points"
        " where address in ('asked@shop.test', 'forgotten@shop.test') order by address"
    ) == [
        ("asked@shop.test", "erased", "suppressed_erased"),
        ("forgotten@shop.test", "complaint", "suppressed_complaint"),
    ]


def test_who_refuses_to_be_watched_leaves_no_open_in_the_answers(world: World) -> None:
    assert world.query(
        "select address, event_name, occurred_date::varchar from marts.campaign_answers"
        " where event_name in ('open', 'click') order by all"
    ) == [
        ("again@shop.test", "click", "2025-05-06"),
        ("again@shop.test", "open", "2025-05-05"),
        ("watched@shop.test", "click", "2025-05-03"),
        ("watched@shop.test", "click", "2025-05-06"),
        ("watched@shop.test", "open", "2025-05-02"),
        ("watched@shop.test", "open", "2025-05-05"),
    ]


def test_nor_in_the_outcomes(world: World) -> None:
    assert world.query(
        "select send_key is not null, profile, opened, clicked from outcomes.campaign_outcomes"
        " join (select contact_point_id, split_part(address, '@', 1) as profile"
        " from marts.contact_points) using (contact_point_id) order by 2"
    ) == [(True, "again", 1, 1), (True, "one", 0, 0), (True, "reader", 0, 0),
          (True, "watched", 1, 1)]  # fmt: skip


def test_nor_in_the_snapshots_of_before(world: World) -> None:
    before = world.before  # type: ignore[attr-defined]
    assert [row[:3] for row in before] == [
        ("again", 1, 1), ("person", 2, 2), ("profiled", 0, 0), ("reader", 2, 2), ("watched", 2, 2),
    ]  # fmt: skip
    assert world.query(_OPENED) == [
        ("again", 1, 1, 1.0, 27),
        ("person", 0, 0, 0.0, None),
        ("reader", 0, 0, 0.0, None),
        ("watched", 2, 2, 2.0, 27),
    ]


def test_a_past_date_taken_again_holds_what_the_kept_snapshot_holds(world: World) -> None:
    kept = world.rows("features.customer_features", without=["extract_cut"])
    transform.snapshot(world.night(SECOND), [FIRST])
    try:
        retaken = world.rows("features.customer_features", without=["extract_cut"])
        assert retaken == kept
    finally:
        transform.snapshot(world.night(FIRST), [FIRST])


def test_who_objects_to_profiling_leaves_the_snapshots_of_before(world: World) -> None:
    assert world.query(
        "select count(*) from features.customer_features where customer_id in"
        " (select customer_id from identity.identity_history"
        " where profile_id = 'contact:profiled')"
    ) == [(0,)]
    assert world.value(
        "select is_profiling_objected from marts.customer_360 where contact_id = 'profiled'"
    )

"""Who is one person: one small shop, one case per family, night after night."""

from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.transform.dbt import build
from pipelines.transform.verbs import _variables
from tests.leakage.world import World

FIRST = date(2025, 6, 2)
SECOND, THIRD = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
BEFORE = "2025-05-01 10:00"


def contact(key: str, **other: Any) -> dict[str, Any]:
    return {"contact_id": key, "created_at": "2025-01-01", "updated_at": "2025-01-01", **other}


def order(key: str, moment: str = BEFORE, **who: Any) -> dict[str, Any]:
    return {"order_id": key, "ordered_at": moment, "status": "paid", "total_amount": 20, **who}


def event(visitor: str, name: str, moment: str = BEFORE, **other: Any) -> dict[str, Any]:
    return {
        "event_id": f"{visitor} {name} {other.get('contact_id', other.get('email'))}",
        "occurred_at": moment,
        "visitor_id": visitor,
        "event_name": name,
        **other,
    }


CONTACTS = [
    contact("anna", email="anna@x.test", first_name="Anna", birth_date="1980-02-01"),
    contact("initial", email="anna@x.test", first_name="A."),
    contact("accent", email="zoe@x.test", first_name="Zoé"),
    contact("plain", email="zoe@x.test", first_name="ZOE"),
    contact("mother", email="home@x.test", first_name="Marie"),
    contact("son", email="home@x.test", first_name="Paul"),
    contact("old", phone="+33600000001", first_name="Jean", birth_date="1950-01-01"),
    contact("young", phone="+33600000001", first_name="Jean", birth_date="1980-01-01"),
    contact("robert", email="bob@x.test", first_name="Robert", birth_date="1970-07-07"),
    contact("bob", email="bob@x.test", first_name="Bob", birth_date="1970-07-07"),
    contact("mrs", email="duo@x.test", first_name="Dominique", gender="female"),
    contact("mr", email="duo@x.test", first_name="Domi", gender="male"),
    contact("dots", email="a.b@gmail.com"),
    contact("plus", email="ab+shop@googlemail.com"),
    contact("elsewhere", email="a.b@x.test"),
    contact("elsewhere2", email="ab@x.test"),
    contact("card", loyalty_id="L1", phone="+33600000002"),
    contact("wife", phone="+33600000003", first_name="Lea", created_at="2025-02-01"),
    contact("husband", phone="+33600000003", first_name="Luc"),
    contact("typing", email="typed@x.test"),
    *(contact(f"crowd{i}", email="info@x.test", created_at=f"2025-03-0{i}") for i in range(1, 7)),
    contact("renamed", email="re@x.test", first_name="Ines", updated_at="2025-01-01"),
    contact("namesake", email="re@x.test", first_name="Ines"),
    contact("lonely", email="lonely@x.test"),
]
ORDERS = [
    order("till", loyalty_id="L1"),
    order("till_with_phone", loyalty_id="L9", phone="+33600000002"),
    order("phone_of_both", phone="+33600000003"),
    order("guest", email="guest@x.test", phone="+33600000004"),
    order("other_guest", email="other@x.test", phone="+33600000004"),
    order("lonely_guest", email="new@x.test"),
]
EVENTS = [
    event("v_signed", "sign_in", email="typed@x.test"),
    event("v_typed", "purchase", email="typed@x.test"),
    event("v_guest", "purchase", email="lonely@guest.test"),
    event("v_home", "sign_in", email="home@x.test"),
    event("v_son", "sign_in", contact_id="son", email="home@x.test"),
]
GUEST_OF_THE_WEB = order("web_guest", email="lonely@guest.test")
LATER_CONTACTS = {
    SECOND: [
        contact("crowd7", email="info@x.test", created_at="2025-06-01"),
        contact("renamed", email="re@x.test", first_name="Agnes", updated_at="2025-06-01 12:00"),
    ],
    THIRD: [
        # The guest of long ago makes an account with the address of a lonely contact.
        contact("lonely", email="new@x.test", updated_at="2025-06-02 12:00"),
    ],
}
WHO_IS_WHO = ["+customer_changes", "+customer_ids", "identity_map"]


def night(world: World, as_of: date) -> None:
    build(world.night(as_of), WHO_IS_WHO, _variables(world.night(as_of)))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("identity"))
    made.add("contacts", FIRST, CONTACTS)
    made.add("orders", FIRST, [*ORDERS, GUEST_OF_THE_WEB])
    made.add("web_events", FIRST, EVENTS)
    night(made, FIRST)
    for day, contacts in LATER_CONTACTS.items():
        made.add("contacts", day, contacts)
        night(made, day)
    return made


def customer(world: World, profile: str, as_of: date = FIRST) -> str | None:
    rows = world.query(
        f"select customer_id from identity.identity_history where profile_id = '{profile}'"
        f" and valid_from_date <= date '{as_of}' and valid_until_date > date '{as_of}'"
        f" and known_from_date <= date '{as_of}' and known_until_date > date '{as_of}'"
    )
    assert len(rows) <= 1
    return rows[0][0] if rows else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("contact:anna", "contact:initial"),
        ("contact:accent", "contact:plain"),
        ("contact:robert", "contact:bob"),
        ("contact:dots", "contact:plus"),
        ("contact:card", "loyalty:L1"),
        ("contact:card", "loyalty:L9"),
        ("contact:husband", "phone:+33600000003"),
        ("email:guest@x.test", "email:other@x.test"),
        ("contact:typing", "visitor:v_signed"),
        ("email:lonely@guest.test", "visitor:v_guest"),
        ("contact:son", "visitor:v_son"),
        ("contact:crowd1", "contact:crowd6"),
        ("contact:renamed", "contact:namesake"),
    ],
)
def test_these_are_one_person(world: World, one: str, other: str) -> None:
    assert customer(world, one) == customer(world, other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("contact:mother", "contact:son"),
        ("contact:old", "contact:young"),
        ("contact:mrs", "contact:mr"),
        ("contact:elsewhere", "contact:elsewhere2"),
        ("contact:wife", "contact:husband"),
        ("contact:wife", "phone:+33600000003"),
        ("contact:lonely", "email:new@x.test"),
    ],
)
def test_these_are_two_people(world: World, one: str, other: str) -> None:
    assert customer(world, one) != customer(world, other)


def test_who_typed_an_address_without_signing_in_may_be_anybody(world: World) -> None:
    assert customer(world, "visitor:v_typed") is None


def test_an_address_of_two_people_tells_not_whose_browser_it_is(world: World) -> None:
    assert customer(world, "visitor:v_home") is None


def test_an_address_that_one_too_many_shows_ties_nobody_from_then_on(world: World) -> None:
    assert customer(world, "contact:crowd1", THIRD) == customer(world, "contact:crowd1")
    assert len({customer(world, f"contact:crowd{i}", THIRD) for i in range(1, 8)}) == 7


def test_a_new_name_that_contradicts_parts_two_contacts(world: World) -> None:
    assert customer(world, "contact:renamed", SECOND) != customer(world, "contact:namesake", SECOND)


def changes(world: World, as_of: date) -> list[tuple[Any, ...]]:
    return world.query(
        "select old_customer_id, new_customer_id, kind, profiles_count from"
        f" identity.customer_changes where as_of = date '{as_of}' order by 3, 2"
    )


def test_a_split_is_recorded_for_each_part(world: World) -> None:
    found = changes(world, SECOND)
    crowd = customer(world, "contact:crowd1", FIRST)
    assert {row[2:] for row in found} == {("split", 1)}
    assert sum(row[0] == crowd for row in found) == 5
    assert len(found) == 6  # and the contact with another name


def test_a_merge_is_recorded_and_the_old_id_leads_to_the_present_one(world: World) -> None:
    guest, lonely = customer(world, "email:new@x.test"), customer(world, "contact:lonely")
    [(old, new, kind, count)] = changes(world, THIRD)
    assert {old, new} == {guest, lonely}
    assert (kind, count) == ("merge", 1)
    assert customer(world, "contact:lonely", THIRD) == new
    assert (
        world.value(
            f"select present_customer_id from identity.customer_ids where customer_id = '{old}'"
        )
        == new
    )


def test_the_past_stays_as_it_was(world: World) -> None:
    """What a night knew of a date, later nights know of it too."""
    assert customer(world, "contact:crowd1", FIRST) == customer(world, "contact:crowd6", FIRST)
    assert customer(world, "contact:lonely", SECOND) == customer(world, "contact:lonely", FIRST)

"""The golden record: of each attribute the best value, wherever it comes from."""

from datetime import date
from hashlib import md5, sha1, sha256
from typing import Any

import pytest

from pipelines import transform
from tests.leakage.world import World

NIGHT = date(2025, 6, 2)


HASHED = {
    "md5": md5(b"alone@shop.test").hexdigest(),
    "sha1": sha1(b"alone@shop.test").hexdigest(),
    "sha256": sha256(b"alone@shop.test").hexdigest().upper(),
    "of_nobody": sha256(b"nobody@shop.test").hexdigest(),
}


def contact(key: str, updated_at: str, **other: Any) -> dict[str, Any]:
    return {
        "contact_id": key,
        "created_at": updated_at,
        "updated_at": updated_at,
        "email": "one@shop.test",
        **other,
    }


def told(value: str, observed_at: str, **who: Any) -> dict[str, Any]:
    return {
        "name": "preferred_contact_frequency",
        "value": value,
        "observed_at": observed_at,
        "provider": "survey",
        **who,
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("golden"))
    made.add(
        "contacts",
        NIGHT,
        [
            contact("old", "2024-01-01", city="Lyon", gender="f", acquisition_source="shop",
                    extra='{"MAGASIN_PREFERE": "S01", "Points": 7, "club": "yes",'
                    ' "invalid_phone": "06"}'),
            contact("new", "2025-01-01", city="Paris", acquisition_source="search",
                    extra='{"MAGASIN_PREFERE": " S02", "Points": null, "Club": "yes",'
                    ' "COMMENTAIRE": ""}'),
            contact("gone", "2025-02-01", city="Nice", language="fr", is_deleted=True),
            contact("alone", "2025-03-01", email="alone@shop.test", city="Brest"),
        ],
    )  # fmt: skip
    made.add("orders", NIGHT, [])
    made.add(
        "attributes",
        NIGHT,
        [
            told("weekly", "2025-01-01", contact_id="old"),
            told("monthly", "2025-02-01", contact_id="new"),
            told("weekly", "2025-01-01", email="alone@shop.test"),
            *(
                {
                    "name": name,
                    "value": "high",
                    "observed_at": "2025-01-01",
                    "provider": "bought",
                    "hashed_email": digest,
                }
                for name, digest in HASHED.items()
            ),
        ],
    )
    transform.transform(made.night(NIGHT))
    return made


def attributes(world: World, contact_id: str) -> dict[str, tuple[Any, ...]]:
    rows = world.query(
        "select attribute, value, profile_id, chosen_by, other_values_count"
        " from marts.customer_attributes join marts.golden_records using (customer_id)"
        f" where contact_id = '{contact_id}'"
    )
    return {name: tuple(rest) for name, *rest in rows}


def test_each_attribute_has_its_own_best_source(world: World) -> None:
    assert attributes(world, "new") == {
        "city": ("Paris", "contact:new", "latest_live_contact", 2),
        "gender": ("f", "contact:old", "latest_live_contact", 0),
        "language": ("fr", "contact:gone", "latest_deleted_contact", 0),
        "email": ("one@shop.test", "contact:new", "latest_live_contact", 0),
        "acquisition_source": ("shop", "contact:old", "first_contact", 1),
        "created_at": ("2024-01-01 00:00:00", "contact:old", "first_contact", 2),
        "preferred_contact_frequency": ("monthly", "contact:new", "latest_told", 1),
        "magasin_prefere": ("S02", "contact:new", "latest_told", 1),
        "club": ("yes", "contact:new", "latest_told", 0),
        "points": ("7", "contact:old", "latest_told", 0),
    }


def test_one_contact_is_a_record_by_itself(world: World) -> None:
    assert attributes(world, "alone")["city"] == (
        "Brest",
        "contact:alone",
        "latest_live_contact",
        0,
    )


def test_customer_360_shows_the_golden_record(world: World) -> None:
    assert world.query(
        "select city, language, acquisition_source, created_at::varchar from marts.customer_360"
        " where contact_id = 'new'"
    ) == [("Paris", "fr", "shop", "2024-01-01 00:00:00")]


def test_what_is_told_of_an_address_is_told_of_whoever_has_it(world: World) -> None:
    assert attributes(world, "alone")["preferred_contact_frequency"] == (
        "weekly",
        "email:alone@shop.test",
        "latest_told",
        0,
    )


def test_what_is_told_of_the_hash_of_an_address_is_told_of_whoever_has_it(world: World) -> None:
    found = {k: row for k, row in attributes(world, "alone").items() if k in HASHED}
    assert found == dict.fromkeys(["md5", "sha1", "sha256"], ("high", None, "latest_told", 0))

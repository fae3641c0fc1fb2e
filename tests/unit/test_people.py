"""What is said of one person: all that is theirs, and nothing of who shares an address."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines import transform, warehouse
from pipelines.cli import who
from pipelines.errors import TerminalError
from pipelines.people import customers, person
from tests.leakage.world import World

NIGHT = date(2025, 6, 2)
HOME = "home@shop.test"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Ada and her daughter Zoe share a mailbox; Ada also ordered as a guest and browsed."""
    world = World(tmp_path_factory.mktemp("people"))
    people = (("ada", "Ada", "1980-01-01"), ("zoe", "Zoe", "2005-01-01"))
    world.add(
        "contacts",
        NIGHT,
        [
            {
                "contact_id": key, "email": HOME, "first_name": name, "birth_date": born,
                "created_at": "2025-01-01", "updated_at": "2025-01-01",
                "loyalty_id": f"card-{key}",
            }
            for key, name, born in people
        ],
    )  # fmt: skip
    order = {"ordered_at": "2025-05-01 10:00", "status": "paid", "total_amount": 20}
    world.add(
        "orders",
        NIGHT,
        [
            {**order, "order_id": "by-card", "loyalty_id": "card-ada", "channel": "store"},
            {**order, "order_id": "by-contact", "contact_id": "ada", "phone": "+33612345678"},
            {**order, "order_id": "as-guest", "phone": "+33612345678"},
            {**order, "order_id": "of-zoe", "contact_id": "zoe"},
        ],
    )
    line = {"product_id": "p", "quantity": 1, "unit_price": 20}
    names = ("by-card", "by-contact", "as-guest", "of-zoe")
    world.add("order_lines", NIGHT, [{**line, "order_id": o, "line_number": 1} for o in names])
    said = {"channel": "email", "changed_at": "2025-03-01"}
    world.add(
        "consents",
        NIGHT,
        [
            {**said, "contact_id": "ada", "status": "granted"},
            {**said, "contact_id": "zoe", "status": "withdrawn", "changed_at": "2025-02-01"},
        ],
    )
    seen = {"visitor_id": "v1", "event_name": "sign_in", "consent_state": "granted"}
    world.add(
        "web_events",
        NIGHT,
        [{**seen, "event_id": "e1", "occurred_at": "2025-05-02 10:00", "contact_id": "ada"}],
    )
    transform.transform(world.night(NIGHT))
    return world


@pytest.fixture
def con(world: World) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(world.paths, world.machine) as con:
        yield con


def profiles(con: duckdb.DuckDBPyConnection, customer_id: str) -> list[str]:
    return [row["profile_id"] for row in person(con, customer_id, NIGHT).profiles]


@pytest.mark.parametrize(
    "word",
    [
        "ada", "card-ada", "+33612345678", "by-card", "by-contact", "as-guest", "v1",
        "contact:ada", "visitor:v1",
    ],
)  # fmt: skip
def test_a_person_is_found_by_whatever_names_them(
    con: duckdb.DuckDBPyConnection, word: str
) -> None:
    [found] = customers(con, word, None)
    assert "contact:ada" in profiles(con, found)
    assert customers(con, found, None) == [found]
    points = person(con, found, NIGHT).contact_points
    assert all(customers(con, p["contact_point_id"], None) == [found] for p in points)


def test_who_shares_an_address_is_found_by_it_too(con: duckdb.DuckDBPyConnection) -> None:
    found = [profiles(con, customer) for customer in customers(con, HOME.upper(), None)]
    assert sorted(profile for one in found for profile in one if "contact:" in profile) == [
        "contact:ada",
        "contact:zoe",
    ]


def test_why_the_records_are_one_and_whom_they_are_not(con: duckdb.DuckDBPyConnection) -> None:
    [ada] = customers(con, "ada", None)
    ties = {row["identifier_type"]: row for row in person(con, ada, NIGHT).ties}
    assert set(ties["phone"]["profiles"]) == {"contact:ada", "phone:+33612345678"}
    assert set(ties["loyalty"]["profiles"]) == {"contact:ada", "loyalty:card-ada"}
    assert (ties["email"]["profiles"], ties["email"]["others_count"]) == (["contact:ada"], 1)


def test_the_records_are_all_of_the_person_and_of_nobody_else(
    con: duckdb.DuckDBPyConnection,
) -> None:
    [ada] = customers(con, "ada", None)
    records = person(con, ada, NIGHT, with_records=True).records
    assert {name: len(rows) for name, rows in records.items()} == {
        "contacts": 1, "consents": 1, "orders": 3, "order_lines": 3, "web_events": 1,
    }  # fmt: skip
    assert "zoe" not in str(records)


def test_the_answer_to_an_access_request_is_one_document(
    world: World, write_config: object, small_config: dict[str, object], tmp_path: Path
) -> None:
    config = write_config(small_config)  # type: ignore[operator]
    data_dir = world.paths.data_dir
    text = who.show(config, data_dir, "ada", NIGHT, as_json=True)
    document = json.loads(text)
    [ada] = document["people"]
    assert ada["customer"]["first_name"] == "Ada"
    assert {point["channel"] for point in ada["contact_points"]} >= {"email", "phone"}
    assert document["received_by"] == []
    told = who.show(config, data_dir, "ada", NIGHT, as_json=False)
    assert f"email {HOME}: no: " in told or f"email {HOME}: yes" in told
    assert "contact:ada, since " in told
    with pytest.raises(TerminalError, match="nobody is known by that"):
        who.show(config, data_dir, "nobody@shop.test", NIGHT, as_json=False)
    with pytest.raises(TerminalError, match="nothing has been loaded yet"):
        who.show(config, tmp_path, "ada", NIGHT, as_json=False)


def test_of_whom_one_shares_an_address_with_nothing_is_told(con: duckdb.DuckDBPyConnection) -> None:
    [ada], [zoe] = (customers(con, key, None) for key in ("ada", "zoe"))
    shown = {one: person(con, one, NIGHT, with_records=True) for one in (ada, zoe)}
    shared = [
        (one, point)
        for one, found in shown.items()
        for point in found.contact_points
        if point["address"] == HOME and point["is_of_another"]
    ]
    [(guest, point)] = shared
    assert {name for name, value in point.items() if value} == {
        "as_of", "channel", "address", "is_of_another",
    }  # fmt: skip
    other = {ada: "zoe", zoe: "ada"}[guest]
    assert f"contact:{other}" not in str(shown[guest])

"""Groups and slots are drawn once, shared by the addresses of a customer, and stay."""

import hashlib
import hmac
from datetime import date

import pytest

from pipelines.decisioning.draws import uniforms
from pipelines.decisioning.night import make
from pipelines.specs.shop import Contacting
from tests.decisions import AS_OF, KEY, campaign, inputs, point, score


def drawn(name: str, group: str, slot: int = 3, on: date = date(2026, 1, 1)) -> dict[str, object]:
    """A row of activation.groups."""
    return {"contact_point_id": name, "group_name": group, "slot": slot, "drawn_as_of": on}


def test_a_draw_is_the_start_of_a_keyed_hash() -> None:
    digest = hmac.new(b"key", b"group|p1", hashlib.sha256).digest()
    found = uniforms("key", ["group|p1"]).row(0)
    assert found[0] == pytest.approx(int.from_bytes(digest[:8], "big") / 2**64)
    assert found[1] == pytest.approx(int.from_bytes(digest[8:16], "big") / 2**64)
    assert uniforms("other", ["group|p1"]).row(0) != found


def test_shares_of_groups_and_slots_are_those_of_the_configuration() -> None:
    given = inputs([point(f"p{n}") for n in range(2000)])
    groups = make(given, Contacting(holdout_share=0.2), KEY, AS_OF).groups
    assert (groups["group_name"] == "holdout").mean() == pytest.approx(0.2, abs=0.03)
    counts = groups["slot"].value_counts()["count"].to_list()
    assert len(counts) == 7
    assert min(counts) > 2000 / 7 * 0.8


def test_what_was_drawn_is_never_drawn_again() -> None:
    given = inputs([point("ann"), point("bob")], groups=[drawn("ann", "holdout")])
    groups = make(given, Contacting(holdout_share=0.0), KEY, AS_OF).groups
    assert groups["contact_point_id"].to_list() == ["bob"]
    row = make(given, Contacting(holdout_share=0.0), KEY, AS_OF).decisions.row(0, named=True)
    assert (row["contact_point_id"], row["group_name"]) == ("ann", "holdout")


def test_the_first_addresses_of_a_customer_share_one_draw() -> None:
    points = [
        row
        for n in range(300)
        for row in (
            point(f"mail{n}", customer_id=f"c{n}"),
            point(f"tel{n}", customer_id=f"c{n}", channel="sms"),
        )
    ]
    groups = make(inputs(points), Contacting(holdout_share=0.5), KEY, AS_OF).groups
    of = {row["contact_point_id"]: (row["group_name"], row["slot"]) for row in groups.to_dicts()}
    assert all(of[f"mail{n}"] == of[f"tel{n}"] for n in range(300))
    alone = inputs([row for row in points if row["channel"] == "email"])
    again = make(alone, Contacting(holdout_share=0.5), KEY, AS_OF).groups.to_dicts()
    assert all(of[r["contact_point_id"]] == (r["group_name"], r["slot"]) for r in again)


def test_a_new_address_takes_over_the_group_of_its_customer() -> None:
    given = inputs(
        [point("old", customer_id="ann"), point("new", customer_id="ann", channel="sms")],
        groups=[drawn("old", "holdout", 5)],
    )
    groups = make(given, Contacting(holdout_share=0.0), KEY, AS_OF).groups.to_dicts()
    assert [(g["contact_point_id"], g["group_name"], g["slot"]) for g in groups] == [
        ("new", "holdout", 5)
    ]


def test_when_a_merge_joins_groups_holdout_wins_and_the_person_leaves_the_analysis() -> None:
    given = inputs(
        [point("one", customer_id="ann"), point("two", customer_id="ann")],
        [campaign("a")],
        [score("ann", "a", 0.9)],
        groups=[drawn("one", "active"), drawn("two", "holdout")],
    )
    made = make(given, Contacting(exploration_share=1.0), KEY, AS_OF)
    rows = {r["contact_point_id"]: r for r in made.decisions.to_dicts()}
    assert {(r["arm"], r["group_name"]) for r in rows.values()} == {("no_contact", "mixed")}
    assert rows["one"]["reason"] == "holdout"
    assert made.groups.is_empty()

"""What holds of the decisions of any shop on any night."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.decisioning import capacity, groups, policy
from pipelines.decisioning.candidates import price, standing
from pipelines.decisioning.inputs import Inputs
from pipelines.decisioning.night import Made, make
from pipelines.specs.shop import Contacting
from tests.decisions import AS_OF, KEY, campaign, inputs, point, score, shuffled

CUSTOMERS = [f"c{n}" for n in range(6)]
ARMS = ["a", "b", "s"]
uplifts = st.sampled_from([-0.02, 0.0, 0.01, 0.02, 0.05])


@st.composite
def shops(draw: st.DrawFn) -> tuple[Inputs, Contacting]:
    """Up to 12 addresses of up to 6 customers, three campaigns, any limits."""
    points: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 12))):
        is_contactable = draw(st.booleans()) or draw(st.booleans())
        points.append(
            point(
                f"p{n:02}",
                channel=draw(st.sampled_from(["email", "email", "sms", "post"])),
                customer_id=draw(st.sampled_from(CUSTOMERS)),
                is_contactable=is_contactable,
                blocked_reason=None if is_contactable else "withdrawn",
                messages_in_cap_window=draw(st.integers(0, 3)),
            )
        )
    places = st.one_of(st.none(), st.integers(0, 4))
    campaigns = [
        campaign(
            arm,
            channel="sms" if arm == "s" else "email",
            places=draw(places),
            cost_per_contact=draw(st.sampled_from([0.0, 0.3])),
        )
        for arm in draw(st.lists(st.sampled_from(ARMS), unique=True))
    ]
    scores = [
        score(customer, row["arm"], draw(uplifts))
        for customer in CUSTOMERS
        for row in campaigns
        if draw(st.booleans())
    ]
    rules = Contacting(
        holdout_share=draw(st.sampled_from([0.0, 0.3, 1.0])),
        exploration_share=draw(st.sampled_from([0.0, 0.2, 1.0])),
        cap_messages=draw(st.integers(0, 3)),
    )
    planned = [{"channel": "email", "planned": 1}] if draw(st.booleans()) else []
    customers = [{"customer_id": c, "segment": "new", "basket": 80.0} for c in CUSTOMERS]
    return inputs(points, campaigns, scores, planned=planned, customers=customers), rules


def next_night(shop: Inputs, made: Made) -> Inputs:
    """The same shop a night later: the groups are stored."""
    return replace(shop, groups=pl.concat([shop.groups, made.groups]))


def contacted(made: Made) -> pl.DataFrame:
    return made.decisions.filter(pl.col("arm") != "no_contact")


@settings(max_examples=60, deadline=None)
@given(shops())
def test_the_probabilities_of_the_arms_of_a_contact_point_add_up_to_one(
    drawn: tuple[Inputs, Contacting],
) -> None:
    shop, rules = drawn
    table = arms_of(shop, rules)
    sums = table.group_by("contact_point_id").agg(pl.col("probability").sum())
    assert sums["probability"].to_list() == pytest.approx([1.0] * sums.height)
    assert table.filter(~pl.col("is_eligible"))["probability"].to_list() == pytest.approx(
        [0.0] * table.filter(~pl.col("is_eligible")).height
    )
    logged = make(shop, rules, KEY, AS_OF).decisions.join(
        table, on=["contact_point_id", "arm"], how="left"
    )
    assert logged["assignment_probability"].to_list() == pytest.approx(
        logged["probability"].to_list(), abs=1e-6
    )
    assert logged["probability"].min() is None or logged["probability"].min() > 0  # type: ignore[operator]


def arms_of(shop: Inputs, rules: Contacting) -> pl.DataFrame:
    """The policy's table of arms and probabilities, before anything is drawn."""
    stored = groups.draw(shop.points, shop.groups, rules, KEY, AS_OF)
    points = standing(groups.assign(shop.points, stored), shop, rules)
    pairs = capacity.close_full(price(points, shop, rules))
    return policy.arms(points, pairs, rules.exploration_share)


@settings(max_examples=60, deadline=None)
@given(shops())
def test_nobody_is_contacted_who_must_not_be(drawn: tuple[Inputs, Contacting]) -> None:
    shop, rules = drawn
    made = make(shop, rules, KEY, AS_OF)
    sent = contacted(made).join(
        shop.points.drop("channel", "customer_id"), on="contact_point_id", how="left"
    )
    planned = dict(shop.planned.iter_rows())
    held = set(made.groups.filter(pl.col("group_name") == "holdout")["contact_point_id"].to_list())
    for row in sent.to_dicts():
        assert row["is_contactable"]
        assert row["contact_point_id"] not in held
        messages = row["messages_in_cap_window"] + planned.get(row["channel"], 0)
        assert messages < rules.cap_messages
    assert sent["customer_id"].is_unique().all()
    decided = set(made.decisions["contact_point_id"].to_list())
    contactable = shop.points.filter("is_contactable")
    assert decided <= set(contactable["contact_point_id"].to_list())
    emails = contactable.filter(pl.col("channel") == "email")
    assert set(emails["contact_point_id"].to_list()) <= decided


@settings(max_examples=60, deadline=None)
@given(shops())
def test_no_campaign_gives_more_places_than_it_has(drawn: tuple[Inputs, Contacting]) -> None:
    shop, rules = drawn
    made = make(shop, rules, KEY, AS_OF)
    used = Counter(made.decisions["arm"].to_list())
    for row in shop.campaigns.filter(pl.col("places").is_not_null()).to_dicts():
        assert used[row["arm"]] <= row["places"]


@settings(max_examples=40, deadline=None)
@given(shops(), st.integers(0, 1000))
def test_the_order_of_the_rows_read_does_not_matter(
    drawn: tuple[Inputs, Contacting], seed: int
) -> None:
    shop, rules = drawn
    made, again = make(shop, rules, KEY, AS_OF), make(shuffled(shop, seed), rules, KEY, AS_OF)
    assert made.groups.equals(again.groups)
    assert made.candidates.equals(again.candidates)
    assert made.decisions.equals(again.decisions)


@settings(max_examples=40, deadline=None)
@given(shops(), st.sampled_from(CUSTOMERS), st.sampled_from(CUSTOMERS))
def test_groups_stay_over_nights_and_merges_and_holdout_wins(
    drawn: tuple[Inputs, Contacting], kept: str, merged: str
) -> None:
    shop, rules = drawn
    first = make(shop, rules, KEY, AS_OF)
    later = next_night(shop, first)
    tomorrow = make(later, rules, KEY, AS_OF + timedelta(days=1))
    assert tomorrow.groups.is_empty()
    one = pl.col("customer_id").replace(merged, kept)
    joined = replace(later, points=later.points.with_columns(customer_id=one))
    after = make(joined, rules, KEY, AS_OF + timedelta(days=1))
    assert after.groups.is_empty()
    names = first.groups.join(joined.points, on="contact_point_id")
    held = set(names.filter(pl.col("group_name") == "holdout")["customer_id"].to_list())
    assert held.isdisjoint(contacted(after)["customer_id"].to_list())

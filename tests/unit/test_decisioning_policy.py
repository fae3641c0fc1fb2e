"""What is chosen for whom, with numbers that can be checked by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.decisioning.inputs import Inputs
from pipelines.decisioning.night import make
from pipelines.specs.shop import Contacting
from tests.decisions import AS_OF, KEY, campaign, everyone_active, inputs, point, score


def decisions(given: Inputs, rules: Contacting | None = None) -> dict[str, dict[str, Any]]:
    """Decision rows by contact point."""
    made = make(given, rules or everyone_active(), KEY, AS_OF)
    return {row["contact_point_id"]: row for row in made.decisions.to_dicts()}


def candidates(given: Inputs, rules: Contacting | None = None) -> dict[tuple[str, str], Any]:
    """Candidate rows by contact point and arm."""
    made = make(given, rules or everyone_active(), KEY, AS_OF)
    return {(row["contact_point_id"], row["arm"]): row for row in made.candidates.to_dicts()}


def chosen(given: Inputs, rules: Contacting | None = None) -> dict[str, tuple[str, str]]:
    """(arm, reason) by contact point."""
    return {name: (row["arm"], row["reason"]) for name, row in decisions(given, rules).items()}


def test_the_value_of_a_message_is_its_gain_in_margin_less_its_cost() -> None:
    found = candidates(
        inputs(
            [point("ann")],
            [campaign("sale", offer_rate=0.2, cost_per_contact=0.1)],
            [score("ann", "sale", 0.05, lower=0.01)],
        )
    )["ann", "sale"]
    # 0.05 × 100 × (0.5 − 0.2) − 0.1 and 0.01 × 100 × 0.3 − 0.1
    assert (found["value"], found["lower"]) == pytest.approx((1.4, 0.2))


def test_a_discount_beyond_the_margin_never_looks_like_a_gain() -> None:
    found = candidates(
        inputs(
            [point("ann")],
            [campaign("sale", offer_rate=0.7, cost_per_contact=0.1)],
            [score("ann", "sale", 0.05, lower=-0.2)],
        )
    )["ann", "sale"]
    assert (found["value"], found["lower"]) == pytest.approx((-0.1, -0.1))


def test_a_customer_without_orders_has_the_median_basket_of_the_shop() -> None:
    baskets = [("ann", 20.0), ("bob", 40.0), ("cat", 90.0), ("dan", None)]
    found = candidates(
        inputs(
            [point("dan")],
            [campaign("sale")],
            [score("dan", "sale", 0.1)],
            customers=[{"customer_id": n, "segment": "lead", "basket": b} for n, b in baskets],
        )
    )
    assert found["dan", "sale"]["value"] == pytest.approx(0.1 * 40 * 0.5)


def test_the_highest_value_wins_if_its_lower_bound_is_positive() -> None:
    given = inputs(
        [point("ann"), point("bob"), point("cat")],
        [campaign("a"), campaign("b")],
        [
            score("ann", "a", 0.02),
            score("ann", "b", 0.03),
            score("bob", "a", 0.02),
            score("bob", "b", 0.03, lower=-0.01),
            score("cat", "a", 0.02, lower=0.0),
            score("cat", "b", -0.03),
        ],
    )
    assert chosen(given) == {
        "ann": ("b", "best_value"),
        "bob": ("a", "best_value"),
        "cat": ("no_contact", "no_gain_expected"),
    }


def test_a_gain_below_the_cost_is_no_gain() -> None:
    given = inputs([point("ann")], [campaign("a", cost_per_contact=2.0)], [score("ann", "a", 0.06)])
    # value 0.06 × 50 − 2 = 1, lower 0.03 × 50 − 2 = −0.5
    assert chosen(given)["ann"] == ("no_contact", "no_gain_expected")


def test_equal_values_fall_to_the_first_name() -> None:
    given = inputs(
        [point("ann")],
        [campaign("b"), campaign("a")],
        [score("ann", "b", 0.02), score("ann", "a", 0.02)],
    )
    assert chosen(given)["ann"] == ("a", "best_value")


def test_only_candidates_are_kept_of_contact_points_that_are_blocked() -> None:
    given = inputs(
        [point("ann", is_contactable=False, blocked_reason="withdrawn"), point("bob")],
        [campaign("a")],
        [score("ann", "a", 0.9), score("bob", "a", 0.9)],
    )
    assert set(decisions(given)) == {"bob"}
    found = candidates(given)
    assert (found["ann", "a"]["is_eligible"], found["ann", "a"]["reason"]) == (False, "withdrawn")
    assert found["bob", "no_contact"]["reason"] == "less_than_best"


def test_a_customer_is_contacted_at_one_address_email_first() -> None:
    given = inputs(
        [
            point("tel", channel="sms", customer_id="ann"),
            point("mail2", customer_id="ann"),
            point("mail1", customer_id="ann"),
        ],
        [campaign("a"), campaign("text", channel="sms")],
        [score("ann", "a", 0.02), score("ann", "text", 0.9)],
    )
    assert chosen(given) == {
        "mail1": ("a", "best_value"),
        "mail2": ("no_contact", "another_address"),
        "tel": ("no_contact", "another_address"),
    }


def test_a_channel_with_a_campaign_is_better_than_email_without_one() -> None:
    given = inputs(
        [point("tel", channel="sms", customer_id="ann"), point("mail", customer_id="ann")],
        [campaign("text", channel="sms")],
        [score("ann", "text", 0.9)],
    )
    assert chosen(given) == {
        "mail": ("no_contact", "another_address"),
        "tel": ("text", "best_value"),
    }


def test_a_blocked_email_leaves_the_telephone() -> None:
    given = inputs(
        [
            point("mail", customer_id="ann", is_contactable=False, blocked_reason="withdrawn"),
            point("tel", channel="sms", customer_id="ann"),
        ],
        [campaign("a"), campaign("text", channel="sms")],
        [score("ann", "a", 0.9), score("ann", "text", 0.1)],
    )
    assert chosen(given) == {"tel": ("text", "best_value")}


def test_channels_without_a_campaign_are_not_decided_except_email() -> None:
    given = inputs([point("ann"), point("tel", channel="sms")])
    assert chosen(given) == {"ann": ("no_contact", "no_campaign")}
    assert decisions(given)["ann"]["assignment_probability"] == 1


def test_planned_newsletters_use_up_the_cap() -> None:
    rules = everyone_active().model_copy(update={"cap_messages": 2})
    points = [point("none"), point("one", messages_in_cap_window=1)]
    scores = [score("none", "a", 0.1), score("one", "a", 0.1)]
    without = inputs(points, [campaign("a")], scores)
    planned = inputs(points, [campaign("a")], scores, planned=[{"channel": "email", "planned": 1}])
    assert chosen(without, rules)["one"] == ("a", "best_value")
    assert chosen(planned, rules) == {"none": ("a", "best_value"), "one": ("no_contact", "cap")}


def test_a_campaign_reaches_a_contact_point_once() -> None:
    given = inputs(
        [point("ann")],
        [campaign("a"), campaign("b")],
        [score("ann", "a", 0.9), score("ann", "b", 0.1)],
        sent=[{"arm": "a", "contact_point_id": "ann"}],
    )
    assert chosen(given)["ann"] == ("b", "best_value")
    assert candidates(given)["ann", "a"]["reason"] == "already_sent"


def test_an_arm_without_a_score_can_be_explored_but_is_never_best() -> None:
    given = inputs([point("ann")], [campaign("a")])
    assert chosen(given)["ann"] == ("no_contact", "no_gain_expected")
    assert candidates(given)["ann", "a"]["reason"] == "no_score"
    rules = Contacting(holdout_share=0, exploration_share=1)
    named = inputs([point(f"p{n}") for n in range(50)], [campaign("a")])
    arms = {row["arm"] for row in decisions(named, rules).values()}
    assert arms == {"a", "no_contact"}


def test_held_out_customers_get_nothing_with_certainty() -> None:
    rules = Contacting(holdout_share=1.0, exploration_share=0.5)
    given = inputs([point("ann")], [campaign("a")], [score("ann", "a", 0.9)])
    row = decisions(given, rules)["ann"]
    assert (row["arm"], row["reason"], row["assignment_probability"]) == (
        "no_contact",
        "holdout",
        1,
    )
    assert row["group_name"] == "holdout"


def test_probabilities_are_those_of_the_policy() -> None:
    rules = Contacting(holdout_share=0, exploration_share=0.3, margin_rate=0.5)
    names = [f"p{n:03}" for n in range(300)]
    given = inputs(
        [point(n) for n in names],
        [campaign("a"), campaign("b")],
        [score(n, "a", 0.1) for n in names],
    )
    rows = decisions(given, rules).values()
    expected = {"a": 0.7 + 0.1, "b": 0.1, "no_contact": 0.1}
    for row in rows:
        assert row["assignment_probability"] == pytest.approx(expected[row["arm"]])
    share = {arm: sum(row["arm"] == arm for row in rows) / 300 for arm in expected}
    assert share == pytest.approx(expected, abs=0.06)
    explored = [row for row in rows if row["reason"] == "exploration"]
    assert len(explored) / 300 == pytest.approx(0.3, abs=0.08)


def test_the_slot_comes_once_in_a_cycle() -> None:
    rules = Contacting(cycle_days=7)
    given = inputs([point(f"p{n}") for n in range(40)])
    nights = [make(given, rules, KEY, AS_OF + timedelta(days=n)).decisions for n in range(14)]
    counts = [sum(night["is_slot"].to_list()) for night in nights]
    assert sum(counts[:7]) == 40
    assert counts[:7] == counts[7:]


def test_slot_zero_is_monday_in_a_weekly_cycle() -> None:
    group = {
        "contact_point_id": "ann",
        "group_name": "active",
        "slot": 0,
        "drawn_as_of": date(2026, 1, 1),
    }
    given = inputs([point("ann")], groups=[group])
    monday = make(given, Contacting(), KEY, AS_OF).decisions
    tuesday = make(given, Contacting(), KEY, AS_OF + timedelta(days=1)).decisions
    assert (monday["is_slot"][0], tuesday["is_slot"][0]) == (True, False)

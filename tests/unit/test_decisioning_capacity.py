"""Places in campaigns: the highest values first, nobody over, the rest to their next best."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from pipelines.decisioning.night import make
from pipelines.specs.shop import Contacting
from tests.decisions import AS_OF, KEY, campaign, everyone_active, inputs, point, score


def test_the_highest_values_get_the_places_the_others_their_next_best() -> None:
    given = inputs(
        [point("ann"), point("bob"), point("cat")],
        [campaign("few", places=1), campaign("many")],
        [
            score("ann", "few", 0.3),
            score("bob", "few", 0.5),
            score("cat", "few", 0.4),
            score("ann", "many", 0.1),
        ],
    )
    made = make(given, everyone_active(), KEY, AS_OF)
    rows = {r["contact_point_id"]: (r["arm"], r["reason"]) for r in made.decisions.to_dicts()}
    assert rows == {
        "ann": ("many", "best_value"),
        "bob": ("few", "best_value"),
        "cat": ("no_contact", "capacity"),
    }
    closed = made.candidates.filter(made.candidates["reason"] == "capacity")
    assert sorted(closed["contact_point_id"].to_list()) == ["ann", "cat", "cat"]


def test_who_is_turned_away_takes_a_place_from_a_lower_value_elsewhere() -> None:
    given = inputs(
        [point("ann"), point("bob"), point("cat")],
        [campaign("x", places=1), campaign("y", places=1)],
        [
            score("ann", "x", 0.9),
            score("bob", "x", 0.8),
            score("bob", "y", 0.7),
            score("cat", "y", 0.6),
        ],
    )
    made = make(given, everyone_active(), KEY, AS_OF)
    rows = {r["contact_point_id"]: r["arm"] for r in made.decisions.to_dicts()}
    assert rows == {"ann": "x", "bob": "y", "cat": "no_contact"}


def test_equal_values_get_places_by_name() -> None:
    given = inputs(
        [point("bob"), point("ann")],
        [campaign("few", places=1)],
        [score("ann", "few", 0.5), score("bob", "few", 0.5)],
    )
    rows = make(given, everyone_active(), KEY, AS_OF).decisions.to_dicts()
    assert {r["contact_point_id"]: r["arm"] for r in rows} == {"ann": "few", "bob": "no_contact"}


def test_a_campaign_without_places_left_is_closed_to_everybody() -> None:
    given = inputs([point("ann")], [campaign("full", places=0)], [score("ann", "full", 0.5)])
    rules = Contacting(holdout_share=0, exploration_share=1)
    row = make(given, rules, KEY, AS_OF).decisions.to_dicts()[0]
    assert (row["arm"], row["reason"], row["assignment_probability"]) == (
        "no_contact",
        "capacity",
        1,
    )


@pytest.mark.parametrize("exploration", [0.0, 0.2, 1.0])
def test_exploration_never_exceeds_capacity(exploration: float) -> None:
    names = [f"p{n:03}" for n in range(200)]
    given = inputs(
        [point(n) for n in names],
        [campaign("few", places=7), campaign("unscored", places=5), campaign("many")],
        [score(n, "few", 0.1 + i / 1000) for i, n in enumerate(names)],
    )
    rules = Contacting(holdout_share=0, exploration_share=exploration)
    made = make(given, rules, KEY, AS_OF)
    used = Counter(made.decisions["arm"].to_list())
    assert used["few"] <= 7
    assert used["unscored"] <= 5
    open_arms = Counter(row["arm"] for row in made.candidates.to_dicts() if row["is_eligible"])
    assert (open_arms["few"], open_arms["unscored"]) == (7, 5)


def test_the_logged_probabilities_are_the_frequencies_over_many_nights() -> None:
    names = [f"p{n}" for n in range(8)]
    shop = inputs(
        [point(n) for n in names],
        [campaign("few", places=3), campaign("many")],
        [score(n, "few", 0.5 + i / 100) for i, n in enumerate(names)]
        + [score(n, "many", 0.1) for n in names[:4]],
    )
    rules = Contacting(holdout_share=0, exploration_share=0.4)
    shop = replace(shop, groups=make(shop, rules, KEY, AS_OF).groups)
    nights = [make(shop, rules, KEY, AS_OF + timedelta(days=n)).decisions for n in range(300)]
    drawn = (
        pl.concat(nights)
        .group_by("contact_point_id", "arm")
        .agg(
            share=pl.len() / 300,
            logged=pl.col("assignment_probability").first(),
            kinds=pl.col("assignment_probability").n_unique(),
        )
    )
    assert drawn["kinds"].to_list() == [1] * drawn.height
    assert drawn["share"].to_list() == pytest.approx(drawn["logged"].to_list(), abs=0.09)
    by_arm = drawn.group_by("arm").agg(pl.col("share", "logged").mean())
    assert by_arm["share"].to_list() == pytest.approx(by_arm["logged"].to_list(), abs=0.03)

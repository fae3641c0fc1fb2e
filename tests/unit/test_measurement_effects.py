"""From outcomes to rows of measurement.effects."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import catalog, measurement
from pipelines.errors import NotReady
from pipelines.measurement import campaigns, nights
from pipelines.specs.shop import Contacting
from tests.decisions import AS_OF, night


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """The tables that measure reads, empty."""
    con = duckdb.connect()
    for statement in catalog.ddl():
        con.execute(statement)
    con.execute("""
        create schema outcomes;
        create table outcomes.campaign_outcomes (
            campaign_id varchar, theme varchar, category varchar, offer_type varchar,
            channel varchar, contact_point_id varchar, customer_id varchar, sent_at timestamp,
            sent_date date, arm varchar, is_treated boolean, assignment_probability decimal(9,6),
            segment varchar, is_matured boolean, purchased integer, revenue_amount decimal(18,4),
            opened boolean, clicked boolean);
        create table outcomes.decision_outcomes (
            as_of date, contact_point_id varchar, is_slot boolean, arm varchar,
            group_name varchar, assignment_probability double, purchased integer,
            revenue_amount decimal(18,4), is_matured boolean);
    """)
    return con


def send(con: duckdb.DuckDBPyConnection, campaign: str, people: range, **columns: Any) -> None:
    """One send to each of `people`; `buyers`: how many of them, the first ones, bought for 50."""
    buyers = columns.pop("buyers", 0)
    row = {
        "theme": "sales",
        "is_treated": True,
        "assignment_probability": None,
        "is_matured": True,
        "sent_at": "2026-06-01",
        "segment": "active",
    } | columns
    for position, person in enumerate(people):
        buys = position < buyers
        values = {
            **row,
            "campaign_id": campaign,
            "contact_point_id": f"p{person:04}",
            "sent_date": row["sent_at"],
            "purchased": int(buys),
            "revenue_amount": 50 if buys else 0,
        }
        con.execute(
            f"insert into outcomes.campaign_outcomes ({', '.join(values)})"
            f" values ({', '.join('?' for _ in values)})",
            list(values.values()),
        )


def decided(con: duckdb.DuckDBPyConnection, as_of: date, names: range, **columns: Any) -> None:
    """A slot decision for each of `names`; `buyers` of them bought for 50."""
    buyers = columns.pop("buyers", 0)
    row = {
        "arm": "no_contact",
        "group_name": "active",
        "assignment_probability": 1.0,
        "reason": "best_value",
        "is_matured": True,
    } | columns
    for position, name in enumerate(names):
        buys = int(position < buyers)
        con.execute(
            "insert into activation.decisions by name select ? as as_of, ? as contact_point_id,"
            " ? as arm, ? as group_name, ? as assignment_probability, ? as reason, true as is_slot",
            [as_of, f"p{name:04}", *(row[c] for c in list(row)[:4])],
        )
        con.execute(
            "insert into outcomes.decision_outcomes by name select ? as as_of,"
            " ? as contact_point_id, ? as purchased, ? as revenue_amount, ? as is_matured",
            [as_of, f"p{name:04}", buys, 50 * buys, row["is_matured"]],
        )


def effects(con: duckdb.DuckDBPyConnection, kind: str, item: str, segment: str = "all") -> Any:
    """Rows by outcome."""
    frame = con.sql(
        "from measurement.effects where kind=$k and item_id=$i and segment=$s order by outcome",
        params={"k": kind, "i": item, "s": segment},
    ).pl()
    return {row["outcome"]: row for row in frame.to_dicts()}


def test_a_campaign_is_compared_with_its_control(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    send(con, "a", range(200), buyers=40)
    send(con, "a", range(200, 300), buyers=10, is_treated=False, arm="control")
    report = measurement.measure(con, night(small_config, tmp_path))
    found = effects(con, "campaign", "a")
    rate, revenue = found["purchase_rate"], found["revenue_amount"]
    assert (rate["treated_count"], rate["control_count"]) == (200, 100)
    assert (rate["treated_mean"], rate["control_mean"]) == (0.2, 0.1)
    assert rate["effect"] == pytest.approx(0.1)
    assert 0 < rate["lower"] < 0.1 < rate["upper"]
    assert revenue["effect"] == pytest.approx(5.0)
    assert rate["status"] == "measured"
    assert effects(con, "theme", "sales")["purchase_rate"]["effect"] == pytest.approx(0.1)
    assert effects(con, "campaign", "all", "active")["purchase_rate"]["status"] == "measured"
    assert report.facts["measured"] == 8


def test_measuring_twice_leaves_the_same_rows(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    send(con, "a", range(100), buyers=40)
    send(con, "a", range(100, 150), buyers=10, is_treated=False)
    measurement.measure(con, night(small_config, tmp_path))
    first = con.sql("from measurement.effects order by all").pl()
    measurement.measure(con, night(small_config, tmp_path))
    assert first.equals(con.sql("from measurement.effects order by all").pl())
    assert first.height == 2 * 6  # campaign, theme, all, all by segment, two of decisions


def test_a_contact_point_counts_once_per_campaign_with_its_first_send(
    con: duckdb.DuckDBPyConnection,
) -> None:
    send(con, "a", range(2), buyers=2)
    send(con, "a", range(2), sent_at="2026-06-05")
    send(con, "a", range(1), sent_at="2026-06-09", is_treated=False)
    units = campaigns.read(con)
    assert units["contact_point_id"].to_list() == ["p0000", "p0001"]
    assert units["purchased"].to_list() == [1, 1]
    assert units["is_treated"].to_list() == [True, True]


def test_the_logged_probability_is_the_weight_else_the_share_of_the_arm(
    con: duckdb.DuckDBPyConnection,
) -> None:
    send(con, "a", range(2), assignment_probability=0.8)
    send(con, "a", range(2, 4), is_treated=False, assignment_probability=0.2)
    send(con, "b", range(3))
    send(con, "b", range(3, 4), is_treated=False)
    units = campaigns.read(con)
    assert units["treated_weight"].to_list() == pytest.approx(
        [1.25] * 2 + [0] * 2 + [4 / 3] * 3 + [0]
    )
    assert units["control_weight"].to_list() == pytest.approx([0] * 2 + [5] * 2 + [0] * 3 + [4])


def test_a_campaign_without_control_is_not_measured_and_not_pooled(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    send(con, "a", range(100), buyers=20)
    send(con, "a", range(100, 200), buyers=10, is_treated=False)
    send(con, "all_of_them", range(200), buyers=200)
    measurement.measure(con, night(small_config, tmp_path))
    alone = effects(con, "campaign", "all_of_them")["purchase_rate"]
    assert (alone["status"], alone["effect"]) == ("no_control", None)
    assert alone["treated_mean"] == 1.0
    assert effects(con, "campaign", "all")["purchase_rate"]["treated_mean"] == 0.2


def test_an_open_window_is_too_early_and_says_from_when(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    send(con, "a", range(40), is_matured=False, sent_at="2026-06-20")
    send(con, "a", range(40, 80), is_matured=False, sent_at="2026-06-22", is_treated=False)
    report = measurement.measure(con, night(small_config, tmp_path))
    assert effects(con, "campaign", "a")["purchase_rate"]["status"] == "too_early"
    assert effects(con, "campaign", "all")["purchase_rate"]["status"] == "too_early"
    assert report.facts["measurable_from"] == "2026-07-04"


def test_few_people_or_few_buyers_are_too_few(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    send(con, "small", range(29), buyers=9)
    send(con, "small", range(100, 200), buyers=9, is_treated=False)
    send(con, "rare", range(100), buyers=9)
    send(con, "rare", range(100, 200), buyers=4, is_treated=False)
    measurement.measure(con, night(small_config, tmp_path))
    assert effects(con, "campaign", "small")["purchase_rate"]["status"] == "too_few"
    rare = effects(con, "campaign", "rare")
    assert rare["purchase_rate"]["status"] == "measured"
    assert (rare["revenue_amount"]["status"], rare["revenue_amount"]["effect"]) == ("too_few", None)


def test_nights_compare_the_groups_as_drawn_at_the_address_that_can_be_contacted(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    slot = date(2026, 6, 11)  # an even cycle
    decided(con, slot, range(60), buyers=30, arm="a", assignment_probability=0.95)
    decided(con, slot, range(60, 100), buyers=10, group_name="holdout", reason="holdout")
    decided(con, slot, range(100, 150), buyers=50, reason="another_address")
    decided(con, slot, range(150, 200), buyers=50, group_name="mixed", reason="holdout")
    measurement.measure(con, night(small_config, tmp_path))
    found = effects(con, "decision", "active_vs_holdout")["purchase_rate"]
    assert (found["treated_count"], found["control_count"]) == (60, 40)
    assert found["effect"] == pytest.approx(0.25)


def test_windows_of_one_contact_point_never_overlap() -> None:
    first = date(2026, 6, 1)
    for cycle, window in ((7, 14), (7, 10), (7, 7), (5, 14), (1, 3)):
        rules = Contacting(cycle_days=cycle, outcome_days=window)
        slots = [first + timedelta(days=cycle * n) for n in range(40)]
        frame = nights.apart(pl.DataFrame({"as_of": slots}), rules)
        kept = frame["as_of"].to_list()
        assert len(kept) >= 40 // -(-window // cycle)
        assert all((b - a).days >= window for a, b in pairwise(kept))


def test_the_policy_is_compared_with_saying_nothing_by_the_logged_probabilities(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    slot = date(2026, 6, 11)
    # Contacted for sure would be half of them; no_contact was drawn with 0.1 from some and with
    # 0.9 (it was best) from others.
    decided(con, slot, range(90), buyers=45, arm="a", assignment_probability=0.9)
    decided(con, slot, range(100, 140), buyers=8, assignment_probability=0.1)
    decided(con, slot, range(200, 290), buyers=9, assignment_probability=0.9)
    decided(con, slot, range(300, 310), buyers=1, arm="a", assignment_probability=0.1)
    decided(con, slot, range(400, 500), buyers=100)  # nothing was drawn: probability 1
    measurement.measure(con, night(small_config, tmp_path))
    found = effects(con, "decision", "policy_vs_no_contact")["purchase_rate"]
    assert (found["treated_count"], found["control_count"]) == (230, 130)
    assert found["treated_mean"] == pytest.approx(63 / 230, abs=1e-6)
    # (8 / 0.1 + 9 / 0.9) / (40 / 0.1 + 90 / 0.9) = 90 / 500
    assert found["control_mean"] == pytest.approx(0.18)


def test_without_outcomes_the_night_is_not_ready(
    small_config: dict[str, Any], tmp_path: Path
) -> None:
    con = duckdb.connect()
    with pytest.raises(NotReady, match="run `transform` of 2026-06-29 first"):
        measurement.measure(con, night(small_config, tmp_path, AS_OF))


def test_a_first_night_says_it_is_too_early(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    report = measurement.measure(con, night(small_config, tmp_path))
    assert report.rows == 4
    assert effects(con, "decision", "active_vs_holdout")["purchase_rate"]["status"] == "too_early"

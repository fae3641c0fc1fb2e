"""The edge: what is read, checked, written, refused."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import decisioning
from pipelines.contracts.expectations import KINDS
from pipelines.decisioning.checks import candidate_checks, decision_checks
from pipelines.errors import CheckFailed, ConfigError, NotReady, SealedNight
from pipelines.specs.night import Night
from pipelines.specs.shop import Contacting
from tests.decisions import AS_OF, KEY, Audit, night, tables


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    tables(con)
    return con


@pytest.fixture
def tonight(small_config: dict[str, Any], tmp_path: Path) -> Night:
    """Nobody held out, nothing explored."""
    contacting = {"holdout_share": 0, "exploration_share": 0}
    return night(small_config | {"contacting": contacting}, tmp_path)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def test_a_night_is_decided_audited_and_written(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    audit = Audit()
    report = decisioning.decide(con, tonight, KEY, audit)
    assert audit.failed == []
    assert {door for door, _ in audit.asked} == {"activation.candidates", "activation.decisions"}
    decided = rows(
        con,
        "select as_of, contact_point_id, customer_id, arm, reason, segment, expected_value"
        " from activation.decisions order by contact_point_id",
    )
    # 0.05 × 100 × (0.4 − 0.2) − 0.01; bob has no orders and gets the median basket, ann's.
    assert decided == [
        (AS_OF, "p_ann", "ann", "summer", "best_value", "active", 0.99),
        (AS_OF, "p_bob", "bob", "summer", "best_value", "lead", 0.99),
    ]
    assert rows(con, "select count(*) from activation.groups") == [(4,)]
    assert report.rows == 2
    assert report.facts["contacted"] == 2


def test_deciding_twice_gives_the_same_rows_and_draws_nothing(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    decisioning.decide(con, tonight, KEY, Audit())
    first = [con.sql(f"from activation.{t} order by all").pl() for t in ("groups", "decisions")]
    report = decisioning.decide(con, tonight, KEY, Audit())
    again = [con.sql(f"from activation.{t} order by all").pl() for t in ("groups", "decisions")]
    assert all(a.equals(b) for a, b in zip(first, again, strict=True))
    assert report.facts["groups_drawn"] == 0


def test_candidates_are_kept_for_as_many_nights_as_configured(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    for days in (34, 35):
        con.execute(
            "insert into activation.candidates (as_of) values (?)", [AS_OF - timedelta(days=days)]
        )
    decisioning.decide(con, tonight, KEY, Audit())
    kept = rows(con, "select distinct as_of from activation.candidates order by 1")
    assert kept == [(AS_OF - timedelta(days=34),), (AS_OF,)]


def test_a_failed_check_leaves_everything_as_it_was(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    def refuse(con: Any, door: str, table: str, checks: Any) -> Any:
        raise CheckFailed(door)

    with pytest.raises(CheckFailed):
        decisioning.decide(con, tonight, KEY, refuse)
    for table in ("groups", "candidates", "decisions"):
        assert rows(con, f"select count(*) from activation.{table}") == [(0,)]


def test_places_left_are_the_capacity_less_the_contacts_made(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    con.execute("""
        insert into marts.campaign_contacts values
            ('summer', 'p_zoe', '2026-06-20', 'summer', '2026-06-21'),
            ('summer', 'p_zoe', '2026-06-21', 'summer', '2026-06-22'),
            ('summer', 'p_kim', '2026-06-20', 'control', '2026-06-21'),
            ('summer', 'p_lou', '2026-06-28 22:30', 'summer', '2026-06-30')
    """)
    decisioning.decide(con, tonight, KEY, Audit())
    found = rows(con, "select arm, count(*) from activation.decisions group by 1 order by 1")
    assert found == [("no_contact", 1), ("summer", 1)]


def test_a_campaign_without_capacity_is_open_to_everybody(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    con.execute("update marts.campaigns set capacity = null")
    decisioning.decide(con, tonight, KEY, Audit())
    assert rows(con, "select distinct arm from activation.decisions") == [("summer",)]


def test_a_newsletter_planned_within_the_window_counts_against_the_cap(
    con: duckdb.DuckDBPyConnection, small_config: dict[str, Any], tmp_path: Path
) -> None:
    config = small_config | {
        "contacting": {"holdout_share": 0, "exploration_share": 0, "cap_messages": 1}
    }
    for starts, reason in (("2026-07-12 21:59", "cap"), ("2026-07-12 22:00", "best_value")):
        con.execute(f"update marts.campaigns set starts_at='{starts}' where campaign_id='news'")
        decisioning.decide(con, night(config, tmp_path), KEY, Audit())  # 14 days, Paris
        assert {r for (r,) in rows(con, "select reason from activation.decisions")} == {reason}


def test_a_sealed_night_is_compared_and_never_rewritten(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    decisioning.decide(con, tonight, KEY, Audit())
    report = decisioning.decide(con, tonight, KEY, Audit(), sealed=True)
    assert report.facts["sealed"] == "unchanged"
    con.execute("update ml.scores set value = 0.06 where customer_id = 'bob'")
    with pytest.raises(SealedNight, match="1 contact points would be decided differently"):
        decisioning.decide(con, tonight, KEY, Audit(), sealed=True)
    con.execute("delete from marts.contact_points where customer_id = 'ann'")
    with pytest.raises(SealedNight, match="2 contact points"):
        decisioning.decide(con, tonight, KEY, Audit(), sealed=True)
    recorded = rows(con, "select expected_value from activation.decisions")
    assert recorded == [(0.99,), (0.99,)]


@pytest.mark.parametrize("days", [-1, 1])
def test_tables_of_another_night_are_refused(
    con: duckdb.DuckDBPyConnection, tonight: Night, days: int
) -> None:
    other = AS_OF + timedelta(days=days)
    con.execute("update marts.customer_360 set as_of = ?", [other])
    with pytest.raises(NotReady, match=f"marts.customer_360 is as of {other}, the night is"):
        decisioning.decide(con, tonight, KEY, Audit())


def test_a_shop_without_a_customer_yet_is_told_so(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    con.execute("delete from marts.customer_360")
    with pytest.raises(NotReady, match=f"no customer is known on {AS_OF}: .*bring orders that do"):
        decisioning.decide(con, tonight, KEY, Audit())


def test_a_night_without_snapshot_is_refused(
    con: duckdb.DuckDBPyConnection, tonight: Night
) -> None:
    con.execute("update features.customer_features set as_of = ?", [date(2026, 6, 1)])
    with pytest.raises(NotReady, match="run `snapshot`"):
        decisioning.decide(con, tonight, KEY, Audit())


def test_an_empty_key_is_refused_by_name(con: duckdb.DuckDBPyConnection, tonight: Night) -> None:
    with pytest.raises(ConfigError, match="NOCTURNE_HASH_KEY"):
        decisioning.decide(con, tonight, "", Audit())


def test_every_check_has_a_kind_that_exists_and_a_name_of_its_own() -> None:
    for checks in (decision_checks(Contacting()), candidate_checks()):
        assert {check.kind for check in checks} <= set(KINDS)
        assert len({check.name for check in checks}) == len(checks)


TAMPERED = {
    "no_blocked_contact_point_is_decided": "update staged set contact_point_id = 'p_cat'"
    " where contact_point_id = 'p_bob'",
    "every_contactable_email_is_decided": "delete from staged where contact_point_id = 'p_bob'",
    "no_held_out_contact_point_is_contacted": "update activation.groups set group_name = 'holdout'",
    "no_customer_of_a_held_out_contact_point_is_contacted": "update activation.groups"
    " set group_name = 'holdout' where contact_point_id = 'p_tel'",
    "no_customer_is_contacted_twice": "update staged set customer_id = 'ann'",
    "every_arm_is_an_active_campaign_of_the_channel": "update staged set arm = 'old'",
    "the_contact_cap_is_kept": "update marts.contact_points set messages_in_cap_window = 2",
    "no_campaign_exceeds_its_capacity": "update marts.campaigns set capacity = 1",
    "probability_is_above_zero": "update staged set assignment_probability = 0",
}


@pytest.mark.parametrize("name", TAMPERED)
def test_each_query_check_finds_what_it_is_for(
    con: duckdb.DuckDBPyConnection, tonight: Night, name: str
) -> None:
    decisioning.decide(con, tonight, KEY, Audit())
    con.execute("create table staged as from activation.decisions")
    check = next(c for c in decision_checks(Contacting()) if c.name == name)
    query = check.args["sql"].format(table="staged")
    assert rows(con, query) == []
    con.execute(TAMPERED[name])
    assert rows(con, query) != []


def test_the_query_checks_are_all_tested() -> None:
    queries = {c.name for c in decision_checks(Contacting()) if c.kind == "query_is_empty"}
    assert queries == set(TAMPERED)

"""Scoring: who is scored, with what, and what happens when a check fails."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.errors import CheckFailed
from pipelines.modeling import dump, fit, registry, score
from pipelines.modeling.scoring import percentiles
from pipelines.specs.checks import Check, CheckResult, Severity
from pipelines.specs.model import Model
from pipelines.specs.night import Night
from tests.unit import modeling_world as world


def question(check: Check) -> str:
    """The kinds that modeling declares, in plain SQL, true when the check holds."""
    a = check.args
    column = a.get("column")
    match check.kind:
        case "query_is_empty":
            return f"select count(*) = 0 from ({a['sql']})"
        case "value_between":
            return f"select ({a['sql']}) between {a['min']} and {a['max']}"
        case "unique":
            return f"select count(*) = count(distinct ({', '.join(a['columns'])})) from {{table}}"
        case "not_null":
            return f"select count(*) = count({column}) from {{table}}"
        case "not_constant":
            return f"select count(distinct {column}) > 1 from {{table}}"
        case "between":
            return f"select bool_and({column} between {a['min']} and {a['max']}) from {{table}}"
    raise AssertionError(check.kind)


def audit(
    con: duckdb.DuckDBPyConnection, door: str, table: str, checks: Sequence[Check]
) -> list[CheckResult]:
    """Raises like the real one."""
    results = []
    for check in checks:
        row = con.execute(question(check).format(table=table)).fetchone()
        results.append(CheckResult(door, check.name, check.severity, bool(row and row[0]), ""))
    bad = [r.name for r in results if not r.success and r.severity is Severity.CRITICAL]
    if bad:
        raise CheckFailed(", ".join(bad))
    return results


def refuse(
    con: duckdb.DuckDBPyConnection, door: str, table: str, checks: Sequence[Check]
) -> list[CheckResult]:
    """An auditor that finds fault with everything."""
    raise CheckFailed("values_differ")


def trained(
    con: duckdb.DuckDBPyConnection, folder: Path, rows: pl.DataFrame, *models: Model
) -> Night:
    world.build(con, rows)
    night = world.night(folder, *(models or (world.model(),)))
    fit(night, dump(con, night))
    return night


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def pins(night: Night) -> dict[str, str]:
    found = {name: registry.champion(night.paths.registry, name) for name in night.models}
    return {name: version for name, version in found.items() if version}


def table(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    found: pl.DataFrame = con.sql("from ml.scores order by model, item_id, customer_id").pl()
    return found


def test_everyone_of_the_population_gets_a_probability_within_its_interval(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = world.customers().with_columns((pl.col("customer_id") < "c_0500").alias("is_buyer_365d"))
    night = trained(con, tmp_path, rows)
    report = score(con, night, pins(night), audit)
    found = table(con)
    assert report.rows == len(found) == 500
    assert found["as_of"].unique().to_list() == [world.NIGHT]
    assert (found["lower"] <= found["value"]).all()
    assert (found["value"] <= found["upper"]).all()
    assert set(found["flag"]) == {"", "thin_history"}


def test_scores_are_close_to_the_true_probabilities(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = world.customers()
    night = trained(con, tmp_path, rows)
    score(con, night, pins(night), audit)
    truth = rows.filter(pl.col("as_of") == world.NIGHT).select("customer_id", "chance")
    joined = table(con).join(truth, on="customer_id")
    value, chance = joined["value"].to_numpy(), joined["chance"].to_numpy()
    assert value.mean() == pytest.approx(chance.mean(), abs=0.03)
    assert np.corrcoef(value, chance)[0, 1] > 0.95


def test_scoring_twice_gives_the_same_rows_with_any_number_of_threads(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    night = trained(con, tmp_path, world.customers())
    found = []
    for threads in (1, 2, 3):
        con.execute(f"set threads = {threads}")
        score(con, night, pins(night), audit)
        found.append(table(con))
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


def test_a_failed_check_leaves_the_scores_of_before(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    night = trained(con, tmp_path, world.customers())
    score(con, night, pins(night), audit)
    before = table(con)
    con.execute("update features.customer_features set recency_days = recency_days + 100")
    with pytest.raises(CheckFailed):
        score(con, night, pins(night), refuse)
    assert table(con).equals(before)


def test_who_objects_to_profiling_has_no_score_of_any_night(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    night = trained(con, tmp_path, world.customers())
    score(con, night, pins(night), audit)
    con.execute(
        "insert into ml.scores select * replace (as_of - 1 as as_of) from ml.scores"
        " union all select * replace (as_of - 9 as as_of) from ml.scores"
    )
    con.execute(
        "insert into marts.profiling_objections values"
        f" ('c_0007', date '{world.NIGHT}' - 3, date '{world.NIGHT}')"  # has another id by now
    )
    score(con, night, {}, audit)  # also in a night without a champion
    of_objector = table(con).filter(pl.col("customer_id") == "c_0007")["as_of"].to_list()
    of_another = table(con).filter(pl.col("customer_id") == "c_0008")["as_of"].to_list()
    assert len(of_objector) == 1
    assert sorted(of_another) == [of_objector[0], world.NIGHT - timedelta(days=1)]


def test_a_naive_champion_scores_with_a_flag_and_follows_recency(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    night = trained(con, tmp_path, world.customers(), world.model(gates={"min_positives": 10**6}))
    score(con, night, pins(night), audit)
    found = table(con).join(
        con.sql(f"from features.customer_features where as_of = '{world.NIGHT}'").pl(),
        on="customer_id",
    )
    assert set(found["flag"]) == {"naive_rule"}
    assert found.sort("recency_days", "value")["value"].is_sorted()


def test_a_category_never_seen_in_training_is_scored_as_missing(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    night = trained(con, tmp_path, world.customers())
    tonight = f"where as_of = date '{world.NIGHT}'"
    values = []
    for channel in ("'marketplace'", "null"):
        con.execute(f"update features.customer_features set main_channel = {channel} {tonight}")
        score(con, night, pins(night), audit)
        values.append(table(con)["value"].to_list())
    assert values[0] == values[1]


def test_a_model_without_champion_leaves_no_rows_and_says_so(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    night = trained(con, tmp_path, world.customers())
    score(con, night, pins(night), audit)
    report = score(con, night, {}, audit)
    assert report.facts == {"churn": "no champion"}
    assert not len(table(con))


def test_equal_scores_share_a_percentile_and_the_best_is_100() -> None:
    found = percentiles(np.array([0.1, 0.5, 0.5, 0.9]))
    assert found.tolist() == [25, 63, 63, 100]


def campaigns(**changes: object) -> Model:
    declared = {
        "name": "best_campaign",
        "trainer": "arm_effects",
        "label": None,
        "population": None,
        "horizon_days": 14,
        "naive_rule": None,
        "gates": {"min_positives": 500, "min_negatives": 100},
    }
    return world.model(**(declared | changes))


def sends(con: duckdb.DuckDBPyConnection, lift: dict[str, float], count: int = 4000) -> None:
    """Outcomes of randomised campaigns of theme 'sale': `lift` is each one's true effect."""
    random = np.random.default_rng(4)
    parts = []
    for campaign, effect in lift.items():
        treated = random.random(count) < 0.8
        parts.append(
            pl.DataFrame(
                {
                    "campaign_id": [campaign] * count,
                    "theme": ["sale"] * count,
                    "segment": random.choice(["active", "at_risk"], count),
                    "is_treated": treated,
                    "assignment_probability": np.where(treated, 0.8, 0.2),
                    "purchased": (random.random(count) < 0.1 + effect * treated).astype(int),
                    "sent_date": [world.ANCHORS[1]] * count,
                    "contact_point_id": [f"p{i}" for i in range(count)],
                    "is_matured": [True] * count,
                }
            )
        )
    con.register("sends", pl.concat(parts).to_arrow())
    con.execute("create or replace table outcomes.campaign_outcomes as from sends")


def test_each_customer_gets_an_effect_of_each_active_chosen_campaign(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    world.build(con, world.customers())
    sends(con, {"good": 0.10, "bad": -0.05, "dull": 0.0})
    con.execute(
        "insert into marts.campaigns values ('good', 'sale', true, 'chosen'),"
        " ('bad', 'sale', true, 'chosen'), ('new', 'sale', true, 'chosen'),"
        " ('over', 'sale', false, 'chosen'), ('all', 'sale', true, 'everyone')"
    )
    night = world.night(tmp_path, campaigns())
    (report,) = fit(night, dump(con, night))
    assert report.status == "promoted"
    score(con, night, pins(night), audit)
    found = table(con)
    assert len(found) == 3 * 600
    mean = dict(found.group_by("item_id").agg(pl.col("value").mean()).iter_rows())
    assert mean["good"] == pytest.approx(0.10, abs=0.03)
    assert mean["bad"] == pytest.approx(-0.05, abs=0.03)
    width = found.with_columns((pl.col("upper") - pl.col("lower")).alias("width"))
    by_item = dict(width.group_by("item_id").agg(pl.col("width").mean()).iter_rows())
    assert by_item["new"] > 2 * by_item["good"]
    assert set(found.filter(item_id="new")["flag"]) == {"by_theme"}


def test_without_controls_nobody_is_told_an_effect(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    world.build(con, world.customers())
    con.execute("insert into marts.campaigns values ('c', 'sale', true, 'chosen')")
    night = world.night(tmp_path, campaigns())
    (report,) = fit(night, dump(con, night))
    assert report.status == "baseline"
    assert [r.split(":")[0] for r in report.reasons] == ["min_treated", "min_control"]
    score(con, night, pins(night), audit)
    found = table(con)
    assert set(found["value"]) == {0.0}
    assert set(found["flag"]) == {"no_control"}
    assert (found["lower"] < -0.02).all()

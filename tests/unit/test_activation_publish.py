"""publish: what analysts read, and that they never read half of it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import catalog, warehouse
from pipelines.activation import publish
from pipelines.errors import ConfigError, NotReady
from pipelines.ledger import Ledger
from pipelines.specs.checks import CheckResult, Severity
from pipelines.specs.night import Night
from pipelines.specs.shop import Amounts
from tests.unit import activation_world as world

TABLES = {
    "activation.candidates",
    "activation.decisions",
    "marts.campaigns",
    "marts.consent_status",
    "marts.contact_base_advice",
    "marts.contact_base_summary",
    "marts.contact_point_quality",
    "marts.contact_points",
    "marts.cross_channel_categories",
    "marts.cross_channel_customers",
    "marts.cross_channel_funnel",
    "marts.customer_360",
    "marts.customer_attributes",
    "marts.customer_lifecycle",
    "marts.customer_timeline",
    "marts.declared_and_observed",
    "marts.freshness",
    "marts.lifecycle_thresholds",
    "marts.order_lines",
    "marts.orders",
    "marts.product_affinity",
    "marts.purchase_journeys",
    "marts.stock_levels",
    "marts.suppressions",
    "marts.web_sessions",
    "measurement.effects",
    "ml.evaluations",
    "ml.scores",
    "ops.books",
    "ops.checks",
    "ops.quarantine",
    "ops.runs",
}


def ledger_of(night: Night) -> Ledger:
    ledger = Ledger(night.paths.ledger)
    run = ledger.start(night.as_of, "load")
    ledger.fail(run, 1.0, f"claire@example.com and {world.PHONE} cannot be read")
    result = CheckResult("load.orders", "row_count", Severity.WARNING, False, "2 rows")
    ledger.record_checks(run, night.as_of, [result])
    ledger.start(night.as_of, "publish")
    return ledger


def published(night: Night, key: str = world.KEY) -> dict[str, list[tuple[Any, ...]]]:
    """Publish, then read every table of the file."""
    with warehouse.connect(night.paths, night.machine) as con:
        publish(con, night, Ledger(night.paths.ledger), key)
    return read(night)


def read(night: Night) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        names = con.execute("select schema_name || '.' || table_name from duckdb_tables()")
        return {
            name: con.execute(f"from {name}").fetchall() for (name,) in sorted(names.fetchall())
        }


def column(night: Night, table: str, name: str) -> list[Any]:
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        return [row[0] for row in con.execute(f"select {name} from {table}").fetchall()]


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    one = world.open_world(tmp_path)
    ledger_of(one)
    yield one


def test_no_address_or_name_can_be_decoded_from_the_file(night: Night) -> None:
    text = repr(published(night))
    for secret in world.SECRETS:
        assert secret not in text
    for name in world.PEOPLE:
        assert world.point_id("email", f"{name}@example.com") not in text
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        stored = con.execute("select sql from duckdb_tables()").fetchall()
        assert not con.execute("select * from duckdb_views() where not internal").fetchall()
    assert world.KEY not in repr(stored)


def test_tokens_join_across_tables_and_depend_on_the_key(night: Night) -> None:
    tables = published(night)
    points = set(column(night, "marts.contact_points", "contact_point_id"))
    decided = set(column(night, "activation.decisions", "contact_point_id"))
    assert decided < points
    customers = set(column(night, "marts.customer_360", "customer_id"))
    assert set(column(night, "marts.orders", "customer_id")) == customers
    assert set(column(night, "ml.scores", "customer_id")) < customers
    other = published(night, key="another key")
    assert other["marts.contact_points"] != tables["marts.contact_points"]


def test_clear_addresses_need_no_key_and_the_raw_record_still_stays_out(tmp_path: Path) -> None:
    night = world.open_world(tmp_path, addresses="clear")
    tables = published(night, key="")
    assert "claire@example.com" in column(night, "marts.contact_points", "address")
    assert "claire@example.com;Durand" not in repr(tables["ops.quarantine"])


def test_pseudonyms_without_a_key_are_refused(night: Night) -> None:
    with pytest.raises(ConfigError, match="NOCTURNE_HASH_KEY"):
        published(night, key="")


def test_every_table_is_there_and_every_column_of_ours_is_described(night: Night) -> None:
    assert set(published(night)) == TABLES
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        tables = dict(
            con.execute(
                "select schema_name || '.' || table_name, comment from duckdb_tables()"
            ).fetchall()
        )
        columns = con.execute(
            "select schema_name || '.' || table_name, column_name, comment from duckdb_columns()"
        ).fetchall()
    ours = {name for name in TABLES if name in catalog.TABLES} | {"ops.runs", "ops.checks"}
    assert {tables[name][:7] for name in ours} == {"One row"}
    assert [(t, c) for t, c, comment in columns if t in ours and not comment] == []
    assert tables["marts.contact_points"] == "One row per channel and address; it's keyed."
    described = {(table, name): comment for table, name, comment in columns}
    assert described["marts.contact_points", "address"] == "The normalised address."
    assert described["marts.customer_360", "customer_id"] == "The customer."
    assert described["marts.customer_360", "churn_score"].startswith("Latest churn score")


def test_the_file_says_what_the_total_of_an_order_includes(night: Night) -> None:
    net = Amounts(includes_tax=False)
    published(world.with_shop(night, amounts=net))
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        (comment,) = con.execute(
            "select comment from duckdb_columns()"
            " where table_name = 'orders' and column_name = 'total_amount'"
        ).fetchone() or ("",)
    assert "without tax, shipping included" in comment


def test_customer_360_carries_the_latest_scores_and_tonights_decision(night: Night) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute("delete from ml.scores where model = 'purchase_propensity'")
        con.execute(
            "insert into ml.scores values ('2026-03-01', 'purchase_propensity', 'c_eve', '', 'v1',"
            " 0.5, null, null, 50, ''), ('2026-03-03', 'churn', 'c_eve', '', 'v1', 0.9, null,"
            " null, 99, '')"
        )
    published(world.with_shop(night, publishing=night.shop.publishing))
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        rows = con.execute(
            "select churn_score, churn_percentile, purchase_propensity_score,"
            " purchase_propensity_as_of::varchar, decision_channel, decision_arm, decision_is_slot"
            " from marts.customer_360 where lifecycle_stage in ('lead', '=1+1') order by 1"
        ).fetchall()
    assert rows == [
        (pytest.approx(3 / 7), 90, None, None, "email", "spring", False),
        (None, None, 0.5, "2026-03-01", "email", "no_contact", True),
    ]


def test_the_timeline_is_there_as_a_table_of_the_last_months_with_keys_that_name_nobody(
    night: Night,
) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute(
            "insert into marts.timeline_events"
            " values ('web|e1|2020-01-01', 'c_eve', '2020-01-01', '2020-01-01', 'page_view', null)"
        )
    published(night)
    keys = column(night, "marts.customer_timeline", "event_key")
    assert {key for key in keys if key.startswith("order|")} == {
        f"order|o-{name}" for name in world.PEOPLE
    }
    assert len({key for key in keys if key.startswith("send|")}) == len(world.PEOPLE)
    assert len(keys) == 2 * len(world.PEOPLE)  # nothing of 2020
    assert set(column(night, "marts.customer_timeline", "detail")) == {"to <address>"}
    customers = set(column(night, "marts.customer_360", "customer_id"))
    assert set(column(night, "marts.web_sessions", "customer_id")) == customers


def test_who_objects_to_profiling_shows_no_score(tmp_path: Path) -> None:
    night = world.open_world(tmp_path, addresses="clear")
    ledger_of(night)
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute(
            "insert into activation.candidates values"
            " ('2026-03-02', 'p', 'c_dora', 'spring', 1, 1, true, ''),"
            " ('2026-03-02', 'p', 'c_eve', 'spring', 1, 1, true, '')"
        )
        con.execute(
            "insert into marts.profiling_objections values ('c_dora', '2026-03-02', '9999-12-31'),"
            " ('c_eve', '2026-01-01', '2026-02-01')"  # somebody else's id by now
        )
    published(night)
    assert "c_dora" not in column(night, "ml.scores", "customer_id")
    assert "c_claire" in column(night, "ml.scores", "customer_id")
    assert column(night, "activation.candidates", "customer_id") == ["c_eve"]
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        assert con.execute(
            "select churn_score, churn_percentile from marts.customer_360"
            " where customer_id = 'c_dora'"
        ).fetchall() == [(None, None)]
        assert con.execute(
            "select customer_id from activation.decisions where expected_value is null"
        ).fetchall() == [("c_dora",)]


def test_parquet_beside_the_file_holds_the_same_rows(tmp_path: Path) -> None:
    night = world.open_world(tmp_path, addresses="pseudonymised")
    ledger_of(night)
    published(night)
    folder = night.paths.published_parquet
    assert {file.stem for file in folder.iterdir()} == TABLES
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        for name in sorted(TABLES):
            ours = con.execute(f"from {name} order by all").fetchall()
            theirs = con.execute(f"from '{folder / name}.parquet' order by all").fetchall()
            assert ours == theirs, name


def test_who_wants_no_parquet_has_none(tmp_path: Path) -> None:
    night = world.open_world(tmp_path, addresses="clear")
    published(night)
    without = night.shop.publishing.model_copy(update={"parquet": False})
    shop = night.shop.model_copy(update={"publishing": without})
    published(replace(night, shop=shop))
    assert not night.paths.published_parquet.exists()


def test_attributes_are_shown_but_for_those_that_tell_who_somebody_is(night: Night) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        world.tell(con, "eve", "points", "107,5", "latest_told")
        world.tell(con, "eve", "landline", "0145678901", "latest_told")
        world.tell(con, "eve", "nickname", "Evie", "latest_told")
        world.tell(con, "eve", "postal_code", "69003", "latest_live_contact")
    published(night)
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        shown = con.execute(
            "select distinct attribute, value from marts.customer_attributes order by all"
        ).fetchall()
        (comment,) = con.execute(
            "select comment from duckdb_columns() where table_name = 'customer_attributes'"
            " and column_name = 'value'"
        ).fetchone() or ("",)
    assert shown == [
        ("city", "Lyon"),
        ("email", None),
        ("landline", None),
        ("last_name", None),
        ("nickname", None),
        ("points", "107,5"),
        ("postal_code", "69003"),
        ("remark", None),
        ("store", "S01"),
    ]
    assert "fewer than five customers" in comment


def test_old_clients_can_read_the_file(night: Night) -> None:
    published(night)
    with duckdb.connect(str(night.paths.published), read_only=True) as con:
        tags = con.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchall()
    assert [str(tag) for (tag,) in tags] == ["v1.2.0+"]


def test_the_same_night_gives_the_same_rows_in_the_same_order(night: Night) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute(
            "insert into marts.order_lines select '2026-03-02', format('o{}', i % 9999), i"
            " from range(200000) r(i) order by hash(i)"
        )
    assert published(night) == published(night)


def test_candidates_and_scores_are_cut_to_what_the_shop_keeps(night: Night) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute(
            "insert into activation.candidates select date '2026-03-02' - i::int, 'p', 'c', 'a',"
            " 1, 1, true, '' from range(-1, 60) r(i)"
        )
    published(night)
    dates = sorted(str(day) for day in column(night, "activation.candidates", "as_of"))
    assert (len(dates), dates[0], dates[-1]) == (35, "2026-01-27", "2026-03-02")


def test_without_transform_there_is_nothing_to_publish(tmp_path: Path) -> None:
    night = world.night(tmp_path)
    with pytest.raises(NotReady, match="transform"):
        published(night)
    assert list(night.paths.published.parent.glob("*analytics*")) == []


READER = """
import sys, duckdb
path, stop, expected = sys.argv[1:]
import pathlib, time
seen = 0
while not pathlib.Path(stop).exists():
    with duckdb.connect(path, read_only=True) as con:
        tables = con.execute("select count(*) from duckdb_tables()").fetchone()[0]
        lines = con.execute("select count(*) from marts.order_lines").fetchone()[0]
        comments = con.execute(
            "select count(*) from duckdb_tables() where comment is not null").fetchone()[0]
    assert (tables, lines > 50000, comments > 10) == (COUNT, True, True), (tables, lines, comments)
    found = (tables, lines, comments)
    assert (tables, lines > 50000, comments > 10) == (int(expected), True, True), found
    seen += 1
    print(seen, flush=True)
""".replace("COUNT", str(len(TABLES)))


@pytest.mark.slow
def test_a_reader_who_polls_the_file_always_reads_a_whole_one(night: Night, tmp_path: Path) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute(
            "insert into marts.order_lines select '2026-03-02', 'o', i from range(60000) r(i)"
        )
    published(night)
    stop = tmp_path / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(night.paths.published), str(stop), str(len(TABLES))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    reader.stdout.readline()  # it has begun
    with warehouse.connect(night.paths, night.machine) as con:
        for _ in range(5):
            publish(con, night, Ledger(night.paths.ledger), world.KEY)
    stop.touch()
    out, err = reader.communicate(timeout=60)
    assert reader.returncode == 0, err
    assert len(out.splitlines()) > 1

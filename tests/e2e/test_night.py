"""The whole night on the sample shop, through the command line, as a user would run it."""

import csv
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from docs import answers
from pipelines.settings import Paths
from pipelines.verbs import VERBS
from tests.conftest import FIRST_NIGHT
from tests.decoded import traces_of
from tests.nights import SAMPLE, bytes_of, nocturne
from tests.reconciliation import differences

NEXT_NIGHT = FIRST_NIGHT + timedelta(days=1)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One finished night."""
    folder = tmp_path_factory.mktemp("night")
    told = nocturne("run", FIRST_NIGHT, folder)
    for verb in VERBS:
        assert f"{verb} as_of={FIRST_NIGHT} rows=" in told
    return folder


def _export(data_dir: Path) -> Path:
    return data_dir / "exports" / "crm" / f"as_of={FIRST_NIGHT}"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_night_leaves_files_that_a_tool_can_import(data_dir: Path) -> None:
    names = {path.name for path in _export(data_dir).iterdir()}
    assert {"scores.csv", "removals.csv", "data_dictionary.csv", "manifest.json"} <= names
    assert any(name.startswith("audience_") for name in names)
    assert len(_rows(_export(data_dir) / "scores.csv")) > 500


def test_nobody_is_in_a_file_and_in_the_removals(data_dir: Path) -> None:
    removed = {row["EMAIL"] for row in _rows(_export(data_dir) / "removals.csv")} - {""}
    assert removed
    for path in _export(data_dir).glob("*.csv"):
        if path.name == "scores.csv" or path.name.startswith("audience_"):
            kept = {row.get("EMAIL", "") for row in _rows(path)}
            assert not kept & removed, path.name


def test_the_books_balance_for_every_file(data_dir: Path) -> None:
    with duckdb.connect(str(Paths(data_dir).warehouse), read_only=True) as con:
        wrong = con.sql(
            "from ops.books where records_read <> landed + quarantined + refused"
        ).fetchall()
        counted = con.sql(
            "select sum(quarantined - no_longer_kept) from ops.books"
            " union all select count(*) from ops.quarantine"
        ).fetchall()
    assert wrong == []
    assert counted[0] == counted[1]
    assert counted[0][0] > 0


def test_what_the_extracts_told_is_in_the_marts_to_the_cent(data_dir: Path) -> None:
    assert differences(Paths(data_dir).warehouse, FIRST_NIGHT, "Europe/Paris") == []


def test_the_questions_of_analysts_have_the_answers_that_the_page_shows(data_dir: Path) -> None:
    page = answers.PAGE.read_text(encoding="utf-8")
    assert len(answers.questions(page)) == 15
    with duckdb.connect(str(Paths(data_dir).published), read_only=True) as con:
        assert answers.answered(page, con) == page  # python -m docs.answers FILE writes them anew


def test_the_published_file_is_described_and_carries_scores_and_decision(data_dir: Path) -> None:
    with duckdb.connect(str(Paths(data_dir).published), read_only=True) as con:
        uncommented = con.sql(
            "select table_name, column_name from duckdb_columns()"
            " where schema_name = 'marts' and comment is null"
        ).fetchall()
        columns = {
            row[0]
            for row in con.sql(
                "select column_name from duckdb_columns() where table_name = 'customer_360'"
            ).fetchall()
        }
    assert uncommented == []
    assert any("churn" in column for column in columns)
    assert any("decision" in column for column in columns)


def test_a_second_run_does_nothing(data_dir: Path) -> None:
    before = bytes_of(data_dir / "exports")
    told = nocturne("run", FIRST_NIGHT, data_dir)
    assert told.count("skipped: done already") == len(VERBS)
    assert bytes_of(data_dir / "exports") == before


@pytest.mark.slow
def test_computing_again_in_another_process_gives_the_same_bytes(
    data_dir: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data_dir, copy)
    nocturne("run", FIRST_NIGHT, copy, "--recompute", NOCTURNE_THREADS="1")
    assert bytes_of(copy / "exports") == bytes_of(data_dir / "exports")


@pytest.mark.slow
def test_a_night_from_nothing_with_one_thread_gives_the_same_bytes(
    data_dir: Path, tmp_path: Path
) -> None:
    nocturne("run", FIRST_NIGHT, tmp_path, NOCTURNE_THREADS="1")
    for folder in ("exports", "registry"):
        assert bytes_of(tmp_path / folder) == bytes_of(data_dir / folder)


@pytest.mark.slow
def test_the_next_night_reads_only_what_is_new(data_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data_dir, copy)
    nocturne("run", NEXT_NIGHT, copy)
    with duckdb.connect(str(Paths(copy).warehouse), read_only=True) as con:
        nights = con.sql(
            "select as_of, count(*) from activation.decisions group by 1 order by 1"
        ).fetchall()
        partitions = con.sql(
            "select count(distinct extract_date) from raw.orders where extract_date > ?",
            params=[FIRST_NIGHT],
        ).fetchall()
    assert [night for night, _ in nights] == [FIRST_NIGHT, NEXT_NIGHT]
    assert partitions == [(1,)]
    assert bytes_of(copy / "exports" / "crm" / f"as_of={FIRST_NIGHT}") == bytes_of(
        _export(data_dir)
    )


def _all(data_dir: Path, table: str, where: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(Paths(data_dir).warehouse), read_only=True) as con:
        return con.sql(f"from {table} where {where} order by all").fetchall()


@pytest.mark.slow
def test_a_backfill_makes_features_and_labels_and_leaves_what_was_delivered(
    data_dir: Path, tmp_path: Path
) -> None:
    copy, past = tmp_path / "copy", FIRST_NIGHT - timedelta(days=30)  # within the retention
    shutil.copytree(data_dir, copy)
    for day in (past, FIRST_NIGHT):
        nocturne("backfill", None, copy, "--from", str(day), "--to", str(day))
    of_past, of_night = f"as_of = date '{past}'", f"as_of = date '{FIRST_NIGHT}'"
    assert _all(data_dir, "features.customer_features", of_past) == []
    assert len(_all(copy, "features.customer_features", of_past)) > 500
    assert len(_all(copy, "labels.label_purchase_propensity", of_past)) > 500
    assert _all(copy, "labels.label_churn", of_past) == []  # 91 days have not passed
    assert _all(copy, "ml.scores", of_past) == []  # no champion had been trained by then
    for table in ("ml.scores", "activation.decisions"):
        assert _all(copy, table, "true") == _all(data_dir, table, "true")
    assert _all(copy, "features.customer_features", of_night) == _all(
        data_dir, "features.customer_features", of_night
    )
    assert bytes_of(copy / "exports") == bytes_of(data_dir / "exports")


@pytest.mark.slow
def test_retraining_on_the_same_rows_gives_the_same_versions_and_leaves_the_night_complete(
    data_dir: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data_dir, copy)
    nocturne("retrain", FIRST_NIGHT, copy)
    assert bytes_of(copy / "registry") == bytes_of(data_dir / "registry")
    assert nocturne("run", FIRST_NIGHT, copy).count("skipped: done already") == len(VERBS)


# One who was written to, has ordered, and shares nothing with anybody.
_WRITTEN_TO = """
select contact.contact_id, contact.email, contact.phone, decisions.customer_id
from activation.decisions as decisions
join identity.identity_map as map using (customer_id)
join marts.contact_history as contact on contact.profile_id = map.profile_id
where decisions.arm <> 'no_contact' and contact.phone is not null
    and contact.known_until_date > decisions.as_of and map.as_of = decisions.as_of
    and exists (from marts.orders where orders.customer_id = decisions.customer_id)
    and (from identity.identity_map as same select count(*)
        where same.as_of = map.as_of and same.customer_id = map.customer_id
            and same.profile_id like 'contact:%') = 1
    and (from marts.contact_history as same select count(distinct contact_id)
        where same.email = contact.email or same.phone = contact.phone) = 1
order by 1 limit 1
"""


@pytest.mark.slow
def test_who_asks_to_be_erased_leaves_every_file_of_the_nights(
    data_dir: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data_dir, copy)
    with duckdb.connect(str(Paths(copy).warehouse), read_only=True) as con:
        [person] = con.execute(_WRITTEN_TO).fetchall()
        orders = con.execute(
            "select order_id from marts.orders where customer_id = ?", [person[3]]
        ).fetchall()
    words = {*person, *(order for (order,) in orders)}
    before = "".join(traces_of(copy, words))
    for place in ("landing/", "exports/", "analytics.duckdb", "ml.scores", "activation.decisions"):
        assert place in before
    requests = tmp_path / "requests.csv"
    requests.write_text(f"contact_id,requested_at\n{person[0]},{FIRST_NIGHT} 20:00:00\n")
    content = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    content["sources"]["requests"] = {
        "entity": "erasure_requests",
        "path": str(requests),
        "format": "csv",
        "columns": {"contact_id": "contact_id", "requested_at": "requested_at"},
    }
    config = tmp_path / "shop.yml"
    config.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    nocturne("run", NEXT_NIGHT, copy, config=config)
    shutil.rmtree(copy / "outbox")  # what was delivered is the tool's, and to be erased there
    assert traces_of(copy, words) == {}

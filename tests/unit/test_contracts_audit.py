"""The auditor: every kind of check can pass and can fail, inside the step's own transaction."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import auditor, data_docs
from pipelines.contracts.expectations import ARGS, KINDS
from pipelines.errors import CheckFailed
from pipelines.specs.checks import Check, CheckResult, Severity
from pipelines.warehouse import transaction

PASSING: list[tuple[str, dict[str, Any]]] = [
    ("not_null", {"column": "id"}),
    ("unique", {"columns": ["id"]}),
    ("unique", {"columns": ["id", "kind"]}),
    ("in_set", {"column": "kind", "values": ["a", "b"]}),
    ("in_set", {"column": "hole", "values": [1]}),
    ("between", {"column": "score", "min": 0, "max": 1}),
    ("between", {"column": "day", "min": date(2026, 1, 1), "max": date(2026, 1, 4)}),
    ("between", {"column": "amount", "min": 0, "strict": True}),
    ("row_count_between", {"min": 4, "max": 4}),
    ("not_constant", {"column": "score"}),
    ("query_is_empty", {"sql": "select * from {table} where id < 0"}),
    ("query_is_empty", {"sql": "select {'a': id} from {table} where kind = ':x' and 1::int = 2"}),
    ("value_between", {"sql": "select avg(score) from {table}", "min": 0.2, "max": 0.9}),
]
FAILING: list[tuple[str, dict[str, Any], str]] = [
    ("not_null", {"column": "hole"}, "3 of 4 rows break it; expected 0"),
    ("not_null", {"column": "nowhere"}, "the table has no column nowhere"),
    ("unique", {"columns": ["kind"]}, "1 keys occur more than once; expected 0"),
    ("unique", {"columns": ["hole"]}, "1 keys occur more than once; expected 0"),
    ("in_set", {"column": "kind", "values": ["a"]}, "1 of 4 rows break it; expected 0"),
    ("between", {"column": "score", "min": 0.2}, "1 of 4 rows break it; expected 0"),
    ("between", {"column": "day", "max": date(2026, 1, 3)}, "1 of 4 rows break it; expected 0"),
    ("between", {"column": "id", "min": 1, "strict": True}, "1 of 4 rows break it; expected 0"),
    ("row_count_between", {"min": 5}, "4 rows; expected at least 5"),
    ("row_count_between", {"max": 3}, "4 rows; expected at most 3"),
    ("not_constant", {"column": "same"}, "every row has the same value"),
    ("not_constant", {"column": "void"}, "every row has the same value"),
    ("query_is_empty", {"sql": "select * from {table} where id > 2"}, "2 rows found; expected 0"),
    ("value_between", {"sql": "select max(id) from {table}", "max": 3}, "4; expected at most 3"),
    (
        "value_between",
        {"sql": "select sum(void) from {table}", "min": 0},
        "NULL; expected at least 0",
    ),
]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema ml")
        connection.execute("create table ml.kept as select 1 as id")
        connection.execute("begin transaction")
        connection.execute("""
            create temp table staged as
            select i as id, case when i = 4 then 'b' else 'a' end as kind, i / 4 - 0.1 as score,
                case when i = 1 then 1 end as hole, null::integer as void, 7 as same,
                date '2026-01-01' + (i - 1)::integer as day, (i / 2)::decimal(12, 2) as amount,
                'jeanne' || i || '@exemple.fr' as email
            from range(1, 5) t (i)
        """)
        yield connection


def run(con: duckdb.DuckDBPyConnection, *checks: Check, table: str = "staged") -> list[CheckResult]:
    return auditor(lambda results: None)(con, "score", table, checks)


@pytest.mark.parametrize(("kind", "args"), PASSING)
def test_each_kind_passes_on_good_rows(
    con: duckdb.DuckDBPyConnection, kind: str, args: dict[str, Any]
) -> None:
    (result,) = run(con, Check("rows_are_good", kind, args=args))
    assert result.success, result.observed


@pytest.mark.parametrize(("kind", "args", "observed"), FAILING)
def test_each_kind_fails_on_bad_rows_and_says_what_it_found(
    con: duckdb.DuckDBPyConnection, kind: str, args: dict[str, Any], observed: str
) -> None:
    (result,) = run(con, Check("rows_are_good", kind, Severity.WARNING, args))
    assert (result.success, result.observed) == (False, observed)


def test_every_kind_is_tried_both_ways() -> None:
    assert {kind for kind, _ in PASSING} == {case[0] for case in FAILING} == set(KINDS) == set(ARGS)


def test_a_table_in_a_schema_is_audited_and_an_empty_one_breaks_no_check(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("create table ml.empty as select * from staged limit 0")
    checks = [
        Check(f"check_{i}", kind, Severity.WARNING, args)
        for i, (kind, args) in enumerate(PASSING)
        if kind not in ("row_count_between", "value_between")
    ]
    assert all(result.success for result in run(con, *checks, table="ml.empty"))


def test_a_critical_failure_rolls_back_and_the_old_rows_stay() -> None:
    recorded: list[CheckResult] = []
    with duckdb.connect() as con:
        con.execute("create table scores as select 1 as id")
        with pytest.raises(CheckFailed) as failure, transaction(con):
            con.execute("delete from scores")
            con.execute("insert into scores values (2), (2), (null)")
            auditor(recorded.extend)(
                con,
                "score",
                "scores",
                [
                    Check("ids_are_filled", "not_null", args={"column": "id"}),
                    Check("ids_are_unique", "unique", args={"columns": ["id"]}),
                    Check("there_are_rows", "row_count_between", args={"min": 1}),
                    Check("there_are_many_rows", "row_count_between", Severity.WARNING, {"min": 9}),
                ],
            )
        assert con.execute("select * from scores").fetchall() == [(1,)]
    assert str(failure.value).splitlines() == [
        "score: scores: 2 checks failed; nothing was kept",
        "  ids_are_filled: 1 of 3 rows break it; expected 0",
        "  ids_are_unique: 1 keys occur more than once; expected 0",
    ]
    assert [result.success for result in recorded] == [False, False, True, False]


def test_a_warning_only_tells(
    con: duckdb.DuckDBPyConnection, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="pipelines.contracts.audit"):
        logging.getLogger("pipelines").propagate = True
        run(con, Check("many_rows", "row_count_between", Severity.WARNING, {"min": 9}))
    assert "score: many_rows (staged): 4 rows; expected at least 9" in caplog.text


def test_an_audit_leaves_the_transaction_and_the_tables_as_they_were(
    con: duckdb.DuckDBPyConnection,
) -> None:
    names = "select table_name from duckdb_tables() order by all"
    before = con.execute(names).fetchall()
    run(con, *(Check(f"check_{i}", kind, args=args) for i, (kind, args) in enumerate(PASSING)))
    assert con.execute(names).fetchall() == before
    con.execute("rollback")
    assert con.execute(names).fetchall() == [("kept",)]


def test_checks_that_differ_only_by_name_are_both_told(con: duckdb.DuckDBPyConnection) -> None:
    checks = [Check(name, "not_null", args={"column": "id"}) for name in ("one", "other")]
    assert [result.name for result in run(con, *checks)] == ["one", "other"]


def test_a_check_whose_query_fails_stops_even_as_a_warning(con: duckdb.DuckDBPyConnection) -> None:
    sql = "select email::integer from {table}"
    broken = Check("broken", "value_between", Severity.WARNING, {"sql": sql, "min": 0})
    with pytest.raises(
        CheckFailed, match="broken: could not be run: its query failed on the rows"
    ) as failure:
        run(con, broken, Check("fine", "not_null", Severity.WARNING, {"column": "id"}))
    assert "@" not in str(failure.value)


def test_a_wrong_declaration_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="kind 'not_nul'; allowed: not_null, unique"):
        run(con, Check("typo", "not_nul", args={"column": "id"}))
    with pytest.raises(ValueError, match=r"found \['colum'\]"):
        run(con, Check("typo", "not_null", args={"colum": "id"}))


def test_neither_results_nor_pages_hold_personal_data(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    checks = [
        Check("addresses_are_known", "in_set", Severity.WARNING, {"column": "email", "values": []}),
        Check("addresses_are_late", "between", Severity.WARNING, {"column": "id", "min": 9}),
        Check("no_address", "query_is_empty", Severity.WARNING, {"sql": "select * from {table}"}),
        Check("same_address", "not_constant", Severity.WARNING, {"column": "email"}),
        Check("<b>bold</b>", "unique", Severity.WARNING, {"columns": ["email"]}),
    ]
    kept: list[CheckResult] = []
    auditor(kept.extend, tmp_path / "kept")(con, "score", "staged", checks)
    page = data_docs(tmp_path / "kept", tmp_path / "checks", date(2026, 1, 5))
    assert page == tmp_path / "checks" / "as_of=2026-01-05" / "index.html"
    html = page.read_text(encoding="utf-8")
    assert "4 of 4 rows break it" in html
    assert "<b>" not in html
    assert "http" not in html
    kept_file = tmp_path / "kept" / "score.staged.json"
    for text in (repr(kept), html, kept_file.read_text(encoding="utf-8")):
        assert "jeanne" not in text
        assert "exemple.fr" not in text


def test_the_page_says_what_was_asked_and_what_was_found(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    sql = "select {'a': id} from {table} where id > 2"
    checks = [
        Check("scores_are_shares", "between", args={"column": "score", "min": 0, "max": 1}),
        Check("ids_are_small", "query_is_empty", Severity.WARNING, {"sql": sql}),
        Check("there_is_a_date", "not_null", Severity.WARNING, {"column": "nowhere"}),
    ]
    auditor(lambda results: None, tmp_path)(con, "ml.scores", "staged", checks)
    page = data_docs(tmp_path, tmp_path / "checks", date(2026, 1, 5))
    assert page is not None
    html = page.read_text(encoding="utf-8")
    assert "3 checks at 1 door; 2 failed." in html
    assert "(column: score, max_value: 1.0, min_value: 0.0)" in html
    assert "(query: select {&#39;a&#39;: id} from staged where id &gt; 2)" in html
    assert "2 rows found; expected 0" in html
    assert "the table has no column nowhere" in html


def test_a_door_that_audits_two_tables_has_both_on_the_page(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("create temp view other as select * from staged")
    asked = Check("ids_are_late", "between", Severity.WARNING, {"column": "id", "min": 9})
    audit = auditor(lambda results: None, tmp_path)
    for table in ("staged", "other", "other"):
        audit(con, "load", table, [asked])
    page = data_docs(tmp_path, tmp_path / "checks", date(2026, 1, 5))
    assert page is not None
    html = page.read_text(encoding="utf-8")
    assert "2 checks at 1 door; 2 failed." in html
    assert "load · staged" in html
    assert "load · other" in html


def test_a_night_without_kept_results_has_no_page(tmp_path: Path) -> None:
    assert data_docs(tmp_path / "none", tmp_path / "checks", date(2026, 1, 5)) is None

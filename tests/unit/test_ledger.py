"""The run ledger: tries, pins, seals and what the doors found."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import StorageError
from pipelines.ledger import Ledger
from pipelines.specs.checks import CheckResult, Severity

NIGHT, NEXT = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "data" / "ledger.sqlite")


def _done(ledger: Ledger, as_of: date, verb: str) -> int:
    run_id = ledger.start(as_of, verb)
    ledger.finish(run_id, 1.5, 7, {"files": 2})
    return run_id


def _found(door: str, success: bool, observed: str) -> CheckResult:
    return CheckResult(door, "one_row_per_key", Severity.CRITICAL, success, observed)


def test_a_try_that_ended_well_is_told_with_its_rows_and_facts(ledger: Ledger) -> None:
    run_id = _done(ledger, NIGHT, "load")
    run = ledger.last_done(NIGHT, "load")
    assert run is not None
    assert (run.run_id, run.as_of, run.verb, run.status) == (run_id, NIGHT, "load", "done")
    assert (run.rows, run.seconds, run.facts, run.error) == (7, 1.5, {"files": 2}, "")
    assert run.finished_at is not None


def test_a_killed_try_stays_running_and_a_failed_one_keeps_its_sentence(ledger: Ledger) -> None:
    killed = ledger.start(NIGHT, "load")
    failed = ledger.start(NIGHT, "load")
    ledger.fail(failed, 0.1, "orders: line 3: no date")
    assert ledger.last_done(NIGHT, "load") is None
    assert [(r.run_id, r.status, r.error) for r in ledger.runs()] == [
        (failed, "failed", "orders: line 3: no date"),
        (killed, "running", ""),
    ]


def test_the_latest_night_of_a_verb_is_by_date_and_not_by_try(ledger: Ledger) -> None:
    assert ledger.last_night("load") is None
    _done(ledger, NEXT, "load")
    _done(ledger, NIGHT, "load")
    ledger.start(date(2026, 3, 3), "load")
    assert ledger.last_night("load") == NEXT
    assert ledger.last_night("publish") is None


def test_only_the_latest_tries_are_given_newest_first(ledger: Ledger) -> None:
    ids = [_done(ledger, NIGHT, verb) for verb in ("extract", "load", "transform")]
    assert [run.run_id for run in ledger.runs(2)] == [ids[2], ids[1]]


def test_each_door_is_told_by_its_latest_run(ledger: Ledger) -> None:
    first, second = ledger.start(NIGHT, "load"), ledger.start(NIGHT, "load")
    ledger.record_checks(first, NIGHT, [_found("raw.orders", False, "2 rows found")])
    ledger.record_checks(first, NIGHT, [_found("raw.contacts", True, "0 rows found")])
    ledger.record_checks(second, NIGHT, [_found("raw.orders", True, "0 rows found")])
    ledger.record_checks(second, NEXT, [_found("raw.orders", False, "9 rows found")])
    assert ledger.checks(NIGHT) == [
        _found("raw.contacts", True, "0 rows found"),
        _found("raw.orders", True, "0 rows found"),
    ]


def test_the_first_pin_stands_until_it_is_pinned_anew(ledger: Ledger) -> None:
    assert ledger.pinned(NIGHT, "config") is None
    assert ledger.pin(NIGHT, "config", "a") == "a"
    assert ledger.pin(NIGHT, "config", "b") == "a"
    assert ledger.pin(NEXT, "config", "b") == "b"
    ledger.repin(NIGHT, "config", "c")
    assert ledger.pinned(NIGHT, "config") == "c"


def test_a_seal_is_of_one_night_and_outlives_the_process(ledger: Ledger, tmp_path: Path) -> None:
    ledger.seal(NIGHT)
    again = Ledger(tmp_path / "data" / "ledger.sqlite")
    assert again.is_sealed(NIGHT)
    assert not again.is_sealed(NEXT)


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("no database at all" * 100)
    with pytest.raises(StorageError, match="is damaged: put it back from a backup"):
        Ledger(tmp_path / "ledger.sqlite")


def test_a_file_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").mkdir()
    with pytest.raises(StorageError, match=r"ledger\.sqlite: unable to open database file"):
        Ledger(tmp_path / "ledger.sqlite")

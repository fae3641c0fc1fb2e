"""export: the bytes of every kind of file, and what stops them from leaving."""

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import keyed, warehouse
from pipelines.activation import consent_gate, export
from pipelines.activation.contact_files import audience_names
from pipelines.errors import CheckFailed, NotReady, SealedNight
from pipelines.specs.checks import CheckResult
from pipelines.specs.night import Night, StepReport
from tests.unit import activation_world as world

GOLDEN = Path(__file__).parent.parent / "golden" / "export"
UNASKED = {"address_without_consent_in_export"}


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return world.open_world(tmp_path)


@pytest.fixture
def con(night: Night) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(night.paths, night.machine) as connection:
        yield connection


def run(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    sealed: bool = False,
    record: Callable[[Any], None] = lambda results: None,
) -> StepReport:
    return export(
        con, night, world.audit, champions={"churn": "v1"}, sealed=sealed, record=record, key=str
    )


def home(night: Night, destination: str = "crm") -> Path:
    return night.paths.exports / destination / f"as_of={night.as_of}"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_each_kind_of_file_has_the_reviewed_bytes(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    run(con, night)
    fingerprint = night.shop.fingerprint().encode()
    found = {
        name: content.replace(fingerprint, b"<fingerprint of the configuration>")
        for name, content in contents(home(night)).items()
    }
    assert found == contents(GOLDEN)


def test_the_number_of_threads_changes_no_byte(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    con.execute(
        "insert into marts.contact_points select as_of, md5('email|' || i), 'email',"
        " format('p{}@example.org', i), 'c_x', false, 'withdrawn'"
        " from range(50000) r(i), (select date '2026-03-02' as as_of)"
    )
    seen = []
    for threads in (1, 4):
        con.execute(f"set threads = {threads}")
        run(con, night)
        seen.append(contents(home(night)))
    assert seen[0] == seen[1]


def test_the_same_night_again_leaves_the_folder_untouched(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    run(con, night)
    before = home(night).stat().st_ino
    report = run(con, night)
    assert report.facts["changed"] == 0
    assert home(night).stat().st_ino == before


def test_every_file_is_recorded_with_its_hash(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    run(con, night)
    run(con, night)
    recorded = con.execute("select file, rows from activation.exports order by file").fetchall()
    assert ("scores.csv", 4) in recorded
    assert [file for file, _ in recorded] == sorted(contents(home(night)))


def test_free_text_is_one_line_and_no_formula(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    con.execute("update marts.customer_360 set lifecycle_stage = '\t@cmd\n|x'")
    run(con, night)
    with (home(night) / "scores.csv").open(encoding="utf-8", newline="") as file:
        stages = {row["LIFECYCLE_STAGE"] for row in csv.DictReader(file)}
    assert stages == {"'@cmd |x"}


def test_an_address_that_reads_as_a_formula_is_no_key(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    report = run(con, night)
    for name, content in contents(home(night)).items():
        assert b"+plus@" not in content, name
    assert report.facts["addresses_left_out"] == 1


def test_a_destination_may_ask_for_semicolons(tmp_path: Path) -> None:
    night = world.open_world(tmp_path, delimiter=";")
    with warehouse.connect(night.paths, night.machine) as con:
        run(con, night)
    first = (home(night) / "scores.csv").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("EMAIL;CUSTOMER_ID;")


def test_names_of_audience_files_are_safe_and_distinct() -> None:
    names = audience_names(["spring", "a/b", "a b", "X", "x", "../../etc/passwd"])
    assert names["spring"] == "audience_spring.csv"
    assert len({name.casefold() for name in names.values()}) == 6
    assert not any("/" in name or ".." in name for name in names.values())


def allow(con: duckdb.DuckDBPyConnection, who: str, arm: str = "spring") -> None:
    """A mistake in the marts and in the decision: `who` is written to tonight after all."""
    address = f"{who}@example.com"
    con.execute(
        "update marts.contact_points set is_contactable = true where address = ?", [address]
    )
    con.execute(
        "insert into activation.decisions values"
        " (?, ?, 'email', ?, ?, 1, 'best_value', 1, 'active', true, 'active')",
        [world.D, world.point_id("email", address), f"c_{who}", arm],
    )


@pytest.mark.parametrize(
    ("who", "check"),
    [
        ("wanda", "withdrawn_address_in_export"),
        ("olga", "objected_address_in_export"),
        ("uma", "unsubscribed_address_in_export"),
        ("sam", "excluded_address_in_export"),
        ("delphine", "deleted_address_in_export"),
        ("nora", "address_without_consent_in_export"),
    ],
)
def test_a_blocked_address_is_caught_by_name_and_nothing_leaves(
    con: duckdb.DuckDBPyConnection, night: Night, who: str, check: str
) -> None:
    allow(con, who)
    told: list[CheckResult] = []
    with pytest.raises(CheckFailed, match=check) as caught:
        run(con, night, record=told.extend)
    assert "audience_spring.csv line" in str(caught.value)
    assert who not in str(caught.value)
    assert {result.name for result in told if not result.success} == {check}
    assert not night.paths.exports.exists()
    assert con.execute("select count(*) from activation.exports").fetchall() == [(0,)]


def smuggle(con: duckdb.DuckDBPyConnection, night: Night, tmp_path: Path, line: str) -> set[str]:
    """The checks that fail when somebody appends `line` to the finished audience file."""
    run(con, night)
    with (home(night) / "audience_spring.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    results = consent_gate.check(con, night, "crm", home(night), delimiter=",", key=str)
    with pytest.raises(CheckFailed):
        consent_gate.judge(results)
    for result in results:
        assert "@" not in result.observed
    return {result.name for result in results if not result.success}


def test_a_withdrawn_address_smuggled_into_a_file_is_caught(
    con: duckdb.DuckDBPyConnection, night: Night, tmp_path: Path
) -> None:
    assert "withdrawn_address_in_export" in smuggle(con, night, tmp_path, "wanda@example.com,x")


def test_a_holdout_smuggled_into_an_audience_is_caught(
    con: duckdb.DuckDBPyConnection, night: Night, tmp_path: Path
) -> None:
    found = smuggle(con, night, tmp_path, "bruno@example.com,x")
    assert found == {"holdout_in_audience", "undecided_address_in_audience"}


def test_an_address_that_nobody_knows_is_caught(
    con: duckdb.DuckDBPyConnection, night: Night, tmp_path: Path
) -> None:
    assert "unknown_address_in_export" in smuggle(con, night, tmp_path, "who@example.com,x")


def failing(con: duckdb.DuckDBPyConnection, night: Night) -> set[str]:
    told: list[CheckResult] = []
    with suppress(CheckFailed):
        run(con, night, record=told.extend)
    assert told
    return {result.name for result in told if not result.success}


def test_of_two_statements_at_one_moment_the_refusal_counts(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    world.consent(con, "claire", "withdrawn", "2025-01-01")
    assert failing(con, night) == {"withdrawn_address_in_export"}


def test_a_later_grant_lifts_a_withdrawal_an_objection_and_an_unsubscription(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    for who in ("wanda", "olga", "uma"):
        allow(con, who)
        world.consent(con, who, "granted", "2026-02-20")
    assert failing(con, night) == set()


@pytest.mark.parametrize(
    ("written_to", "withdrawn"),
    [
        ("jo.doe@gmail.com", "jodoe+news@googlemail.com"),
        ("jo@outlook.fr", "jo+x@outlook.fr"),
        ("jo+x@fastmail.com", "jo@fastmail.com"),
    ],
)
def test_a_refusal_counts_for_the_inbox_however_its_address_is_written(
    con: duckdb.DuckDBPyConnection, night: Night, written_to: str, withdrawn: str
) -> None:
    mine = "= 'claire@example.com'"
    con.execute(f"update marts.contact_points set address = ? where address {mine}", [written_to])
    for entity in ("contacts", "consents"):
        con.execute(f"update raw.{entity} set email = ? where email {mine}", [written_to])
    assert failing(con, night) == set()
    con.execute(
        "insert into raw.consents (email, channel, status, changed_at, extract_date)"
        " values (?, 'email', 'withdrawn', '2026-02-01', ?)",
        [withdrawn, world.D],
    )
    assert failing(con, night) == {"withdrawn_address_in_export"}


def test_a_grant_of_after_midnight_does_not_count_yet_but_a_refusal_does(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    allow(con, "wanda")
    world.consent(con, "wanda", "granted", "2026-03-01 23:30")  # 00:30 of the night in Paris
    assert failing(con, night) == {"withdrawn_address_in_export"}
    world.consent(con, "wanda", "granted", "2026-03-01 22:30")
    assert failing(con, night) == set()
    world.consent(con, "claire", "withdrawn", "2026-03-01 23:30")
    assert failing(con, night) == {"withdrawn_address_in_export"}


def test_an_objection_to_profiling_stops_scores_too(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    world.consent(con, "eve", "objected", "2026-01-01", contact_id="eve", purpose="profiling")
    assert failing(con, night) == {"profiling_objected_address_in_export"}


def test_a_refusal_without_an_address_of_its_channel_closes_the_channel(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    by_phone = {"email": None, "phone": world.PHONE}
    world.consent(con, "claire", "granted", "2025-02-01", contact_id="claire", **by_phone)
    con.execute(
        "insert into identity.identity_history values"
        " (?, 'c_claire', ?, '9999-12-31', ?, '9999-12-31')",
        [f"phone:{world.PHONE}", world.D, world.D],
    )
    assert failing(con, night) == set()
    world.consent(con, "claire", "withdrawn", "2026-01-01", **by_phone)
    assert failing(con, night) == {"closed_channel_address_in_export"}
    world.consent(con, "claire", "granted", "2026-01-02")
    assert failing(con, night) == set()


def test_an_extract_of_a_later_night_is_not_read(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    later = world.D + timedelta(days=1)
    world.consent(con, "claire", "withdrawn", "2026-02-01", extract_date=later)
    assert failing(con, night) == set()


@pytest.mark.parametrize(
    ("basis", "bought_on", "told_by_marketplace", "expected"),
    [
        ("opt_in", "web", False, UNASKED),
        ("soft_opt_in", None, False, UNASKED),
        ("soft_opt_in", "web", False, set()),
        ("soft_opt_in", "marketplace", False, UNASKED),
        ("soft_opt_in", "web", True, UNASKED),
        ("assumed", None, False, set()),
        ("assumed", "web", True, UNASKED),
    ],
)
def test_no_statement_means_what_the_configuration_says(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    *,
    basis: str,
    bought_on: str | None,
    told_by_marketplace: bool,
    expected: set[str],
) -> None:
    allow(con, "nora")
    con.execute(
        "update marts.orders set is_kept = $1::varchar is not null, channel = $1"
        " where customer_id = 'c_nora'",
        [bought_on],
    )
    if told_by_marketplace:
        con.execute("delete from raw.contacts where email = 'nora@example.com'")
        con.execute(
            "insert into raw.orders by name select 'm' as order_id, 'marketplace' as channel,"
            " 'nora@example.com' as email, $1::date as extract_date",
            [world.D],
        )
    contacting = night.shop.contacting.model_copy(update={"lawful_basis": basis})
    assert failing(con, world.with_shop(night, contacting=contacting)) == expected


def test_a_column_about_consent_never_leaves(tmp_path: Path, night: Night) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "scores.csv").write_text("EMAIL,CONSENT\nclaire@example.com,yes\n")
    with (
        warehouse.connect(night.paths, night.machine) as con,
        pytest.raises(CheckFailed, match="consent_column_in_export"),
    ):
        consent_gate.check(con, night, "crm", folder, delimiter=",", key=str)


def test_a_sealed_night_refuses_other_bytes_and_takes_the_same(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    run(con, night)
    run(con, night, sealed=True)
    before = contents(home(night))
    con.execute("update ml.scores set value = 0.5")
    with pytest.raises(SealedNight, match=r"crm/scores\.csv"):
        run(con, night, sealed=True)
    assert contents(home(night)) == before
    run(con, night)
    assert contents(home(night)) != before


def test_the_folder_holds_what_its_night_made_and_nothing_older(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    run(con, night)
    con.execute("update marts.campaigns set is_active = false where campaign_id = 'texto'")
    run(con, night)
    assert "audience_texto.csv" not in contents(home(night))


def test_tables_of_another_night_are_not_exported(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    tomorrow = replace(night, as_of=night.as_of + timedelta(days=1))
    with pytest.raises(NotReady, match="transform"):
        run(con, tomorrow)


def test_great_expectations_accepts_the_files_and_stops_a_bad_one(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    from pipelines.contracts import auditor

    told: list[CheckResult] = []
    audit = auditor(told.extend)
    export(con, night, audit, champions={}, sealed=False, record=lambda results: None, key=str)
    assert told
    assert all(result.success for result in told)
    con.execute(
        "update marts.contact_points set address = 'two people@x' where address like 'eve%'"
    )
    with pytest.raises(CheckFailed, match="key_is_an_address"):
        export(con, night, audit, champions={}, sealed=False, record=lambda results: None, key=str)


def test_the_gate_stops_an_address_that_was_erased_and_has_not_agreed_since(
    con: duckdb.DuckDBPyConnection, night: Night
) -> None:
    run(con, night)
    with (home(night) / "scores.csv").open(encoding="utf-8") as file:
        address = file.read().splitlines()[1].split(",")[0]

    def offences(said_at: str, until: str | None, reason: str) -> list[str]:
        con.execute("delete from ops.suppressions")
        con.execute(
            "insert into ops.suppressions values"
            " ('email', ?, 'email', 'marketing', ?, ?, ?, '2026-03-01')",
            [keyed.hashed("", f"email|{address}"), reason, said_at, until],
        )
        results = consent_gate.check(con, night, "crm", home(night), delimiter=",", key=str)
        return [result.name for result in results if not result.success]

    assert offences("2026-03-01", None, "erased") == ["erased_address_in_export"]
    assert offences("2000-01-01", None, "complaint") == ["erased_address_in_export"]
    assert offences("2000-01-01", "2026-03-01", "excluded_vip") == []
    assert offences("2000-01-01", "2026-03-02", "excluded_vip") == ["erased_address_in_export"]

"""Faults put into real nights: each is stopped or told by a check that has a name, and of a night
that was stopped nothing is published."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines import landing, steps
from pipelines.cli.commands import PASSING
from pipelines.errors import CheckFailed, NotReady, SealedNight, SourceError, TerminalError
from pipelines.ledger import Ledger
from pipelines.modeling import registry
from pipelines.settings import Paths
from pipelines.specs.checks import Severity
from tests.conftest import FIRST_NIGHT
from tests.e2e.fault_disk import run_on_a_full_disk
from tests.e2e.fault_world import NEXT_NIGHT, Base, Nights, Row, state

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    """One finished night for all faults."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOCTURNE_HASH_KEY", "test-key")
        yield Base(tmp_path_factory.mktemp("faults"))


@pytest.fixture
def nights(base: Base, tmp_path: Path) -> Iterator[Nights]:
    """The finished night, and the extracts of the next."""
    found = Nights(base, tmp_path / "data", delivered=True)
    found.receive()
    yield found
    shutil.rmtree(found.data_dir)


@pytest.fixture
def tonight(base: Base, tmp_path: Path) -> Iterator[Nights]:
    """The first night, exported and not yet delivered."""
    found = Nights(base, tmp_path / "data", delivered=False)
    yield found
    shutil.rmtree(found.data_dir)


# Files that cannot be read as declared


def refused(nights: Nights, source: str) -> str:
    """The sentence that refuses tonight's extract; nothing of it is landed, nothing can load."""
    said = nights.stopped("extract", error=SourceError)
    assert said.startswith(f"source '{source}': ")
    landed = [p.extract_date for p in landing.partitions(nights.paths, source)]
    assert landed == [FIRST_NIGHT]
    with pytest.raises(NotReady, match="load: extract has not been done"):
        nights.run("load")
    return said


def test_a_file_with_another_delimiter_is_refused_with_the_one_it_has(nights: Nights) -> None:
    path = nights.file("order_lines.csv")
    path.write_text(path.read_text().replace(",", ";"))
    assert "the delimiter is ';', not ',' as declared" in refused(nights, "shop_order_lines")


def test_a_file_in_another_encoding_is_refused_with_its_line(nights: Nights) -> None:
    path = nights.file("orders.csv")
    path.write_bytes(path.read_text(encoding="utf-8").encode("windows-1252"))
    said = refused(nights, "shop_orders")
    assert re.search(r"orders\.csv, line \d+: byte 0x\w\w is not utf-8", said)


def test_a_utf8_file_is_not_taken_for_windows_1252(nights: Nights) -> None:
    """Every byte of it is a character there, too; only the names would be mangled."""
    path = nights.file("contacts.csv")
    path.write_bytes(path.read_text(encoding="windows-1252").encode("utf-8"))
    assert "written in utf-8, not windows-1252 as declared" in refused(nights, "crm_contacts")


def test_a_file_without_a_required_column_is_refused_with_its_name(nights: Nights) -> None:
    path = nights.file("orders.csv")
    path.write_text(path.read_text(encoding="utf-8").replace(",total,", ",amount,", 1))
    said = refused(nights, "shop_orders")
    assert "'total'" in said
    assert "amount" in said


def test_an_empty_file_is_refused(nights: Nights) -> None:
    nights.file("orders.csv").write_bytes(b"")
    assert "empty (0 bytes)" in refused(nights, "shop_orders")


def test_a_file_with_an_open_quote_is_refused(nights: Nights) -> None:
    path = nights.file("orders.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[5] = lines[5].replace(",EUR,", ',"EUR,')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "a quote is opened and never closed" in refused(nights, "shop_orders")


def test_a_file_that_did_not_come_stops_the_night(nights: Nights) -> None:
    nights.file("orders.csv").unlink()
    assert f"no file for {NEXT_NIGHT}" in refused(nights, "shop_orders")


# Records that mean nothing


def loaded(nights: Nights) -> None:
    nights.run("extract")
    nights.run("load")


def quarantined(nights: Nights) -> list[str]:
    """Why tonight's orders in quarantine are there."""
    rows = nights.ask(
        "select reason from ops.quarantine"
        " where source = 'shop_orders' and extract_date = ? order by line",
        NEXT_NIGHT,
    )
    return [reason for (reason,) in rows]


def orders_of_tonight(nights: Nights) -> set[str]:
    rows = nights.ask("select order_id from raw.orders where extract_date = ?", NEXT_NIGHT)
    return {order for (order,) in rows}


def test_without_a_fault_nothing_is_told(nights: Nights) -> None:
    loaded(nights)
    assert nights.told() == {}
    assert quarantined(nights) == []


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("placed_at", f"{NEXT_NIGHT + timedelta(days=1)}T10:00:00+02:00", "in the future"),
        ("status", "Perdue", "not one of pending, paid"),
        ("order_number", "", "required and empty"),
        ("total", "12,50", "not a number"),
    ],
    ids=["dated tomorrow", "unknown status", "without its key", "decimal comma"],
)
def test_a_meaningless_order_is_quarantined_and_told(
    nights: Nights, column: str, value: str, reason: str
) -> None:
    marked = {}

    def change(rows: list[Row]) -> list[Row]:
        marked.update(rows[3])
        rows[3][column] = value
        return rows

    nights.change("orders.csv", change)
    loaded(nights)
    (why,) = quarantined(nights)
    assert reason in why
    assert marked["order_number"] not in orders_of_tonight(nights)
    told = nights.told()["shop_orders_has_few_records_in_quarantine"]
    assert told.severity is Severity.WARNING


def test_a_file_mostly_in_quarantine_stops_the_load(nights: Nights) -> None:
    def change(rows: list[Row]) -> list[Row]:
        return [row | {"total": row["total"].replace(".", ",")} for row in rows]

    nights.change("orders.csv", change)
    nights.run("extract")
    said = nights.stopped("load", error=CheckFailed)
    assert "shop_orders_is_not_mostly_in_quarantine" in said
    assert nights.told()["shop_orders_is_not_mostly_in_quarantine"].severity is Severity.CRITICAL
    assert not orders_of_tonight(nights)


def test_a_key_twice_in_one_extract_is_told_and_counts_once(nights: Nights) -> None:
    nights.change("orders.csv", lambda rows: [*rows, rows[0] | {"total": "99999.00"}])
    loaded(nights)
    told = nights.told()["shop_orders_has_each_key_once_within_an_extract"]
    assert (told.severity, told.observed) == (Severity.WARNING, "1 rows found; expected 0")


def test_lines_of_unknown_products_and_orders_are_told(nights: Nights) -> None:
    nights.change(
        "order_lines.csv",
        lambda rows: [
            *rows,
            rows[0] | {"line": "90", "sku": "P9999"},
            rows[0] | {"order_number": "FR000001"},
        ],
    )
    loaded(nights)
    told = nights.told()
    assert told["shop_order_lines_names_known_products"].observed == "1 rows found; expected 0"
    assert told["shop_order_lines_belongs_to_known_orders"].observed == "1 rows found; expected 0"


def test_an_old_extract_under_a_new_date_is_told(nights: Nights) -> None:
    shutil.copy(nights.base.untouched / str(FIRST_NIGHT) / "orders.csv", nights.file("orders.csv"))
    nights.change(
        "orders.csv", lambda rows: [row for row in rows if row["placed_at"] < "2026-06-20"]
    )
    loaded(nights)
    assert nights.told()["shop_orders_is_fresh_in_days"].severity is Severity.WARNING


def test_an_extract_that_lost_most_of_its_records_stops_the_load(nights: Nights) -> None:
    last = NEXT_NIGHT + timedelta(days=2)
    nights.receive(NEXT_NIGHT + timedelta(days=1))
    nights.change("orders.csv", lambda rows: rows[::5], last)
    nights.run("extract", last)
    said = nights.stopped("load", last, error=CheckFailed)
    assert "shop_orders_has_its_usual_volume" in said
    assert list(nights.told(last)) == ["shop_orders_has_its_usual_volume"]
    assert nights.ask("select max(extract_date) from raw.orders") == [(FIRST_NIGHT,)]


# Models and scores


def mend_card(folder: Path, **changes: object) -> None:
    """Change the card of a registered version behind the registry's back."""
    card = json.loads((folder / "card.json").read_text("utf-8"))
    (folder / "card.json").write_text(json.dumps(card | changes), encoding="utf-8")


def scoring_stopped_by(nights: Nights, check: str) -> None:
    said = nights.stopped("score", FIRST_NIGHT, error=CheckFailed, recompute=True)
    assert check in said
    assert nights.told(FIRST_NIGHT)[check].severity is Severity.CRITICAL


def test_a_constant_score_is_stopped(tonight: Nights) -> None:
    model = tonight.champion("churn") / "model.txt"

    def zeros(found: re.Match[str]) -> str:
        return re.sub(r"\d", "0", found[0])

    text = re.sub(r"(?m)^leaf_value=.*$", zeros, model.read_text("utf-8"))
    model.write_text(text, encoding="utf-8")
    scoring_stopped_by(tonight, "values_differ")


def test_a_version_that_scores_fewer_people_than_declared_is_stopped(tonight: Nights) -> None:
    mend_card(tonight.champion("purchase_propensity"), population="is_buyer_365d")
    scoring_stopped_by(tonight, "everyone_of_the_population_is_scored")


@pytest.mark.parametrize("feature", ["recency_days", "last_visit_days"])
@pytest.mark.parametrize("age", [0, -3], ids=["the day itself", "later"])
def test_a_feature_that_looks_ahead_is_stopped(tonight: Nights, feature: str, age: int) -> None:
    with tonight.warehouse() as con:
        con.execute(
            f"update features.customer_features set {feature} = ? where as_of = ? and customer_id ="
            " (select min(customer_id) from ml.scores where model = 'churn')",
            [age, FIRST_NIGHT],
        )
    scoring_stopped_by(tonight, "no_feature_looks_ahead")


def refused_challenger(nights: Nights, model: str) -> dict[str, str]:
    """Train the next night's challengers; the gates that refused that of `model`, by name. Its
    champion is the old one."""
    champion = nights.champion(model)
    report = steps.train(NEXT_NIGHT, nights.base.config, data_dir=nights.data_dir)
    assert report.facts[model] == "refused"
    assert nights.ledger.runs(1)[0].facts[model] == "refused"
    assert nights.champion(model) == champion
    root = nights.paths.registry
    version = next(v for v in registry.versions(root, model) if v.startswith(str(NEXT_NIGHT)))
    reasons = registry.load_card(root, model, version).reasons
    return dict(reason.split(": ", 1) for reason in reasons)


def test_a_label_leaked_into_a_feature_is_refused_by_its_gates(nights: Nights) -> None:
    with nights.warehouse() as con:
        con.execute(
            "update features.customer_features f set web_visits_count_7d = 5 + l.label"
            " from labels.label_churn l"
            " where l.as_of = f.as_of and l.customer_id = f.customer_id"
        )
    gates = refused_challenger(nights, "churn")
    assert "web_visits_count_7d" in gates["max_auc"]


def test_a_challenger_worse_than_its_champion_is_not_promoted(nights: Nights) -> None:
    """Of the numbers that the champion learned from, recency alone is left."""
    with nights.warehouse() as con:
        numbers = con.execute(
            "select column_name from duckdb_columns() where schema_name = 'features'"
            " and table_name = 'customer_features' and column_name <> 'recency_days'"
            " and (data_type in ('BIGINT', 'INTEGER', 'DOUBLE') or data_type like 'DECIMAL%')"
        ).fetchall()
        gone = ", ".join(f"{name} = 1" for (name,) in numbers)
        con.execute(f"update features.customer_features set {gone}")
    gates = refused_challenger(nights, "churn")
    assert "max_auc_loss_to_champion" in gates


# What leaves the house


def export_stopped_by(nights: Nights, check: str) -> None:
    said = nights.stopped("export", FIRST_NIGHT, error=CheckFailed, recompute=True)
    assert said.startswith("gate.crm: nothing was exported")
    assert check in said
    assert "@" not in said
    assert nights.told(FIRST_NIGHT)[check].severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("blocked", "check"),
    [
        ("withdrawn", "withdrawn_address_in_export"),
        ("objected", "objected_address_in_export"),
        ("profiling_objected", "profiling_objected_address_in_export"),
        ("no_consent", "address_without_consent_in_export"),
        ("suppressed_unsubscribe", "unsubscribed_address_in_export"),
        ("suppressed_complaint", "unsubscribed_address_in_export"),
        ("excluded_litigation", "excluded_address_in_export"),
        ("excluded_staff", "excluded_address_in_export"),
    ],
)
def test_a_blocked_address_smuggled_into_an_export_is_stopped(
    tonight: Nights, blocked: str, check: str
) -> None:
    with tonight.warehouse() as con:
        con.execute(
            "update marts.contact_points set is_contactable = true, blocked_reason = null"
            " where contact_point_id = (select min(contact_point_id) from marts.contact_points"
            " where channel = 'email' and blocked_reason = ?)",
            [blocked],
        )
    export_stopped_by(tonight, check)


def test_a_held_out_address_in_an_audience_is_stopped(tonight: Nights) -> None:
    with tonight.warehouse() as con:
        con.execute(
            "update activation.decisions set is_slot = true, group_name = 'active', arm ="
            " (select min(campaign_id) from marts.campaigns"
            "  where is_active and audience = 'chosen' and channel = 'email')"
            " where contact_point_id = (select min(contact_point_id) from activation.decisions"
            "  where channel = 'email' and group_name = 'holdout')"
        )
    export_stopped_by(tonight, "holdout_in_audience")


def test_a_score_above_one_is_not_exported(tonight: Nights) -> None:
    """Scoring itself cannot make one: its last word is clipped. Something else wrote it."""
    with tonight.warehouse() as con:
        con.execute(
            "update ml.scores set value = 1.7 where model = 'churn' and customer_id ="
            " (select min(customer_id) from ml.scores join marts.contact_points using (customer_id)"
            "  where model = 'churn' and channel = 'email' and is_contactable)"
        )
    said = tonight.stopped("export", FIRST_NIGHT, error=CheckFailed, recompute=True)
    assert "churn_score_is_within_bounds" in said
    assert tonight.told(FIRST_NIGHT)["churn_score_is_within_bounds"].severity is Severity.CRITICAL


def test_a_file_changed_after_its_audit_is_not_delivered(tonight: Nights) -> None:
    path = tonight.paths.exports / "crm" / f"as_of={FIRST_NIGHT}" / "scores.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write("someone@else.example\n")
    said = tonight.stopped("deliver", FIRST_NIGHT, error=CheckFailed)
    assert "file_changed_since_audit" in said
    assert "scores.csv" in said
    assert not tonight.ledger.is_sealed(FIRST_NIGHT)
    assert not (tonight.data_dir / "outbox").exists()


# Nights that are not what they were


def test_a_delivered_night_is_not_decided_anew(nights: Nights) -> None:
    with nights.warehouse() as con:
        con.execute("update marts.contact_points set messages_in_cap_window = 99")
    said = nights.stopped("decide", FIRST_NIGHT, error=SealedNight, recompute=True)
    assert "its decisions cannot be rewritten" in said


def test_a_delivered_night_is_not_exported_anew(nights: Nights) -> None:
    with nights.warehouse() as con:
        con.execute("update ml.scores set percentile = 50 where model = 'churn'")
    said = nights.stopped("export", FIRST_NIGHT, error=SealedNight, recompute=True)
    assert "was delivered and is sealed" in said
    assert "crm/scores.csv" in said


def test_a_configuration_changed_within_a_night_stops_it(nights: Nights, tmp_path: Path) -> None:
    nights.run("extract")
    other = nights.base.write_config(tmp_path / "other.yml", title="Another title")
    before = nights.state()
    with pytest.raises(TerminalError, match=f"night {NEXT_NIGHT}: started with configuration"):
        nights.run("load", config=other)
    assert nights.state() == before
    with pytest.raises(SealedNight, match="a delivered night cannot be made anew"):
        nights.run("score", FIRST_NIGHT, config=other, recompute=True)


def test_a_night_without_the_hash_key_decides_nothing(
    tonight: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOCTURNE_HASH_KEY")
    said = tonight.stopped("decide", FIRST_NIGHT, error=TerminalError, recompute=True)
    assert said.startswith("hash_key: the environment variable NOCTURNE_HASH_KEY is not set")


@pytest.mark.parametrize("free_kb", [0, 120, 600], ids=["at once", "within", "at the end"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_done(
    nights: Nights, tmp_path: Path, free_kb: int
) -> None:
    nights.run("extract")
    before = nights.state()
    config = nights.base.config
    ended = run_on_a_full_disk(
        "load", NEXT_NIGHT, nights.data_dir, config, free_kb=free_kb, folder=tmp_path
    )
    assert ended.code == PASSING, ended.said
    assert "Traceback" not in ended.said
    assert re.search(r"^nocturne: .*; free space", ended.said, re.MULTILINE), ended.said
    nights.run("load")
    undisturbed = nights.state()
    assert Ledger(Paths(ended.data_dir).ledger).last_done(NEXT_NIGHT, "load") is None
    assert state(Paths(ended.data_dir)) in (before, undisturbed)
    steps.run("load", NEXT_NIGHT, config, data_dir=ended.data_dir)
    assert state(Paths(ended.data_dir)) == undisturbed
    shutil.rmtree(ended.data_dir)

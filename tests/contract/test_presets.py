"""Each preset makes of an extract of the documented shape exactly the rows written beside it."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines import warehouse
from pipelines.errors import SourceError
from pipelines.settings import Machine
from pipelines.sources import engine
from pipelines.sources.preview import look
from pipelines.sources.replay import replay
from pipelines.specs.presets import PRESETS_DIR
from tests.contract.preset_world import EXTRACTS, restructured, source_of
from tests.contract.world import D1, KEY, FrontDoor, unaudited

PRESETS = sorted(path.parent.name for path in PRESETS_DIR.glob("*/preset.yml"))
# A folder is called like its preset, or with a word more where there are several shapes.
CASES = [
    (folder.name, expected.stem)
    for folder in sorted(EXTRACTS.iterdir())
    for expected in sorted(folder.glob("*.csv"))
    if expected.stem != "input"
]


def preset_of(folder: str) -> str:
    return next(name for name in PRESETS if folder.startswith(name))


def extract_in(folder: str) -> Path:
    (found,) = (EXTRACTS / folder).glob("input.*")
    return found


def written(path: Path) -> list[dict[str, str | None]]:
    """The rows of a CSV file; an empty value is NULL."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def canonical(rows: list[dict[str, Any]]) -> list[dict[str, str | None]]:
    """Rows as a CSV file would hold them, without what is carried over."""
    return [
        {key: None if value is None else str(value) for key, value in row.items()}
        for row in ({k: v for k, v in row.items() if k != "extra"} for row in rows)
    ]


def block(entity: str, preset: str, suffix: str, **settings: Any) -> dict[str, Any]:
    """A source of that preset, as a configuration declares it."""
    path = f"{{folder}}/{{date}}{suffix}"
    return {"entity": entity, "preset": preset, "path": path, "format": suffix[1:]} | settings


def night(tmp_path: Path, entity: str, preset: str, extract: Path, **settings: Any) -> FrontDoor:
    """A shop that has loaded the extract."""
    door = FrontDoor(tmp_path, made=block(entity, preset, extract.suffix, **settings))
    door.put(f"{D1}{extract.suffix}", extract.read_bytes())
    door.run(D1)
    return door


@pytest.mark.parametrize(("folder", "entity"), CASES)
def test_an_extract_becomes_the_rows_written_beside_it(
    tmp_path: Path, folder: str, entity: str
) -> None:
    extract = extract_in(folder)
    source = source_of(entity, preset_of(folder), extract.suffix[1:])
    rows = canonical(restructured(tmp_path, source, extract))
    assert rows == written(EXTRACTS / folder / f"{entity}.csv")


NOT_ONE_OF = {  # golden rows with a word that no preset knows: line, column
    ("klaviyo_events", "campaign_events"): [(1, "event_name"), (2, "event_name")],
    ("mailchimp_activity", "campaign_events"): [(4, "event_name")],
    ("shopify_customers", "consents"): [(5, "status")],
    ("shopify_orders", "orders"): [(10, "status")],
    ("woocommerce_orders", "orders"): [(6, "status")],
}


@pytest.mark.parametrize(("folder", "entity"), CASES)
def test_a_night_loads_the_rows_but_for_words_that_nobody_knows(
    tmp_path: Path, folder: str, entity: str
) -> None:
    extract = extract_in(folder)
    door = night(tmp_path, entity, preset_of(folder), extract)
    bad = door.rows("select line, column_name, reason from ops.quarantine order by line")
    assert [(line, column) for line, column, _ in bad] == NOT_ONE_OF.get((folder, entity), [])
    assert all(reason.startswith("not one of ") for _, _, reason in bad)
    expected = [int(row["_line"] or 0) for row in written(EXTRACTS / folder / f"{entity}.csv")]
    good = door.rows(f"select line from raw.{entity}")
    assert sorted([line for (line,) in good] + [line for line, *_ in bad]) == expected


@pytest.mark.parametrize(
    ("folder", "entity", "expected"),
    [  # read, landed, quarantined, set aside, added
        ("shopify_orders", "orders", (8, 6, 1, 1, 0)),
        ("shopify_orders", "order_lines", (8, 8, 0, 0, 0)),
        ("shopify_customers", "consents", (4, 4, 1, 0, 1)),
        ("woocommerce_orders", "order_lines", (6, 5, 0, 2, 1)),
        ("ga4_bigquery", "web_events", (10, 9, 0, 2, 1)),
        ("mailchimp_activity", "campaign_sends", (4, 0, 0, 4, 0)),
    ],
)
def test_the_books_tell_what_is_set_aside_and_what_became_several(
    tmp_path: Path, folder: str, entity: str, expected: tuple[int, ...]
) -> None:
    door = night(tmp_path, entity, preset_of(folder), extract_in(folder))
    assert door.rows(
        "select records_read, landed, quarantined, set_aside, added from ops.books"
    ) == [expected]


def test_a_night_is_landed_anew_when_the_sql_has_changed(tmp_path: Path) -> None:
    own = tmp_path / "mine"
    shutil.copytree(PRESETS_DIR / "shopify_orders", own)
    door = night(tmp_path, "orders", str(own), extract_in("shopify_orders"))
    select = own / "orders.sql"
    select.write_text(select.read_text().replace("'shipped'", "'completed'"))
    door.configure(made=block("orders", str(own), ".csv"))
    door.run(D1)
    statuses = "select distinct status from raw.orders where status in ('shipped', 'completed')"
    assert door.rows(statuses) == [("completed",)]


def test_a_word_is_loaded_once_the_configuration_names_it(tmp_path: Path) -> None:
    extract = extract_in("klaviyo_events")
    values = {"event_name": {"UWkLx1": "open"}}
    door = night(tmp_path, "campaign_events", "klaviyo_events", extract, values=values)
    assert door.rows("select event_name, count(*) from raw.campaign_events group by all") == [
        ("open", 2)
    ]


def test_a_quarantined_row_is_mended_where_its_file_is_gone(tmp_path: Path) -> None:
    door = night(tmp_path, "consents", "shopify_customers", extract_in("shopify_customers"))
    (door.folder / f"{D1}.csv").unlink()
    values = {"status": {"pending": "withdrawn"}}
    door.configure(made=block("consents", "shopify_customers", ".csv", values=values))
    with warehouse.connect(door.paths, Machine(1, "1GB")) as con:
        report = replay(con, door.night(D1), unaudited, door.landed("made"), lambda: KEY)
    assert (report.facts["mended"], report.facts["still_quarantined"]) == (1, 0)
    assert door.rows("select line, status from raw.consents order by line, channel") == [
        (2, "granted"),
        (2, "withdrawn"),
        (3, "withdrawn"),
        (4, "granted"),
        (5, "withdrawn"),
    ]


def test_a_source_is_looked_at_as_its_preset_makes_it(tmp_path: Path) -> None:
    door = night(tmp_path, "orders", "shopify_orders", extract_in("shopify_orders"))
    preview = look(door.night(D1), "made", door.shop.sources["made"], 100)
    assert (preview.records, preview.good) == (7, 6)
    assert [(p.column, p.given) for p in preview.problems] == [("status", "in_dispute")]


@pytest.mark.parametrize("name", PRESETS)
def test_every_select_of_a_preset_has_its_rows(name: str) -> None:
    tested = {entity for folder, entity in CASES if preset_of(folder) == name}
    assert tested == {path.stem for path in (PRESETS_DIR / name).glob("*.sql")}


def test_file_line_and_unknown_columns_are_carried_over(tmp_path: Path) -> None:
    extract = extract_in("shopify_orders")
    source = source_of("orders", "shopify_orders", "csv")
    rows = restructured(tmp_path, source, extract)
    (third,) = [row for row in rows if row["order_id"] == "#1003"]
    assert third["_line"] == 5
    extra = json.loads(third["extra"])
    assert extra["Notes"] == "please ring\ntwice"
    assert source.preset
    assert not set(extra) & set(source.preset.declaration.declared)


GA4_TYPES = {  # as BigQuery exports the columns that the sample has
    "event_date": "VARCHAR",
    "event_timestamp": "BIGINT",
    "event_name": "VARCHAR",
    "event_params": (
        "STRUCT(key VARCHAR, value STRUCT(string_value VARCHAR, int_value BIGINT,"
        " float_value DOUBLE, double_value DOUBLE))[]"
    ),
    "event_bundle_sequence_id": "BIGINT",
    "user_id": "VARCHAR",
    "user_pseudo_id": "VARCHAR",
    "privacy_info": (
        "STRUCT(analytics_storage VARCHAR, ads_storage VARCHAR, uses_transient_token VARCHAR)"
    ),
    "device": "STRUCT(category VARCHAR, operating_system VARCHAR, language VARCHAR)",
    "collected_traffic_source": (
        "STRUCT(manual_campaign_name VARCHAR, manual_source VARCHAR, manual_medium VARCHAR)"
    ),
    "ecommerce": (
        "STRUCT(total_item_quantity BIGINT, purchase_revenue DOUBLE, transaction_id VARCHAR)"
    ),
    "items": (
        "STRUCT(item_id VARCHAR, item_name VARCHAR, item_category VARCHAR, price DOUBLE,"
        " quantity BIGINT)[]"
    ),
    "batch_page_id": "BIGINT",
    "batch_ordering_id": "BIGINT",
    "batch_event_index": "BIGINT",
}


@pytest.mark.parametrize(
    "repeated", ["{0}", "{{'list': list_transform({0}, lambda e: {{'element': e}})}}"]
)
def test_ga4_events_are_the_same_in_parquet_as_in_json(tmp_path: Path, repeated: str) -> None:
    lines, parquet = extract_in("ga4_bigquery"), tmp_path / "events.parquet"
    fields = ", ".join(f"{repeated.format(f)} as {f}" for f in ("event_params", "items"))
    duckdb.execute(
        f"copy (select * replace ({fields}) from read_json(?, columns = {GA4_TYPES}))"
        f" to {engine.quoted(str(parquet))} (format parquet)",
        [str(lines)],
    )
    as_json, as_parquet = (
        canonical(restructured(tmp_path, source_of("web_events", "ga4_bigquery", kind), file))
        for kind, file in (("jsonl", lines), ("parquet", parquet))
    )
    assert as_parquet == as_json


def test_ga4_events_keep_their_ids_when_the_table_is_rewritten(tmp_path: Path) -> None:
    source = source_of("web_events", "ga4_bigquery", "jsonl")
    lines = extract_in("ga4_bigquery").read_text(encoding="utf-8").splitlines()
    rewritten = tmp_path / "events.jsonl"
    late = lines[0].replace("1782808200123456", "1782808200123457")
    rewritten.write_text("\n".join([late, *reversed(lines)]) + "\n", encoding="utf-8")

    def told(extract: Path) -> dict[str, tuple[Any, ...]]:
        rows = restructured(tmp_path, source, extract)
        by_id = {row["event_id"]: (row["occurred_at"], row["product_id"]) for row in rows}
        assert len(by_id) == len(rows)
        return by_id

    before, after = told(extract_in("ga4_bigquery")), told(rewritten)
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


def test_klaviyo_receipts_are_not_guessed_among_several_metrics(tmp_path: Path) -> None:
    source = source_of("campaign_sends", "klaviyo_events", "json")
    document = json.loads(extract_in("klaviyo_events").read_text(encoding="utf-8"))
    document["data"][1]["relationships"]["metric"]["data"]["id"] = "UWkLx2"
    mixed = tmp_path / "events.json"
    mixed.write_text(json.dumps(document), encoding="utf-8")
    assert restructured(tmp_path, source, mixed) == []


@pytest.mark.parametrize("kind", ["excel", "parquet"])
def test_optional_columns_may_be_absent_in_every_format(tmp_path: Path, kind: str) -> None:
    written_as_csv = extract_in("shopify_customers_older")
    extract = tmp_path / f"customers.{kind}"
    if kind == "excel":
        book = openpyxl.Workbook()
        with written_as_csv.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                book.worksheets[0].append(row)
        book.save(extract)
    else:
        table = duckdb.read_csv(str(written_as_csv), all_varchar=True)
        table.write_parquet(str(extract))
    rows = restructured(tmp_path, source_of("contacts", "shopify_customers", kind), extract)
    golden = written(EXTRACTS / "shopify_customers_older" / "contacts.csv")
    assert [{**row, "_line": None} for row in canonical(rows)] == [
        {**row, "_line": None} for row in golden
    ]


def test_a_column_that_the_preset_needs_is_missed_by_name(tmp_path: Path) -> None:
    content = extract_in("shopify_orders").read_text(encoding="utf-8")
    extract = tmp_path / "orders.csv"
    extract.write_text(content.replace("Financial Status", "Payment", 1), encoding="utf-8")
    with pytest.raises(SourceError, match="missing column 'Financial Status'"):
        restructured(tmp_path, source_of("orders", "shopify_orders", "csv"), extract)

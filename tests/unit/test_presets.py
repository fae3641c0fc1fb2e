"""A preset is right, or every mistake in its files is told when the configuration is read."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.settings import PROJECT_ROOT
from pipelines.specs.shop import Shop, load_shop

DECLARATION = """\
title: Till
settings: {format: csv, delimiter: ";"}
columns: [Ticket, Day, Hour, Amount]
optional_columns: [Mobile]
"""
ORDERS = """\
-- Days and hours stand apart; a ticket of nothing is a drawer that was opened.
select
    "Ticket" as order_id,
    "Day" || ' ' || "Hour" as ordered_at,
    'paid' as status,
    "Amount" as total_amount,
    "Mobile" as phone,
    _line
from records
where "Amount" <> '0.00'
"""


@pytest.fixture
def till(tmp_path: Path) -> Path:
    """The folder of a preset of one's own."""
    folder = tmp_path / "till"
    folder.mkdir()
    (folder / "preset.yml").write_text(DECLARATION)
    (folder / "orders.sql").write_text(ORDERS)
    return folder


@pytest.fixture
def shop(small_config: dict[str, Any], write_config: Any, till: Path) -> Any:
    """A function that reads a shop whose orders come by that preset, with further settings."""

    def read(**settings: Any) -> Shop:
        block = {"entity": "orders", "preset": str(till), "path": "till_{date}.csv"} | settings
        small_config["sources"] = {"till": block}
        return load_shop(write_config(small_config))

    return read


def mistakes(read: Any, **settings: Any) -> list[str]:
    """The sentences told of a configuration, less their place in it."""
    with pytest.raises(ConfigError) as caught:
        read(**settings)
    lines = str(caught.value).splitlines()[1:]
    return [line.removeprefix("  sources.till.").removeprefix("preset: ") for line in lines]


def test_a_preset_sets_how_a_source_is_read(shop: Any) -> None:
    source = shop().sources["till"]
    assert (source.format, source.delimiter) == ("csv", ";")
    assert source.columns["phone"] == "phone"


def test_what_the_source_itself_sets_wins(shop: Any) -> None:
    assert shop(delimiter="|").sources["till"].delimiter == "|"


def test_settings_that_the_connector_or_the_format_does_not_know_are_left_out(shop: Any) -> None:
    by_api = {"connector": "rest", "rest": {"url": "https://api.shop.example/v1/orders"}}
    small = shop(format="jsonl").sources["till"]
    assert (small.format, "delimiter" in small.model_fields_set) == ("jsonl", True)
    source = Shop.model_validate(
        shop().model_dump(include={"shop", "title", "time_zone", "currency", "country"})
        | {"sources": {"o": {"entity": "orders", "preset": "woocommerce_orders", **by_api}}}
    ).sources["o"]
    assert (source.format, source.reads_as) == (None, "jsonl")


def test_values_and_constants_are_about_what_the_sql_returns(shop: Any) -> None:
    source = shop(constants={"currency": "EUR"}, values={"status": {"paid": "completed"}})
    assert source.sources["till"].constants == {"currency": "EUR"}
    assert mistakes(shop, constants={"phone": "1"}, values={"stat": {}}) == [
        "values.stat: found 'stat'; did you mean 'status'? allowed: order_id, ordered_at, status,"
        " total_amount, updated_at, cancelled_at, channel, contact_id, email, phone, loyalty_id,"
        " visitor_id, currency, discount_amount, shipping_amount, tax_amount, coupon_code,"
        " store_id",
        "constants.phone: comes from the preset too; remove one of the two",
    ]


def test_a_changed_sql_changes_the_night(shop: Any, till: Path) -> None:
    before = shop().fingerprint()
    assert shop().fingerprint() == before
    (till / "orders.sql").write_text(ORDERS.replace("0.00", "0"))
    assert shop().fingerprint() != before


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"preset": "shopify_order"},
            "found 'shopify_order'; did you mean 'shopify_orders'? allowed: ga4_bigquery,"
            " klaviyo_events, mailchimp_activity, shopify_customers, shopify_orders,"
            " woocommerce_orders, or the path of a folder with a preset.yml",
        ),
        (
            {"preset": "config/presets/none"},
            "found 'config/presets/none'; no preset.yml is in that folder",
        ),
        ({"preset": 5}, "found 5; allowed: a name of config/presets, or a folder's path"),
        (
            {"columns": {"order_id": "Ticket"}},
            "it gives the columns; remove `columns`, or copy its folder and change it",
        ),
        ({"entity": "contacts"}, "till feeds orders; it has no contacts.sql"),
    ],
)
def test_a_source_that_does_not_suit_its_preset(
    shop: Any, settings: dict[str, Any], expected: str
) -> None:
    assert mistakes(shop, **settings) == [expected]


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("- title", "found ['title']; allowed: a section of settings"),
        (
            DECLARATION.replace("optional_", "option_"),
            "option_columns: unknown setting; did you mean 'optional_columns'?",
        ),
        ("title: Till", "columns: missing; it is required"),
        (DECLARATION.replace("delimiter", "delimeter"), "settings.delimeter: found 'delimeter'; "),
        (DECLARATION.replace('";"', '";;"'), "settings.delimiter: found ';;'"),
        (DECLARATION.replace("csv", "cvs"), "settings.format: found 'cvs'"),
        (
            DECLARATION.replace("Mobile", "ticket"),
            "columns: 'ticket' comes 2 times; SQL tells no capitals from small letters",
        ),
        (
            DECLARATION.replace("Mobile", "_Line"),
            "columns: '_Line' is the name of a column that the SQL has anyway; remove it",
        ),
    ],
)
def test_a_wrong_declaration(shop: Any, till: Path, declaration: str, expected: str) -> None:
    (till / "preset.yml").write_text(declaration)
    (told,) = mistakes(shop)
    assert told.startswith(f"{till}/preset.yml: {expected}")


def test_a_declaration_that_is_no_yaml(shop: Any, till: Path) -> None:
    (till / "preset.yml").write_text("title: [")
    (told,) = mistakes(shop)
    assert told.startswith(f"{till}/preset.yml, line 1, column 9: not readable as YAML: ")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("select", "selec", "no SQL that can run here (Parser Error: syntax error"),
        ('"Mobile"', '"Mobil"', "reads a column of no extract: found 'Mobil'; did you mean"),
        ("from records", "from orders", "no SQL that can run here (Catalog Error: "),
        ("from records", "from read_csv('x.csv')", "no SQL that can run here (Permission Error: "),
        (" as phone", " as fone", "returns no column of orders: found 'fone'; did you mean"),
        (" as phone", " as status", "returns 'status' twice"),
        ('"Amount" as', '"Amount"::int as', "returns 'total_amount' as INTEGER; cast it to "),
        ("'paid'", "now()::varchar", "uses now, which a night cannot repeat; "),
        ("'paid'", "current_date::varchar", "uses current_date, which a night cannot repeat; "),
        ("    _line\n", "    1 as _line\n", "must return _line, the line of the record that a row"),
    ],
)
def test_a_wrong_select(shop: Any, till: Path, before: str, after: str, expected: str) -> None:
    (till / "orders.sql").write_text(ORDERS.replace(before, after, 1))
    (told,) = mistakes(shop)
    assert told.startswith(f"{till}/orders.sql: {expected}")


def test_a_file_that_is_no_single_select(shop: Any, till: Path) -> None:
    (till / "orders.sql").write_text(f"{ORDERS}; drop table records")
    assert mistakes(shop) == [f"{till}/orders.sql: holds 2 statements; allowed: one SELECT"]


def test_a_required_column_that_neither_the_sql_nor_a_constant_gives(shop: Any, till: Path) -> None:
    (till / "orders.sql").write_text(ORDERS.replace("    'paid' as status,\n", ""))
    assert mistakes(shop) == ["required column 'status' of entity 'orders' is not returned"]
    assert shop(constants={"status": "paid"}).sources["till"].constants == {"status": "paid"}


def test_all_mistakes_of_a_preset_are_told_at_once(shop: Any, till: Path) -> None:
    (till / "preset.yml").write_text(DECLARATION.replace('";"', '";;"'))
    (till / "order.sql").write_text(ORDERS)
    (till / "orders.sql").write_text(ORDERS.replace("    _line\n", "    1 as _lin\n"))
    assert [line.partition(": ")[2][:24] for line in mistakes(shop)] == [
        "settings.delimiter: foun",
        "no entity; found 'order'",
        "returns no column of ord",
        "must return _line, the l",
    ]


def test_a_folder_without_sql(till: Path, shop: Any) -> None:
    (till / "orders.sql").unlink()
    assert mistakes(shop) == [f"{till}: holds no SQL file; allowed: one such as orders.sql"]


def test_a_path_counts_from_the_project(shop: Any) -> None:
    assert (PROJECT_ROOT / "config/presets/shopify_orders").is_dir()
    preset = shop(preset="config/presets/shopify_orders").sources["till"].preset
    assert preset.name == "shopify_orders"

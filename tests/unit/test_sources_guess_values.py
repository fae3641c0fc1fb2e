"""What the first configuration makes of values: keys of other files, codes, opt-ins, styles."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic.fields import FieldInfo

from pipelines.cli.sources import check_options, check_zone
from pipelines.errors import TerminalError
from pipelines.sources import draft
from pipelines.sources.guess import looks, presets
from pipelines.sources.guess.words import words_of
from pipelines.specs.source import Source

ORDERS = "order_id,created_at,status,total,customer_id\n"


def text_of(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return draft(folder, "my_shop", "Europe/Paris", "EUR", "FR")


def sources(folder: Path, **files: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(text_of(folder, **files))["sources"]
    return found


def rows(count: int, row: Callable[[int], str]) -> str:
    return "".join(row(n) + "\n" for n in range(1, count + 1))


def order(n: int, status: str = "paid") -> str:
    return f"{n},2026-06-{1 + n % 28:02d} 10:00:00,{status},{n}.50,C{n % 7}"


def test_the_key_that_lines_name_is_the_orders_key(tmp_path: Path) -> None:
    found = sources(
        tmp_path,
        sales="order_number,doc_ref,order_date,status,total,customer_id\n"
        + rows(30, lambda n: f"N{n},D-{n * 37},2026-06-01 10:00:00,paid,{n}.50,C{n}"),
        sale_lines="line,parent,sku,quantity,price\n"
        + rows(60, lambda n: f"{1 + n % 2},D-{(1 + (n - 1) // 2) * 37},S{n % 9},1,5.00"),
    )
    assert found["sales"]["columns"]["order_id"] == "doc_ref"
    assert found["sale_lines"]["columns"]["order_id"] == "parent"


def test_equal_small_numbers_prove_nothing(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        orders=ORDERS + rows(30, order),
        order_lines="order_id,line,shelf,quantity,price,sku\n"
        + rows(30, lambda n: f"{n + 1000},{n},{n},1,5.00,S{n}"),
    )
    assert yaml.safe_load(text)["sources"]["order_lines"]["columns"]["order_id"] == "order_id"


def test_codes_are_told_by_a_table_of_them_and_counted(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        orders=ORDERS + rows(30, lambda n: order(n, str(3 if n % 3 else 8))),
        states="id,label\n3,Livrée\n8,Annulée\n9,Remboursée\n",
    )
    assert "\"3\": completed  # CHECK: seen 20 times; called 'Livrée' in another file" in text
    assert '"8": cancelled  # CHECK: seen 10 times' in text


def test_ambiguous_words_are_guessed_and_said(tmp_path: Path) -> None:
    words = ("complete", "complete", "closed", "processing")
    text = text_of(tmp_path, orders=ORDERS + rows(8, lambda n: order(n, words[n % 4])))
    assert "closed: refunded  # CHECK: seen 2 times" in text
    assert "processing: paid  # CHECK: seen 2 times" in text
    assert "# CHECK: allowed are pending, paid, shipped" in text


def test_an_optional_column_with_unknown_words_is_not_mapped(tmp_path: Path) -> None:
    header = ORDERS.replace("\n", ",channel\n")
    text = text_of(tmp_path, orders=header + rows(8, lambda n: order(n) + f",K{n % 4}"))
    assert "channel" not in yaml.safe_load(text)["sources"]["orders"]["columns"]
    assert "CHECK: channel: channel is not mapped: K0, K1, K2, K3 may mean any of web" in text


CUSTOMERS = "customer_id,email,updated_at,{}\n"


def customers(name: str, yes: str, no: str) -> dict[str, str]:
    people = rows(9, lambda n: f"C{n},c{n}@x.fr,2026-06-0{n} 10:00:00,{yes if n % 2 else no}")
    return {"orders": ORDERS + rows(8, order), "customers": CUSTOMERS.format(name) + people}


@pytest.mark.parametrize(
    ("name", "channel"),
    [("newsletter", "email"), ("accepts_marketing", "email"), ("sms_optin", "sms")],
)
def test_an_opt_in_of_the_customers_becomes_a_source(
    name: str, channel: str, tmp_path: Path
) -> None:
    found = sources(tmp_path, **customers(name, "1", "0"))
    assert found[f"customers_{channel}_consents"] == {
        "entity": "consents",
        "path": f"{tmp_path}/customers.csv",
        "format": "csv",
        "columns": {"contact_id": "customer_id", "status": name, "changed_at": "updated_at"},
        "constants": {"channel": channel},
        "values": {"status": {"0": "withdrawn", "1": "granted"}},
    }


def test_who_has_not_opted_out_has_not_agreed(tmp_path: Path) -> None:
    text = text_of(tmp_path, **customers("noEmail", "true", "false"))
    assert "customers_email_consents" not in yaml.safe_load(text)["sources"]
    assert "  # customers_email_consents:\n  #   entity: consents" in text


def test_a_status_is_consent_only_where_it_speaks_of_subscribing(tmp_path: Path) -> None:
    found = sources(tmp_path, **customers("account_status", "Active", "Inactive"))
    assert "customers_email_consents" not in found
    found = sources(tmp_path, **customers("status", "Active", "Unsubscribed"))
    values = found["customers_email_consents"]["values"]["status"]
    assert values == {"Active": "granted", "Unsubscribed": "withdrawn"}


def test_an_amount_with_tax_is_taken_and_said(tmp_path: Path) -> None:
    header = ORDERS.replace("total,", "total_ht,total_ttc,")
    row = "{0},2026-06-01 10:00:00,paid,{0}.00,{0}.20,C1"
    text = text_of(tmp_path, orders=header + rows(8, row.format))
    assert yaml.safe_load(text)["sources"]["orders"]["columns"]["total_amount"] == "total_ttc"
    assert "includes_tax: true  # CHECK: the name of total_ttc says so" in text
    (tmp_path / "orders.csv").unlink()
    text = text_of(tmp_path, sales=header.replace("total_ttc", "weight") + rows(8, row.format))
    assert yaml.safe_load(text)["amounts"]["includes_tax"] is False


def test_orders_that_only_say_which_were_cancelled_are_else_completed(tmp_path: Path) -> None:
    header = ORDERS.replace("status", "voided")
    text = rows(8, lambda n: order(n, "true" if n == 3 else "false"))
    found = sources(tmp_path, orders=header + text)["orders"]
    assert found["columns"]["status"] == "voided"
    assert found["values"]["status"] == {"false": "completed", "true": "cancelled"}


def test_a_file_that_is_not_read_is_written_as_a_commented_source(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        orders=ORDERS + rows(8, order),
        order_items="order_id,item_id,sku,qty,parcel\n" + rows(8, lambda n: f"{n},{n},S{n},1,5.50"),
    )
    aside = text.partition("# Not read.")[2]
    block = "\n".join(line.replace("# ", "", 1) for line in aside.splitlines()[3:])
    assert list(yaml.safe_load(block)) == ["order_items"]
    assert "nothing was found for unit_price, which is required" in aside
    assert "map one of parcel" in aside


def test_what_whole_lines_come_to_stands_for_the_price_of_one(tmp_path: Path) -> None:
    found = sources(
        tmp_path,
        orders=ORDERS + rows(8, order),
        order_items="order_id,item_id,sku,qty,row_total\n"
        + rows(8, lambda n: f"{n},{n},S{n},1,5.50"),
    )["order_items"]
    assert found["columns"]["unit_price"] == "row_total"
    assert found["line_totals"] is True


def test_a_second_file_of_the_same_customers_is_left_aside(tmp_path: Path) -> None:
    address = "customer_id,city,updated_at\n" + rows(9, lambda n: f"C{n},Lyon,2026-06-01 10:00:00")
    text = text_of(tmp_path, **customers("newsletter", "1", "0"), customer_addresses=address)
    assert "customer_addresses" not in yaml.safe_load(text)["sources"]
    assert "the contacts that the other files name are those of customers.csv" in text


def test_times_in_two_styles_are_not_both_mapped(tmp_path: Path) -> None:
    header = ORDERS.replace("\n", ",updated_at\n")
    text = text_of(tmp_path, orders=header + rows(8, lambda n: order(n) + f",{n + 9}/06/2026"))
    assert "updated_at" not in yaml.safe_load(text)["sources"]["orders"]["columns"]
    assert "updated_at: updated_at is not mapped: its times are written otherwise" in text


def test_an_offset_after_a_blank_is_told(tmp_path: Path) -> None:
    text = rows(8, lambda n: order(n).replace(":00,", ":00 +0200,"))
    found = sources(tmp_path, orders=ORDERS + text)["orders"]
    assert found["timestamp_format"] == "%Y-%m-%d %H:%M:%S %z"


def test_epochs_are_told_where_sources_know_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "_knows_epochs", lambda: True)
    values = {10: "1782086400", 13: "1782086400123", 16: "1782086400123456"}
    assert {n: looks.time_format([v, v]) for n, v in values.items()} == looks.EPOCHS
    assert looks.time_format(["9782086400"]) is None


def test_values_that_mean_nothing_are_left_out_or_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ORDERS.replace("\n", ",updated_at\n")
    never = [
        order(n) + (",0000-00-00 00:00:00" if n > 2 else ",2026-06-09 10:00:00") for n in (1, 2, 3)
    ]
    text = header + "\n".join(never) + "\n"
    if "empty_values" not in Source.model_fields:
        assert "updated_at" not in sources(tmp_path, orders=text)["orders"]["columns"]
        monkeypatch.setitem(Source.model_fields, "empty_values", FieldInfo())
    found = sources(tmp_path, orders=text)["orders"]
    assert found["columns"]["updated_at"] == "updated_at"
    assert found["empty_values"] == ["0000-00-00 00:00:00"]


def test_an_export_that_a_preset_knows_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, extracts = tmp_path / "presets" / "tool_orders", tmp_path / "extracts"
    ready.mkdir(parents=True)
    extracts.mkdir()
    (ready / "preset.yml").write_text("columns: [order_id, customer_id]\n", encoding="utf-8")
    for entity in ("orders", "order_lines"):
        (ready / f"{entity}.sql").write_text("select 1", encoding="utf-8")
    known = presets.presets
    monkeypatch.setitem(Source.model_fields, "preset", FieldInfo())
    monkeypatch.setattr(
        "pipelines.sources.guess.understand.presets", lambda: known(tmp_path / "presets")
    )
    found = sources(extracts, orders=ORDERS + rows(8, order))
    assert found == {
        f"orders_{entity}": {
            "entity": entity,
            "path": f"{extracts}/orders.csv",
            "preset": "tool_orders",
        }
        for entity in ("orders", "order_lines")
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CDENUM", "order num"),
        ("CLIDNA", "customer date birth"),
        ("total_paid_tax_incl", "total paid ttc"),
        ("Montant hors taxes", "amount ht"),
        ("manufacturer", "manufacturer"),
        ("payment", "payment"),
    ],
)
def test_names_are_parted_into_words(name: str, words: str) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("currency", "euro", "--currency: found 'euro'; allowed: three capital letters"),
        ("currency", "eur", "--currency: found 'eur'; did you mean 'EUR'?"),
        ("country", "fr", "--country: found 'fr'; did you mean 'FR'?"),
        ("country", "UK", "--country: found 'UK'; did you mean 'GB'?"),
        ("time_zone", "Paris", "--time-zone: found 'Paris'; allowed: a name such as Europe/Paris"),
        ("shop", "My Shop", "--shop: found 'My Shop'; allowed: small letters"),
    ],
)
def test_a_wrong_option_is_refused_with_what_is_allowed(option: str, given: str, said: str) -> None:
    good = {"shop": "a", "time_zone": "UTC", "currency": "EUR", "country": "FR"}
    check_options(**good)
    with pytest.raises(TerminalError) as error:
        check_options(**{**good, option: given})
    assert str(error.value).startswith(said)


@pytest.mark.parametrize("zone", ["UTC", ""])
def test_a_zone_that_is_told_stands_in_each_source_with_times(zone: str, tmp_path: Path) -> None:
    texts = {
        "orders": "id,customer_id,created_at,status,total\n1,2,2026-06-01 10:00:00,paid,9.50\n",
        "customers": "id,email,updated_at\n2,a@x.fr,2026-06-01T10:00:00Z\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    text = draft(tmp_path, "a", "Europe/Paris", "EUR", "FR", times_are=zone)
    found = yaml.safe_load(text)["sources"]
    assert found["orders"].get("time_zone", "") == zone
    assert "time_zone" not in found["customers"]
    assert ("times have no offset" in text) is not bool(zone)


def test_a_zone_of_no_place_is_refused() -> None:
    check_zone("--times-are", "")
    with pytest.raises(TerminalError, match="--times-are: found 'CET2'; allowed: a name such as"):
        check_zone("--times-are", "CET2")


def test_files_without_any_name_are_told_by_what_points_to_what(tmp_path: Path) -> None:
    found = sources(
        tmp_path,
        T1="F1,F2,F3,F4,F5\n"
        + rows(30, lambda n: f"Q{n * 37},2026-06-{n:02d} 10:00:00,K{n % 12},{n}.00,{n}.20"),
        T2="G1,G2,G3,G4,G5\n"
        + rows(60, lambda n: f"Q{(1 + (n - 1) // 2) * 37},{1 + n % 2},W{n % 15},2,3.10"),
        T3="H1,H2,H3\n" + rows(12, lambda n: f"K{n % 12},k{n}@x.fr,2026-06-01"),
        T4="J1,J2,J3\n"
        + rows(
            15, lambda n: f"W{n % 15},Coat {'abcdefghijklmno'[n - 1]},{('Coats', 'Hats')[n % 2]}"
        ),
    )
    assert {name: (source["entity"], source["columns"]) for name, source in found.items()} == {
        "t1": (
            "orders",
            {"order_id": "F1", "ordered_at": "F2", "total_amount": "F5", "contact_id": "F3"},
        ),
        "t2": (
            "order_lines",
            {
                "order_id": "G1",
                "line_number": "G2",
                "product_id": "G3",
                "quantity": "G4",
                "unit_price": "G5",
            },
        ),
        "t3": ("contacts", {"contact_id": "H1", "updated_at": "H3", "email": "H2"}),
        "t4": ("products", {"product_id": "J1", "name": "J2", "category": "J3"}),
    }


def test_amounts_with_six_decimals_are_rounded_where_sources_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ORDERS.replace("\n", ",discount\n")
    text = header + rows(8, lambda n: order(n) + f",{n}.123456")
    if "round_amounts" not in Source.model_fields:
        assert "discount_amount" not in sources(tmp_path, orders=text)["orders"]["columns"]
        monkeypatch.setitem(Source.model_fields, "round_amounts", FieldInfo())
    found = sources(tmp_path, orders=text)["orders"]
    assert found["columns"]["discount_amount"] == "discount"
    assert found["round_amounts"] is True

"""What the first configuration tells where the values of several files speak against a guess."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.sources import draft

ORDERS = "order_id,order_date,status,total_amount,customer_id,email\n"
CUSTOMERS = "customer_id,email,updated_at\n"
LINES = "order_id,line_number,product_id,quantity,unit_price\n"


def text_of(folder: Path, **files: str) -> str:
    for file, text in files.items():
        name, _, ending = file.partition("__")
        (folder / f"{name}.{ending or 'csv'}").write_text(text, encoding="utf-8")
    return draft(folder, "my_shop", "Europe/Paris", "EUR", "FR")


def sources(text: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["sources"]
    return found


def rows(count: int, row: Callable[[int], str]) -> str:
    return "".join(row(n) + "\n" for n in range(1, count + 1))


def orders(row: Callable[[int], str] = lambda n: f"{n % 10 + 1},c{n % 10 + 1}@x.fr") -> str:
    return ORDERS + rows(30, lambda n: f"O{n},2026-06-{n:02d} 10:00:00,paid,{n * 12}.00,{row(n)}")


def people() -> str:
    return CUSTOMERS + rows(10, lambda n: f"{n},c{n}@x.fr,2026-06-01 10:00:00")


@pytest.mark.parametrize("apart", [0, 3])
def test_numbers_of_two_counters_are_not_joined(apart: int, tmp_path: Path) -> None:
    mine = orders(lambda n: f"{n % 10 + 1},C{(n + apart) % 10 + 1}@x.fr")
    text = text_of(tmp_path, orders=mine, customers=people())
    columns = sources(text)["orders"]["columns"]
    assert ("contact_id" in columns) is (apart == 0)
    assert ("two counters" in text) is (apart > 0)
    assert columns["email"] == "email"
    assert sources(text)["customers"]["columns"]["contact_id"] == "customer_id"


def test_the_customer_0_is_nobody(tmp_path: Path) -> None:
    mine = orders(lambda n: f"{n % 4},{f'c{n % 4}' if n % 4 else f'guest{n}'}@x.fr")
    text = text_of(tmp_path, orders=mine, customers=people())
    assert sources(text)["orders"]["values"]["contact_id"] == {"0": ""}
    assert "7 records have 0 and no contact has" in text


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (
            ("optIn", "optOut", "direct", "notSet"),
            {"optIn": "granted", "optOut": "withdrawn", "direct": "granted", "notSet": "withdrawn"},
        ),
        (
            ("Subscribed", "Unsubscribed", "Cleaned"),
            {"Subscribed": "granted", "Unsubscribed": "withdrawn", "Cleaned": "withdrawn"},
        ),
    ],
)
def test_a_list_of_subscribers_is_consents(
    words: tuple[str, ...], meaning: dict[str, str], tmp_path: Path
) -> None:
    list_ = "id,email,first_name,status,created_at\n" + rows(
        20, lambda n: f"R{n},r{n}@x.fr,Ann,{words[n % len(words)]},2026-06-01 10:00:00"
    )
    found = sources(text_of(tmp_path, orders=orders(), customers=people(), newsletter=list_))
    assert found["newsletter"]["entity"] == "consents"
    assert found["newsletter"]["columns"] == {
        "email": "email",
        "status": "status",
        "changed_at": "created_at",
    }
    assert found["newsletter"]["constants"] == {"channel": "email"}
    assert found["newsletter"]["values"] == {"status": meaning}


def nested(n: int) -> dict[str, Any]:
    lines = [
        {"orderId": f"key{n}", "position": p, "productId": f"P{p}", "quantity": 1, "unitPrice": 5.5}
        for p in (1, 2)
    ]
    return {
        "id": f"key{n}",
        "orderNumber": f"N{n}",
        "orderDate": f"2026-06-{n:02d}T00:00:00Z",
        "orderDateTime": f"2026-06-{n:02d}T10:30:00Z",
        "status": "paid",
        "total": 11.0,
        "deepLinkCode": f"link{n}",
        "lineItems": lines,
    }


def test_lines_within_a_document_are_a_source_and_name_the_key(tmp_path: Path) -> None:
    document = json.dumps({"data": [nested(n) for n in range(1, 29)]})
    text = text_of(tmp_path, orders__json=document)
    found = sources(text)
    assert (found["orders_line_items"]["records"], found["orders_line_items"]["elements"]) == (
        "data",
        "lineItems",
    )
    assert found["orders_line_items"]["columns"] == {
        "order_id": "orderId",
        "line_number": "position",
        "product_id": "productId",
        "quantity": "quantity",
        "unit_price": "unitPrice",
    }
    mine = found["orders"]["columns"]
    assert (mine["order_id"], mine["ordered_at"]) == ("id", "orderDateTime")
    assert "store_id" not in mine
    assert "Missing: order_lines" not in text


def test_lines_that_do_not_name_their_order_have_it_as_their_parent(tmp_path: Path) -> None:
    orders = [nested(n) for n in range(1, 29)]
    for line in (line for order in orders for line in order["lineItems"]):
        del line["orderId"], line["position"]
    text = text_of(tmp_path, orders__jsonl="\n".join(map(json.dumps, orders)))
    lines = sources(text)["orders_line_items"]
    assert (lines["format"], lines["elements"]) == ("jsonl", "lineItems")
    assert (
        lines["columns"]["order_id"] == f"parent.{sources(text)['orders']['columns']['order_id']}"
    )
    assert lines["columns"]["line_number"] == "parent.position"


def test_times_that_many_records_lack_are_not_the_required_ones(tmp_path: Path) -> None:
    some = "customer_id,email,created_at,updated_at\n" + rows(
        20, lambda n: f"C{n},c{n}@x.fr,2026-06-01,{'2026-06-02' if n % 2 else ''}"
    )
    text = text_of(tmp_path, orders=orders(), customers=some)
    assert sources(text)["customers"]["columns"]["updated_at"] == "created_at"
    assert "updated_at is empty in 50% of the records" in text


def test_a_postcode_is_no_amount_and_a_filled_column_wins(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        orders="order_id,order_date,status,total,shipping_postcode,shipping_zip\n"
        + rows(30, lambda n: f"O{n},2026-06-{n:02d},paid,{n}.00,750{n:02d},750{n:02d}"),
        customers="customer_id,updated_at,phone,billing_phone\n"
        + rows(20, lambda n: f"C{n},2026-06-01,,06123456{n:02d}"),
    )
    assert "shipping_amount" not in sources(text)["orders"]["columns"]
    assert sources(text)["customers"]["columns"]["phone"] == "billing_phone"


def test_orders_and_lines_are_told_by_sums_and_written_with_their_marks(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        HH="K;X1;X2;X3\n"
        + rows(30, lambda n: f"Q{n * 37};{n % 28 + 1:02d}/06/2026;{n % 5},10;{n * 2 + 6},20"),
        LL="K;Y0;Y1;Y2;Y3\n"
        + rows(60, lambda n: f"Q{(1 + (n - 1) // 2) * 37};{1 + n % 2};W{n % 15};"
               f"{'1,000' if n % 2 else '2,000'};{f'{(n + 1) // 2 * 2},20' if n % 2 else '3,00'}"),
        PP="Z1;Z2\n" + rows(15, lambda n: f"W{n % 15};Coat {'abcdefghijklmno'[n - 1]}"),
    )  # fmt: skip
    found = sources(text)
    assert found["hh"]["entity"] == "orders"
    assert found["hh"]["columns"]["total_amount"] == "X3"
    assert (found["ll"]["columns"]["quantity"], found["ll"]["columns"]["unit_price"]) == (
        "Y2",
        "Y3",
    )
    assert found["ll"]["decimal"] == ","


def test_a_file_left_aside_has_its_marks_and_times(tmp_path: Path) -> None:
    odd = "product_id;shop;counted\n" + rows(9, lambda n: f"P{n};0{n}/06/2026 10:00;{n},50")
    text = text_of(tmp_path, orders=orders(), stock=odd)
    aside = text[text.index("# Not read") :]
    assert "nothing was found for quantity, which is required" in aside
    assert '#   decimal: ","' in aside
    assert '#   timestamp_format: "%d/%m/%Y %H:%M"' in aside


def test_codes_are_told_by_a_table_in_two_languages(tmp_path: Path) -> None:
    codes = "order_status_id,language_id,name\n" + "".join(
        f"{code},{language},{name}\n"
        for code, names in ((3, ("Shipped", "Versandt")), (5, ("Complete", "Fertig")))
        for language, name in enumerate(names, 1)
    )
    mine = "order_id,order_date,order_status_id,total\n" + rows(
        30, lambda n: f"O{n},2026-06-{n:02d} 10:00:00,{(3, 5)[n % 2]},{n}.00"
    )
    text = text_of(tmp_path, orders=mine, order_status=codes)
    assert sources(text)["orders"]["values"]["status"] == {"3": "shipped", "5": "completed"}


def test_a_yes_with_its_own_date_is_consent(tmp_path: Path) -> None:
    some = "customer_id,email,updated_at,PRIV,DTPRIV\n" + rows(
        20, lambda n: f"C{n},c{n}@x.fr,2026-06-02 10:00:00,{'SN'[n % 2]},2026-05-{n:02d} 09:00:00"
    )
    text = text_of(tmp_path, orders=orders(), customers=some)
    consents = sources(text)["customers_email_consents"]
    assert consents["columns"]["changed_at"] == "DTPRIV"
    assert consents["values"]["status"] == {"N": "withdrawn", "S": "granted"}
    assert "make sure that a yes agrees to be written to" in text


@pytest.mark.parametrize("kind", ["type", "remark"])
def test_refunds_among_the_orders_are_left_out_or_told(kind: str, tmp_path: Path) -> None:
    mine = f"id,{kind},status,total_amount,date_created_gmt\n" + rows(
        30,
        lambda n: (
            f"{n},{'shop_order' if n % 3 else 'shop_order_refund'},paid,"
            f"{'' if n % 3 else '-'}{n}.00,2026-06-{n:02d} 10:00:00"
        ),
    )
    text = text_of(tmp_path, orders=mine)
    source = sources(text)["orders"]
    left_out = {"type": ["shop_order_refund"]} if kind == "type" else None
    assert source.get("skip") == left_out
    assert ("total_amount: 10 records are below 0" in text) is (kind == "remark")
    assert source["time_zone"] == "UTC"


@pytest.mark.parametrize(("price", "told"), [("10.00", True), ("12.00", False)])
def test_prices_without_the_tax_of_the_totals_are_told(
    price: str, told: bool, tmp_path: Path
) -> None:
    lines = LINES + rows(30, lambda n: f"O{n},1,P{n % 5},{n},{price}")
    text = text_of(tmp_path, orders=orders(), order_lines=lines)
    assert ("unit_price seems to be without tax" in text) is told


def test_what_else_an_ambiguous_word_means_is_named(tmp_path: Path) -> None:
    text = text_of(tmp_path, orders=orders().replace(",paid,", ",processing,"))
    assert (
        "processing: paid  # CHECK: seen 30 times; taken so; other tools say it of what is pending"
        in text
    )


def test_of_many_columns_the_first_are_listed(tmp_path: Path) -> None:
    names = "".join(f",extra{n}" for n in range(20))
    wide = rows(9, lambda n: f"O{n},2026-06-0{n},paid,5.00" + ",x" * 20)
    text = text_of(tmp_path, orders=f"order_id,order_date,status,total{names}\n{wide}")
    assert "extra11 and 8 more" in text

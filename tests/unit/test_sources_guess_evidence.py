"""What the first configuration takes from evidence: what names what, sums, moments, sizes; and what
it does not take, where there is none."""

from pathlib import Path

import pytest
import yaml

from pipelines.sources.guess import glance
from tests.unit.guess_world import Row, day, drafted, lines, orders, rows, shop, sources


def test_a_prefix_of_all_columns_and_of_all_tables_says_nothing(tmp_path: Path) -> None:
    said = {
        f"ox{name}": "\n".join(
            [",".join(f"OX{c.replace('_', '').upper()}" for c in text.split("\n")[0].split(",")),
             *text.split("\n")[1:]]
        )
        for name, text in shop().items()
    }  # fmt: skip
    found = sources(tmp_path, **said)
    assert {name: source["entity"] for name, source in found.items()} == {
        "oxorders": "orders",
        "oxorder_items": "order_lines",
        "oxusers": "contacts",
        "oxproducts": "products",
    }
    assert found["oxorder_items"]["columns"]["order_id"] == "OXORDERID"
    assert found["oxusers"]["columns"]["contact_id"] == "OXID"


def test_a_file_of_lines_with_an_id_of_its_own_is_no_file_of_orders(tmp_path: Path) -> None:
    more = {"order_items": lines(",created_at,status,total", lambda n: f",{day(n)},ok,{n}.50")}
    found = sources(tmp_path, **shop(**more))
    assert [s["entity"] for s in found.values()].count("orders") == 1
    assert found["order_items"]["entity"] == "order_lines"
    assert found["order_items"]["columns"]["line_number"] == "id"


def test_a_time_is_no_id(tmp_path: Path) -> None:
    moved = {
        "orders": orders().replace("id,customer_id,created_at", "no,customer_id,created_at", 1)
    }
    assert sources(tmp_path, **shop(**moved))["orders"]["columns"]["order_id"] == "no"


def test_lines_that_name_variants_are_of_the_file_of_variants(tmp_path: Path) -> None:
    variants = rows("id,product_id,sku", 40, lambda n: f"{n},{(n + 1) // 2},SKU{n:03d}")
    of_variants = lines().replace("product_id", "variant_id").split("\n")
    swapped = [of_variants[0]] + [
        ",".join([a, b, str(1 + int(a) % 40), *rest])
        for a, b, _, *rest in (line.split(",") for line in of_variants[1:] if line)
    ]
    text = drafted(tmp_path, **shop(order_items="\n".join(swapped) + "\n", variants=variants))
    found = yaml.safe_load(text)["sources"]
    assert found["order_items"]["columns"]["product_id"] == "variant_id"
    assert found["variants"]["entity"] == "products"
    assert found["variants"]["columns"] == {"product_id": "id", "name": "sku"}
    assert "products.csv: the products that the other files name are those of variants.csv" in text


def test_purchases_from_suppliers_are_no_orders(tmp_path: Path) -> None:
    bought = orders().replace("customer_id", "supplier_id")
    files = shop(purchase_orders=bought, purchase_order_items=lines())
    found = sources(tmp_path, **files)
    assert [name for name, s in found.items() if s["entity"] == "orders"] == ["orders"]


@pytest.mark.parametrize("is_same", [True, False])
def test_two_files_of_orders_are_told_apart_only_where_they_differ(
    is_same: bool, tmp_path: Path
) -> None:
    other = orders(count=100) if is_same else orders(count=100).replace(".50", ".75")
    items = lines(count=100) if is_same else lines(count=100).replace(".50", ".75")
    text = drafted(tmp_path, **shop(pos_orders=other, pos_order_items=items))
    found = yaml.safe_load(text)["sources"]
    if is_same:
        assert "pos_orders.csv: its orders are those of another file, by their order_id" in text
        assert "prefixes" not in found["order_items"]
        return
    for name in ("pos_orders", "pos_order_items"):
        assert found[name]["prefixes"] == {"order_id": "POS-"}
    assert found["pos_orders"]["constants"]["channel"] == "store"
    assert found["orders"]["constants"]["channel"] == "web"
    assert "prefixes" not in found["orders"]


def placed(n: int) -> str:
    return f",{day(3 * n)} 10:20:00" if n % 4 else ","


@pytest.mark.parametrize(
    ("more", "row", "ordered_at", "skip"),
    [
        (",completed_at", placed, "completed_at", {"completed_at": [""]}),
        (",placed_at", lambda n: f",{day(3 * n)} 10:20:00", "placed_at", None),
        # What happens days later, or is missing of a few by mistake, says nothing of carts.
        (",completed_at", lambda n: f",{day(3 * n + 9)} 10:20:00", "created_at", None),
        (",paid_at", placed, "created_at", None),
        (",deleted", lambda n: f",{int(n % 9 == 0)}", "created_at", {"deleted": ["1"]}),
        (",deleted", lambda n: ",0", "created_at", None),
    ],
)
def test_carts_are_left_out_where_a_column_tells_them(
    more: str,
    row: Row,
    ordered_at: str,
    skip: dict[str, list[str]] | None,
    tmp_path: Path,
) -> None:
    found = sources(tmp_path, **shop(orders=orders(more, row)))["orders"]
    assert found["columns"]["ordered_at"] == ordered_at
    assert found.get("skip") == skip


def test_carts_are_told_by_words_and_by_numbers_that_they_lack(tmp_path: Path) -> None:
    carts = orders(",number", lambda n: f",N{n}" if n % 10 else ",")
    lines_ = [line.replace("complete", "77") if line.endswith(",") else line
              for line in carts.split("\n")]  # fmt: skip
    assert sources(tmp_path, **shop(orders="\n".join(lines_)))["orders"]["skip"] == {
        "status": ["77"]
    }
    words = orders().replace("10:00:00,complete,1", "10:00:00,draft,1")
    assert sources(tmp_path, **shop(orders=words))["orders"]["skip"] == {"status": ["draft"]}


def ends(n: int) -> str:
    return "refunded" if n % 10 == 3 else "paid"


def test_a_second_state_overrides_only_what_the_status_does_not_know(tmp_path: Path) -> None:
    found = sources(tmp_path, **shop(orders=orders(",payment_state", lambda n: f",{ends(n)}")))
    assert found["orders"]["overrides"] == {"status": {"payment_state": {"refunded": "refunded"}}}
    known = orders(",payment_state", lambda n: f",{ends(n)}").split("\n")
    said = [line.replace("complete", "refunded") if line.endswith("refunded") else line
            for line in known]  # fmt: skip
    assert "overrides" not in sources(tmp_path, **shop(orders="\n".join(said)))["orders"]


def test_a_flag_and_an_amount_given_back_tell_ends(tmp_path: Path) -> None:
    flag = orders(",is_cancelled", lambda n: f",{int(n % 8 == 0)}")
    found = sources(tmp_path, **shop(orders=flag))["orders"]
    assert found["overrides"] == {"status": {"is_cancelled": {"1": "cancelled"}}}
    back = orders(
        ",payment_status_id,refunded_amount",
        lambda n: f",40,{n}.50" if n % 10 == 3 else ",30,0.00",
    )
    found = sources(tmp_path, **shop(orders=back))["orders"]
    assert found["overrides"] == {"status": {"payment_status_id": {"40": "refunded"}}}


@pytest.mark.parametrize(
    ("currency", "price", "is_minor"),
    [("EUR", 37, True), ("JPY", 37, False), ("EUR", 100, False)],
)
def test_cents_are_told_by_their_sizes(
    currency: str, price: int, is_minor: bool, tmp_path: Path
) -> None:
    def cents(text: str) -> str:
        first, *rest = text.split("\n")
        found = [line.rsplit(",", 1) for line in rest if line]
        return "\n".join([first, *(f"{a},{1000 + int(float(b)) * price}" for a, b in found)]) + "\n"

    files = shop(orders=cents(orders()), order_items=cents(lines()))
    if price == 100:  # whole units of the currency
        files = {name: text.replace("1000", "1100") for name, text in files.items()}
    found = sources(tmp_path, currency, **files)
    assert found["orders"].get("minor_units", False) is is_minor
    assert found["order_items"].get("minor_units", False) is is_minor


def test_sums_choose_the_price_and_what_was_paid(tmp_path: Path) -> None:
    some = rows(
        "id,order_id,product_id,quantity,line_price,price",
        240,
        lambda n: f"{n + 7},{1 + (n - 1) // 2},{1 + n % 20},2,{2 * n}.00,{n}.00",
    )
    paid = rows(
        "id,customer_id,created_at,status,total,order_total,shipping",
        120,
        lambda n: f"{n},{1 + n % 30},{day(3 * n)} 10:00:00,complete,"
        f"{2 * (4 * n - 1)}.00,{2 * (4 * n - 1) + 5}.00,5.00",
    )  # fmt: skip
    text = drafted(tmp_path, **shop(orders=paid, order_items=some))
    found = yaml.safe_load(text)
    assert found["sources"]["orders"]["columns"]["total_amount"] == "order_total"
    assert found["sources"]["order_items"]["columns"]["unit_price"] == "price"
    assert "includes_shipping: true  # the lines come to order_total with shipping" in text


def test_codes_are_proposed_by_when_they_are_seen(tmp_path: Path) -> None:
    def code(n: int) -> str:
        return "10" if n > 116 else "20" if n > 111 else "40" if n % 9 == 0 else "30"

    said = orders(
        ",paid_at", lambda n: "," if code(n) in ("10", "40") else f",{day(3 * n)} 11:00:00"
    )
    changed = [line.replace("complete", code(n)) for n, line in enumerate(said.split("\n"))]
    text = drafted(tmp_path, **shop(orders="\n".join(changed)))
    assert yaml.safe_load(text)["sources"]["orders"]["values"]["status"] == {
        "10": "pending", "20": "paid", "30": "completed", "40": "cancelled",
    }  # fmt: skip
    assert "only the latest orders: pending?" in text


def test_lines_without_any_number_are_numbered(tmp_path: Path) -> None:
    unnumbered = lines().replace("id,order_id", "uid,order_id", 1)
    changed = "\n".join(f"u{line}" if line[:1].isdigit() else line
                        for line in unnumbered.split("\n"))  # fmt: skip
    found = sources(tmp_path, **shop(order_items=changed))["order_items"]
    assert found["number_lines"] is True
    assert "line_number" not in found["columns"]


def test_lines_of_no_product_are_left_out(tmp_path: Path) -> None:
    some = [line.replace(f",{n},{1 + n % 20},", f",{n},0,") if n % 6 == 0 else line
            for n, line in enumerate(lines().split("\n"))]  # fmt: skip
    found = sources(tmp_path, **shop(order_items="\n".join(some)))["order_items"]
    assert found["skip"] == {"product_id": ["0"]}


def test_what_is_beyond_the_first_records_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "_ROWS", 60)
    late = [line.replace("complete", "returned") if n == 111 else line
            for n, line in enumerate(orders().split("\n"))]  # fmt: skip
    shuffled = lines().split("\n")
    order = [shuffled[0], *sorted(filter(None, shuffled[1:]), key=lambda line: line[::-1])]
    files = shop(orders="\n".join(late), order_items="\n".join(order) + "\n")
    found = sources(tmp_path, **files)
    assert found["orders"]["values"]["status"] == {"complete": "completed", "returned": "refunded"}
    assert found["order_items"]["entity"] == "order_lines"
    assert found["order_items"]["columns"]["order_id"] == "order_id"


def test_a_language_is_chosen_among_translations(tmp_path: Path) -> None:
    names = rows(
        "id,name,category",
        20,
        lambda n: f'{n},"{{""de_DE"": ""Hut {n}"", ""fr_FR"": ""Sac {n}""}}",K{n % 3}',
    )
    text = drafted(tmp_path, **shop(products=names))
    assert yaml.safe_load(text)["sources"]["products"]["columns"]["name"] == "name.fr_FR"
    assert "CHECK: name: name.fr_FR is one of 2 languages" in text


def test_what_another_file_has_is_told_with_its_place(tmp_path: Path) -> None:
    without = "\n".join(line.rpartition(",")[0] for line in orders().split("\n"))
    totals = rows("id,order_id,grand_total", 120, lambda n: f"{n},{n},{n}.50")
    text = drafted(tmp_path, **shop(orders=without, order_totals=totals))
    assert "CHECK: total_amount: grand_total of order_totals.csv may tell it" in text
    assert "CHECK: nothing found for total_amount, which is required" in text


def test_people_who_are_no_customers_are_left_aside(tmp_path: Path) -> None:
    vendors = rows(
        "id,email,first_name,last_name,phone,city,updated_at",
        30,
        lambda n: f"{n},v{n}@vendor.example,Ann,Low,061234567{n % 10},Lyon,2026-06-01 10:00:00",
    )
    text = drafted(tmp_path, **shop(vendors=vendors))
    assert "vendors" not in yaml.safe_load(text)["sources"]
    assert "vendors.csv: these are no customers, by the name of the file" in text


def test_lines_of_a_kind_that_is_no_goods_are_left_out(tmp_path: Path) -> None:
    kinds = lines(",type", lambda n: ",shipping" if n % 6 == 0 else ",physical")
    found = sources(tmp_path, **shop(order_items=kinds))["order_items"]
    assert found["skip"] == {"type": ["shipping"]}


def test_records_in_several_languages_are_read_in_one(tmp_path: Path) -> None:
    both = rows(
        "product_id,language,name,category",
        40,
        lambda n: f"{(n + 1) // 2},{'fr' if n % 2 else 'en'},Thing {n},K{n % 3}",
    )
    found = sources(tmp_path, **shop(products=both))["products"]
    assert found["keep"] == {"language": ["fr"]}
    assert found["columns"]["product_id"] == "product_id"

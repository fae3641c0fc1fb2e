"""What the first configuration takes from the sums of lines: columns, pairs of files, discounts,
shipping in the total."""

from pathlib import Path

import yaml

from tests.unit.guess_world import day, drafted, lines, orders, rows, shop, sources

HEAD = "id,customer_id,created_at,status"


def head(n: int) -> str:
    return f"{n},{1 + n % 30},{day(3 * n)} 10:00:00,complete"


def test_what_comes_to_the_total_of_all_wins_over_a_name(tmp_path: Path) -> None:
    """One line in six was sold below the price that is on it."""

    def off(n: int) -> int:
        return 3 if n % 6 == 0 else 0

    some = rows(
        "id,order_id,product_id,quantity,unit_price,total",
        120,
        lambda n: f"{n + 7},{n},{1 + n % 20},2,{n + 9}.00,{2 * (n + 9) - off(n)}.00",
    )
    paid = rows(f"{HEAD},total", 120, lambda n: f"{head(n)},{2 * (n + 9) - off(n)}.00")
    found = sources(tmp_path, **shop(orders=paid, order_items=some))["order_items"]
    assert found["columns"]["unit_price"] == "total"
    assert found["line_totals"] is True


def test_what_is_the_same_everywhere_proves_no_sum(tmp_path: Path) -> None:
    """Each order has one line with a 1 in a column, and its total is 1 in another."""
    some = lines(",qty_to_invoice", lambda n: ",1.0")
    paid = orders(",currency_rate", lambda n: ",1.000000").replace(".50,", ".90,")
    found = sources(tmp_path, **shop(orders=paid, order_items=some))
    assert found["order_items"]["columns"]["unit_price"] == "price"
    assert found["order_items"]["columns"]["quantity"] == "quantity"
    assert "line_totals" not in found["order_items"]


def test_a_quantity_that_is_nearly_nowhere_is_not_taken(tmp_path: Path) -> None:
    some = rows(
        "id,order_id,product_id,qty_package,uom_qty,qty_delivered,price,amount",
        120,
        lambda n: (
            f"{n + 7},{n},{1 + n % 20},{'' if n % 50 else 1},{1 + n % 3}.0,"
            f"{0 if n % 5 else 1 + n % 3}.0,{n}.50,{(1 + n % 3) * (n + 0.5):.2f}"
        ),
    )
    paid = rows(f"{HEAD},total", 120, lambda n: f"{head(n)},{(1 + n % 3) * (n + 0.5):.2f}")
    found = sources(tmp_path, **shop(orders=paid, order_items=some))["order_items"]
    assert found["columns"]["quantity"] == "uom_qty"


def test_a_discount_in_percent_is_no_amount(tmp_path: Path) -> None:
    def amount(n: int) -> str:
        return f"{2 * (n + 0.5) * (0.9 if n % 4 == 0 else 1):.2f}"

    some = rows(
        "id,order_id,product_id,quantity,price,discount,subtotal_incl",
        120,
        lambda n: f"{n + 7},{n},{1 + n % 20},2,{n}.50,{0 if n % 4 else 10}.0,{amount(n)}",
    )
    paid = rows(f"{HEAD},total", 120, lambda n: f"{head(n)},{amount(n)}")
    text = drafted(tmp_path, **shop(orders=paid, order_items=some))
    found = yaml.safe_load(text)["sources"]["order_items"]
    assert "discount_amount" not in found["columns"]
    assert found["columns"]["unit_price"] == "subtotal_incl"
    assert found["line_totals"] is True
    assert "CHECK: discount_amount: discount is not mapped: it is a percentage" in text


def test_a_discount_that_the_price_has_taken_off_is_left_out(tmp_path: Path) -> None:
    def off(n: int) -> str:
        return f",{0 if n % 4 else 2}.00"

    some = lines(",discount_amount", off)
    text = drafted(tmp_path, **shop(order_items=some))
    assert "discount_amount" not in yaml.safe_load(text)["sources"]["order_items"]["columns"]
    assert "the lines come to the total without it" in text
    paid = rows(f"{HEAD},total", 120, lambda n: f"{head(n)},{n - 2 * (n % 4 == 0)}.50")
    found = sources(tmp_path, **shop(order_items=some, orders=paid))["order_items"]
    assert found["columns"]["discount_amount"] == "discount_amount"


def test_lines_are_of_the_orders_that_they_come_to(tmp_path: Path) -> None:
    """Two tables of orders count from 1, and two of lines."""
    till = rows(
        "id,partner_id,created_at,state,total",
        120,
        lambda n: f"{n},{1 + n % 30},{day(3 * n)} 11:00:00,done,{n + 30}.75",
    )
    sold = rows(
        "id,order_id,product_id,quantity,price,discount,name",
        120,
        lambda n: f"{n + 7},{n},{1 + n % 20},1,{n + 30}.75,0.00,Thing {n}",
    )
    files = shop(pos_order=till, pos_order_line=sold, sale_order=orders(), sale_order_line=lines())
    del files["orders"], files["order_items"]
    found = sources(tmp_path, **files)
    for name in ("pos_order", "pos_order_line"):
        assert found[name]["prefixes"] == {"order_id": "POS-"}
    for name in ("sale_order", "sale_order_line"):
        assert "prefixes" not in found[name]


def test_a_number_of_lines_is_always_filled_and_apart(tmp_path: Path) -> None:
    empty = lines(",linked_line_id", lambda n: "," if n % 50 else f",{n}")
    found = sources(tmp_path, **shop(order_items=empty))["order_items"]
    assert found["columns"]["line_number"] == "id"
    same = rows(
        "id,order_id,product_id,quantity,price,line_number",
        240,
        lambda n: f"{n + 7},{1 + n // 2},{1 + n % 20},1,{n}.50,10",
    )
    found = sources(tmp_path, **shop(order_items=same))["order_items"]
    assert found["columns"]["line_number"] == "id"


def test_only_orders_with_shipping_tell_whether_the_total_has_it(tmp_path: Path) -> None:
    def port(n: int) -> int:
        return 5 * (n % 6 == 0)

    free = rows(
        f"{HEAD},order_total,subtotal,shipping",
        120,
        lambda n: f"{head(n)},{n + port(n)}.50,{n}.50,{port(n)}.00",
    )
    text = drafted(tmp_path, **shop(orders=free))
    assert "includes_shipping: true  # the lines come to order_total with shipping" in text
    bare = rows(f"{HEAD},order_total,shipping", 120, lambda n: f"{head(n)},{n}.50,{port(n)}.00")
    text = drafted(tmp_path, **shop(orders=bare))
    assert "includes_shipping: false" in text
    none = rows(f"{HEAD},order_total,shipping", 120, lambda n: f"{head(n)},{n}.50,0.00")
    text = drafted(tmp_path, **shop(orders=none))
    assert "includes_shipping: true  # CHECK: no value tells" in text

"""CSV as it is really written: other quotes or none, titles above the header."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError, SourceError
from pipelines.specs.shop import load_shop
from tests.contract.world import D1, HEADER, ORDERS, FrontDoor, order, orders, unaudited

NAME = "orders_2026-07-01.csv"


def test_another_quote(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "quote": "'"})
    rows = [order(1, phone="'two\nlines, ''quoted'''"), order(2, phone='5" nails'), order(3)]
    door.put(NAME, orders(*rows, "short"))
    door.extract(D1)
    assert door.landed_rows("order_id, coupon_code, _line") == [
        ("O1", "two\nlines, 'quoted'", 2),
        ("O2", '5" nails', 4),
        ("O3", None, 5),
    ]
    assert door.landed()[0].files[0].rejects == 1


def test_no_quotes_at_all(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "quote": ""})
    rows = [order(1, phone='"open'), order(2, phone='""'), '"O3"', order(4, state="l'été")]
    door.put(NAME, orders(*rows))
    door.run(D1, unaudited)
    assert door.landed_rows("order_id, coupon_code, _line") == [
        ("O1", '"open', 2),
        ("O2", '""', 3),
        ("O4", None, 5),
    ]
    assert ("shop_orders", 4, '"O3"') in door.rows(
        "select source, line, record from ops.quarantine"
    )
    assert door.rows("select records_read - landed - quarantined from ops.books") == [(0,)]


@pytest.mark.parametrize(
    "above",
    [["Orders of June"], ["5\" nails, 'x", "a,b,c,d,e,f,g,h", ""], ['"', "", "l'été;"]],
    ids=len,
)
@pytest.mark.parametrize("blank", [0, 2])
def test_titles_above_the_header_are_skipped(tmp_path: Path, above: list[str], blank: int) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "skip_lines": len(above)})
    rows = [order(1), "", order(2, phone='"two\nlines"'), "short", order(3), order(4) + ",,"]
    door.put(NAME, "\n".join([*above, *[""] * blank, HEADER, *rows]))
    door.run(D1, unaudited)
    before = len(above) + blank + 1
    found = door.rows("select order_id, line from raw.orders order by line")
    assert found == [("O1", before + 1), ("O2", before + 3), ("O3", before + 6)]
    lines = door.rows("select line from ops.quarantine order by line")
    assert lines == [(before + 5,), (before + 7,)]


def test_more_lines_to_skip_than_there_are(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "skip_lines": 9})
    door.put(NAME, orders(order(1)))
    with pytest.raises(SourceError, match="missing columns 'id'"):
        door.extract(D1)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"quote": "x"}, "quote: found 'x'; allowed: a sign"),
        ({"quote": "«"}, "quote: found '«'; allowed: a sign"),
        ({"quote": ","}, "quote: found ',', which is the delimiter"),
        ({"skip_lines": -1}, "skip_lines: found -1"),
        ({"quote": "'", "format": "jsonl"}, "quote: allowed with format csv only; this is jsonl"),
    ],
)
def test_settings_that_cannot_be(
    small_config: dict[str, Any], write_config: Any, settings: dict[str, Any], told: str
) -> None:
    small_config["sources"]["orders"] |= settings
    with pytest.raises(ConfigError) as caught:
        load_shop(write_config(small_config))
    assert f"sources.orders.{told}" in str(caught.value)

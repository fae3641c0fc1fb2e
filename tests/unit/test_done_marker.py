"""Drop folders of this machine whose files count once their done marker is there."""

from pathlib import Path

import pytest

from pipelines.errors import SourceError
from tests.contract.world import D1, D2, ORDERS, FrontDoor, order, orders


@pytest.mark.parametrize(
    ("done_marker", "marker"),
    [
        ("{path}.done", "2026-07-02/orders.csv.gz.done"),
        ("{stem}.ok", "2026-07-02/orders.ok"),
        ("{folder}/_SUCCESS", "2026-07-02/_SUCCESS"),
    ],
)
def test_a_file_is_landed_once_its_marker_is_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, done_marker: str, marker: str
) -> None:
    source = {**ORDERS, "path": "{folder}/{date}/orders.csv.gz", "done_marker": done_marker}
    door = FrontDoor(tmp_path, shop_orders={**source, "on_missing": "go_on"})
    door.put("2026-07-02/orders.csv.gz", orders(order(2)), packed=True)
    door.put(marker.replace("02", "01"), "")  # of another file
    assert door.extract(D2).rows == 0
    assert "1 file(s) wait for their done marker" in caplog.text
    assert "which is there and waits for its done marker" in caplog.text
    door.put(marker, "")
    assert door.extract(D2).rows == 1


def test_a_waiting_file_of_tonight_stops_the_source(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "done_marker": "{path}.done"})
    door.put("orders_2026-07-01.csv", orders(order(1)))
    with pytest.raises(SourceError, match=r"orders_2026-07-01\.csv, which is there and waits"):
        door.extract(D1)


def test_files_of_later_nights_are_not_told_as_waiting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = {**ORDERS, "done_marker": "{path}.done", "on_missing": "go_on"}
    door = FrontDoor(tmp_path, shop_orders=source)
    door.put("orders_2026-07-02.csv", orders(order(1)))
    door.extract(D1)
    assert "wait for their done marker" not in caplog.text


@pytest.mark.parametrize("done_marker", ["{path}.done", "{stem}.ok", "{folder}/_SUCCESS"])
def test_a_marker_is_no_extract_where_the_path_means_any_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, done_marker: str
) -> None:
    source = {**ORDERS, "path": "{folder}/{date}/*", "done_marker": done_marker}
    door = FrontDoor(tmp_path, shop_orders=source)
    folder = "2026-07-01"
    door.put(f"{folder}/a.csv", orders(order(1)))
    door.put(done_marker.format(path=f"{folder}/a.csv", stem=f"{folder}/a", folder=folder), "")
    assert door.extract(D1).rows == 1
    assert "wait for their done marker" not in caplog.text

"""Which bucket, and who may read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.errors import SourceError, TransientError
from tests.contract.world import D1, ORDERS, FrontDoor, order, orders
from tests.servers.remote import SECRETS, Remote, impatient, remote


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    impatient(monkeypatch)
    with remote("s3", tmp_path, monkeypatch) as started:
        started.put("orders_2026-07-01.csv", orders(order(1)))
        yield started


def test_a_bucket_that_is_not_there_is_told(tmp_path: Path, place: Remote) -> None:
    for path in ("s3://other/in/orders_{date}.csv", "s3://other/in/orders.csv"):
        door = FrontDoor(tmp_path, shop_orders={**place.source(ORDERS), "path": path})
        with pytest.raises(SourceError, match=r"s3://other/: there is no such bucket"):
            door.extract(D1)


def test_keys_that_the_service_does_not_know_are_refused_and_not_shown(
    tmp_path: Path, place: Remote
) -> None:
    place.server.close_the_door()
    for name in ("orders_{date}.csv", "orders.csv"):
        with pytest.raises(SourceError, match="check the variables under `access`") as told:
            FrontDoor(tmp_path, shop_orders=place.source(ORDERS, name)).extract(D1)
        assert not [value for value in SECRETS.values() if value and value in str(told.value)]


def test_a_secret_that_is_not_set_is_told_by_name(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_S3_SECRET")
    with pytest.raises(SourceError, match="SHOP_S3_SECRET is not set"):
        FrontDoor(tmp_path, shop_orders=place.source(ORDERS)).extract(D1)


def test_a_service_that_is_not_there_is_said_to_pass(tmp_path: Path, place: Remote) -> None:
    source = place.source(ORDERS)
    source["access"]["endpoint"] = "http://127.0.0.1:1"
    with pytest.raises(TransientError, match=r"cannot be reached .* check `access\.endpoint`"):
        FrontDoor(tmp_path, shop_orders=source).extract(D1)


def test_settings_that_open_no_container_are_told(tmp_path: Path) -> None:
    source = {**ORDERS, "path": "az://container/orders_{date}.csv"}
    with pytest.raises(SourceError, match="az://container/: cannot be opened with these settings"):
        FrontDoor(tmp_path, shop_orders=source).extract(D1)


def test_a_bucket_without_keys_asks_for_the_rights_of_the_machine(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-machine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-machine")
    source = place.source(ORDERS)
    access = {"endpoint": place.server.endpoint, "region": "eu-west-3"}
    assert FrontDoor(tmp_path, shop_orders={**source, "access": access}).extract(D1).rows == 1

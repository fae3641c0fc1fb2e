"""Who may log in to an SFTP server, and which server is believed."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import SourceError, TransientError
from pipelines.sources.find import find
from pipelines.specs.source import Source
from tests.contract.world import D1, ORDERS, FrontDoor, order, orders
from tests.servers.cutter import cutter
from tests.servers.password import password_server
from tests.servers.remote import Remote, impatient, remote


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    impatient(monkeypatch)
    with remote("sftp", tmp_path, monkeypatch) as started:
        started.put("orders_2026-07-01.csv", orders(order(1)))
        yield started


def door(place: Remote, root: Path, **access: str | None) -> FrontDoor:
    """A shop with these settings of `access` changed (None: left out)."""
    changed: dict[str, Any] = place.access() | access
    kept = {name: value for name, value in changed.items() if value is not None}
    return FrontDoor(root, shop_orders={**place.source(ORDERS), "access": kept})


def refusal(place: Remote, root: Path, **access: str | None) -> str:
    with pytest.raises(SourceError) as told:
        door(place, root, **access).extract(D1)
    return str(told.value)


def test_a_fingerprint_stands_for_known_hosts(tmp_path: Path, place: Remote) -> None:
    fingerprint = place.server.fingerprint
    opened = door(place, tmp_path, known_hosts=None, host_key=fingerprint)
    assert opened.extract(D1).rows == 1


def test_another_fingerprint_is_refused_and_the_sentence_tells_how_to_get_the_right_one(
    tmp_path: Path, place: Remote
) -> None:
    other = "SHA256:" + "A" * 43
    told = refusal(place, tmp_path, known_hosts=None, host_key=other)
    assert "host key is not the one expected (by `access.host_key`), so nothing was sent" in told
    assert f"It shows {place.server.fingerprint} (ssh-ed25519)" in told
    assert f"`ssh-keyscan -p {place.port} 127.0.0.1`" in told


def test_a_server_that_known_hosts_does_not_hold_is_refused(tmp_path: Path, place: Remote) -> None:
    strangers = tmp_path / "strangers"
    key = (place.server.folder / "user.pub").read_text()
    strangers.write_text(f"[127.0.0.1]:{place.port} {key}")
    told = refusal(place, tmp_path, known_hosts=str(strangers))
    assert "not the one expected (by `access.known_hosts`)" in told


def test_a_server_is_not_believed_where_nothing_vouches_for_it(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "set `access.host_key: SHA256:…`" in refusal(place, tmp_path, known_hosts=None)


def test_known_hosts_that_is_not_there_is_told(tmp_path: Path, place: Remote) -> None:
    told = refusal(place, tmp_path, known_hosts=str(tmp_path / "none"))
    assert f"{tmp_path / 'none'} cannot be read as a file of host keys" in told


def test_a_key_that_the_server_does_not_know_is_refused(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_SFTP_KEY", str(place.server.folder / "host"))
    told = refusal(place, tmp_path)
    assert "the server refuses the login; check" in told
    assert "SHOP_SFTP_KEY" in told


def test_a_wrong_password_is_refused_and_not_shown(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_SFTP_PASSWORD", "not-the-one")
    told = refusal(place, tmp_path, private_key=None, password="SHOP_SFTP_PASSWORD")
    assert "the server refuses the login" in told
    assert "not-the-one" not in told


def test_a_secret_that_is_not_set_is_told_by_name(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_SFTP_KEY")
    told = refusal(place, tmp_path)
    assert "the environment variable SHOP_SFTP_KEY is not set; it is to hold" in told


def test_a_private_key_may_stand_in_the_variable_and_be_locked(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = place.server.folder / "user"
    lock = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "open sesame", "-f", str(key)]
    subprocess.run(lock, check=True, capture_output=True)
    monkeypatch.setenv("SHOP_SFTP_KEY", key.read_text())
    assert "the private key of SHOP_SFTP_KEY cannot be read" in refusal(place, tmp_path)
    monkeypatch.setenv("SHOP_SFTP_PASSPHRASE", "open sesame")
    assert door(place, tmp_path, passphrase="SHOP_SFTP_PASSPHRASE").extract(D1).rows == 1


@pytest.mark.parametrize("value", ["/no/such/key", "b3BlbnNzaC1rZXktdjEAAAAA" * 20])
def test_what_is_no_private_key_is_not_shown(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SHOP_SFTP_KEY", value)
    told = refusal(place, tmp_path)
    assert "SHOP_SFTP_KEY holds neither what it should" in told
    assert value not in told


def test_a_path_may_begin_at_the_home_of_the_user(tmp_path: Path, place: Remote) -> None:
    source = {**place.source(ORDERS), "path": f"sftp://127.0.0.1:{place.port}/~/none_{{date}}.csv"}
    told = f"expected sftp://127.0.0.1:{place.port}/~/none_2026-07-01.csv"
    with pytest.raises(SourceError, match=re.escape(told)):
        FrontDoor(tmp_path, shop_orders=source).extract(D1)


def test_a_link_is_followed(tmp_path: Path, place: Remote) -> None:
    (place.folder / "orders_2026-07-01.csv").rename(place.folder / "current.csv")
    (place.folder / "orders_2026-07-01.csv").symlink_to("current.csv")
    assert door(place, tmp_path).extract(D1).rows == 1


def test_a_wrong_port_is_said_to_pass_and_a_wrong_host_is_not(
    tmp_path: Path, place: Remote
) -> None:
    source = place.source(ORDERS)
    begins = f"sftp://127.0.0.1:{place.port}/"
    closed = {**source, "path": source["path"].replace(begins, "sftp://127.0.0.1:1/")}
    with pytest.raises(TransientError, match="cannot be reached"):
        FrontDoor(tmp_path, shop_orders=closed).extract(D1)
    nowhere = {**source, "path": source["path"].replace(begins, "sftp://shop.invalid/")}
    with pytest.raises(SourceError, match="no host of that name"):
        FrontDoor(tmp_path, shop_orders=nowhere).extract(D1)


def test_a_password_opens_the_door(
    tmp_path: Path, place: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    with password_server(place.server.folder / "host", "ana", "wonder land") as port:
        monkeypatch.setenv("SHOP_SFTP_USER", "ana")
        monkeypatch.setenv("SHOP_SFTP_PASSWORD", "wonder land")
        access = {
            "user": "SHOP_SFTP_USER",
            "password": "SHOP_SFTP_PASSWORD",
            "host_key": place.server.fingerprint,
        }
        source = {**place.source(ORDERS, port=port), "access": access}
        assert FrontDoor(tmp_path, shop_orders=source).extract(D1).rows == 1
        monkeypatch.setenv("SHOP_SFTP_PASSWORD", "wonder-land")
        with pytest.raises(SourceError, match="refuses the login"):
            FrontDoor(tmp_path, shop_orders=source).extract(D1)


@pytest.mark.slow
def test_many_files_come_over_one_connection(tmp_path: Path, place: Remote) -> None:
    for number in range(80):  # more than the server lets a client hold open
        place.put(f"{number}_2026-07-01.csv", "some text")
    with cutter(place.port, budget=None) as line:
        source = Source.model_validate(place.source(ORDERS, "*_{date}.csv", line.port))
        for found in find("shop_orders", source, D1, tmp_path / "inbox"):
            found.here()
    assert len(list((tmp_path / "inbox").glob("*.next"))) == 81
    assert line.opened == 2  # to list, to fetch

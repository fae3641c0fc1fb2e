"""Archives that are damaged, locked, ambiguous or bombs are refused with one sentence."""

import base64
import gzip
from pathlib import Path

import pytest

from pipelines.sources import unpack
from tests.contract.test_broken_files import refusal
from tests.contract.world import D1, ORDERS, FrontDoor, order, orders
from tests.unit.test_sources_archives import NAME, PACKED, TEXT, zipped, zstd

ENCRYPTED = """
UEsDBAoACQAAABGudl11bYniFgAAAAoAAAAKABwAb3JkZXJzLmNzdlVUCQADMmMDazJjA2t1eAsAAQQAAAAABAAAAA
BBe/WbLwyUrISmAict6sPIyyPTc74DUEsHCHVtieIWAAAACgAAAFBLAQIeAwoACQAAABGudl11bYniFgAAAAoAAAAK
ABgAAAAAAAEAAACkgQAAAABvcmRlcnMuY3N2VVQFAAMyYwNrdXgLAAEEAAAAAAQAAAAAUEsFBgAAAAABAAEAUAAAAG
oAAAAAAA==
"""  # as `zip -P` writes it
LONG = orders(*(order(n) for n in range(2000))).encode()


def refused(root: Path, data: bytes, member: str | None = None) -> str:
    source = {**ORDERS, "member": member} if member else ORDERS
    door = FrontDoor(root, shop_orders=source)
    door.put(NAME, data)
    said = refusal(door)
    assert "source 'shop_orders': " in said
    assert NAME in said
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    ("how", "data"),
    [("gzip", gzip.compress(LONG)), ("zstd", zstd(LONG)), ("zip", zipped({"a.csv": LONG}))],
    ids=["gzip", "zstd", "zip"],
)
@pytest.mark.parametrize("keep", [0.5, 0.98])
def test_a_cut_archive(tmp_path: Path, how: str, data: bytes, keep: float) -> None:
    said = refused(tmp_path, data[: int(len(data) * keep)])
    assert f"cannot be unpacked as {how}" in said
    assert "fetch it again" in said


def test_an_archive_with_a_changed_byte(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.csv": LONG}))
    data[len(data) // 2] ^= 0xFF
    assert "cannot be unpacked as zip" in refused(tmp_path, bytes(data))


def test_a_zstd_with_something_after_its_end(tmp_path: Path) -> None:
    assert "cannot be unpacked as zstd" in refused(tmp_path, zstd(LONG) + b"and so on")


def test_an_encrypted_member(tmp_path: Path) -> None:
    said = refused(tmp_path, base64.b64decode(ENCRYPTED))
    assert "'orders.csv' is encrypted" in said
    assert "without a password" in said


def test_a_way_of_packing_that_is_not_known(tmp_path: Path) -> None:
    data = bytearray(zipped({"orders.csv": TEXT}))
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(signature) + method] = 9  # deflate64, which Windows uses above 2 GB
    assert "packed in a way that cannot be unpacked here" in refused(tmp_path, bytes(data))


def test_several_members_are_named(tmp_path: Path) -> None:
    members = {f"orders_{n}.csv": TEXT for n in range(7)}
    said = refused(tmp_path, zipped(members))
    assert "7 members of the zip archive, one is expected: 'orders_0.csv', " in said
    assert "'orders_4.csv' and 2 more; set `member`" in said


def test_several_members_that_match_are_named(tmp_path: Path) -> None:
    members = {"orders_1.csv": TEXT, "b/orders_2.csv": TEXT, "stock.csv": TEXT}
    said = refused(tmp_path, zipped(members), "orders_*")
    assert "2 members of the zip archive match 'orders_*'" in said
    assert "stock" not in said


def test_a_pattern_that_matches_no_member(tmp_path: Path) -> None:
    said = refused(tmp_path, zipped({"a.csv": TEXT, "b/c.csv": TEXT}), "orders_*")
    assert "no member of the zip archive matches 'orders_*'; it holds 'a.csv', 'b/c.csv'" in said


def test_an_archive_without_a_file(tmp_path: Path) -> None:
    assert "without any file" in refused(tmp_path, zipped({"folder/": b""}))


def test_an_empty_member(tmp_path: Path) -> None:
    assert "empty once unpacked" in refused(tmp_path, zipped({"orders.csv": b""}))


def test_an_archive_within_an_archive(tmp_path: Path) -> None:
    assert "is a zip archive itself" in refused(tmp_path, zipped({"a.zip": PACKED["zip"]}))


def test_a_workbook_where_text_is_expected(tmp_path: Path) -> None:
    members = {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}
    assert "set `format: excel`" in refused(tmp_path, zipped(members))


@pytest.mark.parametrize("pack", [gzip.compress, zstd, lambda d: zipped({"a.csv": d})])
def test_what_unpacks_without_end(tmp_path: Path, pack, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(unpack, "_FREE", 4 << 20)
    said = refused(tmp_path, pack(orders(order(1)).encode() + b"," * (40 << 20)))
    assert "more than 500 times as much" in said


def test_what_is_small_may_pack_as_it_likes(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    door.put(NAME, zstd(orders(order(1)).encode() + b"\n" * (20 << 20)))
    assert door.extract(D1).rows == 1

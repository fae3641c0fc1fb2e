"""Packed extracts: gzip, zstd and zip are told by their first bytes and land as their text does."""

import gzip
import io
import tracemalloc
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.sources import unpack
from pipelines.sources.land import settings
from pipelines.sources.unpack import Packed
from pipelines.specs.source import Source
from tests.contract.world import D1, ORDERS, FrontDoor, order, orders

TEXT = orders(order(1), order(2)).encode()
NAME = "orders_2026-07-01.csv"


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of files by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


PACKED = {
    "gzip": gzip.compress(TEXT),
    "two gzips": gzip.compress(TEXT[:70]) + gzip.compress(TEXT[70:]),
    "zstd": zstd(TEXT),
    "two zstds": zstd(TEXT[:70]) + zstd(TEXT[70:]),
    "zstd after a frame to skip": b"\x50\x2a\x4d\x18\x02\x00\x00\x00ab" + zstd(TEXT),
    "zip": zipped({"orders.csv": TEXT}),
    "zip, stored": zipped({"orders.csv": TEXT}, zipfile.ZIP_STORED),
    "zip, lzma": zipped({"orders.csv": TEXT}, zipfile.ZIP_LZMA),
    "zip with folders": zipped({"out/": b"", "out/2026/": b"", "out/2026/orders.csv": TEXT}),
    "zip of a Mac": zipped({"orders.csv": TEXT, "__MACOSX/._orders.csv": b"x", ".DS_Store": b"x"}),
    "zip of a gzip": zipped({"orders.csv.gz": gzip.compress(TEXT)}),
    "zip of a zstd": zipped({"orders.csv.zst": zstd(TEXT)}),
}


@pytest.mark.parametrize("how", PACKED)
def test_a_packed_extract_lands_as_its_text_whatever_its_name(tmp_path: Path, how: str) -> None:
    door = FrontDoor(tmp_path)
    door.put(NAME, PACKED[how])
    assert door.extract(D1).rows == 2
    assert door.landed_rows("order_id, _line") == [("O1", 2), ("O2", 3)]
    assert door.landed()[0].files[0].size == len(PACKED[how])


def test_json_lines_and_other_encodings_may_be_packed_too(tmp_path: Path) -> None:
    latin = {**ORDERS, "encoding": "windows-1252"}
    lines = {**ORDERS, "path": "{folder}/{date}.zip", "format": "jsonl"}
    door = FrontDoor(tmp_path, latin=latin, lines=lines)
    door.put(NAME, zstd(orders(order(1, phone="Zoé")).encode("windows-1252")))
    line = b'{"id": "O9", "at": "2026-06-30", "state": "paid", "total": 1, "email": "a@b.example"}'
    door.put("2026-07-01.zip", zipped({"a.jsonl": line}))
    door.extract(D1)
    assert door.landed_rows("order_id, coupon_code", "latin") == [("O1", "Zoé")]
    assert door.landed_rows("order_id", "lines") == [("O9",)]


@pytest.mark.parametrize("member", ["orders_*.csv", "out/*/orders_1.csv", "orders_1.csv"])
def test_member_says_which_one_of_an_archive(tmp_path: Path, member: str) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, "member": member})
    door.put(NAME, zipped({"read me.txt": b"hello", "out/1/orders_1.csv": TEXT}))
    assert door.extract(D1).rows == 2


def test_unpacking_holds_little_in_memory(tmp_path: Path) -> None:
    line, count = order(1).encode() + b"\n", 1_000_000
    path = tmp_path / "large.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("orders.csv", "w") as member,
    ):
        for _ in range(100):
            member.write(line * (count // 100))
    tracemalloc.start()
    with unpack.opened(Packed(path, "source")) as stream:
        size = sum(len(chunk) for chunk in iter(lambda: stream.read(1 << 20), b""))
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == len(line) * count
    assert peak < 8 << 20 < size


def test_a_setting_left_to_its_default_reads_no_older_landing_again(tmp_path: Path) -> None:
    shop = FrontDoor(tmp_path).shop
    source = Source.model_validate(ORDERS)
    now = settings(shop, source)
    assert now == ("a4620304aa79ceed", "61fd040cf0274ec2")
    other_member = settings(shop, source.model_copy(update={"member": "*.csv"}))
    other_decimal = settings(shop, source.model_copy(update={"decimal": ","}))
    assert [a == b for a, b in zip(other_member, now, strict=True)] == [False, True]
    assert [a == b for a, b in zip(other_decimal, now, strict=True)] == [True, False]

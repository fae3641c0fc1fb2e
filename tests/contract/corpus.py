"""Broken inputs as they come: each a file of orders, with what must become of it.

LOADS: every record is loaded. QUARANTINES: the good records (O1, O2, O3) are loaded, the others are
in quarantine with a reason. REFUSES: the file is refused with a sentence, and nothing is landed."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.contract.world import HEADER, ORDERS, order, orders

LOADS, QUARANTINES, REFUSES = "loads", "quarantines", "refuses"
GOOD = (order(1), order(2), order(3))


@dataclass(frozen=True, slots=True)
class Case:
    """`data`: the file's bytes; None for a folder in its place. `said`: a part of the reason."""

    name: str
    data: bytes | None
    outcome: str
    said: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def source(self) -> dict[str, Any]:
        return {**ORDERS, "path": "{folder}/orders_{date}.txt", **self.settings}


def cases() -> list[Case]:
    """All of them; names are unique."""
    return [
        *_amounts(),
        *_times(),
        *_words(),
        *_records(),
        *_files(),
        *_encodings(),
        *_json(),
        *_parquet(),
    ]


def _among(*lines: str) -> bytes:
    """Lines between the good records."""
    return orders(GOOD[0], *lines, *GOOD[1:]).encode()


def _cell(kind: str, column: str, value: str, outcome: str, said: str = "") -> Case:
    quoted = '"' + value.replace('"', '""') + '"'
    return Case(f"{kind} {value[:40]!r}", _among(order(9, **{column: quoted})), outcome, said)


def _amounts() -> Iterator[Case]:
    for total in (
        "12.5O", "1e5", "1e999", "NaN", "inf", "-inf", "0x1F", "1.2.3", "\u0661\u0662", "=1+1",
        "$12.50", "12.50€", "1 234.50", "1,234.50", "12,50", "+", "-", ".", "--5", "1_000", "TRUE",
        "#VALUE!", "NULL", "n/a", "12.50.", "½", "1/2", "twelve",
    ):  # fmt: skip
        yield _cell("total", "total", total, QUARANTINES, "not a number")
    for total in ("12.123456789", "99999999999999999999", "-99999999999999999999"):
        yield _cell("total", "total", total, QUARANTINES, "more digits than")
    for total in ("100000000001", "-100000000001"):
        yield _cell("total", "total", total, QUARANTINES, "the largest amount taken for real")
    for total in ("", " ", "\u00a0", "\t"):
        yield _cell("total", "total", total, QUARANTINES, "required and empty")
    for total in ("12.5000000", "+12.50", " 12.50 ", "0", "-0.00", "000012.50", ".5", "12."):
        yield _cell("total", "total", total, LOADS)


def _times() -> Iterator[Case]:
    for at in (
        "0000-00-00", "0000-00-00 00:00:00", "2026-02-30", "2026-13-01", "2026-00-10",
        "30/06/2026", "06/30/2026", "2026-6-5", "yesterday", "1751234567", "20260630",
        "2026-06-30T25:00:00", "2026-06-30 10:60:00", "2026-06-30T10:00:00+99:00",
        "2026-06-30T10:00:00+15:00", "2026-06-30T10:00:00+01:99",
        "2026-06-30 10:00:00 AM", "30 juin 2026", "NULL", "-", "2026-06-30T", "2026-W27-2",
        "2026-06-30 10", "46203", "infinity", "epoch", "294247-01-10", "-2026-06-30",
    ):  # fmt: skip
        yield _cell("time", "at", at, QUARANTINES, "not a time written in ISO 8601")
    for at in ("2026-07-02", "2027-01-01", "9999-12-31", "2026-07-01T22:30:00Z"):
        yield _cell("time", "at", at, QUARANTINES, "in the future")
    yield _cell("time", "at", "", QUARANTINES, "required and empty")
    for at in ("2026-06-30", "2026-06-30T10:00Z", "2026-06-30 10:00:00.123456", "1970-01-01"):
        yield _cell("time", "at", at, LOADS)


def _words() -> Iterator[Case]:
    for state in ("lost", "PAID", "p\u0430id", "=cmd|' /C calc'!A0", "paid;paid", "0", "null"):
        yield _cell("status", "state", state, QUARANTINES, "not one of pending")
    for state in ("paid ", "\tpaid", "paid\u00a0"):
        yield _cell("status", "state", state, LOADS)
    for key in ("", "   ", "\u00a0", "\r\n"):
        yield _cell("id", "id", key, QUARANTINES, "required and empty")
    for key in ("a\nb", "a,b", 'a"b', "ünïcödé", "\u200b", "é" * 300, "'0123", "1.0", "../../etc"):
        yield _cell("id", "id", key, LOADS)
    for email in (
        "@",
        "a@b",
        "a b@c.fr",
        "not an address",
        "a@b..fr",
        "x" * 5000 + "@b.fr",
        "é@è.fr",
    ):
        yield _cell("e-mail", "email", email, LOADS)
    for phone in ("0", "0000000000", "+33", "12345678901234567890", "call me", "06 12 34", "٠٦١٢"):
        yield _cell("phone", "phone", phone, LOADS)


def _records() -> Iterator[Case]:
    few, many = "fewer values than the header", "more values than the header"
    yield Case("a short record", _among("O9,2026-06-30"), QUARANTINES, few)
    yield Case("a record of one value", _among("O9"), QUARANTINES, few)
    yield Case("a long record", _among(order(9) + ",more"), QUARANTINES, many)
    yield Case("a trailing delimiter", _among(order(9) + ","), QUARANTINES, many)
    yield Case("trailing delimiters", _among(order(9) + ",,,,"), QUARANTINES, many)
    yield Case("only delimiters", _among(",,,,,"), QUARANTINES, "required and empty")
    yield Case("the header again", _among(HEADER), QUARANTINES)
    yield Case("a total", _among("3 rows"), QUARANTINES, few)
    yield Case("a comment", _among("# exported by a tool"), QUARANTINES, few)
    yield Case("blank lines", _among("", "", ""), LOADS)
    yield Case("a quote after text", _among(order(9, phone='5" nails')), LOADS)
    yield Case("text after a quote", _among(order(9, phone='"5" nails')), QUARANTINES)
    yield Case("an empty quoted value", _among(order(9, phone='""')), LOADS)
    yield Case("an extract's separator line", b"sep=,\n" + _among(), REFUSES, "missing column")
    yield Case("a cell of 1 MB", _among(order(9, phone="x" * 1_000_000)), LOADS)
    long = _among(order(9, phone="x" * 10_000_000))
    yield Case("a cell of 10 MB", long, QUARANTINES, "a line longer than 2 MB")
    yield Case("a NUL in a cell", _among(order(9, phone="a\0b")), LOADS)
    yield Case("a control character", _among(order(9, phone="\x1b[31m")), LOADS)
    yield Case("a carriage return in a cell", _among(order(9, phone='"a\rb"')), LOADS)


def _files() -> Iterator[Case]:
    good = orders(*GOOD)
    text = good.encode()
    yield Case("empty", b"", REFUSES, "empty (0 bytes)")
    for name, blank in (
        ("a space", b" "),
        ("newlines", b"\n\n\n"),
        ("a byte order mark", b"\xef\xbb\xbf"),
    ):
        yield Case(f"nothing but {name}", blank, REFUSES)
    yield Case("a header only", (HEADER + "\n").encode(), LOADS)
    yield Case("no header", "\n".join(GOOD).encode(), REFUSES, "looks like data")
    yield Case(
        "a header with a name twice", text.replace(b"phone", b"phone,total"), REFUSES, "2 times"
    )
    yield Case(
        "a header in capitals", text.replace(b"total", b"TOTAL"), REFUSES, "nearest: 'TOTAL'"
    )
    yield Case("a header with blanks", text.replace(b"id,at", b" id , at "), LOADS)
    yield Case("another delimiter", text.replace(b",", b";"), REFUSES, "the delimiter is ';'")
    yield Case("a quote never closed", text + b'O9,"2026', REFUSES, "never closed")
    middle = _among(order(9, phone='"never closed'))
    yield Case("a quote never closed in the middle", middle, REFUSES)
    yield Case("no newline at the end", text.rstrip(b"\n"), LOADS)
    yield Case("cut within a record", text + b"O9,2026-06", QUARANTINES, "fewer values")
    yield Case("cut within the header", b"id,at,sta", REFUSES, "missing columns")
    yield Case("line ends of Windows", good.replace("\n", "\r\n").encode(), LOADS)
    yield Case("line ends of old Macs", good.replace("\n", "\r").encode(), LOADS)
    mixed = good.replace("\n", "\r\n", 2)
    yield Case("mixed line ends", mixed.encode(), LOADS)
    yield Case("blank lines before the header", b"\n\n" + text, LOADS)
    yield Case("a title above the header", b"Orders of June\n" + text, REFUSES, "missing column")
    yield Case("zeros only", b"\0" * 1000, REFUSES)
    yield Case("noise", bytes(range(256)) * 20, REFUSES)
    yield Case("a web page", b"<!DOCTYPE html>\n<html><body>502</body></html>\n", REFUSES)
    yield Case("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", REFUSES)
    yield Case("JSON instead of CSV", json.dumps([{"id": "O1"}]).encode(), REFUSES)
    yield Case("Parquet instead of CSV", _parquet_bytes(), REFUSES)
    yield Case("a folder", None, REFUSES, "a folder, where an extract file is expected")
    packed = gzip.compress(text, mtime=0)
    yield Case("gzip", packed, LOADS)
    yield Case("gzip, cut", packed[:-20], REFUSES, "cannot be unpacked as gzip")
    yield Case("gzip, its check broken", packed[:-8] + bytes(8), REFUSES, "cannot be unpacked")
    yield Case("gzip, a byte flipped", _flipped(packed, len(packed) // 2), REFUSES)
    yield Case("gzip of nothing", gzip.compress(b"", mtime=0), REFUSES, "empty once unpacked")
    yield Case("gzip in gzip", gzip.compress(packed, mtime=0), REFUSES)
    yield Case("two gzips in a row", packed + gzip.compress(order(4).encode() + b"\n"), LOADS)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("orders.csv", text)
    yield Case("zip, cut", buffer.getvalue()[:-30], REFUSES)


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def _encodings() -> Iterator[Case]:
    text = orders(*GOOD, order(4, email="zoé@shop.example"))
    yield Case("UTF-8 with its mark", b"\xef\xbb\xbf" + text.encode(), LOADS)
    yield Case("UTF-8 with its mark twice", 2 * b"\xef\xbb\xbf" + text.encode(), REFUSES)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield Case(f"{encoding}, not declared", text.encode(encoding), REFUSES)
    for encoding in ("utf-16", "utf-32", "windows-1252", "iso-8859-15", "cp850", "utf-16-le"):
        settings = {"encoding": encoding}
        yield Case(f"{encoding}, declared", text.encode(encoding), LOADS, settings=settings)
    for encoding in ("windows-1252", "cp850", "mac-roman"):
        yield Case(f"{encoding}, not declared", text.encode(encoding), REFUSES, "the declared")
    declared = {"encoding": "windows-1252"}
    yield Case(
        "UTF-8 declared as windows-1252",
        (text + order(5, email="éèà@x.fr") + "\n").encode(),
        REFUSES, "written in utf-8", declared,
    )  # fmt: skip
    bad = text.encode() + order(9, email="x").encode()
    yield Case("a byte that windows-1252 has not", orders(*GOOD).encode() + b"\x81\n", REFUSES,
               "0x81", declared)  # fmt: skip
    damaged = "a byte that is not text"
    yield Case("one damaged line", bad + b"\xe9\n", QUARANTINES, damaged)
    yield Case("an overlong sequence", bad + b"\xc0\xaf\n", QUARANTINES, damaged)
    yield Case("a surrogate", bad + b"\xed\xa0\x80\n", QUARANTINES, damaged)
    yield Case("half a character at the end", bad + b"\xe2\x82\n", QUARANTINES, damaged)


def _json() -> Iterator[Case]:
    keys = HEADER.split(",")
    good = [json.dumps(dict(zip(keys, line.split(","), strict=True))) for line in GOOD]

    def case(name: str, outcome: str, *lines: str, said: str = "") -> Case:
        data = "\n".join([good[0], *lines, *good[1:]]).encode() + b"\n"
        return Case(f"JSON lines: {name}", data, outcome, said, {"format": "jsonl"})

    def value(name: str, outcome: str, text: str, said: str = "", column: str = "total") -> Case:
        row = json.dumps({**json.loads(good[0]), "id": "O9", column: 0})
        return case(name, outcome, row.replace(f'"{column}": 0', f'"{column}": {text}'), said=said)

    for name, line in (
        ("cut", '{"id": "O9", "at'),
        ("no JSON", "O9;2026-06-30"),
        ("single quotes", "{'id': 'O9'}"),
        ("a comment", "// exported"),
        ("two objects in a line", good[0] + good[1]),
        ("a web page", "<html>502</html>"),
        ("a half escape", '{"id": "O9\\u12"}'),
    ):
        yield case(name, QUARANTINES, line, said="not JSON")
    for name, line in (
        ("an array", "[1]"),
        ("a number", "1"),
        ("null", "null"),
        ("a text", '"O9"'),
    ):
        yield case(name, QUARANTINES, line, said="JSON, but not an object")
    yield case("an empty object", QUARANTINES, "{}", said="required and empty")
    yield case("blank lines", LOADS, "", "   ")
    yield value("a number with many digits", QUARANTINES, "12.123456789012345", "more digits")
    yield value("a huge number", QUARANTINES, "1e400", "not a number")
    yield value("an object for a number", QUARANTINES, '{"amount": 1}')
    yield value("a list for a number", QUARANTINES, "[1, 2]", "not a number")
    yield value("true for a number", QUARANTINES, "true", "not a number")
    yield value("null for a number", QUARANTINES, "null", "required and empty")
    yield value("an exact number", LOADS, "12.10")
    yield value("a lone surrogate", QUARANTINES, '"\\ud800"', column="id")
    yield value("NaN", QUARANTINES, "NaN", "not a number")
    yield case("a trailing comma", QUARANTINES, '{"id": "O9",}')
    yield value("deep nesting", REFUSES, "[" * 500 + "]" * 500, "nested deeper than 128 levels")
    whole = "[" + ",\n".join(good) + "]\n"
    yield Case("JSON lines: one array", whole.encode(), REFUSES, settings={"format": "jsonl"})
    pretty = json.dumps(json.loads(good[0]), indent=2)
    yield Case("JSON lines: over several lines", pretty.encode(), REFUSES,
               settings={"format": "jsonl"})  # fmt: skip
    yield Case("JSON lines: CSV instead", orders(*GOOD).encode(), REFUSES,
               "none of its 4 lines", {"format": "jsonl"})  # fmt: skip


def _table(**changes: Any) -> pa.Table:
    keys = HEADER.split(",")
    columns = {key: [line.split(",")[n] for line in GOOD] for n, key in enumerate(keys)}
    return pa.table({**columns, **changes})


def _parquet_bytes(**changes: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(_table(**changes), buffer)
    return buffer.getvalue()


def _parquet() -> Iterator[Case]:
    def case(name: str, outcome: str, data: bytes, said: str = "") -> Case:
        settings = {"format": "parquet", "path": "{folder}/orders_{date}.parquet"}
        return Case(f"Parquet: {name}", data, outcome, said, settings)

    whole = _parquet_bytes()
    unreadable = "not readable as Parquet"
    yield case("whole", LOADS, whole)
    yield case("cut", REFUSES, whole[: len(whole) // 2], unreadable)
    yield case("its footer broken", REFUSES, whole[:-12] + bytes(12), unreadable)
    yield case("its data broken", REFUSES, whole[:4] + bytes(60) + whole[64:])
    yield case("CSV instead", REFUSES, orders(*GOOD).encode(), unreadable)
    yield case("doubles", LOADS, _parquet_bytes(total=[12.5, 13.25, 0.1]))
    yield case("decimals", LOADS, _parquet_bytes(total=pa.array([1, 2, 3], pa.decimal128(9, 2))))
    for name, values in (
        ("NaN", [12.5, float("nan"), 13.0]),
        ("infinity", [12.5, float("inf"), 13.0]),
        ("lists", [[1.0], [2.0], [3.0]]),
        ("structs", [{"a": 1}, {"a": 2}, {"a": 3}]),
        ("bytes", [b"\xff", b"\xfe", b"1"]),
        ("booleans", [True, False, True]),
        ("nulls", [None, None, "12.50"]),
    ):
        yield case(f"{name} for amounts", "", _parquet_bytes(total=values))
    yield case("a column missing", REFUSES, _without("total"), "missing column 'total'")


def _without(column: str) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(_table().drop_columns([column]), buffer)
    return buffer.getvalue()

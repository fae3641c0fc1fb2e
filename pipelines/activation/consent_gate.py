"""The consent gate: one more look at every address that leaves, on the bytes of the files.

Separate code on purpose. It opens the finished files with Python's csv module, not with what wrote
them, and asks the raw records anew (`consent_gate_sql`). A mistake in the marts, in a decision or
in the writing of a file stops here, before anybody can pick the file up."""

import csv
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines import clock
from pipelines.activation.consent_gate_sql import CHECKS, INBOX, OFFENCES
from pipelines.errors import CheckFailed
from pipelines.specs.checks import CheckResult, Severity
from pipelines.specs.night import Night

_CHANNELS = {"EMAIL": "email", "PHONE": "sms", "CONTACT_ID": "post"}
_IDENTIFIERS = {"email": "email", "sms": "phone", "post": "contact"}
_WRITES_TO_NOBODY = ("removals", "data_dictionary")
_FORBIDDEN_HEADERS = ("consent", "opt_in", "optin", "subscribed", "list_id")
_LINES_TOLD = 5
_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("channel", pa.string()),
        ("address", pa.string()),
        ("is_audience", pa.bool_()),
    ]
)
_OUTLIVED = pa.schema(
    [
        ("channel", pa.string()),
        ("address", pa.string()),
        ("purpose", pa.string()),
        ("reason", pa.string()),
        ("said_at", pa.timestamp("us")),
        ("until_date", pa.date32()),
    ]
)


def check(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    destination: str,
    folder: Path,
    *,
    delimiter: str,
    key: Callable[[], str],
) -> list[CheckResult]:
    """What the gate found in the files of `folder`: one result per check, with counts, file names
    and lines, never an address. `key` reads the shop's hash
    key, asked for where somebody was erased. CheckFailed at once for a file that it cannot read."""
    door = f"gate.{destination}"
    paths = [p for p in sorted(folder.glob("*.csv")) if not p.name.startswith(_WRITES_TO_NOBODY)]
    rows = [_read(door, path, delimiter) for path in paths]
    con.register("gate_rows", pa.concat_tables([_SCHEMA.empty_table(), *rows]))
    try:
        con.execute(INBOX)
        con.register("gate_outlived", _outlived(con, key))
        found = con.execute(
            OFFENCES,
            {
                "midnight": clock.shop_midnight(night.as_of, night.shop.time_zone),
                "cut": night.cut,
                "as_of": night.as_of,
                "lawful_basis": night.shop.contacting.lawful_basis,
            },
        ).fetchall()
    finally:
        con.unregister("gate_rows")
        con.unregister("gate_outlived")
    places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, file, line in found:
        places[name].append((file, line))
    return [
        CheckResult(door, name, Severity.CRITICAL, name not in places, _observed(places[name]))
        for name in CHECKS
    ]


def _outlived(con: duckdb.DuckDBPyConnection, key: Callable[[], str]) -> pa.Table:
    """What was said about the addresses in `gate_rows` before their people were erased. Only keyed
    hashes are kept of those, so each address is hashed and looked for."""
    told: defaultdict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for digest, channel, *rest in con.execute(
        "select identifier_hash, channel, purpose, reason, said_at, until_date"
        " from ops.suppressions"
    ).fetchall():
        told[digest, channel].append(tuple(rest))
    rows = []
    if told:
        secret = key().encode()
        for channel, address in con.execute(
            "select distinct channel, inbox(address) from gate_rows"
        ).fetchall():
            text = f"{_IDENTIFIERS[channel]}|{address}".encode()
            digest = hmac.new(secret, text, hashlib.sha256).hexdigest()
            rows += [(channel, address, *rest) for rest in told.get((digest, channel), ())]
    columns = list(zip(*rows, strict=True)) or [()] * len(_OUTLIVED)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, _OUTLIVED, strict=True)],
        schema=_OUTLIVED,
    )


def judge(results: Sequence[CheckResult]) -> None:
    """CheckFailed, naming every check that found an offence."""
    failed = [result for result in results if not result.success]
    if failed:
        lines = [f"  {result.name}: {result.observed}" for result in failed]
        raise CheckFailed("\n".join([f"{failed[0].door}: nothing was exported", *lines]))


def _read(door: str, path: Path, delimiter: str) -> pa.Table:
    """The addresses of one file with their lines (1 is the header)."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        header = next(reader, [])
        if not header or header[0] not in _CHANNELS:
            raise CheckFailed(
                f"{door}: {path.name}: the first column must be one of "
                f"{', '.join(_CHANNELS)}; found {header[:1]}"
            )
        told = [h for h in header if any(word in h.lower() for word in _FORBIDDEN_HEADERS)]
        if told:
            raise CheckFailed(
                f"{door}: consent_column_in_export: {path.name}: {', '.join(told)}; such a column "
                "makes the importing tool subscribe people again"
            )
        lines, addresses = [], []
        for row in reader:
            lines.append(reader.line_num)
            addresses.append(row[0] if row else "")
    count = len(lines)
    columns = [
        pa.array([path.name] * count, pa.string()),
        pa.array(lines, pa.int64()),
        pa.array([_CHANNELS[header[0]]] * count, pa.string()),
        pa.array(addresses, pa.string()),
        pa.array([path.name.startswith("audience_")] * count, pa.bool_()),
    ]
    return pa.Table.from_arrays(columns, schema=_SCHEMA)


def _observed(places: Sequence[tuple[str, int]]) -> str:
    if not places:
        return "0 rows"
    told = ", ".join(f"{file} line {line}" for file, line in places[:_LINES_TOLD])
    more = f" and {len(places) - _LINES_TOLD} more" if len(places) > _LINES_TOLD else ""
    return f"{len(places)} row{'s' if len(places) > 1 else ''}: {told}{more}"

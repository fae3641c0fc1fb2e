"""Takes erased people out of the files that earlier nights exported: their rows go, the manifest
and the record of the export follow. What a destination has fetched is the tool's."""

import csv
import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb

from pipelines.activation import documents, durable
from pipelines.activation.documents import DICTIONARY, MANIFEST
from pipelines.settings import Paths
from pipelines.specs.identifiers import compared_text
from pipelines.warehouse import transaction

_PERSONAL = ("EMAIL", "PHONE", "CONTACT_ID", "CUSTOMER_ID")


def erase_exports(
    con: duckdb.DuckDBPyConnection, paths: Paths, emails: Collection[str], others: Collection[str]
) -> int:
    """Rewrite the folders of exports that hold rows of these people; the rows that went. `emails`
    are as they are compared; `others` are phone numbers and ids. Each folder is replaced whole.
    Twice does the same as once, and mends the records after a kill."""
    gone = 0
    folders = sorted(paths.exports.glob(f"*/as_of=*/{MANIFEST}"))
    for manifest in folders:
        folder = manifest.parent
        gone += _rewritten(paths, folder, emails, others)
        _record(con, folder)
    return gone


def _rewritten(paths: Paths, folder: Path, emails: Collection[str], others: Collection[str]) -> int:
    new = paths.scratch / "erase" / folder.parent.name / folder.name
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(folder, new)
    gone: dict[str, int] = {}
    for file in sorted(new.glob("*.csv")):
        if file.name == DICTIONARY:
            continue
        kept, count = _kept(file, emails, others)
        if count:
            file.write_text(kept, encoding="utf-8", newline="")
            gone[file.name] = count
    if gone:
        _list_again(new / MANIFEST, gone)
        durable.replace_folder(new, folder, paths.scratch / "erase-replaced")
    shutil.rmtree(paths.scratch / "erase", ignore_errors=True)
    return sum(gone.values())


def _kept(file: Path, emails: Collection[str], others: Collection[str]) -> tuple[str, int]:
    """The text of the records that stay, byte for byte, and how many go."""
    with file.open(encoding="utf-8", newline="") as lines:
        records = _records(lines)
        header = next(records, "")
        delimiter = next((c for c in header if c in ",;\t|"), ",")
        names = next(csv.reader([header], delimiter=delimiter), [])
        places = [n for n, name in enumerate(names) if name in _PERSONAL]
        kept, gone = [header], 0
        for record in records:
            cells = next(csv.reader([record], delimiter=delimiter), [])
            mine = [cells[n] for n in places if n < len(cells)]
            if any(c in others or compared_text("email", c) in emails for c in mine):
                gone += 1
            else:
                kept.append(record)
    return "".join(kept), gone


def _records(lines: Iterator[str]) -> Iterator[str]:
    """Whole records: a quoted cell may hold ends of lines."""
    record = ""
    for line in lines:
        record += line
        if record.count('"') % 2 == 0:
            yield record
            record = ""
    if record:
        yield record


def _list_again(manifest: Path, gone: dict[str, int]) -> None:
    content = json.loads(manifest.read_text(encoding="utf-8"))
    for one in content["files"]:
        if count := gone.get(one["file"]):
            path = manifest.parent / one["file"]
            one |= {
                "rows": one["rows"] - count,
                "bytes": path.stat().st_size,
                "sha256": durable.sha256(path),
            }
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    manifest.write_text(text + "\n", encoding="utf-8", newline="\n")


def _record(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """activation.exports says of a night what its folder holds."""
    as_of, destination = folder.name.removeprefix("as_of="), folder.parent.name
    whole = durable.sha256(folder / MANIFEST)
    recorded = con.execute(
        "select sha256 from activation.exports where as_of = ? and destination = ? and file = ?",
        [as_of, destination, MANIFEST],
    ).fetchall()
    if not recorded or recorded == [(whole,)]:
        return
    rows = [(one.rows, one.sha256, one.file) for one in documents.read_manifest(folder / MANIFEST)]
    rows.append((len(rows), whole, MANIFEST))
    with transaction(con):
        for count, sha256, file in rows:
            con.execute(
                "update activation.exports set rows = ?, sha256 = ?"
                " where as_of = ? and destination = ? and file = ?",
                [count, sha256, as_of, destination, file],
            )

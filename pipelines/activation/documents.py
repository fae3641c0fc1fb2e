"""The two files that explain the others: the data dictionary and the manifest."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.activation.cells import Cell, File
from pipelines.errors import CheckFailed
from pipelines.specs.night import Night

MANIFEST = "manifest.json"
DICTIONARY = "data_dictionary.csv"


@dataclass(frozen=True, slots=True)
class Listed:
    """One file in a manifest."""

    file: str
    rows: int
    bytes: int
    sha256: str


def write_dictionary(path: Path, files: Sequence[File], delimiter: str) -> int:
    """One row per file (or pattern of names) and column; the rows written."""
    rows = {}
    for file in files:
        for cell in file.cells:
            rows[file.pattern, cell.name] = (cell.kind, cell.fr, cell.en, _allowed(cell))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(
            ("FILE", "COLUMN", "TYPE", "DESCRIPTION_FR", "DESCRIPTION_EN", "ALLOWED_OR_EXAMPLE")
        )
        writer.writerows((*key, *value) for key, value in rows.items())
    return len(rows)


def _allowed(cell: Cell) -> str:
    if cell.bounds:
        return f"{cell.bounds[0]} to {cell.bounds[1]}; {cell.example}"
    return ", ".join(cell.values) or cell.example


def write_manifest(
    path: Path,
    night: Night,
    destination: str,
    champions: Mapping[str, str],
    files: Sequence[Listed],
) -> None:
    """What the folder holds and what it was made from; no run time, no run id: the same night
    gives the same bytes."""
    content = {
        "as_of": night.as_of.isoformat(),
        "shop": night.shop.shop,
        "destination": destination,
        "config": night.shop.fingerprint(),
        "champions": dict(champions),
        "files": [
            {"file": f.file, "rows": f.rows, "bytes": f.bytes, "sha256": f.sha256} for f in files
        ],
    }
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_manifest(path: Path) -> list[Listed]:
    """The files that the manifest at `path` lists; CheckFailed when it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [Listed(f["file"], f["rows"], f["bytes"], f["sha256"]) for f in content["files"]]
    except (ValueError, KeyError, TypeError):
        raise CheckFailed(
            f"{path}: damaged; nothing was delivered. Run `export` of that night again"
        ) from None

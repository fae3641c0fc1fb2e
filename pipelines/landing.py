"""The landing area: `landing/<source>/extract_date=D/`, immutable Parquet with a manifest.

A partition is written elsewhere and renamed into place: a folder that has a manifest is whole. The
files that it had before stay beside the new ones until `load` has taken those: what is loaded is
read where it landed."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.errors import SourceError
from pipelines.settings import Paths

MANIFEST = "manifest.json"
REJECTS = "rejects.parquet"  # file, line, column, reason, record


@dataclass(frozen=True, slots=True)
class LandedFile:
    """One extract file within a partition: `records_read` + `added` (further rows that a preset
    made of a record) = `records` + `quarantined` (they break a rule) + `rejects` (they could not be
    read) + `set_aside` (by a preset). The Parquet file holds the first two. `first_line`: the
    physical line of its first row where each row is one line further; None where the rows have a
    column `_line`. Of a snapshot, `unchanged` records are set aside too, and the rows that tell
    what it no longer has, `removed`, are added."""

    file: str  # path of the extract, as configured
    date: str  # ISO date of the extract itself; earlier than the partition's when it came late
    size: int  # bytes, as found
    sha256: str
    landed_as: str  # name of the Parquet file in the partition's folder
    landed_sha256: str  # of that file
    first_line: int | None
    records_read: int
    records: int
    quarantined: int
    rejects: int
    set_aside: int
    added: int
    values_dropped: int  # soft values (e-mail, phone) that could not be read
    columns: tuple[str, ...]  # of the extract, by their own names
    unknown_columns: tuple[str, ...]
    goes_on_from: str = ""  # the last value of the source's cursor, where the next extract begins
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Partition:
    """What one night read from one source. `reading` is a hash of the settings that it was read
    with, `judging` of those that made values of what was read; `columns` are the columns of its
    entity that the Parquet files hold."""

    source: str
    entity: str
    extract_date: date
    reading: str
    judging: str
    columns: tuple[str, ...]
    files: tuple[LandedFile, ...]

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        return tuple(sorted({name for file in self.files for name in file.unknown_columns}))


def partition_dir(paths: Paths, source: str, extract_date: date) -> Path:
    """The folder of a partition."""
    return paths.landing / source / f"extract_date={extract_date}"


def partitions(paths: Paths, source: str) -> list[Partition]:
    """The whole partitions of a source, oldest first."""
    return sorted(_partitions(paths, source), key=lambda p: p.extract_date)


def _partitions(paths: Paths, source: str) -> Iterator[Partition]:
    for manifest in (paths.landing / source).glob(f"extract_date=*/{MANIFEST}"):
        yield read_manifest(manifest)


def read_manifest(path: Path) -> Partition:
    """The partition that a manifest describes; SourceError when it cannot be read."""
    try:
        return _partition(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError):
        raise damaged(path, "it is no manifest, or that of another release") from None


def damaged(path: Path, why: str) -> SourceError:
    """The sentence that says that something in landing is not as extract left it."""
    return SourceError(
        f"{path}: damaged or gone ({why}); delete the folder {path.parent} and run extract again: "
        "it lands the files anew, if they are still in place"
    )


def _partition(content: Any) -> Partition:
    files = tuple(
        LandedFile(
            **{
                **file,
                "columns": tuple(file["columns"]),
                "unknown_columns": tuple(file["unknown_columns"]),
            }
        )
        for file in content["files"]
    )
    return Partition(
        source=content["source"],
        entity=content["entity"],
        extract_date=date.fromisoformat(content["extract_date"]),
        reading=content["reading"],
        judging=content["judging"],
        columns=tuple(content["columns"]),
        files=files,
    )


def put(paths: Paths, folder: Path, partition: Partition) -> None:
    """Add the manifest to `folder` (on the same disk as landing) and rename it into place,
    replacing the partition that is there."""
    content = asdict(partition) | {
        "extract_date": partition.extract_date.isoformat(),
        "records_read": sum(f.records_read for f in partition.files),
        "records": sum(f.records for f in partition.files),
        "rejects": sum(f.rejects for f in partition.files),
        "unknown_columns": partition.unknown_columns,
    }
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    target = partition_dir(paths, partition.source, partition.extract_date)
    target.parent.mkdir(parents=True, exist_ok=True)
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        for file in target.glob("*.parquet"):
            if not (folder / file.name).exists():
                (folder / file.name).hardlink_to(file)
        target.rename(old)
    folder.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def clear(paths: Paths, partition: Partition) -> None:
    """Remove what a partition held before, once nothing reads it any more."""
    folder = partition_dir(paths, partition.source, partition.extract_date)
    current = {REJECTS, *(file.landed_as for file in partition.files)}
    for file in folder.glob("*.parquet"):
        if file.name not in current:
            file.unlink()

"""The landing area: `landing/<source>/extract_date=D/`, Parquet with a manifest. Nothing of it
changes but that records are taken out which must not be kept (`sources.rewrite`).

Files are named by their content and written elsewhere; the manifest that names them comes last, in
one rename: a folder that has a manifest is whole. The files that it named before stay beside the
new ones until `load` has taken those: what is loaded is read where it landed."""

import hashlib
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
REJECTS = "rejects.parquet"  # file, line, column, reason, record; its content joins its name


@dataclass(frozen=True, slots=True)
class LandedFile:
    """One extract file within a partition: `records_read` + `added` (further rows that a preset
    made of a record) = `records` + `quarantined` (they break a rule) + `rejects` (they could not be
    read) + `set_aside` (by a preset, `skip` or `keep`). The Parquet file holds the first two, but
    for the `_gone` ones: those are taken out and stay counted. `first_line`: the physical line of
    its first row where each row is one line further; None where the rows have a column `_line`. Of
    a snapshot, `unchanged` records are set aside too, and the rows that tell what it no longer has,
    `removed`, are added."""

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
    records_gone: int = 0  # of `records`
    quarantined_gone: int = 0  # of `quarantined`
    rejects_gone: int = 0  # of `rejects`

    @property
    def no_longer_kept(self) -> int:
        """How many of its records that went to quarantine are taken out."""
        return self.quarantined_gone + self.rejects_gone


@dataclass(frozen=True, slots=True)
class Partition:
    """What one night read from one source. `reading` is a hash of the settings that it was read
    with, `judging` of those that made values of what was read; `columns` are the columns of its
    entity that the Parquet files hold; `rejects_as` is the name of the file with the rejects;
    `rewritten` says how often records were taken out of it."""

    source: str
    entity: str
    extract_date: date
    reading: str
    judging: str
    columns: tuple[str, ...]
    rejects_as: str
    files: tuple[LandedFile, ...]
    rewritten: int = 0

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
        rejects_as=content["rejects_as"],
        files=files,
        rewritten=content["rewritten"],
    )


def named_by_content(file: Path) -> tuple[str, str]:
    """Rename `x.parquet` to `x-<start of its SHA-256>.parquet`. Returns that name and the hash."""
    digest = _sha256(file)
    named = file.rename(file.with_stem(f"{file.stem}-{digest[:12]}"))
    return named.name, digest


def require_whole(parquet: Path, sha256: str) -> None:
    """SourceError when a landed file is not as its manifest says."""
    try:
        found = _sha256(parquet)
    except OSError as error:
        raise damaged(parquet, error.strerror or str(error)) from None
    if found != sha256:
        raise damaged(parquet, "its bytes are not those that its manifest tells")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put(paths: Paths, folder: Path, partition: Partition) -> None:
    """Move the Parquet files in `folder` (on the same disk as landing) beside those that the
    partition has, then its manifest over the one that is there. Killed before that, the partition
    is as it was."""
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
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.glob("*.parquet")):
        file.replace(target / file.name)
    (folder / MANIFEST).replace(target / MANIFEST)
    shutil.rmtree(folder)


def clear(paths: Paths, partition: Partition) -> None:
    """Remove what a partition held before, once nothing reads it any more."""
    folder = partition_dir(paths, partition.source, partition.extract_date)
    current = {partition.rejects_as, *(file.landed_as for file in partition.files)}
    for file in folder.glob("*.parquet"):
        if file.name not in current:
            file.unlink()

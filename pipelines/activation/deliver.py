"""deliver: each audited folder into the drop folder of its destination.

Mail tools watch one flat folder and match names by pattern, so the drop folder is flat and every
name carries shop and night: `<shop>_2026-03-01_scores.csv`; a person who opens yesterday's download
sees it in the name. `<shop>_2026-03-01_DONE`, written last, says that the set is whole; it holds
the hash of the manifest that was delivered."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipelines.activation import documents, durable
from pipelines.activation.documents import MANIFEST, Listed
from pipelines.errors import CheckFailed, ConfigError, NotReady, SealedNight
from pipelines.specs.night import Night, StepReport


def deliver(night: Night, *, sealed: bool) -> StepReport:
    """Copy the exports of `night` to every destination; nothing to do where the same bytes were
    delivered before (a file that the tool has taken away since is not sent twice).

    CheckFailed when an exported file is not the one that was audited; NotReady without exports;
    SealedNight when the night was delivered with other bytes."""
    _require_own_folders(night)
    rows, files = 0, 0
    for name in sorted(night.shop.destinations):
        source = night.paths.exports / name / f"as_of={night.as_of}"
        listed = _audited(source, f"{name}/as_of={night.as_of}")
        drop = _Drop(night, name, durable.sha256(source / MANIFEST))
        copied = drop.bring(source, listed, sealed)
        rows += sum(one.rows for one in copied)
        files += len(copied)
    return StepReport(rows, {"destinations": len(night.shop.destinations), "files": files})


def _require_own_folders(night: Night) -> None:
    paths = [(night.paths.data_dir / d.path).resolve() for d in night.shop.destinations.values()]
    if len(set(paths)) < len(paths):
        raise ConfigError(
            "destinations: two of them have the same path; files of one would replace those of "
            "the other. Give each its own folder"
        )


def _audited(source: Path, where: str) -> list[Listed]:
    """What to deliver from `source`, every byte as the audit saw it; the manifest comes last."""
    manifest = source / MANIFEST
    if not manifest.is_file():
        raise NotReady(f"deliver: {where} has no {MANIFEST}; run `export` of that night first")
    listed = documents.read_manifest(manifest)
    changed = [
        one.file
        for one in listed
        if not (source / one.file).is_file() or durable.sha256(source / one.file) != one.sha256
    ]
    if changed:
        raise CheckFailed(
            f"deliver: file_changed_since_audit: {where}: {', '.join(changed)}: not the bytes that "
            f"{MANIFEST} lists; nothing was delivered. Run `export` of that night again"
        )
    itself = Listed(MANIFEST, 0, manifest.stat().st_size, durable.sha256(manifest))
    return [*listed, itself]


class _Drop:
    """The drop folder of one destination, as far as one night is concerned."""

    def __init__(self, night: Night, name: str, manifest_hash: str) -> None:
        self._night = night
        self._name = name
        self._hash = manifest_hash
        self._folder = night.paths.data_dir / night.shop.destinations[name].path
        self._prefix = f"{night.shop.shop}_{night.as_of}_"
        self._done = self._folder / f"{self._prefix}DONE"

    def bring(self, source: Path, listed: Sequence[Listed], sealed: bool) -> list[Listed]:
        """Copy what is not there; the files that were copied."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        before = self._done.read_text(encoding="ascii").strip() if self._done.is_file() else None
        if before == self._hash:
            missing = [one for one in listed if self._is_other(one)]
        elif before is not None and sealed:
            raise SealedNight(
                f"deliver: {self._name}: the night {self._night.as_of} was delivered with other "
                "bytes and is sealed; nothing was changed"
            )
        else:
            self._done.unlink(missing_ok=True)
            self._drop_what_is_not(listed)
            missing = [one for one in listed if not self._is_same(one)]
        for one in missing:
            self._copy(source / one.file, self._target(one), one.sha256)
        if before != self._hash:
            self._mark()
        return missing

    def _target(self, one: Listed) -> Path:
        return self._folder / f"{self._prefix}{one.file}"

    def _is_same(self, one: Listed) -> bool:
        target = self._target(one)
        return target.is_file() and durable.sha256(target) == one.sha256

    def _is_other(self, one: Listed) -> bool:
        return self._target(one).is_file() and not self._is_same(one)

    def _sweep(self) -> None:
        """Halves that a killed run left."""
        for path in self._folder.glob(f".{self._prefix}*.part"):
            path.unlink()

    def _drop_what_is_not(self, listed: Sequence[Listed]) -> None:
        """Files of this night from an earlier export, not in this one."""
        wanted = {self._target(one) for one in listed}
        for path in self._folder.glob(f"{self._prefix}*"):
            if path not in wanted:
                path.unlink()

    def _copy(self, source: Path, target: Path, sha256: str) -> None:
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, part)
        if durable.sha256(part) != sha256:
            part.unlink()
            raise CheckFailed(
                f"deliver: copy_differs: {self._name}/{target.name}: the copy is not the file "
                "that was audited; it was removed. Check the disk and run `deliver` again"
            )
        durable.replace_file(part, target)

    def _mark(self) -> None:
        part = self._done.with_name(f".{self._done.name}.part")
        part.write_text(self._hash + "\n", encoding="ascii")
        durable.replace_file(part, self._done)

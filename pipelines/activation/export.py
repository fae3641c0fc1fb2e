"""export: the CRM team's files of one night, written aside, audited, then renamed into place."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb

from pipelines import logs, warehouse
from pipelines.activation import consent_gate, documents, durable
from pipelines.activation.cells import File
from pipelines.activation.checks import checks
from pipelines.activation.documents import DICTIONARY, MANIFEST, Listed
from pipelines.activation.files import KEYS, Campaign, audience, audience_names, removals, scores
from pipelines.errors import NotReady, SealedNight
from pipelines.specs.checks import Auditor, CheckResult
from pipelines.specs.night import Night, StepReport
from pipelines.specs.shop import Destination

log = logs.get(__name__)
Record = Callable[[Sequence[CheckResult]], None]


def export(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    audit: Auditor,
    *,
    champions: Mapping[str, str],
    sealed: bool,
    record: Record,
) -> StepReport:
    """Replace `exports/<destination>/as_of=D` for every destination, once all of them passed their
    audits, and the partition of activation.exports. `champions`: model → version that scored.
    `record` is handed what the consent gate found, also when it stops the step.

    CheckFailed names the check; NotReady when transform has not run for this night; SealedNight
    when the night was delivered and its files would differ now. Nothing has changed then."""
    _require_tonight(con, night)
    staging = night.paths.scratch / "export"
    shutil.rmtree(staging, ignore_errors=True)
    written: dict[str, list[Listed]] = {}
    try:
        for name, destination in sorted(night.shop.destinations.items()):
            folder = staging / name
            folder.mkdir(parents=True)
            files = _files(con, night, destination)
            written[name] = _write(con, night, name, folder, files, champions)
            _audit(con, night, audit, name, folder, files)
            results = consent_gate.check(con, night, name, folder, destination.delimiter)
            record(results)
            consent_gate.judge(results)
        changed = _publish(con, night, staging, written, sealed)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    rows = sum(f.rows for listed in written.values() for f in listed)
    log.info("export: %d files, %d rows, as of %s", _count(written), rows, night.as_of)
    facts: dict[str, int | str] = {"destinations": len(written), "files": _count(written)}
    return StepReport(rows, facts | {"changed": len(changed)})


def _count(written: Mapping[str, Sequence[Listed]]) -> int:
    return sum(len(listed) for listed in written.values())


def _require_tonight(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    try:
        row = con.execute("select min(as_of), max(as_of) from marts.contact_points").fetchone()
    except duckdb.CatalogException:
        raise NotReady("export: marts.contact_points does not exist; run `transform`") from None
    found = {day for day in row or () if day is not None}
    if found - {night.as_of}:
        raise NotReady(
            f"export: marts.contact_points is as of {max(found)}, the night is {night.as_of}; "
            "run `transform` of that night first"
        )


def _files(con: duckdb.DuckDBPyConnection, night: Night, destination: Destination) -> list[File]:
    rows = con.execute(
        "select campaign_id, channel from marts.campaigns"
        " where is_active and audience = 'chosen' order by campaign_id"
    ).fetchall()
    campaigns = [Campaign(*row) for row in rows if row[1] in KEYS]
    names = audience_names(campaign.campaign_id for campaign in campaigns)
    return [
        scores(night, destination),
        *(audience(night, campaign, names[campaign.campaign_id]) for campaign in campaigns),
        *(removals(night, channel) for channel in KEYS),
    ]


def _write(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    destination: str,
    folder: Path,
    files: Sequence[File],
    champions: Mapping[str, str],
) -> list[Listed]:
    """Every file of the folder, the manifest last; what it lists, then itself."""
    delimiter = night.shop.destinations[destination].delimiter
    listed = []
    for file in files:
        path = folder / file.name
        con.execute(
            f"copy ({file.sql()}) to {_literal(path)}"
            f" (format csv, header true, delimiter '{delimiter}', quote '\"', escape '\"')"
        )
        listed.append(_listed(path, _rows(con, path, delimiter)))
    dictionary = folder / DICTIONARY
    rows = documents.write_dictionary(dictionary, files, delimiter)
    listed.append(_listed(dictionary, rows))
    listed.sort(key=lambda one: one.file)
    documents.write_manifest(folder / MANIFEST, night, destination, champions, listed)
    return [*listed, _listed(folder / MANIFEST, len(listed))]


def _listed(path: Path, rows: int) -> Listed:
    return Listed(path.name, rows, path.stat().st_size, durable.sha256(path))


def _read_back(path: Path, delimiter: str) -> str:
    return (
        f"read_csv({_literal(path)}, all_varchar = true, header = true, delim = '{delimiter}',"
        " quote = '\"', escape = '\"')"
    )


def _rows(con: duckdb.DuckDBPyConnection, path: Path, delimiter: str) -> int:
    found = con.execute(f"select count(*) from {_read_back(path, delimiter)}").fetchone()
    return int(found[0]) if found else 0


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _audit(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    audit: Auditor,
    destination: str,
    folder: Path,
    files: Sequence[File],
) -> None:
    """Great Expectations on each file as read back; the view lives as long as the audit."""
    delimiter = night.shop.destinations[destination].delimiter
    for file in files:
        with warehouse.transaction(con):
            origin = _read_back(folder / file.name, delimiter)
            con.execute(f"create or replace view activation.exported as from {origin}")
            door = f"export.{destination}.{file.name.removesuffix('.csv')}"
            audit(con, door, "activation.exported", checks(file))
            con.execute("drop view activation.exported")


def _publish(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    staging: Path,
    written: Mapping[str, Sequence[Listed]],
    sealed: bool,
) -> list[str]:
    """Swap the folders that differ, record all; the destinations that changed."""
    homes = {name: night.paths.exports / name / f"as_of={night.as_of}" for name in written}
    changed = [name for name, listed in written.items() if _hashes(listed) != _found(homes[name])]
    if sealed:
        _refuse_a_change(con, night, written)
    for name in changed:
        aside = night.paths.scratch / f"export-replaced-{name}"
        durable.replace_folder(staging / name, homes[name], aside)
    rows = [
        (night.as_of, name, one.file, one.rows, one.sha256)
        for name, listed in written.items()
        for one in listed
    ]
    with warehouse.transaction(con):
        con.execute("delete from activation.exports where as_of = ?", [night.as_of])
        if rows:
            con.executemany("insert into activation.exports values (?, ?, ?, ?, ?)", rows)
    return changed


def _hashes(listed: Sequence[Listed]) -> dict[str, str]:
    return {one.file: one.sha256 for one in listed}


def _found(folder: Path) -> dict[str, str]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return {path.name: durable.sha256(path) for path in paths}


def _refuse_a_change(
    con: duckdb.DuckDBPyConnection, night: Night, written: Mapping[str, Sequence[Listed]]
) -> None:
    """Of a sealed night only the files that were delivered may be written again."""
    recorded = con.execute(
        "select destination, file, sha256 from activation.exports where as_of = ?", [night.as_of]
    ).fetchall()
    now = {(name, one.file, one.sha256) for name, listed in written.items() for one in listed}
    different = sorted({f"{name}/{file}" for name, file, _ in now.symmetric_difference(recorded)})
    if different:
        raise SealedNight(
            f"export: the night {night.as_of} was delivered and is sealed; "
            f"{len(different)} files would differ now ({', '.join(different[:5])}); "
            "nothing was changed. Run `export` for a later night instead"
        )

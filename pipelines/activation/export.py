"""export: the CRM team's files of one night, written aside, audited, then renamed into place."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb

from pipelines import catalog, warehouse
from pipelines.activation import consent_gate, durable
from pipelines.activation.cells import is_plain_address
from pipelines.activation.documents import Listed
from pipelines.activation.export_folder import ExportFolder
from pipelines.errors import NotReady, SealedNight
from pipelines.specs.checks import Auditor, CheckResult
from pipelines.specs.night import Night, StepReport

Record = Callable[[Sequence[CheckResult]], None]


def export(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    audit: Auditor,
    *,
    champions: Mapping[str, str],
    sealed: bool,
    record: Record,
    key: Callable[[], str],
) -> StepReport:
    """Replace `exports/<destination>/as_of=D` for every destination, once all of them passed their
    audits, and the partition of activation.exports. `champions`: model → version that scored.
    `record` is handed what the consent gate found, also when it stops the step; `key` reads
    the shop's hash key for it.

    CheckFailed names the check; NotReady when transform has not run for this night; SealedNight
    when the night was delivered and its files would differ now. Nothing has changed then."""
    _require_tonight(con, night)
    staging = night.paths.scratch / "export"
    shutil.rmtree(staging, ignore_errors=True)  # of a killed run
    written: dict[str, list[Listed]] = {}
    try:
        for name, destination in sorted(night.shop.destinations.items()):
            path = staging / name
            path.mkdir(parents=True)
            folder = ExportFolder(con, night, name, path)
            written[name] = folder.write(champions)
            folder.audit(audit)
            results = consent_gate.check(
                con, night, name, path, delimiter=destination.delimiter, key=key
            )
            record(results)
            consent_gate.judge(results)
        changed = _replace(con, night, staging, written, sealed)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    rows = sum(one.rows for listed in written.values() for one in listed)
    facts: dict[str, int | str] = {
        "destinations": len(written),
        "files": sum(len(listed) for listed in written.values()),
        "changed": len(changed),
        "addresses_left_out": _left_out(con, night),
    }
    return StepReport(rows, facts)


def _require_tonight(con: duckdb.DuckDBPyConnection, night: Night) -> None:
    try:
        rows = con.execute("select distinct as_of from marts.contact_points").fetchall()
    except duckdb.CatalogException:
        raise NotReady("export: marts.contact_points does not exist; run `transform`") from None
    other = {day for (day,) in rows if day != night.as_of}
    if other:
        raise NotReady(
            f"export: marts.contact_points is as of {max(other)}, the night is {night.as_of}; "
            "run `transform` of that night first"
        )


def _left_out(con: duckdb.DuckDBPyConnection, night: Night) -> int:
    """Contactable addresses that cannot be the key of a file, because a spreadsheet would take
    them for a formula."""
    served = {name for one in night.shop.destinations.values() for name in one.channels}
    channels = ", ".join(f"'{channel}'" for channel in sorted(served)) or "null"
    found = con.execute(
        f"select count(*) from marts.contact_points where channel in ({channels})"
        f" and is_contactable and not {is_plain_address('address')}"
    ).fetchall()
    return int(found[0][0])


def _replace(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    staging: Path,
    written: Mapping[str, Sequence[Listed]],
    sealed: bool,
) -> list[str]:
    """Swap the folders that differ, record all; the destinations that changed."""
    homes = {name: night.paths.exports / name / f"as_of={night.as_of}" for name in written}
    changed = [
        name
        for name, listed in written.items()
        if {one.file: one.sha256 for one in listed} != _hashes(homes[name])
    ]
    rows = [
        (night.as_of, name, one.file, one.rows, one.sha256)
        for name, listed in written.items()
        for one in listed
    ]
    if sealed:
        _refuse_a_change(con, night, {(row[1], row[2], row[4]) for row in rows})
    for name in changed:
        aside = night.paths.scratch / f"export-replaced-{name}"
        durable.replace_folder(staging / name, homes[name], aside)
    with warehouse.transaction(con):
        con.execute("delete from activation.exports where as_of = ?", [night.as_of])
        if rows:
            con.executemany(
                f"{catalog.insert_into('activation.exports')} values (?, ?, ?, ?, ?)", rows
            )
    return changed


def _hashes(folder: Path) -> dict[str, str]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return {path.name: durable.sha256(path) for path in paths}


def _refuse_a_change(
    con: duckdb.DuckDBPyConnection, night: Night, now: set[tuple[str, str, str]]
) -> None:
    """Of a sealed night only the files that were delivered may be written again. `now`:
    (destination, file, sha256)."""
    recorded = con.execute(
        "select destination, file, sha256 from activation.exports where as_of = ?", [night.as_of]
    ).fetchall()
    different = sorted({f"{name}/{file}" for name, file, _ in now.symmetric_difference(recorded)})
    if different:
        raise SealedNight(
            f"export: the night {night.as_of} was delivered and is sealed; "
            f"{len(different)} files would differ now ({', '.join(different[:5])}); "
            "nothing was changed. Run `export` of a later night instead"
        )

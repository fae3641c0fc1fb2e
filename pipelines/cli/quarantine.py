"""`nocturne quarantine`: what could not be loaded and why."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import settings, warehouse
from pipelines.errors import TerminalError
from pipelines.settings import Paths
from pipelines.specs.night import StepReport
from pipelines.specs.shop import load_shop

if TYPE_CHECKING:
    from pipelines.sources.quarantine import Group, Held, Totals

_WAIT = 10  # seconds; a night may hold the warehouse for long, and this is only a look


def show(
    config: Path,
    data_dir: Path | None,
    source: str | None,
    extract_date: date | None,
    show_records: int | None,
) -> str:
    """A line per source, extract, column and reason, then how many records; with `show_records` so
    many records as well. WarehouseBusy while a night is running."""
    from pipelines.sources import quarantine

    shop = load_shop(config)
    if source is not None and source not in shop.sources:
        raise TerminalError(
            f"quarantine: found source {source!r}; allowed: {', '.join(shop.sources)}"
        )
    paths = Paths((data_dir or settings.data_dir()).resolve())
    if not paths.warehouse.exists():
        return f"Nothing has been loaded yet in {paths.data_dir}. Start a night with: nocturne run"
    where = quarantine.Where(source, extract_date)
    with (
        warehouse.lock(paths, timeout=_WAIT),
        warehouse.connect(paths, settings.machine()) as con,
    ):
        found = quarantine.groups(con, where)
        held = quarantine.records(con, where, show_records) if show_records else []
        totals = quarantine.totals(con, where)
    lines = [*map(_group, found), _sum(totals)]
    return "\n".join([*lines, *(["", *map(_record, held)] if held else [])])


def replayed(source: str, report: StepReport) -> str:
    """What a replay did, in a sentence or two."""
    facts = report.facts
    if "skipped" in facts:
        return f"{source}: {facts['skipped']}"
    gone = facts["no_longer_kept"]
    return (
        f"{source}: {facts['mended']} records mended, {facts['still_quarantined']} still in "
        f"quarantine ({facts['partitions']} extracts loaded again). They join the next night; "
        "delivered nights stay as they are."
        + (f" {gone} records are no longer kept and cannot be mended." if gone else "")
    )


def _sum(totals: "Totals") -> str:
    kept = totals.quarantined - totals.no_longer_kept
    told = f"{kept:,} records in quarantine" if kept else "Nothing is in quarantine."
    if not totals.no_longer_kept:
        return told
    return (
        f"{totals.quarantined:,} records were quarantined, of which {totals.no_longer_kept:,} are "
        "no longer kept: they are older than retention.quarantine_days or name an erased person"
    )


def _group(group: "Group") -> str:
    return (
        f"{group.extract_date}  {group.source}  {group.column or 'record'}: {group.reason}: "
        f"{group.records:,} records, the first in line {group.line} of {group.file}"
    )


def _record(held: "Held") -> str:
    return (
        f"{held.extract_date}  {held.file}, line {held.line}, {held.column or 'record'}: "
        f"{held.reason}\n  {held.record}"
    )

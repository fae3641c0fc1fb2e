"""Runs the verbs of a night in their order, each at most once, and keeps the ledger. Airflow tasks
and the command line call `run`; nothing else does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pipelines import clock, logs, settings, verbs
from pipelines.errors import NocturneError, NotReady, SealedNight, StorageError, TerminalError
from pipelines.ledger import Ledger
from pipelines.settings import Paths
from pipelines.specs.model import load_models
from pipelines.specs.night import Night, StepReport
from pipelines.specs.shop import load_shop
from pipelines.verbs import SKIPPED, STEPS, VERBS, Step

log = logs.get(__name__)


def open_night(
    as_of: date, config: Path, data_dir: Path | None = None, *, is_draft: bool = False
) -> Night:
    """The night of `as_of` for the shop in `config`; a draft may still lack orders.
    ConfigError when the file is wrong, TerminalError when the date has not come yet."""
    shop = load_shop(config, is_draft=is_draft)
    today = clock.shop_today(shop.time_zone)
    if as_of > today:
        raise TerminalError(
            f"night {as_of}: later than today, {today}; a night closes all dates before it, so the "
            "real nights until then could not run any more"
        )
    paths = Paths((data_dir or settings.data_dir()).resolve())
    return Night(as_of, shop, load_models(shop), paths, settings.machine())


def run(
    verb: str,
    as_of: date,
    config: Path,
    *,
    data_dir: Path | None = None,
    recompute: bool = False,
) -> StepReport:
    """Run one verb of one night, or skip it when it is done and nothing before it ran since.

    Raises a NocturneError with a sentence for every mistake a user can mend; the ledger keeps it.
    """
    night = open_night(as_of, config, data_dir)
    ledger = _ledger(night)
    _pin_configuration(night, ledger, recompute)
    if not recompute and is_done(verb, night, ledger):
        log.info("%s as_of=%s skipped: done already", verb, as_of)
        return StepReport(0, {SKIPPED: "done already"})
    for earlier in VERBS[: VERBS.index(verb)]:
        if ledger.last_done(as_of, earlier) is None:
            raise NotReady(
                f"{verb}: {earlier} has not been done for night {as_of}; run it first "
                "(`nocturne run` does all of them in order)"
            )
    return _run(STEPS[verb], verb, night, ledger, recompute)


def train(as_of: date, config: Path, *, data_dir: Path | None = None) -> StepReport:
    """Train challengers of every model now, however young the champions are."""
    night = open_night(as_of, config, data_dir)
    # Not under the verb of the night: a night that is complete stays complete.
    return _run(verbs.train_challengers, "challengers", night, _ledger(night), recompute=True)


def backfill(
    first: date, last: date, config: Path, *, data_dir: Path | None = None
) -> list[StepReport]:
    """Features, labels and scores of every past date in [first, last], from what is loaded now;
    scores by the champion of that date, where there was one. A backfill never decides, exports or
    delivers, and the scores of a delivered night stay as they are. Features of dates past
    `retention.snapshot_nights` that are no anchors go with the next night."""
    if first > last:
        raise TerminalError(f"backfill: from {first} to {last}: the first date is the later one")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    reports = []
    for day in days:
        night = open_night(day, config, data_dir)
        ledger = _ledger(night)
        cut = ledger.last_night("load")
        if cut is None:
            raise TerminalError("backfill: nothing is loaded yet; run a night first")
        if day > cut:
            raise TerminalError(f"backfill: {day} is after {cut}, the last night loaded")
        reports.append(_run(verbs.backfill_until(cut), "backfill", night, ledger, recompute=True))
    return reports


def replay(
    source: str, config: Path, *, extract_date: date | None = None, data_dir: Path | None = None
) -> StepReport:
    """Load the partitions of `source` that have records in quarantine again, as it is configured
    now. Their records join the next night that is transformed: delivered nights keep their
    decisions, files and features. TerminalError when nothing is loaded or no such source is."""
    night = open_night(date.min, config, data_dir)
    ledger = _ledger(night)
    last = ledger.last_night("load")
    if last is None:
        raise TerminalError("quarantine: nothing is loaded yet; run a night first")
    if source not in night.shop.sources:
        raise TerminalError(
            f"quarantine: found source {source!r}; allowed: {', '.join(night.shop.sources)}"
        )
    work = verbs.replay_of(source, extract_date)
    return _run(work, "replay", replace(night, as_of=last), ledger, recompute=True)


def compact(config: Path, *, data_dir: Path | None = None) -> tuple[int, int]:
    """Write the warehouse file anew; bytes before and after. TerminalError when there is none."""
    night = open_night(date.min, config, data_dir)
    if not night.paths.warehouse.exists():
        raise TerminalError("compact: there is no warehouse yet; run a night first")
    return verbs.compact(night, _ledger(night))


def is_done(verb: str, night: Night, ledger: Ledger) -> bool:
    """True when the verb ended well after everything before it did. `extract` looks at the drop
    folders again until the night is sealed."""
    if verb == "extract":
        return ledger.is_sealed(night.as_of)
    before = VERBS[: VERBS.index(verb)]
    tries = [ledger.last_done(night.as_of, name) for name in (*before, verb)]
    ids = [t.run_id for t in tries if t is not None]
    return len(ids) == len(tries) and max(ids) == ids[-1]


def is_complete(as_of: date, config: Path, *, data_dir: Path | None = None) -> bool:
    """True when the night was delivered and reported."""
    night = open_night(as_of, config, data_dir)
    ledger = _ledger(night)
    return ledger.is_sealed(as_of) and all(is_done(verb, night, ledger) for verb in VERBS)


def files_made(as_of: date, config: Path, *, data_dir: Path | None = None) -> str:
    """The files that a finished night left, a line each, for the end of a run."""
    night = open_night(as_of, config, data_dir)
    paths = night.paths
    files = [paths.site / f"as_of={as_of}" / f"index.{name}.html" for name in night.shop.languages]
    files.append(paths.published)
    for destination in night.shop.destinations:
        files += sorted((paths.exports / destination / f"as_of={as_of}").glob("*"))
    here = Path.cwd()
    shown = [f.relative_to(here) if f.is_relative_to(here) else f for f in files if f.exists()]
    return "\n".join([f"Night of {as_of}, {night.shop.title}:", *(f"  {file}" for file in shown)])


def _ledger(night: Night) -> Ledger:
    if night.paths.warehouse.exists() and not night.paths.ledger.exists():
        raise TerminalError(
            f"{night.paths.ledger}: gone, while the warehouse holds nights; nobody knows which of "
            "them were delivered. Put it back from a backup, or put an empty file there to go on "
            "without"
        )
    try:
        ledger = Ledger(night.paths.ledger)
    except OSError as error:
        raise StorageError(f"{night.paths.data_dir}: {error.strerror}") from None
    owner = ledger.pin(date.min, "shop", night.shop.shop)
    if owner != night.shop.shop:
        raise TerminalError(
            f"{night.paths.data_dir}: holds the nights of shop {owner!r}, not {night.shop.shop!r}; "
            "give each shop a data directory of its own (--data-dir)"
        )
    return ledger


def _pin_configuration(night: Night, ledger: Ledger, recompute: bool) -> None:
    mine = night.shop.fingerprint()
    pinned = ledger.pin(night.as_of, "config", mine)
    if pinned == mine:
        return
    if ledger.is_sealed(night.as_of):
        raise SealedNight(
            f"night {night.as_of}: delivered with configuration {pinned}, asked for with {mine}; "
            "a delivered night cannot be made anew: change the configuration for the next night"
        )
    if not recompute:
        raise TerminalError(
            f"night {night.as_of}: started with configuration {pinned}, now it is {mine}; "
            "put the configuration back, or start the night over with --recompute"
        )
    ledger.repin(night.as_of, "config", mine)


def _run(
    step: Callable[[Step], StepReport], verb: str, night: Night, ledger: Ledger, recompute: bool
) -> StepReport:
    run_id = ledger.start(night.as_of, verb)
    started = clock.seconds()
    try:
        report = step(Step(night, ledger, run_id, recompute))
    except BaseException as error:
        told = _as_sentence(error, verb, night)
        try:
            ledger.fail(run_id, clock.seconds() - started, str(told))
        except StorageError as full:  # often the very reason; the first sentence says more
            log.warning("%s as_of=%s: the ledger could not note it: %s", verb, night.as_of, full)
        if told is error:
            raise
        raise told from error
    seconds = clock.seconds() - started
    ledger.finish(run_id, seconds, report.rows, report.facts)
    facts = " ".join(f"{name}={value}" for name, value in report.facts.items())
    log.info("%s as_of=%s rows=%d seconds=%.1f %s", verb, night.as_of, report.rows, seconds, facts)
    return report


def _as_sentence(error: BaseException, verb: str, night: Night) -> BaseException:
    """Errors of the machine as sentences; ours and bugs unchanged."""
    import duckdb

    if isinstance(error, NocturneError):
        return error
    full = isinstance(error, duckdb.Error) and "No space left" in str(error)
    if isinstance(error, OSError) or full:
        what = getattr(error, "strerror", None) or "No space left on device"
        where = getattr(error, "filename", None) or night.paths.data_dir
        return StorageError(f"{verb}: {where}: {what}; free space or rights, then run again")
    return error

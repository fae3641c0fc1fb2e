"""The thirteen verbs of a night, wired: each opens what its room needs, runs it under the
warehouse's lock, and keeps the ledger. Airflow tasks and the command line call `run`; nothing
else does. Rooms are imported inside the steps because they are heavy (dbt, LightGBM, GX)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import clock, logs, secrets, settings, warehouse
from pipelines.errors import NocturneError, NotReady, SealedNight, StorageError, TerminalError
from pipelines.ledger import Ledger
from pipelines.secrets import MissingSecret
from pipelines.settings import Paths
from pipelines.specs.model import load_models
from pipelines.specs.night import Night, StepReport
from pipelines.specs.shop import load_shop

if TYPE_CHECKING:
    import duckdb

    from pipelines.specs.checks import Auditor, CheckResult

log = logs.get(__name__)

SKIPPED = "skipped"
_TRANSFORM_SINCE = "transform_since"  # pinned by replay: what the next transform reads again
_COMPACT = "compact"  # pinned by an erasure: the warehouse file still holds what was deleted
_COMPACTED = "compacted"  # the night of the last compaction, or the first night
_COMPACT_DAYS = 7  # DuckDB files do not shrink by themselves


@dataclass(frozen=True, slots=True)
class Step:
    """One try of one verb: what the functions below need."""

    night: Night
    ledger: Ledger
    run_id: int
    recompute: bool

    @property
    def sealed(self) -> bool:
        return self.ledger.is_sealed(self.night.as_of)

    @contextmanager
    def warehouse(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """A connection to the warehouse, held alone."""
        paths, machine = self.night.paths, self.night.machine
        with warehouse.lock(paths), warehouse.connect(paths, machine) as con:
            yield con

    def auditor(self) -> "Auditor":
        """The checks at the doors; their results go to the ledger whatever becomes of the step."""
        from pipelines import contracts

        return contracts.auditor(self.record_checks, self.kept_checks)

    @property
    def kept_checks(self) -> Path:
        """Where the doors keep what they found, for the pages of the checks."""
        return self.night.paths.scratch / "checks" / f"as_of={self.night.as_of}"

    def record_checks(self, results: "Sequence[CheckResult]") -> None:
        self.ledger.record_checks(self.run_id, self.night.as_of, results)

    def champions(self) -> dict[str, str]:
        """Model → the version pinned when the night was scored."""
        pinned = {
            name: self.ledger.pinned(self.night.as_of, f"champion:{name}")
            for name in self.night.models
        }
        return {name: version for name, version in pinned.items() if version is not None}

    def key(self) -> str:
        """The shop's hash key. TerminalError when it is not there, or not what earlier nights here
        were drawn with."""
        name = self.night.shop.hash_key
        try:
            value = secrets.read(name)
        except MissingSecret as error:
            raise TerminalError(
                f"hash_key: {error}; groups and pseudonyms are drawn with it. Set it once to a "
                "long random text and keep it for ever"
            ) from None
        mine = settings.mark(value)
        if self.ledger.pin(date.min, "hash_key", mine) != mine:
            raise TerminalError(
                f"hash_key: {name} is not the key that earlier nights in "
                f"{self.night.paths.data_dir} were drawn with; set that one again. Without it, "
                "start over in an empty data directory"
            )
        return value


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
    return _run(_train_challengers, "challengers", night, _ledger(night), recompute=True)


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
        reports.append(_run(_backfill(cut), "backfill", night, ledger, recompute=True))
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
    work = _replay(source, extract_date)
    return _run(work, "replay", replace(night, as_of=last), ledger, recompute=True)


def compact(config: Path, *, data_dir: Path | None = None) -> tuple[int, int]:
    """Write the warehouse file anew; bytes before and after. TerminalError when there is none."""
    night = open_night(date.min, config, data_dir)
    if not night.paths.warehouse.exists():
        raise TerminalError("compact: there is no warehouse yet; run a night first")
    return _compact(night, _ledger(night))


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
    step: "Callable[[Step], StepReport]", verb: str, night: Night, ledger: Ledger, recompute: bool
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


def _extract(step: Step) -> StepReport:
    from pipelines import sources

    with warehouse.landing_lock(step.night.paths):
        return sources.extract(step.night, step.ledger)


def _load(step: Step) -> StepReport:
    from pipelines import erasure, sources

    paths = step.night.paths
    with warehouse.landing_lock(paths):
        with step.warehouse() as con:
            report = sources.load(con, step.night, step.auditor(), step.key)
            asked = erasure.is_asked(con, step.night)
        if asked:
            report = replace(report, facts=report.facts | _erase(step))
    since = step.ledger.pin(date.min, _COMPACTED, step.night.as_of.isoformat())
    age = step.night.as_of - date.fromisoformat(since)
    if step.ledger.pinned(date.min, _COMPACT) or age.days >= _COMPACT_DAYS:
        _compact(step.night, step.ledger)
        step.ledger.repin(date.min, _COMPACTED, max(since, step.night.as_of.isoformat()))
    return report


def _erase(step: Step) -> dict[str, int | str]:
    """Take people who asked out of everything. Killed anywhere, the next load finds the request or
    the plan and goes on."""
    from pipelines import activation, erasure, sources, transform

    night, ledger = step.night, step.ledger
    with step.warehouse() as con:
        planned = con.execute("from ops.erasing limit 1").fetchall()
    if not planned:
        since = ledger.pinned(date.min, _TRANSFORM_SINCE)
        with warehouse.lock(night.paths):
            transform.identify(night, date.fromisoformat(since) if since else None)
    key = step.key()
    with step.warehouse() as con:
        erasure.plan(con, night, key)
        taken = sources.erase(con, night, key)
        # Facts that go with the others, and are read again.
        for day in (taken.kept_since, erasure.counted_again_since(con)):
            if day is not None:
                _transform_since(ledger, day.isoformat())
        ledger.repin(date.min, _COMPACT, "yes")
        rows = erasure.purge(con, key)
        people = erasure.kept_of(con)
        exported = activation.erase_exports(con, night.paths, people.emails, people.others)
        erasure.scrub(night.paths, people)
        erasure.finish(con)
    return {
        "erased_records": taken.refused + taken.quarantined,
        "erased_rows": rows,
        "erased_exports": exported,
    }


def _compact(night: Night, ledger: Ledger) -> tuple[int, int]:
    from pipelines.compact import compact

    with warehouse.lock(night.paths):
        before, after = compact(night.paths, night.machine)
    ledger.repin(date.min, _COMPACT, "")
    log.info("compact: bytes_before=%d bytes_after=%d", before, after)
    return before, after


def _transform_since(ledger: Ledger, day: str) -> None:
    pinned = ledger.pinned(date.min, _TRANSFORM_SINCE) or day
    ledger.repin(date.min, _TRANSFORM_SINCE, min(day, pinned))


def _transform(step: Step) -> StepReport:
    from pipelines import transform

    with warehouse.lock(step.night.paths):
        since = step.ledger.pinned(date.min, _TRANSFORM_SINCE)
        report = transform.transform(step.night, date.fromisoformat(since) if since else None)
        if since:
            step.ledger.repin(date.min, _TRANSFORM_SINCE, "")
        return report


def _replay(source: str, extract_date: date | None) -> "Callable[[Step], StepReport]":
    def work(step: Step) -> StepReport:
        from pipelines import contracts, sources
        from pipelines.sources.quarantine import Where

        def record(results: "Sequence[CheckResult]") -> None:
            step.record_checks([replace(result, door="replay") for result in results])

        ledger, night = step.ledger, step.night
        with warehouse.landing_lock(night.paths), step.warehouse() as con:
            partitions = sources.quarantined(con, night, Where(source, extract_date))
            if not partitions:
                return StepReport(0, {SKIPPED: "nothing of it is in quarantine"})
            first = min(partition.extract_date for partition in partitions).isoformat()
            # Before anything changes: a crash may cost a longer transform, and no record.
            _transform_since(ledger, first)
            return sources.replay(con, night, contracts.auditor(record), partitions, step.key)

    return work


def _snapshot(step: Step) -> StepReport:
    """Tonight, and the training anchors that are still missing."""
    from pipelines import transform

    night = step.night
    with warehouse.lock(night.paths):
        with warehouse.connect(night.paths, night.machine) as con:
            missing = transform.missing_snapshots(con, night, again=step.recompute)
        return transform.snapshot(night, missing)


def _label(step: Step) -> StepReport:
    """Labels that have matured since, and outcomes of sends and decisions."""
    from pipelines import transform

    night = step.night
    with warehouse.lock(night.paths):
        with warehouse.connect(night.paths, night.machine) as con:
            missing = transform.missing_labels(con, night, again=step.recompute)
        labels = transform.label(night, missing)
        outcomes = transform.outcomes(night)
    return StepReport(labels.rows + outcomes.rows, labels.facts | outcomes.facts)


def _train(step: Step) -> StepReport:
    return _fit(step, force=False)


def _train_challengers(step: Step) -> StepReport:
    return _fit(step, force=True)


def _fit(step: Step, *, force: bool) -> StepReport:
    """Dump the matrices under the lock, fit outside it, record under it again."""
    from pipelines import modeling

    with step.warehouse() as con:
        dumps = modeling.dump(con, step.night, force)
    reports = modeling.fit(step.night, dumps)
    with step.warehouse() as con:
        return modeling.record(con, reports)


def _score(step: Step) -> StepReport:
    from pipelines import modeling

    night = step.night
    pins = {
        name: step.ledger.pin(night.as_of, f"champion:{name}", version)
        for name, version in modeling.champions(night).items()
    }
    with step.warehouse() as con:
        return modeling.score(con, night, pins, step.auditor())


def _decide(step: Step) -> StepReport:
    from pipelines import decisioning

    with step.warehouse() as con:
        return decisioning.decide(con, step.night, step.key(), step.auditor(), sealed=step.sealed)


def _measure(step: Step) -> StepReport:
    from pipelines import measurement

    with step.warehouse() as con:
        return measurement.measure(con, step.night)


def _publish(step: Step) -> StepReport:
    from pipelines import activation

    if _later_night_published(step):
        return StepReport(0, {SKIPPED: "a later night is published"})
    with step.warehouse() as con:
        return activation.publish(con, step.night, step.ledger, step.key())


def _export(step: Step) -> StepReport:
    from pipelines import activation

    with step.warehouse() as con:
        return activation.export(
            con,
            step.night,
            step.auditor(),
            champions=step.champions(),
            record=step.record_checks,
            sealed=step.sealed,
            key=step.key,
        )


def _deliver(step: Step) -> StepReport:
    from pipelines import activation

    report = activation.deliver(step.night, sealed=step.sealed)
    step.ledger.seal(step.night.as_of)
    return report


def _report(step: Step) -> StepReport:
    from pipelines import contracts, modeling, reporting

    if _later_night_published(step):
        return StepReport(0, {SKIPPED: "a later night is published"})
    night = step.night
    contracts.data_docs(step.kept_checks, night.paths.site / "checks", night.as_of)
    return reporting.report(night, step.ledger, modeling.cards(night, step.champions()))


def _later_night_published(step: Step) -> bool:
    published = step.ledger.last_night("publish")
    return published is not None and published > step.night.as_of


def _backfill(cut: date) -> "Callable[[Step], StepReport]":
    def work(step: Step) -> StepReport:
        from pipelines import modeling, transform

        night = replace(step.night, loaded_until=cut)
        requests = transform.labels_of(night, [night.as_of], matured_by=cut)
        with warehouse.lock(night.paths):
            features = transform.snapshot(night, [night.as_of])
            labels = transform.label(night, requests)
        labelled = {name: model for name, model in night.models.items() if model.label}
        probabilities = replace(night, models=labelled)
        facts: dict[str, int | str] = {"features": features.rows, "labels": labels.rows}
        if step.sealed:
            return StepReport(
                features.rows + labels.rows, facts | {"scores": "kept, the night was delivered"}
            )
        with step.warehouse() as con:
            scores = modeling.score(
                con, probabilities, modeling.champions(probabilities), step.auditor()
            )
        return StepReport(
            features.rows + labels.rows + scores.rows, facts | {"scores": scores.rows}
        )

    return work


STEPS: dict[str, "Callable[[Step], StepReport]"] = {
    "extract": _extract,
    "load": _load,
    "transform": _transform,
    "snapshot": _snapshot,
    "label": _label,
    "train": _train,
    "score": _score,
    "decide": _decide,
    "measure": _measure,
    "publish": _publish,
    "export": _export,
    "deliver": _deliver,
    "report": _report,
}
VERBS = tuple(STEPS)

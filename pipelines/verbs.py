"""The thirteen verbs of a night, and what runs beside them, wired: each opens what its room needs
and runs it under the warehouse's lock. Rooms are imported inside because they are heavy (dbt,
LightGBM, GX). Only `steps` calls these."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import logs, secrets, settings, warehouse
from pipelines.errors import TerminalError
from pipelines.ledger import Ledger
from pipelines.secrets import MissingSecret
from pipelines.specs.night import Night, StepReport

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
        compact(step.night, step.ledger)
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


def compact(night: Night, ledger: Ledger) -> tuple[int, int]:
    from pipelines import compact as warehouse_file

    with warehouse.lock(night.paths):
        before, after = warehouse_file.compact(night.paths, night.machine)
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


def replay_of(source: str, extract_date: date | None) -> Callable[[Step], StepReport]:
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


def train_challengers(step: Step) -> StepReport:
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


def backfill_until(cut: date) -> Callable[[Step], StepReport]:
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


STEPS: dict[str, Callable[[Step], StepReport]] = {
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

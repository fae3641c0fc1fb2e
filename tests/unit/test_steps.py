"""The wiring of a night: what is skipped, what is refused, what the ledger keeps. The rooms are
replaced by a step that does nothing; the nights themselves are run in tests/e2e."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines import steps
from pipelines.errors import NotReady, SealedNight, StorageError, TerminalError
from pipelines.ledger import Ledger
from pipelines.settings import Paths, machine
from pipelines.specs.night import StepReport
from pipelines.verbs import STEPS, VERBS, Step

NIGHT, NEXT = date(2026, 3, 1), date(2026, 3, 2)
Write = Callable[..., Path]


class Shop:
    """A configuration, a data directory, and steps that only note that they ran."""

    def __init__(self, config: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.config, self.data_dir = config, data_dir
        self.ran: list[str] = []
        for verb in VERBS:
            monkeypatch.setitem(STEPS, verb, self._step(verb))

    def _step(self, verb: str) -> Callable[[Step], StepReport]:
        def step(asked: Step) -> StepReport:
            self.ran.append(verb)
            if verb == "deliver":
                asked.ledger.seal(asked.night.as_of)
            return StepReport(1, {"files": 1})

        return step

    @property
    def ledger(self) -> Ledger:
        return Ledger(Paths(self.data_dir).ledger)

    def run(self, *verbs: str, as_of: date = NIGHT, recompute: bool = False) -> list[str]:
        """Run the verbs (all, when none is named); those that were not skipped."""
        self.ran.clear()
        for verb in verbs or VERBS:
            steps.run(verb, as_of, self.config, data_dir=self.data_dir, recompute=recompute)
        return list(self.ran)

    def is_done(self, verb: str) -> bool:
        night = steps.open_night(NIGHT, self.config, self.data_dir)
        return steps.is_done(verb, night, self.ledger)

    def is_complete(self) -> bool:
        return steps.is_complete(NIGHT, self.config, data_dir=self.data_dir)


@pytest.fixture
def shop(
    tmp_path: Path,
    small_config: dict[str, Any],
    write_config: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> Shop:
    return Shop(write_config(small_config), tmp_path / "data", monkeypatch)


def test_a_finished_night_is_skipped_and_another_night_is_not(shop: Shop) -> None:
    assert shop.run() == list(VERBS)
    assert shop.is_complete()
    assert shop.run() == []
    assert shop.run(as_of=NEXT) == list(VERBS)


def test_recompute_does_every_step_again(shop: Shop) -> None:
    shop.run()
    assert shop.run(recompute=True) == list(VERBS)


def test_extract_looks_again_until_the_night_is_sealed(shop: Shop) -> None:
    shop.run(*VERBS[:3])
    assert not shop.is_done("extract")
    assert shop.run("extract") == ["extract"]
    shop.run()
    assert shop.is_done("extract")


def test_what_comes_after_a_step_that_ran_again_is_done_again(shop: Shop) -> None:
    shop.run()
    shop.run("score", recompute=True)
    assert [verb for verb in VERBS if not shop.is_done(verb)] == list(
        VERBS[VERBS.index("decide") :]
    )
    assert not shop.is_complete()
    assert shop.run() == list(VERBS[VERBS.index("decide") :])


def test_a_failed_or_killed_try_does_not_count(shop: Shop) -> None:
    shop.run("extract", "load")
    failed = shop.ledger.start(NIGHT, "transform")
    shop.ledger.fail(failed, 0.1, "no")
    shop.ledger.start(NIGHT, "transform")
    assert not shop.is_done("transform")
    with pytest.raises(NotReady, match=rf"snapshot: transform has not been done for night {NIGHT}"):
        shop.run("snapshot")


def test_a_data_directory_belongs_to_one_shop(
    shop: Shop, small_config: dict[str, Any], write_config: Write
) -> None:
    shop.run("extract")
    shop.config = write_config(small_config | {"shop": "other"}, "other.yml")
    with pytest.raises(TerminalError, match="holds the nights of shop 'tiny', not 'other'"):
        shop.run("load")
    assert shop.ran == []


def test_a_night_keeps_the_configuration_that_it_started_with(
    shop: Shop, small_config: dict[str, Any], write_config: Write
) -> None:
    shop.run("extract", "load")
    write_config(small_config | {"title": "Another title"})
    with pytest.raises(TerminalError, match=r"started with configuration .* --recompute"):
        shop.run("transform")
    assert shop.run("extract", recompute=True) == ["extract"]
    assert shop.run("load", "transform") == ["load", "transform"]


def test_what_is_left_to_its_default_changes_no_configuration(
    shop: Shop, small_config: dict[str, Any], write_config: Write
) -> None:
    shop.run("extract")
    write_config(small_config | {"languages": ["fr", "en"], "contacting": {"cap_days": 14}})
    assert shop.run("load") == ["load"]


def test_a_delivered_night_is_not_made_anew_with_another_configuration(
    shop: Shop, small_config: dict[str, Any], write_config: Write
) -> None:
    shop.run()
    write_config(small_config | {"title": "Another title"})
    for recompute in (False, True):
        with pytest.raises(SealedNight, match="change the configuration for the next night"):
            shop.run("decide", recompute=recompute)
    assert shop.ran == []
    assert shop.run("extract", as_of=NEXT) == ["extract"]


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (OSError(28, "No space left on device", "/disk/x"), StorageError),
        (NotReady("load: nothing is landed"), NotReady),
        (ZeroDivisionError("a bug"), ZeroDivisionError),
    ],
)
def test_what_goes_wrong_is_raised_and_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, raised: Exception, told: type[Exception]
) -> None:
    def broken(step: Step) -> StepReport:
        raise raised

    monkeypatch.setitem(STEPS, "extract", broken)
    with pytest.raises(told) as error:
        shop.run("extract")
    (run,) = shop.ledger.runs()
    assert (run.status, run.error) == ("failed", str(error.value))


def test_without_the_hash_key_the_variable_is_named(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOCTURNE_HASH_KEY")
    night = steps.open_night(NIGHT, shop.config, shop.data_dir)
    with pytest.raises(TerminalError, match="NOCTURNE_HASH_KEY is not set"):
        Step(night, shop.ledger, 1, recompute=False).key()


def test_another_hash_key_than_that_of_earlier_nights_is_refused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        Step(steps.open_night(day, shop.config, shop.data_dir), shop.ledger, 1, recompute=False)
        for day in (NIGHT, NEXT)
    )
    assert first.key() == "test-key"
    monkeypatch.setenv("NOCTURNE_HASH_KEY", "another-key")
    with pytest.raises(TerminalError, match="not the key that earlier nights") as error:
        second.key()
    assert "another-key" not in str(error.value)
    monkeypatch.setenv("NOCTURNE_HASH_KEY", "test-key")
    assert second.key() == "test-key"
    assert b"test-key" not in Paths(shop.data_dir).ledger.read_bytes()


def test_a_backfill_is_of_dates_that_were_loaded(shop: Shop) -> None:
    def backfill(first: date, last: date) -> None:
        steps.backfill(first, last, shop.config, data_dir=shop.data_dir)

    with pytest.raises(TerminalError, match="nothing is loaded yet"):
        backfill(NIGHT, NIGHT)
    shop.run("extract", "load")
    with pytest.raises(TerminalError, match=f"{NEXT} is after {NIGHT}, the last night loaded"):
        backfill(NEXT, NEXT)
    with pytest.raises(TerminalError, match="the first date is the later one"):
        backfill(NIGHT, date(2026, 2, 1))


@pytest.mark.parametrize("threads", ["two", "0", "-1", "1.5"])
def test_threads_that_are_no_number_are_refused(
    monkeypatch: pytest.MonkeyPatch, threads: str
) -> None:
    monkeypatch.setenv("NOCTURNE_THREADS", threads)
    with pytest.raises(TerminalError, match=f"NOCTURNE_THREADS: found '{threads}'"):
        machine()


@pytest.mark.parametrize("memory", ["abc", "0", "4", "4GB; x"])
def test_a_memory_limit_that_is_no_size_is_refused(
    monkeypatch: pytest.MonkeyPatch, memory: str
) -> None:
    monkeypatch.setenv("NOCTURNE_MEMORY_LIMIT", memory)
    with pytest.raises(TerminalError, match="NOCTURNE_MEMORY_LIMIT: found"):
        machine()


def test_nights_without_their_ledger_are_not_gone_on_with(shop: Shop) -> None:
    shop.run("extract")
    ledger, held = Paths(shop.data_dir).ledger, Paths(shop.data_dir).warehouse
    held.parent.mkdir(parents=True, exist_ok=True)
    held.touch()
    ledger.unlink()
    with pytest.raises(TerminalError, match=r"ledger\.sqlite: gone, while the warehouse"):
        shop.run("load")
    ledger.touch()  # as the sentence says
    assert shop.run("extract") == ["extract"]

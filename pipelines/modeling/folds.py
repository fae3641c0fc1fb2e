"""Which past dates teach and which test: the clock of an evaluation.

An anchor `a` teaches a test at `t` only when its label window is over by then: a + H ≤ t (the
embargo). So nothing that happened after `t` can reach the model that predicts from `t`."""

from dataclasses import dataclass
from datetime import date, timedelta

TEST_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """`tests`: anchors judged, oldest first. `train`: for each anchor predicted out of time, the
    anchors its model learns from. `calibrate`: for each test, the earlier out-of-time anchors whose
    outcomes were known by then and whose predictions fit its calibrator."""

    tests: tuple[date, ...]
    train: dict[date, tuple[date, ...]]
    calibrate: dict[date, tuple[date, ...]]


def matured(anchors: list[date], horizon_days: int, at: date) -> tuple[date, ...]:
    """The anchors whose labels are known on the morning of `at`."""
    return tuple(a for a in sorted(anchors) if a + timedelta(days=horizon_days) <= at)


def plan(anchors: list[date], horizon_days: int, tests: int = TEST_FOLDS) -> Plan:
    """Rolling origin: the last `tests` anchors that have something to learn from; no tests at all
    when history is shorter than two label windows."""
    possible = [a for a in sorted(anchors) if matured(anchors, horizon_days, a)]
    chosen = tuple(possible[-tests:])
    calibrate = {t: matured(possible, horizon_days, t)[-tests:] for t in chosen}
    needed = sorted({*chosen, *(a for earlier in calibrate.values() for a in earlier)})
    train = {a: matured(anchors, horizon_days, a) for a in needed}
    return Plan(chosen, train, calibrate)

"""The card of a model version: all that is needed to score with it and to judge it."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import Field

from pipelines.specs.closed import Closed

Kind = Literal["lightgbm", "naive_rule", "arm_effects", "no_effect"]
Verdict = Literal["promoted", "refused", "baseline"]


def r9(value: float) -> float:
    """Rounded to 9 decimals, as every stored double is; never −0.0."""
    return round(float(value), 9) + 0.0


class Metric(Closed):
    """A number measured out of time; `lower` and `upper` bound it (95 %) where resampled."""

    value: float
    lower: float | None = None
    upper: float | None = None


class Gate(Closed):
    """One condition for promotion. `observed` and `bound` are in the unit of the gate's name; a
    gate that could not be judged passes and says why in `note`."""

    name: str
    passed: bool
    observed: float | None = None
    bound: str = ""
    note: str = ""

    def sentence(self) -> str:
        """`max_auc: 0.998 found, at most 0.97 allowed (…)`, for the log and the report."""
        found = "not judged" if self.observed is None else f"{self.observed:.4g} found"
        note = f" ({self.note})" if self.note else ""
        return f"{self.name}: {found}, {self.bound}{note}"


class Calibrator(Closed):
    """A monotone map from a raw score to a probability. `platt`: sigmoid(slope·raw + intercept);
    `isotonic`: linear between the knots (x, y), flat beyond; `none`: sigmoid(raw)."""

    kind: Literal["none", "platt", "isotonic"] = "none"
    slope: float = 1.0
    intercept: float = 0.0
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()


class Bin(Closed):
    """Customers whose predicted probability is at most `upper_edge` (and above the bin before):
    how many there were out of time, the mean prediction and the share that came true."""

    upper_edge: float
    count: int
    predicted: float
    actual: float


class Fold(Closed):
    """One out-of-time test: trained on `train_anchors`, whose label windows end by `as_of`."""

    as_of: date
    train_anchors: tuple[date, ...]
    train_rows: int
    test_rows: int
    positives: int
    metrics: dict[str, float]


class Card(Closed):
    """One version of one model. Holds no run time: the same data gives the same card."""

    model: str
    kind: Kind
    as_of: date  # the night that trained it
    horizon_days: int
    verdict: Verdict
    reasons: tuple[str, ...] = ()  # the gates that refused it, as sentences
    notes: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    population: str | None = None
    naive_rule: str | None = None
    features: tuple[str, ...] = ()
    categories: dict[str, tuple[str, ...]] = Field(
        default_factory=dict
    )  # text feature → value of code 0, 1, …
    calibrator: Calibrator = Calibrator()
    bins: tuple[Bin, ...] = ()
    base_rate: float | None = None  # share of positives over the training rows
    anchors: tuple[date, ...] = ()
    rows: int = 0
    positives: int = 0
    folds: tuple[Fold, ...] = ()
    metrics: dict[str, Metric] = Field(default_factory=dict)
    importances: dict[str, float] = Field(default_factory=dict)  # share of the total gain
    parameters: dict[str, float | int | str | bool] = Field(default_factory=dict)

    def text(self) -> str:
        """The bytes of card.json."""
        return self.model_dump_json(indent=1) + "\n"


def failed(gates: Iterable[Gate]) -> tuple[str, ...]:
    """Sentences of the gates that did not pass."""
    return tuple(gate.sentence() for gate in gates if not gate.passed)

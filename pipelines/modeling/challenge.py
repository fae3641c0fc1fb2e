"""One training of one LightGBM model: evaluate, fit, judge, register, promote or refuse."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from pipelines.modeling import boosting, calibration, folds, gates, metrics, registry
from pipelines.modeling.card import Calibrator, Card, Gate, Metric, failed, r9
from pipelines.modeling.evaluation import Evaluation, Rows, evaluate, fit_on, metric, read_rows
from pipelines.modeling.matrix import Matrix, encode
from pipelines.specs.model import Model
from pipelines.specs.night import Night


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What became of one model tonight. `status`: promoted, refused, baseline (the naive rule or
    the no-effect prior scores), skipped (the champion is young), no_data. `version` is what was
    trained tonight, or the champion when skipped; `reasons` name the gates that refused."""

    model: str
    status: str
    as_of: date
    version: str | None = None
    champion: str | None = None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    metrics: dict[str, Metric] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a challenger is judged on."""

    night: Night
    model: Model
    rows: Rows
    evaluation: Evaluation | None  # None: history too short to test on


def challenge(night: Night, model: Model, matrix: Matrix) -> TrainReport:
    """Train `model` on the dumped matrix and decide who scores."""
    rows = read_rows(matrix, model)
    if not len(rows.label):
        return TrainReport(model.name, "no_data", night.as_of, notes=("no matured labels yet",))
    trial = Trial(night, model, rows, evaluate(rows, model))
    booster = fit_on(rows, tuple(rows.anchors), model)
    card = _card(trial, booster)
    version = registry.register(night.paths.registry, card, {"model.txt": booster.text})
    status, notes = card.verdict, card.notes
    if card.verdict == "promoted":
        registry.promote(night.paths.registry, model.name, version, trained=night.as_of)
    elif model.naive_rule and not _a_learned_model_scores(trial):
        baseline = _baseline(trial, version)
        registry.promote(night.paths.registry, model.name, baseline, trained=night.as_of)
        status = "baseline"
        notes = (*notes, f"the naive rule {model.naive_rule} scores instead")
    else:
        registry.note_training(night.paths.registry, model.name, night.as_of)
    champion = registry.champion(night.paths.registry, model.name, not_after=night.as_of)
    return TrainReport(
        model.name, status, night.as_of, version, champion, card.reasons, notes, card.metrics
    )


def _card(trial: Trial, booster: boosting.Booster) -> Card:
    model, rows, evaluation = trial.model, trial.rows, trial.evaluation
    positives = int(rows.label.sum())
    importances = booster.importances()
    judged = gates.judge(
        model.gates,
        evaluation,
        (positives, len(rows.label) - positives),
        importances,
        _against_champion(trial),
    )
    reasons = failed(judged)
    return _common(trial).model_copy(
        update={
            "kind": "lightgbm",
            "verdict": "refused" if reasons else "promoted",
            "reasons": reasons,
            "gates": judged,
            "notes": tuple(
                f"{g.name}: {g.note}" for g in judged if g.passed and g.observed is None
            ),
            "features": rows.features,
            "categories": rows.categories,
            "calibrator": evaluation.calibrator if evaluation else Calibrator(),
            "bins": evaluation.bins if evaluation else (),
            "folds": evaluation.folds if evaluation else (),
            "metrics": evaluation.metrics if evaluation else {},
            "importances": importances,
            "parameters": boosting.parameters(model.parameters),
        }
    )


def _common(trial: Trial) -> Card:
    """What the cards of a challenger and of its baseline share."""
    model, rows = trial.model, trial.rows
    return Card(
        model=model.name,
        kind="naive_rule",
        as_of=trial.night.as_of,
        horizon_days=model.horizon_days,
        verdict="baseline",
        population=model.population,
        naive_rule=model.naive_rule,
        base_rate=r9(rows.label.mean()),
        anchors=tuple(rows.anchors),
        rows=len(rows.label),
        positives=int(rows.label.sum()),
    )


def _against_champion(trial: Trial) -> Gate:
    """Champion and challenger on the same rows where the champion could not have seen their
    outcomes; else by the AUCs each recorded on common test dates; else not at all. The champion is
    the one before tonight, so that training a night again gives the same card."""
    night, model = trial.night, trial.model
    before = night.as_of - timedelta(days=1)
    incumbent = registry.champion(night.paths.registry, model.name, not_after=before)
    if incumbent is None or trial.evaluation is None:
        return gates.no_comparison("there is no champion to compare with")
    card = registry.load_card(night.paths.registry, model.name, incumbent)
    if card.kind != "lightgbm":
        return gates.no_comparison("the champion is the naive rule, which has its own gate")
    if card.horizon_days != model.horizon_days:
        return gates.no_comparison(f"the champion predicts {card.horizon_days} days ahead")
    theirs = boosting.load(night.paths.registry, model.name, incumbent, card.features)
    return (
        _on_same_rows(trial, card, trial.evaluation, theirs)
        or gates.recorded(model.gates, card, trial.evaluation)
        or gates.no_comparison("no test date is common to the champion and free of its training")
    )


def _on_same_rows(
    trial: Trial, card: Card, evaluation: Evaluation, champion: boosting.Booster
) -> Gate | None:
    """None when the champion learned from every test date, or needs features that are gone."""
    rows = trial.rows
    unseen = [
        fold
        for fold in evaluation.folds
        if "auc" in fold.metrics
        and folds.matured(list(card.anchors), card.horizon_days, fold.as_of) == card.anchors
    ]
    if not unseen or set(card.features) - set(rows.frame.columns):
        return None
    theirs = []
    for fold in unseen:
        taken = rows.start[fold.as_of]
        x = encode(rows.frame[taken], card.features, card.categories)
        theirs.append(metrics.auc(rows.label[taken], champion.raw(x)))
    ours = [fold.metrics["auc"] for fold in unseen]
    how = f"on the same rows of {len(ours)} test date(s) that neither had seen"
    return gates.compare(trial.model.gates, sum(ours) / len(ours), sum(theirs) / len(theirs), how)


def _a_learned_model_scores(trial: Trial) -> bool:
    """A refused challenger then leaves it in place."""
    night, model = trial.night, trial.model
    champion = registry.champion(night.paths.registry, model.name, not_after=night.as_of)
    if champion is None:
        return False
    return registry.load_card(night.paths.registry, model.name, champion).kind == "lightgbm"


def _baseline(trial: Trial, refused: str) -> str:
    """Register the naive rule as a version: isotonic on the test folds (or on all rows when there
    are none), so that its scores are probabilities like any other's."""
    rows, evaluation = trial.rows, trial.evaluation
    chosen = tuple(f.as_of for f in evaluation.folds) if evaluation else tuple(rows.anchors)
    taken = rows.taken(chosen)
    label, raw = rows.label[taken], rows.naive[taken]
    fitted = calibration.isotonic(label, raw)
    measured = {"auc": metric(metrics.auc(label, raw)), "base_rate": metric(label.mean())}
    if evaluation and "naive_auc" in evaluation.metrics:
        measured["auc"] = evaluation.metrics["naive_auc"]
    card = _common(trial).model_copy(
        update={
            "notes": (f"stands in for the refused version {refused}",),
            "calibrator": fitted,
            "bins": calibration.reliability(label, calibration.apply(fitted, raw)),
            "metrics": {k: m for k, m in measured.items() if not np.isnan(m.value)},
        }
    )
    return registry.register(trial.night.paths.registry, card, {})

"""The gates between a challenger and the customers. Each has a name that the report shows."""

from pipelines.modeling.card import Card, Gate, r9
from pipelines.modeling.evaluation import Evaluation
from pipelines.specs.model import Gates


def judge(
    gates: Gates,
    evaluation: Evaluation | None,
    totals: tuple[int, int],
    importances: dict[str, float],
    against_champion: Gate,
) -> tuple[Gate, ...]:
    """All gates, passed or not. `totals`: positives and negatives over the training rows."""
    tested = (evaluation.positives, evaluation.negatives) if evaluation else (0, 0)
    counts = (
        _at_least("min_positives", min(totals[0], tested[0]), gates.min_positives),
        _at_least("min_negatives", min(totals[1], tested[1]), gates.min_negatives),
    )
    if evaluation is None:
        return (
            Gate(
                name="matured_anchors",
                passed=False,
                bound="needs two label windows of history, one to learn from and one to test on",
            ),
            *counts,
        )
    return (
        *counts,
        _gain(gates, evaluation),
        _leak(gates, evaluation, importances),
        _share(gates, importances),
        _calibration(gates, evaluation),
        against_champion,
    )


def _at_least(name: str, observed: int, bound: int) -> Gate:
    note = "the smaller of the training rows and the test rows"
    return Gate(
        name=name, passed=observed >= bound, observed=observed, bound=f"at least {bound}", note=note
    )


def _gain(gates: Gates, evaluation: Evaluation) -> Gate:
    found = evaluation.metrics.get("auc_gain")
    lower = found.lower if found else None
    return Gate(
        name="min_auc_gain",
        passed=lower is not None and lower > gates.min_auc_gain,
        observed=lower,
        bound=f"more than {gates.min_auc_gain:g}",
        note="lower bound of the AUC gained over the naive rule",
    )


def _leak(gates: Gates, evaluation: Evaluation, importances: dict[str, float]) -> Gate:
    """A ranking too good to be true: name the feature that carries it."""
    observed = evaluation.metrics["auc"].value if "auc" in evaluation.metrics else None
    top = next(iter(importances), "none")
    return Gate(
        name="max_auc",
        passed=observed is not None and observed <= gates.max_auc,
        observed=observed,
        bound=f"at most {gates.max_auc:g}",
        note=f"a higher AUC is a leak until proven otherwise; strongest feature: {top}",
    )


def _share(gates: Gates, importances: dict[str, float]) -> Gate:
    name, share = next(iter(importances.items()), ("none", 0.0))
    return Gate(
        name="max_feature_share",
        passed=share <= gates.max_feature_share,
        observed=share,
        bound=f"at most {gates.max_feature_share:g}",
        note=f"share of the gain held by {name}",
    )


def _calibration(gates: Gates, evaluation: Evaluation) -> Gate:
    low, high = gates.calibration_ratio
    found = evaluation.metrics.get("calibration_ratio")
    return Gate(
        name="calibration_ratio",
        passed=found is not None and low <= found.value <= high,
        observed=found.value if found else None,
        bound=f"between {low:g} and {high:g}",
        note="predicted over actual, out of time",
    )


CHAMPION = "max_auc_loss_to_champion"


def no_comparison(why: str) -> Gate:
    """The champion's gate when there is nothing to compare with."""
    return Gate(name=CHAMPION, passed=True, bound="not worse than the champion", note=why)


def compare(gates: Gates, challenger: float, champion: float, how: str) -> Gate:
    """The champion's gate, on AUCs measured on the same dates."""
    return Gate(
        name=CHAMPION,
        passed=champion - challenger <= gates.max_auc_loss_to_champion,
        observed=r9(champion - challenger),
        bound=f"at most {gates.max_auc_loss_to_champion:g}",
        note=f"AUC of the champion minus AUC of the challenger, {how}",
    )


def recorded(gates: Gates, champion: Card, evaluation: Evaluation) -> Gate | None:
    """The comparison of recorded AUCs on test anchors that both were judged on."""
    theirs = {f.as_of: f.metrics["auc"] for f in champion.folds if "auc" in f.metrics}
    ours = {f.as_of: f.metrics["auc"] for f in evaluation.folds if "auc" in f.metrics}
    common = sorted(theirs.keys() & ours.keys())
    if not common:
        return None
    mean = [sum(side[day] for day in common) / len(common) for side in (ours, theirs)]
    return compare(gates, mean[0], mean[1], f"as recorded on {len(common)} common test date(s)")

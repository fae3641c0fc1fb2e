"""How good each prediction is, against the rule that any marketer would sort by."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from pipelines.reporting import charts
from pipelines.reporting.tables import Rows, Tables
from pipelines.reporting.words import Words
from pipelines.specs.model import Model

Metrics = dict[str, dict[str, float | None]]
_FEATURES_SHOWN = 5


def views(
    words: Words,
    models: Mapping[str, Model],
    tables: Tables,
    cards: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """One view per declared model, in the order of their names."""
    return [_view(words, models[name], tables, cards.get(name, {})) for name in sorted(models)]


def measured(name: str, tables: Tables, card: Mapping[str, Any]) -> Metrics:
    """What was measured out of time: of the champion, or, while a rule stands in for it, of the
    latest challenger."""
    if card.get("kind") in ("lightgbm", "arm_effects"):
        return dict(card.get("metrics", {}))
    rows = [row for row in tables["evaluations"] if row["model"] == name]
    return {row["metric"]: {k: row[k] for k in ("value", "lower", "upper")} for row in rows}


def _view(words: Words, model: Model, tables: Tables, card: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(card.get("kind", "none"))
    metrics = measured(model.name, tables, card)
    title = model.title[words.language]
    scores = [row for row in tables["scores"] if row["model"] == model.name]
    judged = card.get("challenger") or card  # while a rule stands in, it has no gates itself
    importances = list(dict(card.get("importances") or {}).items())[:_FEATURES_SHOWN]
    return {
        "name": model.name,
        "title": title,
        "horizon": model.horizon_days,
        "kind": kind,
        "verdict": _verdict(words, model, kind, metrics),
        "facts": _facts(words, card, metrics),
        "gates": [
            gate | {"label": words.code("gate", gate["name"])} for gate in judged.get("gates", ())
        ],
        "importances": importances,
        "scored": sum(row["customers"] for row in scores),
        "histogram": _histogram(words, model, title, scores),
        "against_rule": _against_rule(words, model, title, metrics),
        "calibration": _calibration(words, model, title, list(card.get("bins") or [])),
    }


def _verdict(words: Words, model: Model, kind: str, metrics: Metrics) -> str:
    rule = words.code("rule", model.naive_rule)
    gain = metrics.get("auc_gain")
    if kind == "lightgbm" and gain and gain["lower"] is not None:
        interval = {k: words.signed(gain[k]) for k in ("value", "lower", "upper")}
        return words("model.learned", rule=rule, **interval)
    effect = metrics.get("effect_of_a_new_campaign")
    if kind == "arm_effects" and effect:
        points = {k: words.points(effect[k], 1) for k in ("value", "lower", "upper")}
        return words("model.effects", **points)
    return words(f"model.{kind}", rule=rule)


def _facts(words: Words, card: Mapping[str, Any], metrics: Metrics) -> list[tuple[str, str]]:
    facts = []
    if card.get("rows"):
        facts.append((words("fact.rows"), words.number(card["rows"])))
        facts.append((words("fact.positives"), words.number(card.get("positives"))))
    if "top_decile_lift" in metrics:
        shown = words.number(metrics["top_decile_lift"]["value"], 1)
        facts.append((words("fact.top_decile_lift"), f"×\u202f{shown}"))
    if "calibration_ratio" in metrics:
        shown = words.number(metrics["calibration_ratio"]["value"], 2)
        facts.append((words("fact.calibration_ratio"), shown))
    return facts


def _histogram(words: Words, model: Model, title: str, rows: Rows) -> Markup | None:
    if not rows:
        return None
    name = f"{model.name}-scores"
    return Markup(charts.histogram(words, name, words("model.histogram", title=title), rows))


def _against_rule(words: Words, model: Model, title: str, metrics: Metrics) -> Markup | None:
    if not {"auc", "naive_auc"} <= metrics.keys():
        return None
    names = ((words("model.learned_short"), "auc"), (words("model.rule_short"), "naive_auc"))
    rows = [{"label": label, "best": key == "auc", **metrics[key]} for label, key in names]
    for row in rows:  # a metric without an interval is a point
        row["lower"] = row["value"] if row["lower"] is None else row["lower"]
        row["upper"] = row["value"] if row["upper"] is None else row["upper"]
    found = {key: words.number(metrics[key]["value"], 3) for key in ("auc", "naive_auc")}
    sentence = words("model.against_rule", title=title, **found)
    return Markup(charts.against_rule(words, f"{model.name}-auc", sentence, rows))


def _calibration(words: Words, model: Model, title: str, bins: Rows) -> Markup | None:
    if not bins:
        return None
    rows = [{key: b[key] for key in ("predicted", "actual")} for b in bins if b.get("count", 1)]
    name = f"{model.name}-calibration"
    return Markup(charts.calibration(words, name, words("model.calibration", title=title), rows))

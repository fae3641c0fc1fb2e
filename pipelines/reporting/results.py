"""What past campaigns and decisions changed: effects with their intervals, or why there is none."""

from collections import defaultdict
from datetime import date
from typing import Any

from markupsafe import Markup

from pipelines.reporting import charts
from pipelines.reporting.choices import names
from pipelines.reporting.tables import Row, Tables
from pipelines.reporting.words import Words

_PARTS = ("campaigns", "themes", "segments", "decisions")


def view(words: Words, tables: Tables) -> dict[str, Any]:
    called = names(tables)
    measured: dict[str, list[Row]] = {part: [] for part in _PARTS}
    waiting: dict[str, list[str]] = defaultdict(list)
    for row in tables["effects"]:
        if row["outcome"] != "purchase_rate":
            continue
        part = _part(row)
        shown = row | {"label": _label(words, row, part, called)}
        if row["status"] == "measured":
            shown["certain"] = row["lower"] > 0 or row["upper"] < 0
            measured[part].append(shown)
        elif part in ("campaigns", "decisions"):
            waiting[why_not(words, row["status"], until(tables))].append(shown["label"])
    charted = _ordered(measured["campaigns"] + measured["decisions"])
    return {
        "measured": charted,
        "chart": _forest(words, "effects", words("results.chart_title"), charted, 560),
        "parts": {
            part: _forest(
                words, f"effects-{part}", words(f"results.{part}_title"), measured[part], 270
            )
            for part in ("themes", "segments")
        },
        "waiting": [{"why": why, "names": ", ".join(labels)} for why, labels in waiting.items()],
    }


def until(tables: Tables) -> date | None:
    """The date from which the oldest open outcome window can be measured."""
    text = tables.numbers["measurable_from"]
    return date.fromisoformat(text) if text else None


def why_not(words: Words, status: str, day: date | None) -> str:
    if status == "too_early" and day:
        return words("status.too_early_until", day=day)
    return words.code("status", status)


def _part(row: Row) -> str:
    if row["kind"] == "campaign":
        return "campaigns" if row["segment"] == "all" else "segments"
    return {"theme": "themes", "decision": "decisions"}.get(row["kind"], "campaigns")


def _label(words: Words, row: Row, part: str, called: dict[str, str]) -> str:
    if part == "segments":
        return words.code("segment", row["segment"])
    if part == "decisions":
        return words.code("comparison", row["item_id"])
    if row["item_id"] == "all":
        return words("results.all_campaigns")
    return called.get(row["item_id"], str(row["item_id"]))


def _ordered(rows: list[Row]) -> list[Row]:
    """The largest effects first; the pooled line of all campaigns last, as forest plots have it."""
    return sorted(rows, key=lambda r: (r["item_id"] == "all", -r["effect"], r["label"]))


def _forest(words: Words, name: str, title: str, rows: list[Row], width: int) -> Markup | None:
    if not rows:
        return None
    data = [
        {key: 100 * row[key] for key in ("effect", "lower", "upper")}
        | {"label": row["label"], "certain": row["certain"]}
        for row in _ordered(rows)
    ]
    return Markup(charts.forest(words, name, title, data, width))

"""What was decided tonight and why: campaigns, segments, and the reasons for silence."""

from collections import defaultdict
from typing import Any

from markupsafe import Markup

from pipelines.reporting import charts
from pipelines.reporting.tables import Row, Tables
from pipelines.reporting.words import Words

NO_CONTACT = "no_contact"
_SHOWN_ARMS = 6  # colours that can be told apart; further campaigns are shown together


def view(words: Words, tables: Tables) -> dict[str, Any]:
    rows = tables["arms"]
    silent = [row for row in rows if row["arm"] == NO_CONTACT]
    most = max((row["decisions"] for row in silent), default=0)
    return {
        "campaigns": _campaigns(words, tables),
        "silent": [
            row | {"label": reason(words, row["reason"]), "bar": row["decisions"] / most}
            for row in silent
        ],
        "silent_count": sum(row["decisions"] for row in silent),
        "chart": _segments(words, tables),
    }


def reason(words: Words, code: str) -> str:
    """A reason of the policy, or the blocked_reason of a contact point."""
    own = words.code("reason", code)
    return words.code("blocked", code) if own == code.replace("_", " ") else own


def names(tables: Tables) -> dict[str, str]:
    """Campaign names by id; a campaign without a name keeps its id."""
    return {row["campaign_id"]: row["name"] or row["campaign_id"] for row in tables["campaigns"]}


def _campaigns(words: Words, tables: Tables) -> list[Row]:
    by_arm: dict[str, list[Row]] = defaultdict(list)
    for row in tables["arms"]:
        by_arm[row["arm"]].append(row)
    candidates = {row["arm"]: row for row in tables["candidates"]}
    called = names(tables)
    about = {row["campaign_id"]: row for row in tables["campaigns"]}
    arms = sorted((by_arm.keys() | candidates.keys()) - {NO_CONTACT})
    view = [
        {
            "name": called.get(arm, arm),
            "arm": arm,
            "theme": about.get(arm, {}).get("theme"),
            "in_slot": sum(row["in_slot"] for row in by_arm[arm]),
            "decisions": sum(row["decisions"] for row in by_arm[arm]),
            "reasons": ", ".join(
                f"{reason(words, row['reason'])} ({words.number(row['decisions'])})"
                for row in by_arm[arm]
            ),
            **{
                key: candidates.get(arm, {}).get(key)
                for key in ("considered", "eligible", "value", "lower")
            },
        }
        for arm in arms
    ]
    return sorted(view, key=lambda row: (-row["in_slot"], -row["decisions"], row["arm"]))


def _segments(words: Words, tables: Tables) -> Markup | None:
    rows = tables["segments"]
    if not rows:
        return None
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[row["arm"]] += row["decisions"]
    chosen = sorted((arm for arm in totals if arm != NO_CONTACT), key=lambda a: (-totals[a], a))
    called = names(tables)
    together = words("choices.other_campaigns")
    label = {
        arm: called.get(arm, arm)
        if rank < _SHOWN_ARMS - 1 or len(chosen) <= _SHOWN_ARMS
        else together
        for rank, arm in enumerate(chosen)
    } | {NO_CONTACT: words("choices.no_contact")}
    shown = [*dict.fromkeys(label[arm] for arm in chosen), label[NO_CONTACT]]
    points: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        points[words.code("segment", row["segment"]), label[row["arm"]]] += row["decisions"]
    data = [
        {"segment": segment, "arm": arm, "decisions": count, "rank": shown.index(arm)}
        for (segment, arm), count in points.items()
    ]
    title = words("choices.chart_title")
    return Markup(charts.segments(words, "segments", title, data, shown))

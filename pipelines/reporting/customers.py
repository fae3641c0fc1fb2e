"""Who the customers are: life-cycle stages, and why addresses cannot be written to."""

from typing import Any

from pipelines.reporting.tables import Tables
from pipelines.reporting.words import Words


def view(words: Words, tables: Tables) -> dict[str, Any]:
    stages = tables["lifecycle"]
    total = sum(row["customers"] for row in stages)
    return {
        "stages": [row | {"share": row["customers"] / total} for row in stages],
        "channels": [_channel(words, name, tables) for name in _channels(tables)],
    }


def _channels(tables: Tables) -> list[str]:
    return sorted({row["channel"] for row in tables["blocked"]})


def _channel(words: Words, channel: str, tables: Tables) -> dict[str, Any]:
    """Contact points of one channel: how many may be written to, the others by reason."""
    rows = [row for row in tables["blocked"] if row["channel"] == channel]
    total = sum(row["contact_points"] for row in rows)
    free = sum(row["contact_points"] for row in rows if not row["reason"])
    return {
        "channel": channel,
        "total": total,
        "contactable": free,
        "share": free / total,
        "blocked": [
            row
            | {"label": words.code("blocked", row["reason"]), "bar": row["contact_points"] / total}
            for row in rows
            if row["reason"]
        ],
    }

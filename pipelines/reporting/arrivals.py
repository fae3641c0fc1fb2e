"""What came in: the books of the extracts, what was set aside and why, what is missing or old."""

import re
from typing import Any

from pipelines.reporting.tables import Tables

# Days after which an entity's latest extract is called old: it should come every night.
_OLD = 2


def view(tables: Tables) -> dict[str, Any]:
    freshness = tables["freshness"]
    return {
        "books": tables["books"],
        "quarantine": [
            row | {"reason": without_values(row["reason"])} for row in tables["quarantine"]
        ],
        "missing": missing(tables),
        "old": [row for row in freshness if row["records_count"] and row["age_days"] >= _OLD],
        "unknown": [row for row in tables["books"] if row["unknown_columns"]],
    }


def missing(tables: Tables) -> list[str]:
    """Entities of which no record was ever read."""
    return [row["entity"] for row in tables["freshness"] if not row["records_count"]]


def without_values(reason: str) -> str:
    """A reason without what it quotes, and without anything that looks like an address or a
    number of a person: the page goes to more people than the quarantine."""
    quoted = re.sub(r"'[^']*'|\"[^\"]*\"|«[^»]*»|`[^`]*`", "…", reason)
    return re.sub(r"\S*@\S*|\+?\d[\d .-]{6,}\d", "…", quoted)

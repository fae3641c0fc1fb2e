"""The run ledger as tables of the analysts' file: ops.runs and ops.checks."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from pipelines.activation import comments
from pipelines.ledger import Ledger

_RUNS_KEPT = 10_000  # two years of nights; the ledger itself keeps them all


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """One table that comes from the ledger, not from the warehouse."""

    name: str
    comment: str
    schema: pa.Schema
    order_by: tuple[str, ...]

    @property
    def comments(self) -> dict[str, str]:
        return comments.COLUMNS[self.name]


RUNS = LedgerTable(
    "ops.runs",
    comments.RUNS,
    pa.schema(
        [
            ("run_id", pa.int64()),
            ("as_of", pa.date32()),
            ("verb", pa.string()),
            ("status", pa.string()),
            ("started_at", pa.timestamp("us")),
            ("finished_at", pa.timestamp("us")),
            ("seconds", pa.float64()),
            ("rows", pa.int64()),
            ("facts", pa.string()),
            ("error", pa.string()),
        ]
    ),
    ("run_id",),
)
CHECKS = LedgerTable(
    "ops.checks",
    comments.CHECKS,
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("door", pa.string()),
            ("name", pa.string()),
            ("severity", pa.string()),
            ("success", pa.bool_()),
            ("observed", pa.string()),
        ]
    ),
    ("as_of", "door", "name"),
)


def run_rows(ledger: Ledger, as_of: date) -> list[dict[str, Any]]:
    """The tries of all steps but the running publish of `as_of`: that one has no end yet."""
    return [
        {
            "run_id": run.run_id,
            "as_of": run.as_of,
            "verb": run.verb,
            "status": run.status,
            "started_at": _utc(run.started_at),
            "finished_at": _utc(run.finished_at),
            "seconds": run.seconds,
            "rows": run.rows,
            "facts": json.dumps(run.facts, sort_keys=True),
            "error": run.error,
        }
        for run in ledger.runs(_RUNS_KEPT)
        if (run.as_of, run.verb, run.status) != (as_of, "publish", "running")
    ]


def check_rows(ledger: Ledger, nights: int) -> list[dict[str, Any]]:
    """What the doors found in the latest `nights` nights that ran."""
    known = sorted({run.as_of for run in ledger.runs(_RUNS_KEPT)})
    return [
        {
            "as_of": as_of,
            "door": check.door,
            "name": check.name,
            "severity": check.severity.value,
            "success": check.success,
            "observed": check.observed,
        }
        for as_of in known[-nights:]
        for check in ledger.checks(as_of)
    ]


def _utc(text: str | None) -> datetime | None:
    """A time of the ledger as the warehouse stores times: naive UTC."""
    if text is None:
        return None
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)

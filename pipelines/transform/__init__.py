"""The room of the SQL-derived tables: runs the dbt project, one call per verb."""

from pipelines.transform.anchors import (
    anchor_dates,
    anchors,
    missing_labels,
    missing_snapshots,
)
from pipelines.transform.verbs import label, outcomes, snapshot, transform

__all__ = [
    "anchor_dates",
    "anchors",
    "label",
    "missing_labels",
    "missing_snapshots",
    "outcomes",
    "snapshot",
    "transform",
]

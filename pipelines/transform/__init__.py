"""The room of the SQL-derived tables: runs the dbt project, one call per verb."""

from pipelines.transform.anchors import (
    LabelRequest,
    anchor_dates,
    anchors,
    labels_of,
    missing_labels,
    missing_snapshots,
)
from pipelines.transform.verbs import identify, label, outcomes, snapshot, transform

__all__ = [
    "LabelRequest",
    "anchor_dates",
    "anchors",
    "identify",
    "label",
    "labels_of",
    "missing_labels",
    "missing_snapshots",
    "outcomes",
    "snapshot",
    "transform",
]

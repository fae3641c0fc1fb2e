"""Checks at the doors: declared by the rooms, run by Great Expectations in the open transaction.

Great Expectations (5–15 s) is imported at the first audit, not before."""

from pipelines.contracts.audit import auditor
from pipelines.contracts.docs import data_docs

__all__ = ["auditor", "data_docs"]

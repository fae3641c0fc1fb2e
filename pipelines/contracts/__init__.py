"""Checks at the doors: declared by the rooms, run by Great Expectations inside the open transaction.

Nothing here imports Great Expectations (5–15 s) until the first audit asks for it."""

from pipelines.contracts.audit import auditor
from pipelines.contracts.docs import data_docs

__all__ = ["auditor", "data_docs"]

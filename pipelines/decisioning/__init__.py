"""Decide: which campaign, if any, each contactable contact point gets tonight."""

from pipelines.decisioning.step import decide

__all__ = ["decide"]

"""Measure: what past messages and past nights' decisions really changed."""

from pipelines.measurement.step import measure

__all__ = ["measure"]

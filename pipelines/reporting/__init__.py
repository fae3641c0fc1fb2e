"""The report of a night: static pages for the CRM team, made from the published tables alone."""

from pipelines.reporting.step import report

__all__ = ["report"]

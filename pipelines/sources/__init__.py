"""The front door: extracts of CRM, shop, web and e-mail tools become landed text, then rows."""

from pipelines.sources.extract import extract
from pipelines.sources.load import load

__all__ = ["extract", "load"]

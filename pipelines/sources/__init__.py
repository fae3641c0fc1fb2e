"""The front door: extracts of CRM, shop, web and e-mail tools become landed text, then rows."""

from pipelines.sources.erase import TakenOut, erase
from pipelines.sources.extract import extract
from pipelines.sources.guess import draft
from pipelines.sources.load import load
from pipelines.sources.preview import look, render
from pipelines.sources.replay import quarantined, replay

__all__ = [
    "TakenOut",
    "draft",
    "erase",
    "extract",
    "load",
    "look",
    "quarantined",
    "render",
    "replay",
]

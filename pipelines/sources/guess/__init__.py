"""First contact: from a folder of somebody's files to a configuration to correct."""

from pipelines.sources.guess.draft import draft

__all__ = ["draft"]

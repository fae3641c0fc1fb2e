"""The connector `rest`: what a paged JSON API holds, brought as JSON lines."""

from pipelines.sources.rest.find import find

__all__ = ["find"]

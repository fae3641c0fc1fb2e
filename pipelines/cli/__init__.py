"""The command line: `nocturne`."""

from pipelines.cli.commands import main

__all__ = ["main"]

"""Log lines: once per step, with names and counts, no personal data."""

import logging
import sys


def setup(level: str = "INFO") -> None:
    """Plain lines on standard error; Airflow, when it runs us, keeps its own handlers."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("pipelines")
    root.handlers = [handler]
    root.setLevel(level)
    root.propagate = False


def get(name: str) -> logging.Logger:
    """The logger of a module: `log = logs.get(__name__)`."""
    return logging.getLogger(name)

"""Trying again what will pass: a server that is busy, a network that breaks."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tenacity import (
    RetryCallState,
    retry,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from pipelines import logs
from pipelines.errors import StorageError, TransientError

log = logs.get(__name__)
_ATTEMPTS = 5
_LONGEST_WAIT = 30  # seconds; the waits before it are at most 1, 2, 4 and 8
P = ParamSpec("P")
T = TypeVar("T")


def patiently(do: Callable[P, T]) -> Callable[P, T]:
    """`do`, called up to five times while it raises a TransientError; the last one is raised. A
    full disk is not waited for."""
    return retry(
        retry=retry_if_exception(_passes),
        stop=stop_after_attempt(_ATTEMPTS),
        wait=wait_random_exponential(multiplier=1, max=_LONGEST_WAIT),
        before_sleep=_tell,
        reraise=True,
    )(do)


def _passes(error: BaseException) -> bool:
    return isinstance(error, TransientError) and not isinstance(error, StorageError)


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("extract %s; attempt %d of %d failed", error, state.attempt_number, _ATTEMPTS)

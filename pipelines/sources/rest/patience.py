"""How long to wait before a request is made again."""

from email.utils import parsedate_to_datetime

import tenacity

from pipelines import clock

_BACK_OFF = tenacity.wait_exponential_jitter(initial=1, max=60, jitter=1)  # seconds


class Again(Exception):
    """A request failed in passing; `after`: seconds the API asks to wait, None when it does not."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


def retry_after(value: str | None) -> float | None:
    """The seconds that a `Retry-After` header asks to wait, a number or an HTTP date; None when it
    asks for nothing that can be read."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - clock.now()).total_seconds())


def wait(state: tenacity.RetryCallState) -> float:
    """The seconds the API asks for; else 1, 2, 4 … 60, and a chance part of one second so that
    those who failed together do not come back together."""
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, Again) else None
    return _BACK_OFF(state) if after is None else after

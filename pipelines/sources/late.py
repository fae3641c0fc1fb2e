"""What a night does that finds no file of a source: it waits, goes on or stops."""

from collections.abc import Sequence
from datetime import time

from pipelines import clock, logs
from pipelines.errors import ExtractAwaited, SourceError, TransientError
from pipelines.sources.find import missing
from pipelines.specs.night import Night
from pipelines.specs.source import Source

log = logs.get(__name__)


def judge(night: Night, name: str, source: Source) -> None:
    """ExtractAwaited before the source's `wait_until` on the night's day; after it, or without one,
    SourceError or, where the night may go on, a warning. A night of the past waits for nothing."""
    told = missing(name, source, night.as_of)
    if source.wait_until is not None:
        zone, at = night.shop.time_zone, time.fromisoformat(source.wait_until)
        until = clock.shop_moment(night.as_of, at, zone)
        if clock.now() < until:
            raise ExtractAwaited(
                f"{told}; the night waits for it until {source.wait_until} ({zone}): run it again "
                "once the file is there, at the latest then",
                until,
            )
        told += f"; the time to wait for it, until {source.wait_until}, is over"
    if source.on_missing == "stop":
        raise SourceError(f"{told}; bring it, or set `on_missing: go_on`")
    log.warning("extract %s", told)


def together(problems: Sequence[SourceError | TransientError]) -> SourceError | TransientError:
    """The problems of a night's sources as one: it can be tried again only when all will pass, and
    waits as long as the first of the awaited extracts may."""
    told = "\n".join(map(str, problems))
    if any(isinstance(problem, SourceError) for problem in problems):
        return SourceError(told)
    ends = [problem.until for problem in problems if isinstance(problem, ExtractAwaited)]
    return ExtractAwaited(told, min(ends)) if ends else TransientError(told)

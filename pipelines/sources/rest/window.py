"""The times between which a night asks a source, and how they are written into a request."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipelines import clock
from pipelines.errors import SourceError
from pipelines.landing import Partition, damaged, partition_dir
from pipelines.specs.night import Night
from pipelines.specs.rest import Rest

_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Window:
    """A night asks for what changed in [since, until): aware, in UTC."""

    as_of: date
    since: datetime
    until: datetime
    time_zone: str  # of the shop: the dates are dates there

    @property
    def next_since(self) -> str:
        """Where a later night goes on, before its look-back."""
        return self.until.strftime(_WRITTEN)

    def fill(self, text: str) -> str:
        """`text` with the placeholders replaced."""
        values = {
            "as_of": str(self.as_of),
            "since": self.since.strftime(_WRITTEN),
            "until": self.until.strftime(_WRITTEN),
            "since_date": str(clock.shop_date(self.since, self.time_zone)),
            "until_date": str(clock.shop_date(self.until, self.time_zone)),
            "since_unix": str(int(self.since.timestamp())),
            "until_unix": str(int(self.until.timestamp())),
        }
        return re.sub(r"\{([a-z_]+)\}", lambda found: values[found[1]], text)


def window(night: Night, rest: Rest, held: list[Partition], file: str) -> Window:
    """The window of a night. Only earlier nights count, so that the same night, run again, asks
    the same."""
    zone = night.shop.time_zone
    until = clock.shop_midnight(night.as_of, zone).replace(tzinfo=UTC)
    earlier = [
        (partition, landed.goes_on_from)
        for partition in sorted(held, key=lambda p: p.extract_date)
        if partition.extract_date < night.as_of
        for landed in partition.files
        if landed.file == file and landed.goes_on_from
    ]
    if not earlier:
        since = clock.shop_midnight(rest.starts_on, zone).replace(tzinfo=UTC)
        return Window(night.as_of, min(since, until), until, zone)
    partition, noted = earlier[-1]
    since = _read(noted, night, partition) - timedelta(hours=rest.look_back_hours)
    return Window(night.as_of, since, until, zone)


def _read(noted: str, night: Night, partition: Partition) -> datetime:
    try:
        return datetime.strptime(noted, _WRITTEN).replace(tzinfo=UTC)
    except ValueError:
        folder = partition_dir(night.paths, partition.source, partition.extract_date)
        problem: SourceError = damaged(folder / "manifest.json", f"goes_on_from is {noted!r}")
        raise problem from None

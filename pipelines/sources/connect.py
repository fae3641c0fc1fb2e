"""The connectors: where each kind of source is looked for. A connector finds what there is for a
night and tells how to bring it; all that follows (reading, landing, loading) is the same."""

from collections.abc import Callable

from pipelines.landing import Partition
from pipelines.sources import find as files
from pipelines.sources import rest, sql
from pipelines.sources.found import Found
from pipelines.specs.night import Night
from pipelines.specs.source import Source

Find = Callable[[Night, str, Source, list[Partition]], list[Found]]
_CONNECTORS: dict[str, Find] = {
    "file": lambda night, name, source, held: files.find(
        name, source, night.as_of, night.paths.inbox / name
    ),
    "sql": sql.find,
    "rest": rest.find,
}


def find(night: Night, name: str, source: Source, held: list[Partition]) -> list[Found]:
    """What a source has for a night: extracts dated `as_of` or earlier, oldest first. `held`: what
    is landed of it. SourceError when the place cannot be looked into."""
    return _CONNECTORS[source.connector](night, name, source, held)

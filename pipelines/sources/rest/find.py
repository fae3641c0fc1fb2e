"""What a JSON API has for a night: one extract, and how to bring it."""

import hashlib
import json
from pathlib import Path

from pipelines.errors import SourceError
from pipelines.landing import Partition
from pipelines.sources.found import Found
from pipelines.sources.prepare import Extract
from pipelines.sources.rest.query import Query, query
from pipelines.sources.rest.window import window
from pipelines.specs.night import Night
from pipelines.specs.rest import Rest
from pipelines.specs.source import Source


def find(night: Night, name: str, source: Source, held: list[Partition]) -> list[Found]:
    """The night's one extract. Nothing is asked before it is brought."""
    rest = source.rest
    if rest is None:
        raise SourceError(f"source {name!r}: `connector: rest` needs the section `rest`")
    times = window(night, rest, held, rest.url)
    asked = query(rest, times)
    # Another question is another file: an unfinished answer is continued by the same one only.
    file = night.paths.inbox / name / f"{night.as_of}-{_mark(rest, asked)}.jsonl"
    extract = Extract(name, rest.url, file)

    def bring(path: Path) -> str:
        try:
            from pipelines.sources.rest import bring as courier
        except ModuleNotFoundError as error:
            raise SourceError(
                f"{extract.label}: the library {error.name!r} is not installed; run "
                "`pip install 'nocturne-marketing[rest]'`"
            ) from None
        courier.bring(extract.label, rest, asked, path)
        return times.next_since

    return [Found(extract, night.as_of, False, None, bring)]


def _mark(rest: Rest, asked: Query) -> str:
    paging = rest.paging.model_dump(mode="json") if rest.paging else None
    text = json.dumps([asked.url, asked.parameters, asked.headers, rest.records, paging])
    return hashlib.sha256(text.encode()).hexdigest()[:16]

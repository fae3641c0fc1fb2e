"""Brings an answer, page by page, into a file of JSON lines."""

import os
from pathlib import Path

from pipelines import logs
from pipelines.sources.rest import body
from pipelines.sources.rest.client import Answer, Client
from pipelines.sources.rest.paging import Ask, Came, Pager
from pipelines.sources.rest.progress import Progress, keep, place, resumed
from pipelines.sources.rest.query import Query
from pipelines.sources.rest.refusals import Refused
from pipelines.specs.rest import Rest

log = logs.get(__name__)


def bring(where: str, rest: Rest, query: Query, unfinished: Path) -> None:
    """Write every record of the answer to the file `unfinished`, one a line; in memory is one page
    at a time. An earlier call that stopped half-way is continued at the page where it stopped.
    SourceError, which begins with `where`, or TransientError when it cannot be finished."""
    begun = resumed(unfinished)
    pager = Pager(where, query, rest.paging)
    with Client(where, rest, query.headers) as client:
        answer = None
        if begun is not None:
            try:
                answer = client.get(begun.following)
            except Refused:
                log.info("extract %s: begins anew, for its cursor has expired", where)
                begun = None
        start = begun or Progress(0, 0, 0, pager.first())
        pages, records = _pages(client, pager, rest, unfinished, start=start, answer=answer)
    place(unfinished).unlink(missing_ok=True)
    log.info("extract %s: pages=%d records=%d", where, pages, records)


def _pages(
    client: Client,
    pager: Pager,
    rest: Rest,
    unfinished: Path,
    *,
    start: Progress,
    answer: Answer | None,
) -> tuple[int, int]:
    """Go on from `start`, whose request `answer` answers when it is given. How many pages and
    records the file holds in the end."""
    pages, records = start.pages, start.records
    ask: Ask | None = start.following
    with unfinished.open("r+b" if start.size else "wb") as file:
        file.truncate(start.size)
        file.seek(start.size)
        while ask is not None:
            answer = answer or client.get(ask)
            text = answer.text
            page = body.NOTHING if text is None else body.read(pager.where, text, rest.records)
            file.writelines(page.lines())
            pages, records = pages + 1, records + len(page.spans)
            came = Came(page, answer.url, answer.link, pages, records)
            ask, answer = pager.after(ask, came), None
            if ask is not None:
                file.flush()
                os.fsync(file.fileno())  # the note must not outlive what it counts
                keep(unfinished, Progress(file.tell(), pages, records, ask))
        if not records:
            file.write(b"\n")  # a file without a byte is one that broke off, not a quiet night
    return pages, records

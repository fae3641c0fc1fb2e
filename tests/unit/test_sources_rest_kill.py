"""A process that is killed while it brings pages has lost nothing and left nothing half."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from pipelines.sources.rest.bring import bring
from pipelines.sources.rest.query import Query
from pipelines.specs.rest import Rest
from tests.conftest import ROOT
from tests.unit.rest_api import Asked, Reply, serving

BRING = """
import sys
from pathlib import Path
from pipelines.sources.rest.bring import bring
from pipelines.sources.rest.query import Query
from pipelines.specs.rest import Rest
rest = Rest.model_validate_json(sys.argv[1])
bring("here", rest, Query(rest.url, {}, {}), Path(sys.argv[2]))
"""


def test_a_killed_process_is_followed_by_one_that_goes_on_where_it_was(tmp_path: Path) -> None:
    reached, released = threading.Event(), threading.Event()

    def answer(asked: Asked) -> Reply:
        page = int(asked.parameters["page"])
        rows = [{"page": page, "row": row, "text": "x" * 1000} for row in range(50)]
        if page == 3 and not reached.is_set():
            reached.set()
            return Reply(rows, waits=released)
        return Reply(rows if page < 6 else [])

    unfinished = tmp_path / "lines.unfinished"
    with serving() as api:
        api.answer = answer
        rest = Rest.model_validate({"url": api.url, "paging": {"by": "page"}})
        process = subprocess.Popen(
            [sys.executable, "-c", BRING, rest.model_dump_json(exclude_unset=True), unfinished],
            cwd=ROOT,
        )
        assert reached.wait(60)
        process.kill()
        process.wait()
        released.set()
        bring("here", rest, Query(rest.url, {}, {}), unfinished)
        asked = api.parameter("page")
    rows = [json.loads(line) for line in unfinished.read_text().splitlines()]
    assert [(row["page"], row["row"]) for row in rows] == [
        (page, row) for page in range(1, 6) for row in range(50)
    ]
    assert asked == ["1", "2", "3", "3", "4", "5", "6"]
    assert [path.name for path in tmp_path.iterdir()] == [unfinished.name]

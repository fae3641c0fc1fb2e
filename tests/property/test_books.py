"""Whatever a CSV file holds: its good records are loaded with the lines they stand on, the others
are in quarantine, and the books balance; or the whole file is refused."""

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from pipelines.errors import SourceError
from pipelines.sources.scan import scan
from tests.contract.world import D1, ORDERS, FrontDoor, unaudited

NAMES = ["id", "at", "state", "total", "email", "phone"]
SOURCE = {**ORDERS, "on_missing": "stop"}


@dataclass(frozen=True)
class Line:
    """What is written, whether it is a record at all, and whether that record is good."""

    text: str
    is_record: bool = True
    is_good: bool = False

    @property
    def height(self) -> int:
        return self.text.count("\n") + 1


def written(*values: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(values)
    return out.getvalue()[:-1]


phones = st.text(alphabet="ab €é;\"'\n,", max_size=8).map(lambda text: f"x{text}x")
good = phones.map(
    lambda phone: Line(written("O", "2026-06-30", "paid", "1.50", "", phone), is_good=True)
)
bad_values = phones.map(lambda phone: Line(written("O", "hier", "paid", "1.50", "", phone)))
dirty = st.sampled_from(
    [
        Line("O,2026-06-30"),
        Line("O,2026-06-30,paid,1,,,surplus"),
        Line("O,2026-06-30,paid,12,50,,"),
        Line('O,2026-06-30,paid,12,50,"a,b",""'),
        Line("O,2026-06-30,paid,1,,,,,"),
        Line('"O"x,2026-06-30,paid,1,,'),
        Line('O,2026-06-30,paid,1,,"a,b,"', is_good=True),
        Line("   "),
        Line(",,,,,"),
        Line("", is_record=False),
        Line('O,2026-06-30,paid,1,,5" nails', is_good=True),
        Line('O,2026-06-30,paid,1,, "spaced"', is_good=True),
        Line("O,2026-06-30,paid,1.23456,,"),
    ]
)
lines = st.lists(st.one_of(good, bad_values, dirty), min_size=1, max_size=12)
broken = st.sampled_from(['O,2026-06-30,"paid,1,,', 'O,"2026-06-30\nx,paid', '"', 'O,x"\n"'])


def content(parts: list[Line], line_end: str) -> str:
    rows = [",".join(NAMES), *(part.text for part in parts)]
    return "\n".join(rows).replace("\n", line_end)


def expected(parts: list[Line]) -> tuple[list[int], list[int]]:
    """The lines of the good records and of the others, the header being line 1."""
    right, wrong, line = [], [], 2
    for part in parts:
        if part.is_record:
            (right if part.is_good else wrong).append(line)
        line += part.height
    return right, wrong


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@example(
    [
        Line("O,2026-06-30,paid,1.50,,xx", True, True),
        Line("", False, False),
        Line("O,2026-06-30", True, False),
    ],
    "\n",
    False,
)
@given(lines, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_every_record_is_loaded_or_in_quarantine_with_its_line(
    parts: list[Line], line_end: str, ends: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        door = FrontDoor(Path(folder), shop_orders=SOURCE)
        door.put("orders_2026-07-01.csv", content(parts, line_end) + (line_end if ends else ""))
        door.run(D1, unaudited)
        right, wrong = expected(parts)
        assert door.rows("select line from raw.orders") == [(line,) for line in right]
        found = door.rows("select line from ops.quarantine order by line")
        assert found == [(line,) for line in wrong]
        books = door.rows("select records_read, landed, quarantined, refused from ops.books")
        assert books == [(len(right) + len(wrong), len(right), len(wrong), 0)]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines, broken, st.integers(0, 12))
def test_a_stray_quote_costs_the_file_or_nothing(parts: list[Line], stray: str, place: int) -> None:
    rows = [part.text for part in parts]
    rows.insert(place, stray)
    text = "\n".join([",".join(NAMES), *rows]) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        door = FrontDoor(Path(folder), shop_orders=SOURCE)
        door.put("orders_2026-07-01.csv", text)
        try:
            door.run(D1, unaudited)
        except SourceError:
            event("refused")
            assert not door.landed()
            return
        event("loaded")
        whole = list(csv.reader(io.StringIO(text, newline="")))[1:]
        kept = [row for row in whole if row]
        books = door.rows("select records_read, landed + quarantined from ops.books")
        assert books == [(len(kept), len(kept))]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(phones | st.just(""), min_size=2, max_size=3), min_size=1, max_size=9),
    st.sampled_from([",", ";", "§"]),
    st.sampled_from(['"', "'", "|"]),
    st.integers(1, 40),
)
def test_the_scanner_counts_what_was_written(
    records: list[list[str]], delimiter: str, quote: str, chunk: int
) -> None:
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=delimiter, quotechar=quote, lineterminator="\n", quoting=csv.QUOTE_ALL
    )
    writer.writerows([["a", "b"], *records])
    with tempfile.TemporaryDirectory() as folder, patch("pipelines.sources.scan._CHUNK", chunk):
        path = Path(folder) / "file.csv"
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        account = scan(path, delimiter, np.array([], dtype=np.int64), quote=quote)
    assert account.records == len(records)
    assert account.surplus_rows.tolist() == [i for i, r in enumerate(records) if len(r) == 3]
    assert not account.ends_in_quote

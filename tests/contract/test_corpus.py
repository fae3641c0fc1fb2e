"""Each broken input ends in quarantine or in one clear sentence, and no good record is lost."""

from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.errors import NocturneError
from pipelines.settings import Machine
from tests.contract.corpus import GOOD, LOADS, QUARANTINES, REFUSES, Case, cases
from tests.contract.world import D1, FrontDoor

CASES = cases()
# A third of them, spread over all kinds, is enough for a quick look.
SPREAD = [c if n % 3 == 0 else pytest.param(c, marks=pytest.mark.slow) for n, c in enumerate(CASES)]


def test_the_corpus_is_large_and_each_case_has_its_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 120


@pytest.mark.parametrize("case", SPREAD, ids=lambda case: case.name)
def test_it_ends_in_quarantine_or_in_one_clear_sentence(case: Case, tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, shop_orders=case.source)
    name = case.source["path"].rpartition("/")[2].replace("{date}", "2026-07-01")
    if case.data is None:
        (door.folder / name).mkdir()
    else:
        (door.folder / name).write_bytes(case.data)
    try:
        door.run(D1)
    except NocturneError as refused:
        said = str(refused)
        assert case.outcome in (REFUSES, ""), said
        assert case.said in said
        assert name in said
        assert "Traceback" not in said
        assert not door.landed()
        return
    assert case.outcome != REFUSES
    with warehouse.connect(door.paths, Machine(1, "1GB")) as con:
        books = con.sql("select records_read, landed, quarantined from ops.books").fetchall()
        kept = {row[0] for row in con.sql("select order_id from raw.orders").fetchall()}
        reasons = con.sql("select line, reason from ops.quarantine order by line").fetchall()
    [(read, landed, quarantined)] = books
    assert read == landed + quarantined
    assert len(reasons) == quarantined
    assert all(line >= 1 and reason for line, reason in reasons)
    if case.outcome == LOADS:
        assert quarantined == 0, reasons
    if case.outcome == QUARANTINES:
        assert {line.split(",")[0] for line in GOOD} <= kept
        assert quarantined == 1, reasons
        assert case.said in reasons[0][1]

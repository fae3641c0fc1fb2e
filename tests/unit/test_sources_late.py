"""A source whose file is not there yet, before and after the time until which a night waits."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines import clock
from pipelines.cli.commands import PASSING
from pipelines.errors import ExtractAwaited, SourceError, TransientError
from pipelines.sources.late import together
from tests.conftest import ROOT
from tests.contract.world import D1, D2, ORDERS, FrontDoor, order, orders

WAITS = {**ORDERS, "wait_until": "05:30"}
BEFORE = datetime(2026, 7, 1, 3, 29, 59, tzinfo=UTC)  # 05:29:59 in Paris
AT = datetime(2026, 7, 1, 3, 30, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that sets the clock."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_night_waits_until_the_time_in_the_shop_and_says_for_what(
    tmp_path: Path, at: Any
) -> None:
    store = {**ORDERS, "path": "{folder}/store_{date}.csv"}
    door = FrontDoor(tmp_path, web=WAITS, store=store)
    door.put("store_2026-07-01.csv", orders(order(1)))
    at(BEFORE)
    with pytest.raises(ExtractAwaited) as caught:
        door.extract(D1)
    assert caught.value.until == AT
    told = str(caught.value)
    assert told.startswith("source 'web': no file for 2026-07-01; expected ")
    assert "waits for it until 05:30 (Europe/Paris): run it again" in told
    assert len(door.landed("store")) == 1
    door.put("orders_2026-07-01.csv", orders(order(2)))
    assert door.extract(D1).facts["missing"] == ""


def test_once_the_time_is_over_the_night_stops_or_goes_on(
    tmp_path: Path, at: Any, caplog: pytest.LogCaptureFixture
) -> None:
    at(AT)
    door = FrontDoor(tmp_path, shop_orders=WAITS)
    with pytest.raises(SourceError, match=r"until 05:30, is over; bring it, or set `on_missing: g"):
        door.extract(D1)
    door.configure(shop_orders={**WAITS, "on_missing": "go_on"})
    with caplog.at_level("WARNING", logger="pipelines"):
        assert door.extract(D1).facts["missing"] == "shop_orders"
    assert "until 05:30, is over" in caplog.text


def test_a_night_of_the_past_waits_for_nothing(tmp_path: Path, at: Any) -> None:
    at(datetime(2026, 7, 2, 1, tzinfo=UTC))
    door = FrontDoor(tmp_path, shop_orders=WAITS)
    with pytest.raises(SourceError, match="is over"):
        door.extract(D1)
    with pytest.raises(ExtractAwaited):
        door.extract(D2)


def test_a_file_without_its_done_marker_is_waited_for(tmp_path: Path, at: Any) -> None:
    at(BEFORE)
    door = FrontDoor(tmp_path, shop_orders={**WAITS, "done_marker": "{path}.done"})
    door.put("orders_2026-07-01.csv", orders(order(1)))
    with pytest.raises(ExtractAwaited, match="which is there and waits for its done marker"):
        door.extract(D1)


def test_a_broken_file_stops_the_night_whatever_else_is_awaited(tmp_path: Path, at: Any) -> None:
    at(BEFORE)
    door = FrontDoor(tmp_path, web=WAITS, store={**ORDERS, "path": "{folder}/store_{date}.csv"})
    door.put("store_2026-07-01.csv", b"")
    with pytest.raises(SourceError, match=r"(?s)waits for it until.*empty \(0 bytes\)"):
        door.extract(D1)


def test_a_night_that_waits_for_two_looks_again_when_the_first_wait_ends() -> None:
    late = datetime(2026, 7, 1, 6, tzinfo=UTC)
    told = together([ExtractAwaited("a", late), TransientError("b"), ExtractAwaited("c", AT)])
    assert isinstance(told, ExtractAwaited)
    assert (str(told), told.until) == ("a\nb\nc", AT)
    assert type(together([TransientError("b")])) is TransientError


def test_the_time_is_the_shops_also_when_its_clock_changes(tmp_path: Path, at: Any) -> None:
    door = FrontDoor(tmp_path, shop_orders=WAITS)
    for day, hour in ((date(2026, 3, 28), 4), (date(2026, 3, 29), 3), (date(2026, 10, 25), 4)):
        at(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
        with pytest.raises(ExtractAwaited) as caught:
            door.extract(day)
        assert caught.value.until == datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize("written", ["5:30", "24:00", "05:60", "05:30:00", 330])
def test_a_time_that_is_none_is_refused(tmp_path: Path, written: Any) -> None:
    with pytest.raises(ValidationError, match="wait_until"):
        FrontDoor(tmp_path, shop_orders={**ORDERS, "wait_until": written})


def test_a_database_is_not_waited_for(tmp_path: Path) -> None:
    source = {k: v for k, v in WAITS.items() if k not in ("path", "format")}
    sql = {"connection": "SHOP_DB", "table": "orders"}
    with pytest.raises(ValidationError, match="wait_until: means nothing with connector 'sql'"):
        FrontDoor(tmp_path, shop_orders={**source, "connector": "sql", "sql": sql})


@pytest.mark.parametrize(
    ("moment", "code", "said"), [(BEFORE, PASSING, "waits for it until"), (AT, 1, "is over")]
)
def test_the_command_line_says_what_it_waits_for_and_ends_with_its_own_code(
    tmp_path: Path, moment: datetime, code: int, said: str
) -> None:
    """In a process of its own, whose clock is set."""
    config = tmp_path / "shop.yml"
    config.write_text(
        f"""
        shop: tiny
        title: Tiny shop
        time_zone: Europe/Paris
        currency: EUR
        country: FR
        sources:
          orders:
            entity: orders
            path: {tmp_path}/{{date}}.csv
            wait_until: "05:30"
            format: csv
            columns: {{order_id: i, ordered_at: at, status: s, total_amount: t, email: e}}
        """
    )
    program = (
        "import datetime; from pipelines import clock; from pipelines.cli.commands import main;"
        f"clock.now = lambda: datetime.datetime.fromisoformat({moment.isoformat()!r}); main()"
    )
    options = ["--as-of", "2026-07-01", "--config", str(config), "--data-dir", str(tmp_path / "d")]
    done = subprocess.run(
        [sys.executable, "-c", program, "extract", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr

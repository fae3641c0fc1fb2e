"""What is in quarantine is shown with its reasons, and loaded again once settings are mended."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import CliRunner

from pipelines import landing, steps, warehouse
from pipelines.cli import quarantine
from pipelines.cli.commands import cli
from pipelines.errors import CheckFailed, SourceError, TerminalError, WarehouseBusy
from pipelines.ledger import Ledger
from pipelines.settings import Paths

D1, D2, D3 = (date(2026, 3, day) for day in (1, 2, 3))
HEADER = "id,at,state,total,email,other_total\n"


def line(number: int, state: str = "paid", total: str = "12.50", at: str = "2026-02-27") -> str:
    return f"O{number},{at} 10:00:00,{state},{total},p{number}@shop.example,99\n"


class Shop:
    """A shop whose settings can be mended, and its nights up to load or transform."""

    def __init__(self, root: Path, config: dict[str, Any]) -> None:
        self.extracts = root / "orders"
        self.extracts.mkdir()
        self.paths = Paths(root / "data")
        self.content = copy.deepcopy(config)
        self.config = root / "shop.yml"
        self.configure(path=str(self.extracts / "{date}.csv"))

    def configure(self, **settings: Any) -> None:
        """Change settings of the source `orders`."""
        self.content["sources"]["orders"] |= settings
        self.config.write_text(yaml.safe_dump(self.content), encoding="utf-8")

    def put(self, day: date, *lines: str) -> Path:
        path = self.extracts / f"{day}.csv"
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        return path

    def night(self, day: date, *verbs: str) -> None:
        for verb in verbs or ("extract", "load"):
            steps.run(verb, day, self.config, data_dir=self.paths.data_dir)

    def __call__(self, *words: str) -> str:
        """What `nocturne quarantine …` printed; an error of ours is raised."""
        place = ["--config", str(self.config), "--data-dir", str(self.paths.data_dir)]
        replay = [*words[:1], *place, *words[1:]] if words[:1] == ("replay",) else [*place, *words]
        done = CliRunner().invoke(cli, ["quarantine", *replay])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.paths.warehouse), read_only=True) as con:
            return con.execute(query).fetchall()

    def balance(self) -> list[tuple[Any, ...]]:
        """extract_date → records read, landed, quarantined."""
        return self.rows(
            "select extract_date, records_read, landed, quarantined from ops.books order by all"
        )


@pytest.fixture
def shop(tmp_path: Path, small_config: dict[str, Any]) -> Shop:
    """Two nights; in the first, states that no value maps, and a line that is too short."""
    shop = Shop(tmp_path, small_config)
    good = [line(n) for n in range(20)]
    shop.put(D1, *good, line(21, state="Payée"), line(22, state="Payée"), "O23\n")
    shop.put(D2, line(31), line(32), line(33, total="a lot"))
    shop.night(D1)
    shop.night(D2)
    return shop


MENDED = {"values": {"status": {"Payée": "paid"}}}


def test_each_reason_is_listed_with_its_count_and_first_line(shop: Shop) -> None:
    said = shop().splitlines()
    file = shop.extracts
    assert said == [
        f"2026-03-02  orders  total_amount: not a number written like -1234.5: 1 records, the "
        f"first in line 4 of {file}/2026-03-02.csv",
        f"2026-03-01  orders  status: not one of {_states(shop)}: 2 records, the first in line 22 "
        f"of {file}/2026-03-01.csv",
        f"2026-03-01  orders  record: fewer values than the header has columns: 1 records, the "
        f"first in line 24 of {file}/2026-03-01.csv",
        "4 records in quarantine",
    ]


def _states(shop: Shop) -> str:
    [(reason,)] = shop.rows(
        "select distinct reason from ops.quarantine where reason like 'not one%'"
    )
    return str(reason).removeprefix("not one of ")


def test_the_list_may_be_narrowed(shop: Shop) -> None:
    assert shop("--extract-date", "2026-03-02").splitlines()[-1] == "1 records in quarantine"
    assert shop("--as-of", "2026-03-01", "--source", "orders").count("orders  ") == 2
    assert shop("--as-of", "2026-02-01") == "Nothing is in quarantine.\n"
    with pytest.raises(TerminalError, match="found source 'order'; allowed: orders"):
        shop("--source", "order")


def test_records_are_shown_only_when_asked_for(shop: Shop) -> None:
    assert "p33@shop.example" not in shop()
    said = shop("--show-records", "2")
    assert "p33@shop.example" in said
    assert "line 22, status" in said
    assert "p22@shop.example" not in said


def test_before_the_first_night_there_is_nothing_to_show(
    tmp_path: Path, small_config: dict[str, Any]
) -> None:
    shop = Shop(tmp_path, small_config)
    assert "Nothing has been loaded yet" in shop()
    with pytest.raises(TerminalError, match="nothing is loaded yet"):
        shop("replay", "--source", "orders")
    assert not shop.paths.warehouse.exists()


def test_a_night_that_holds_the_warehouse_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "_WAIT", 0)
    with warehouse.lock(shop.paths), pytest.raises(WarehouseBusy, match="held by another process"):
        shop()


def test_a_mended_value_loads_the_records_of_its_extract(shop: Shop) -> None:
    shop.configure(**MENDED)
    said = shop("replay", "--source", "orders")
    assert "orders: 2 records mended, 2 still in quarantine (2 extracts loaded again)" in said
    assert shop.balance() == [(D1, 23, 22, 1), (D2, 3, 2, 1)]
    assert shop.rows("select extract_date, line from raw.orders where order_id = 'O21'") == [
        (D1, 22)
    ]
    assert "Payée" not in shop("--show-records", "9")


def test_replaying_again_or_with_nothing_mended_changes_nothing(shop: Shop) -> None:
    before = shop.balance(), shop.rows("select * from raw.orders order by order_id")
    assert "0 records mended, 4 still in quarantine" in shop("replay", "--source", "orders")
    assert (shop.balance(), shop.rows("select * from raw.orders order by order_id")) == before


def test_only_the_extract_that_is_asked_for_is_loaded_again(shop: Shop) -> None:
    shop.configure(**MENDED)
    said = shop("replay", "--source", "orders", "--extract-date", "2026-03-02")
    assert "0 records mended, 1 still in quarantine (1 extracts" in said
    assert shop("replay", "--source", "orders", "--as-of", "2026-02-01") == (
        "orders: nothing of it is in quarantine\n"
    )


def test_another_column_is_read_from_the_file_again(shop: Shop) -> None:
    columns = shop.content["sources"]["orders"]["columns"] | {"total_amount": "other_total"}
    shop.configure(columns=columns)
    assert "1 records mended, 3 still" in shop("replay", "--source", "orders")
    assert shop.balance() == [(D1, 23, 20, 3), (D2, 3, 3, 0)]
    assert shop.rows("select distinct total_amount::int from raw.orders") == [(99,)]


def test_ids_and_words_of_further_columns_are_not_said_twice(
    tmp_path: Path, small_config: dict[str, Any]
) -> None:
    shop = Shop(tmp_path, small_config)
    shop.configure(
        prefixes={"order_id": "W-"}, overrides={"status": {"other_total": {"99": "refunded"}}}
    )
    file = shop.put(D1, *(line(n) for n in range(20)), line(21, at="27/02/2026"))
    shop.night(D1)
    file.unlink()
    shop.configure(timestamp_format="%d/%m/%Y %H:%M:%S")
    assert "1 records mended" in shop("replay", "--source", "orders")
    assert shop.rows("select order_id, status from raw.orders where line = 22") == [
        ("W-O21", "refunded")
    ]


def test_an_old_extract_is_checked_as_of_its_own_date(shop: Shop) -> None:
    late = date(2026, 3, 20)
    shop.put(late, line(51, at="2026-03-19"))
    shop.night(late)
    shop.configure(**MENDED)
    shop("replay", "--source", "orders", "--extract-date", "2026-03-01")
    found = Ledger(shop.paths.ledger).checks(late)
    checks = {check.name: check.success for check in found if check.door == "replay"}
    assert checks["orders_is_fresh_in_days"]


@pytest.mark.parametrize("change", ["gone", "other"])
def test_a_file_that_is_not_there_as_it_was_is_told_and_nothing_changes(
    shop: Shop, change: str
) -> None:
    before = shop.balance(), [p.reading for p in landing.partitions(shop.paths, "orders")]
    path = shop.extracts / "2026-03-02.csv"  # the first one is as it was
    path.unlink() if change == "gone" else shop.put(D2, line(1))
    columns = shop.content["sources"]["orders"]["columns"] | {"total_amount": "other_total"}
    shop.configure(columns=columns)
    told = "is gone on 2026-03-02" if change == "gone" else "is not the file any more"
    with pytest.raises(SourceError, match=f"2026-03-02.csv {told}"):
        shop("replay", "--source", "orders")
    assert (shop.balance(), [p.reading for p in landing.partitions(shop.paths, "orders")]) == before


def test_a_replay_that_a_check_stops_leaves_what_was_loaded(shop: Shop) -> None:
    before = shop.balance(), shop.rows("select * from raw.orders order by order_id")
    shop.configure(timestamp_format="%d/%m/%Y %H:%M")
    with pytest.raises(CheckFailed, match="is_not_mostly_in_quarantine"):
        shop("replay", "--source", "orders")
    assert (shop.balance(), shop.rows("select * from raw.orders order by order_id")) == before


@pytest.mark.slow
def test_mended_records_join_the_next_night_and_a_delivered_one_stays(
    tmp_path: Path, small_config: dict[str, Any]
) -> None:
    shop = Shop(tmp_path, small_config)
    shop.put(D1, *(line(n) for n in range(9)), line(9, state="Payée"))
    shop.put(D2, line(31))
    ledger = Ledger(shop.paths.ledger)
    for day in (D1, D2):
        shop.night(day, "extract", "load", "transform")
        ledger.seal(day)
    shop.configure(**MENDED)
    shop("replay", "--source", "orders")
    known = "select known_from_date from marts.order_history where order_id = 'O9'"
    assert shop.rows(known) == []
    assert ledger.is_sealed(D2)
    shop.put(D3, line(41))
    shop.night(D3, "extract", "load", "transform")
    assert shop.rows(known) == [(D1,)]
    assert shop.rows("select count(*) from marts.order_history") == [(12,)]
    assert ledger.pinned(date.min, "transform_since") == ""


def test_records_that_are_no_longer_kept_are_counted_and_told(shop: Shop) -> None:
    shop.content["retention"] = {"quarantine_days": 1}
    shop.configure()
    shop.put(D3, line(41), line(42, total="a lot"))
    shop.night(D3)
    assert shop().splitlines()[-1] == (
        "5 records were quarantined, of which 3 are no longer kept: they are older than "
        "retention.quarantine_days or name an erased person"
    )
    assert shop("--extract-date", "2026-03-01").splitlines() == [
        "3 records were quarantined, of which 3 are no longer kept: they are older than "
        "retention.quarantine_days or name an erased person"
    ]
    shop.configure(**MENDED)
    said = shop("replay", "--source", "orders")
    assert "orders: 0 records mended, 2 still in quarantine (3 extracts loaded again)" in said
    assert "3 records are no longer kept and cannot be mended." in said

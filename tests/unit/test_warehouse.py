"""Who may hold the warehouse and the landing area, and what is told to the others."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.errors import StorageError, WarehouseBusy
from pipelines.settings import Machine, Paths

MACHINE = Machine(threads=1, memory_limit="1GB")
HOLD = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print(flush=True); input()"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "data")
    with warehouse.connect(paths, MACHINE):
        return paths


def test_a_warehouse_open_in_another_process_is_told_with_its_number(paths: Paths) -> None:
    asked = [sys.executable, "-c", HOLD, str(paths.warehouse)]
    pipe = subprocess.PIPE
    with subprocess.Popen(asked, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        told = rf"nocturne\.duckdb: open in .*PID {holder.pid}\); close it there"
        with pytest.raises(WarehouseBusy, match=told), warehouse.connect(paths, MACHINE):
            pass
        with pytest.raises(WarehouseBusy, match=told):
            warehouse.try_open(paths)
        holder.communicate("\n")


def test_a_damaged_warehouse_is_a_sentence(paths: Paths) -> None:
    data = paths.warehouse.read_bytes()
    for damaged in (b"", b"no database", data[: len(data) // 2], data[:20_000] + b"\xff" * 900_000):
        paths.warehouse.write_bytes(damaged)
        with pytest.raises(StorageError, match="mend the file"), warehouse.connect(paths, MACHINE):
            pass


def test_two_extracts_do_not_share_the_landing_area(paths: Paths) -> None:
    with (
        warehouse.landing_lock(paths),
        warehouse.lock(paths, timeout=0),
        pytest.raises(WarehouseBusy, match="landing: held"),
        warehouse.landing_lock(paths, timeout=0),
    ):
        pass
    with warehouse.landing_lock(paths, timeout=0):
        pass

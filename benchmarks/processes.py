"""What a process takes, and the sample shop's configuration for extracts that a benchmark made."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipelines.settings import PROJECT_ROOT

_OF_TEXT = ("delimiter", "encoding", "decimal", "date_format", "timestamp_format")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    wall: float
    cpu: float
    peak_mib: float


def run(*arguments: object) -> Cost:
    """Run Python with these arguments; its cost. Ends the benchmark when it fails."""
    environment = os.environ | {"NOCTURNE_HASH_KEY": "benchmark-key"}
    with tempfile.TemporaryFile("w+") as told:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)  # it need not wait again
        wall = time.perf_counter() - started
        if status:
            told.seek(0)
            sys.exit(f"{' '.join(map(str, arguments))} failed:\n{told.read()}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def shop_config(
    folder: Path, extracts: Path, *, as_parquet: bool = False, checks: dict[str, str] | None = None
) -> Path:
    """Write `folder`/shop.yml: the sample shop's configuration, reading the extracts made."""
    content = yaml.safe_load((PROJECT_ROOT / "config" / "sample.yml").read_text("utf-8"))
    for name, source in content["sources"].items():
        path = source["path"].replace("data/sample/extracts", str(extracts))
        if as_parquet:
            stem = Path(path).name.partition(".")[0]
            kept = {key: value for key, value in source.items() if key not in _OF_TEXT}
            source = kept | {"format": "parquet"}  # noqa: PLW2901
            path = str(Path(path).with_name(f"{stem}.parquet"))
        content["sources"][name] = source | {"path": path}
    content["checks"] = content.get("checks", {}) | (checks or {})
    path = folder / "shop.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path

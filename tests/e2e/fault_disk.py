"""One step on a disk of its own that is nearly full: a tmpfs in a mount namespace of its own, so
that nothing is left mounted and no rights are needed beyond those to make such a namespace."""

import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.nights import command, environment

_MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2"'
_STEP = f"""
set -e
{_MOUNT}
cp -a "$3/." "$2"
free=$(df --output=avail -k "$2" | tail -1)
[ "$free" -le "$5" ] || head -c "$(( (free - $5) * 1024 ))" /dev/zero > "$2/ballast"
out="$4"
shift 5
set +e
"$@"
code=$?
rm -f "$MOUNTED/ballast"
cp -a "$MOUNTED/." "$out"
exit $code
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the command ended, and what its disk held then, copied to `data_dir`."""

    code: int
    said: str
    data_dir: Path


def run_on_a_full_disk(
    verb: str, as_of: date, data_dir: Path, config: Path, *, free_kb: int, folder: Path
) -> Ended:
    """Run `verb` where `data_dir` has `free_kb` kilobytes left; skipped where the system lets
    nobody make a mount namespace."""
    disk, after = folder / "disk", folder / "after"
    disk.mkdir()
    after.mkdir()
    apart = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    tried = subprocess.run([*apart, _MOUNT, "sh", "1m", str(disk)], check=False)
    if tried.returncode:
        pytest.skip("no mount namespace can be made here")
    used_kb = sum(path.stat().st_size for path in data_dir.rglob("*")) // 1024
    size = f"{used_kb + 20_000}k"
    step = command(verb, as_of, disk, config=config)
    done = subprocess.run(
        [*apart, _STEP, "sh", size, str(disk), str(data_dir), str(after), str(free_kb), *step],
        env=environment(MOUNTED=str(disk)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(done.returncode, done.stdout + done.stderr, after)

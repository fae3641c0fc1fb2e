"""Where things are on this machine and how much of it we may use. Everything comes from the
command line or from environment variables; what describes the shop is in `config/<shop>.yml`."""

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ConfigError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders that runs write to, all below one data directory."""

    data_dir: Path

    @property
    def landing(self) -> Path:
        return self.data_dir / "landing"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that the night builds in; one process at a time."""
        return self.data_dir / "warehouse" / "nocturne.duckdb"

    @property
    def published(self) -> Path:
        """The analysts' read-only DuckDB file, swapped atomically."""
        return self.data_dir / "warehouse" / "analytics.duckdb"

    @property
    def published_parquet(self) -> Path:
        """The folder of the same tables as Parquet."""
        return self.published.with_suffix("")

    @property
    def ledger(self) -> Path:
        return self.data_dir / "ledger.sqlite"

    @property
    def registry(self) -> Path:
        return self.data_dir / "registry"

    @property
    def exports(self) -> Path:
        return self.data_dir / "exports"

    @property
    def site(self) -> Path:
        return self.data_dir / "site"

    @property
    def inbox(self) -> Path:
        """What connectors have brought and extract has not landed yet."""
        return self.data_dir / "inbox"

    @property
    def scratch(self) -> Path:
        """Temporary files, on the same disk as what they become by rename."""
        return self.data_dir / "scratch"


@dataclass(frozen=True, slots=True)
class Machine:
    """How much of this machine a night may use (NOCTURNE_THREADS, NOCTURNE_MEMORY_LIMIT)."""

    threads: int = 2
    memory_limit: str = "4GB"


def data_dir() -> Path:
    """NOCTURNE_DATA_DIR, or `data/` of this checkout."""
    return Path(os.environ.get("NOCTURNE_DATA_DIR") or PROJECT_ROOT / "data").resolve()


def machine() -> Machine:
    """The limits in the environment, or the defaults; ConfigError when they are none."""
    default = Machine()
    threads = os.environ.get("NOCTURNE_THREADS") or str(default.threads)
    if not re.fullmatch("[0-9]{1,3}", threads) or int(threads) < 1:
        raise ConfigError(f"NOCTURNE_THREADS: found {threads!r}; allowed: a number from 1 to 999")
    memory = os.environ.get("NOCTURNE_MEMORY_LIMIT") or default.memory_limit
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)? ?([KMGT]i?B|%)", memory, re.IGNORECASE):
        raise ConfigError(f"NOCTURNE_MEMORY_LIMIT: found {memory!r}; allowed: a size such as 4GB")
    return Machine(threads=int(threads), memory_limit=memory)


def mark(key: str) -> str:
    """What tells a key from another one without telling the key: safe to store."""
    return hmac.new(key.encode(), b"nocturne", hashlib.sha256).hexdigest()[:16]

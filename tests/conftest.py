"""Shared by all tests: a hash key, a small configuration, no telemetry."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

# The same examples on every run: a search for new ones is a developer's, not a gate's, business.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent
FIRST_NIGHT = date(2026, 6, 29)  # the first extract date of data/sample/


@pytest.fixture(autouse=True)
def hash_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOCTURNE_HASH_KEY", "test-key")


@pytest.fixture
def small_config() -> dict[str, Any]:
    """The least a shop can declare: orders in a CSV file."""
    return {
        "shop": "tiny",
        "title": "Tiny shop",
        "time_zone": "Europe/Paris",
        "currency": "EUR",
        "country": "FR",
        "sources": {
            "orders": {
                "entity": "orders",
                "path": "orders/{date}.csv",
                "format": "csv",
                "columns": {
                    "order_id": "id",
                    "ordered_at": "at",
                    "status": "state",
                    "total_amount": "total",
                    "email": "email",
                },
            }
        },
    }


@pytest.fixture
def write_config(tmp_path: Path) -> Any:
    """A function that writes a configuration and returns its path."""

    def write(content: dict[str, Any], name: str = "shop.yml") -> Path:
        path = tmp_path / name
        path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
        return path

    return write

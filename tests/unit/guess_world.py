"""Tables of a small shop, to draft a configuration from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from pipelines.sources import draft

Row = Callable[[int], str]


def drafted(folder: Path, currency: str = "EUR", **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return draft(folder, "my_shop", "Europe/Paris", currency, "FR")


def sources(folder: Path, currency: str = "EUR", **files: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(drafted(folder, currency, **files))["sources"]
    return found


def rows(header: str, count: int, row: Row) -> str:
    return header + "\n" + "".join(row(n) + "\n" for n in range(1, count + 1))


def day(n: int) -> str:
    """One of a year and more."""
    return f"{2025 + n // 336}-{1 + n // 28 % 12:02d}-{1 + n % 28:02d}"


def orders(more: str = "", row: Row = lambda n: "", count: int = 120) -> str:
    return rows(
        f"id,customer_id,created_at,status,total{more}",
        count,
        lambda n: f"{n},{1 + n % 30},{day(3 * n)} 10:00:00,complete,{n}.50{row(n)}",
    )


def lines(more: str = "", row: Row = lambda n: "", count: int = 120) -> str:
    return rows(
        f"id,order_id,product_id,quantity,price{more}",
        count,
        lambda n: f"{n + 7},{n},{1 + n % 20},1,{n}.50{row(n)}",
    )


def people() -> str:
    return rows(
        "id,email,updated_at", 30, lambda n: f"{n},p{n}@x.fr,2026-06-{1 + n % 28:02d} 10:00:00"
    )


def products() -> str:
    return rows("id,name,category", 20, lambda n: f"{n},Thing {n},Kind {n % 3}")


def shop(**changes: str) -> dict[str, str]:
    return {
        "orders": orders(),
        "order_items": lines(),
        "users": people(),
        "products": products(),
    } | changes

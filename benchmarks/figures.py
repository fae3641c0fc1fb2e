"""The form of every benchmark's result: figures beside their references, with what made them."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("duckdb", "dbt-core", "polars", "lightgbm", "great-expectations", "apache-airflow")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `reference`: the same work done bare, in the same run and unit (None when
    there is none); `target`: what it should reach, in words; `holds`: whether it does (None when
    nothing was promised)."""

    metric: str
    value: float
    unit: str
    reference: float | None = None
    target: str | None = None
    holds: bool | None = None


def write(name: str, figures: list[Figure], *, seed: int, command: str) -> Path:
    """Write `results/<name>.json` and print the figures."""
    content = {
        "benchmark": name,
        "command": command,
        "seed": seed,
        "machine": {
            "cores": os.cpu_count(),
            "memory_gib": round(_memory_bytes() / 1024**3, 1),
            "system": platform.system(),
            "python": platform.python_version(),
        },
        "versions": {package: version(package) for package in PACKAGES},
        "figures": [_rounded(figure) for figure in figures],
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    for figure in figures:
        print(_line(figure))
    return path


def _rounded(figure: Figure) -> dict[str, object]:
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in asdict(figure).items()
    }


def _line(figure: Figure) -> str:
    told = f"{figure.metric:<52} {figure.value:>12,.3f} {figure.unit:<8}"
    if figure.reference:
        told += f" reference {figure.reference:,.3f} ({figure.value / figure.reference:.1f}×)"
    if figure.target:
        told += f" target {figure.target}: {'holds' if figure.holds else 'MISSED'}"
    return told


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

"""Exports of well-known tools that have a mapping ready: told by their columns."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import PROJECT_ROOT
from pipelines.sources.guess.shape import Shape
from pipelines.specs.contract import ENTITIES
from pipelines.specs.source import Source
from pipelines.specs.yaml_file import read_yaml

FOLDER = PROJECT_ROOT / "config" / "presets"


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready mapping: the entities it makes of an export that has all of `columns`."""

    name: str
    entities: tuple[str, ...]
    columns: frozenset[str]


def presets(folder: Path = FOLDER) -> list[Preset]:
    """The presets in a folder; none where sources do not know presets."""
    if "preset" not in Source.model_fields:
        return []
    return [p for path in sorted(folder.glob("*/preset.yml")) if (p := _preset(path)).columns]


def preset_of(shape: Shape, known: list[Preset]) -> Preset | None:
    """The preset all of whose columns the file has: the one with most of them."""
    fitting = [preset for preset in known if preset.columns <= set(shape.columns)]
    return max(fitting, key=lambda preset: (len(preset.columns), preset.name), default=None)


def _preset(path: Path) -> Preset:
    content = read_yaml(path)
    columns = content.get("columns") if isinstance(content, dict) else None
    made = sorted(sql.stem for sql in path.parent.glob("*.sql") if sql.stem in ENTITIES)
    return Preset(path.parent.name, tuple(made), frozenset(columns or ()))

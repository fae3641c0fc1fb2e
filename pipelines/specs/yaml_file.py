"""Reading YAML that people edit, and telling what is wrong in it."""

from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import ConfigError


class _Loader(yaml.SafeLoader):
    """YAML in which no key comes twice: the last one would silently replace the others."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        names = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        seen: set[str] = set()
        for key in names:
            if key.value in seen:
                problem = f"the key {key.value!r} comes twice; remove or rename one"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        return node


def read_yaml(path: Path) -> Any:
    """What a YAML file holds; ConfigError with the line when it cannot be read."""
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else f"{path}"
        raise ConfigError(f"{where}: not readable as YAML: {error.problem}") from None
    except RecursionError:
        raise ConfigError(f"{path}: not readable as YAML: nested too deeply") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date or number that is none
        what = str(error).splitlines()[0]
        raise ConfigError(f"{path}: not readable as YAML (UTF-8): {what}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None

"""What pydantic found wrong in a file that people edit, as sentences: where, found, allowed."""

import difflib
import re
from typing import Any

from pydantic import BaseModel, ValidationError

from pipelines.specs.closed import short

_WANTED = {  # pydantic's kind of mistake → what is allowed
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a section of settings",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "invalid_key": "a name, in quotes",
    "model_type": "a section of settings",
    "string_type": "a text; YAML wants quotes around numbers, dates, yes and no",
    "tuple_type": "a list",
}


def sentences(error: ValidationError, root: type[BaseModel]) -> list[str]:
    """One sentence per mistake in a file that holds a `root`, each with its path in the file."""
    return [line for item in error.errors() for line in _of_item(dict(item), root)]


def _of_item(item: dict[str, Any], root: type[BaseModel]) -> list[str]:
    where = ".".join(str(part) for part in item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        return [f"{where}: unknown setting; {_known_settings(item['loc'], root)}"]
    if item["type"] == "missing":
        return [f"{where}: missing; it is required"]
    if item["type"] == "value_error":
        sign = "." if "\n" in message or _is_located(message) else ": "
        prefix = f"{where}{sign}" if where else ""
        return [f"{prefix}{line}" for line in message.split("\n")]
    wanted = f"allowed: {_WANTED[item['type']]}" if item["type"] in _WANTED else message
    found = "nothing" if item["input"] is None else short(item["input"])
    return [f"{where}: found {found}; {wanted}" if where else f"found {found}; {wanted}"]


def _is_located(message: str) -> bool:
    """Whether a sentence begins with a setting below the one that is checked."""
    place, colon, _ = re.split("[`'\"]", message)[0].partition(": ")
    return bool(colon) and ";" not in place and place != "allowed"


def _known_settings(loc: tuple[Any, ...], root: type[BaseModel]) -> str:
    """The settings allowed beside the unknown one at `loc`, nearest name first."""
    model = root
    for part in loc[:-1]:
        field = model.model_fields.get(str(part))
        nested = _nested_model(field.annotation) if field else None
        model = nested or model
    names = sorted(model.model_fields)
    near = difflib.get_close_matches(str(loc[-1]), names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}allowed: {', '.join(names)}"


def _nested_model(annotation: Any) -> type[BaseModel] | None:
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)

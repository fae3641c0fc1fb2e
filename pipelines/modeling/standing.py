"""Who scores: the champions of a night and their cards."""

from collections.abc import Mapping
from typing import Any

from pipelines.modeling import registry
from pipelines.specs.night import Night


def champions(night: Night) -> dict[str, str]:
    """Model → the version that scores that night; models without a champion are left out. A night
    in the past never gets a champion that was trained after it."""
    found = {
        name: registry.champion(night.paths.registry, name, not_after=night.as_of)
        for name in night.models
    }
    return {name: version for name, version in found.items() if version is not None}


def cards(night: Night, pins: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Model → the card of its pinned version as plain values; `challenger` in it is the card of the
    version that this night's training refused, where there is one."""
    root = night.paths.registry
    found: dict[str, dict[str, Any]] = {}
    for name, version in pins.items():
        found[name] = registry.load_card(root, name, version).model_dump(mode="json")
        for other in registry.versions(root, name):
            card = registry.load_card(root, name, other)
            if registry.version_date(other) == night.as_of and card.verdict == "refused":
                found[name]["challenger"] = card.model_dump(mode="json")
    return found

"""Who scores: the champions of a night and their cards."""

from pipelines.modeling import registry
from pipelines.modeling.card import Card
from pipelines.specs.night import Night


def champions(night: Night) -> dict[str, str]:
    """Model → the version that scores that night; models without a champion are left out. A night
    in the past never gets a champion that was trained after it."""
    found = {
        name: registry.champion(night.paths.registry, name, not_after=night.as_of)
        for name in night.models
    }
    return {name: version for name, version in found.items() if version is not None}


def cards(night: Night) -> dict[str, Card]:
    """Model → the card of its champion."""
    return {
        name: registry.load_card(night.paths.registry, name, version)
        for name, version in champions(night).items()
    }

"""People who live together, and what all blocks share."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.campaigns import Campaign, make_campaigns
from benchmarks.shop.catalogue import Catalogue, make_catalogue
from benchmarks.shop.parameters import Parameters
from benchmarks.shop.people import People, make_people
from benchmarks.shop.settings import Settings, stream


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a shop: nothing in it changes from day to day."""

    settings: Settings
    index: int
    people: People
    goods: Catalogue
    campaigns: list[Campaign]

    @property
    def given(self) -> Parameters:
        """The numbers that drive the shop."""
        return self.settings.parameters

    def stream(self, subject: str, day: int) -> np.random.Generator:
        """The random stream of a subject on a day."""
        return stream(self.settings.seed, subject, self.index, day)


def make_block(settings: Settings, index: int) -> Block:
    """Draw a block."""
    return Block(
        settings,
        index,
        make_people(settings, index),
        make_catalogue(settings.seed, settings.parameters),
        make_campaigns(),
    )

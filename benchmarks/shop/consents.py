"""What people say about being written to: when their record is made, and later."""

import numpy as np

from benchmarks.shop import addresses
from benchmarks.shop.addresses import AGAIN, DOUBLE, MAIN
from benchmarks.shop.days import NEVER
from benchmarks.shop.people import People
from benchmarks.shop.settings import BoolArray, IntArray
from benchmarks.shop.state import State

EMAIL, SMS, POST = range(3)
GRANTED, WITHDRAWN, OBJECTED = range(3)
MARKETING, PROFILING, OPENS = range(3)
FORM, TILL, LINK, CENTRE = range(4)


def say(
    state: State, who: IntArray, second: IntArray, *, channel: int, status: int,
    purpose: int = MARKETING, origin: int = FORM, record: IntArray | int = MAIN,
) -> None:  # fmt: skip
    """Log a statement of each of `who`."""
    state.add(
        "consents",
        person=who,
        second=second,
        record=record,
        channel=channel,
        status=status,
        purpose=purpose,
        origin=origin,
    )


def at_creation(people: People, state: State) -> None:
    """Log what everybody says when their records are made, whenever that is."""
    for record, since in ((MAIN, people.arrival), (AGAIN, people.returns_on)):
        exists = people.has_account & (since < NEVER)
        refuses = ~people.consent_email & (people.number % 2 == 0)
        for mask, channel, status in (
            (people.consent_email, EMAIL, GRANTED),
            (refuses, EMAIL, WITHDRAWN),
            (people.consent_sms, SMS, GRANTED),
            (people.consent_post, POST, GRANTED),
        ):
            who, second = _when(people, exists & mask, record)
            say(state, who, second + 20 * channel, channel=channel, status=status, record=record)
    doubled = people.doubled_on < NEVER
    for mask, status in ((people.number % 4 == 0, WITHDRAWN), (people.number % 4 > 1, GRANTED)):
        who, second = _when(people, doubled & mask, DOUBLE)
        say(state, who, second, channel=EMAIL, status=status, origin=TILL, record=DOUBLE)


def _when(people: People, mask: BoolArray, record: int) -> tuple[IntArray, IntArray]:
    who = np.flatnonzero(mask)
    return who, addresses.created(people, who, np.full(len(who), record))

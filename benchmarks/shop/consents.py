"""The CRM's register of consents: one entry per statement of a person about a channel."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.behaviour import NEVER
from benchmarks.shop.days import DAY, at_day
from benchmarks.shop.people import People
from benchmarks.shop.settings import IntArray, ShopSettings, stream

EMAIL, SMS, POST = "Email", "SMS", "Courrier"
GRANTED, WITHDRAWN, OBJECTED = "Accord", "Retrait", "Opposition"
MARKETING, PROFILING, OPENS = "Marketing", "Profilage", "Suivi des ouvertures"


@dataclass(frozen=True, slots=True)
class Consent:
    """One statement; `second` is local."""

    second: int
    person: int
    channel: str
    status: str
    purpose: str = MARKETING
    origin: str = "formulaire"


def created_seconds(settings: ShopSettings, people: People) -> IntArray:
    """When each contact was created: early on the arrival day, before any order."""
    rng = stream(settings.seed, "created")
    return at_day(settings, people.arrival, 6 * 3600 + rng.integers(0, 5400, people.count))


def make_consents(
    settings: ShopSettings, people: People, created: IntArray, stopped_mail_on: IntArray
) -> list[Consent]:
    """What people said when they joined and later, in order of time."""
    rng = stream(settings.seed, "consents")
    refuses, posts, objects, untracked, flows_back = (rng.random((5, people.count))).tolist()
    later = rng.integers(30 * DAY, 400 * DAY, people.count).tolist()
    stops = at_day(
        settings, np.where(stopped_mail_on == NEVER, 0, stopped_mail_on), 23 * 3600
    ).tolist()
    end = int(at_day(settings, np.array([settings.total_days]), 0)[0])
    rows: list[Consent] = []
    for person in np.flatnonzero(~people.is_guest).tolist():
        start = int(created[person])
        if people.consent_email[person]:
            rows.append(Consent(start, person, EMAIL, GRANTED))
        elif refuses[person] < 0.5:
            rows.append(Consent(start, person, EMAIL, WITHDRAWN))
        if people.consent_sms[person]:
            rows.append(Consent(start + 20, person, SMS, GRANTED))
        if posts[person] < 0.2:
            rows.append(Consent(start, person, POST, GRANTED, origin="boutique"))
        if stopped_mail_on[person] != NEVER and flows_back[person] < 0.7:
            rows.append(
                Consent(stops[person], person, EMAIL, WITHDRAWN, origin="lien de désinscription")
            )
        if objects[person] < 0.008:
            rows.append(Consent(start + later[person], person, EMAIL, OBJECTED, PROFILING))
        if untracked[person] < 0.01:
            rows.append(Consent(start + later[person], person, EMAIL, WITHDRAWN, OPENS))
    return sorted(
        (row for row in rows if row.second < end),
        key=lambda row: (row.second, row.person, row.channel, row.purpose),
    )

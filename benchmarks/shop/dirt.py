"""The awkward rows that real extracts carry, few of each kind; `data/sample/README.md` lists them.

Three doors: people are spoiled before they live, orders after they are made, and raw lines are
added to the files as they are written.
"""

from dataclasses import dataclass, field

import numpy as np

from benchmarks.shop.baskets import NEVER, SITE, STORE, Orders
from benchmarks.shop.consents import (
    EMAIL,
    GRANTED,
    OBJECTED,
    SMS,
    WITHDRAWN,
    Consent,
)
from benchmarks.shop.days import DAY, midnight
from benchmarks.shop.people import People
from benchmarks.shop.settings import FIRST_EXTRACT, ShopSettings, stream

PLACEHOLDERS = ("test@test.com", "test@test.com", "test@test.com", "na@na.fr", "na@na.fr")
BAD_PHONES = ("0000000000", "06 12 34", "néant", "01.02.03", "+33", "123456789012345")
FORMULA = "=1+1"
TWO_LINES = "Appeler après 18 h\nDigicode 12B"
EURO_NOTE = "Bon d'achat de 10 € offert ; cadeau : œufs en chocolat"
FIRST_CUT = midnight(FIRST_EXTRACT)
EXTRA_COLUMN_FOLDER = 2


@dataclass(slots=True)
class Dirt:
    """What to add while the files are written; folders are counted from 0."""

    lines: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    twice: dict[int, set[int]] = field(default_factory=dict)
    """Folder to orders whose lines it holds twice."""
    again: dict[int, set[int]] = field(default_factory=dict)
    """Folder to orders whose lines it re-sends although nothing changed."""
    order_emails: dict[int, str] = field(default_factory=dict)
    anonymous: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    leaky_sessions: int = 3
    """Sessions without the visitor's consent that carry a user id all the same."""


def _chosen(settings: ShopSettings, people: People) -> list[int]:
    """Contacts of the first extract in a fixed random order; each kind of dirt has its slice."""
    known = np.flatnonzero(~people.is_guest & (people.arrival < settings.history_days - 30))
    return [int(k) for k in stream(settings.seed, "dirt").permutation(known)]


def spoil_people(settings: ShopSettings, people: People) -> None:
    """Placeholder and shared addresses, hopeless phones, odd text; in place."""
    chosen = _chosen(settings, people)
    for person, address in zip(chosen[0:5], PLACEHOLDERS, strict=True):
        people.emails[person] = address
    for one, other in zip(chosen[5:8], chosen[8:11], strict=True):
        people.emails[other] = people.emails[one]
        people.last_names[other] = people.last_names[one]
        people.city[other] = people.city[one]
    for person, phone in zip(chosen[11:17], BAD_PHONES, strict=True):
        people.phones[person] = phone
    people.last_names[chosen[17]] = FORMULA
    for person in chosen[18:20]:
        people.comments[person] = TWO_LINES
    for person in chosen[20:24]:
        people.comments[person] = EURO_NOTE


def more_consents(settings: ShopSettings, people: People) -> list[Consent]:
    """Withdrawals on the first extra day, ties, and objections."""
    chosen = _chosen(settings, people)
    willing = [person for person in chosen[40:] if people.consent_email[person]]
    noon, earlier = FIRST_CUT + DAY // 2, FIRST_CUT - 40 * DAY
    rows = [
        Consent(noon + 60 * k, person, EMAIL, WITHDRAWN, origin="centre de préférences")
        for k, person in enumerate(willing[0:3])
    ]
    for person in willing[3:5]:
        rows.append(Consent(earlier, person, EMAIL, GRANTED))
        rows.append(Consent(earlier, person, EMAIL, WITHDRAWN))
    rows += [Consent(earlier + DAY, person, EMAIL, OBJECTED) for person in willing[5:7]]
    rows.append(Consent(noon + 600, willing[7], EMAIL, OBJECTED, origin="courrier"))
    rows.append(Consent(noon + 660, willing[8], SMS, WITHDRAWN, origin="STOP"))
    return rows


def spoil_orders(settings: ShopSettings, people: People, orders: Orders) -> Dirt:
    """Late, corrected, re-sent, badly spelled and anonymous orders."""
    dirt = Dirt()
    age = FIRST_CUT - orders.placed
    plain = (orders.channel == SITE) & (orders.cancelled == NEVER) & ~orders.as_guest
    late = np.flatnonzero(plain & (age > DAY) & (age <= 2 * DAY))[:3]
    orders.known_from[late] = FIRST_CUT + DAY + 18 * 3600
    settled = plain & (orders.known_from < FIRST_CUT)
    wrong = np.flatnonzero(settled & (age > 2 * DAY) & (age <= 12 * DAY) & (orders.total > 2000))
    for k, order in enumerate(wrong[:4].tolist()):
        orders.corrected[order] = FIRST_CUT + (k // 2) * DAY + 15 * 3600
        orders.corrected_total[order] = orders.total[order] - 500
    of_late = np.flatnonzero(settled & (age > 0) & (age <= DAY))
    dirt.again[1] = set(of_late[:3].tolist())
    older = np.flatnonzero(settled & (age > 30 * DAY))
    dirt.twice[0] = set(older[10:13].tolist())
    for k, order in enumerate(older[20:26].tolist()):
        address = people.emails[orders.person[order]]
        dirt.order_emails[order] = (address.upper(), f" {address.title()}  ")[k % 2]
    tickets = np.flatnonzero((orders.channel == STORE) & (age > 0))
    dirt.anonymous = set(tickets[30:35].tolist())
    dirt.deleted = set(_chosen(settings, people)[30:33])
    _add_crm_lines(settings, people, dirt)
    _add_trade_lines(dirt)
    _add_web_lines(dirt)
    return dirt


def _add_crm_lines(settings: ShopSettings, people: People, dirt: Dirt) -> None:
    """People who are in the CRM twice, and rows that cannot be read."""
    doubles = _chosen(settings, people)[24:29]
    contacts, consents = [], []
    for k, person in enumerate(doubles):
        first, last = people.first_names[person][:1] + ".", people.last_names[person].upper()
        contacts.append(
            f"C90000{k};14/05/2026 10:0{k}:00;02/02/2026 09:1{k}:00;{people.emails[person]};;"
            f"{first};{last};;;;;FR;fr;;;boutique;N;;;;"
        )
        status = WITHDRAWN if k < 2 else GRANTED
        consents.append(f"C90000{k};Email;{status};14/05/2026 10:0{k}:00;Marketing;boutique")
    contacts += [
        "C900010;31/02/2026 10:00:00;01/02/2026 09:00:00;date.fausse@courriel.example;;"
        "Ada;Fausse;;;;;FR;fr;;;site;N;;;;",
        ";03/03/2026 10:00:00;01/02/2026 09:00:00;sans.cle@courriel.example;;"
        "Sans;Clé;;;;;FR;fr;;;site;N;;;;",
        "C900012;03/03/2026 10:00:00;01/02/2026 09:00:00;ligne.courte@courriel.example",
    ]
    consents += [
        "C900002;Email;Peut-être;15/05/2026 10:00:00;Marketing;boutique",
        "C900003;Email;Accord;hier;Marketing;boutique",
    ]
    dirt.lines[0, "contacts.csv"] = contacts
    dirt.lines[0, "consents.csv"] = consents


def _add_trade_lines(dirt: Dirt) -> None:
    """Orders and lines for the quarantine; none of them has a good twin."""
    at = "2026-06-20T10:00:00+02:00"
    end = ",,,,EUR,{total},0.00,0.00,5.00,,,"
    good = end.format(total="30.00")
    dirt.lines[0, "orders.csv"] = [
        f"FR900000,2026-02-31T10:00:00+01:00,{at},Livrée,site,C100000{good}",
        f"FR900001,{at},{at},Livrée,site,C100000" + end.format(total="12.9O"),
        f",{at},{at},Livrée,site,C100000{good}",
        f"FR900003,{at},{at},Perdue en mer,site,C100000{good}",
        f"FR900004,2027-01-15T10:00:00+01:00,{at},Livrée,site,C100000{good}",
        f"FR900005,{at},{at},Livrée,site,C100000,,,,EUR,30.00,0.00,0.00,5.00,,,,surplus,surplus",
        f"FR900006,{at},{at},Livrée,site",
    ]
    dirt.lines[0, "order_lines.csv"] = [
        "FR200000,91,P1000,deux,19.90,0.00,",
        "FR200000,92,,1,19.90,0.00,",
        "FR200000,93,P1000,1,19.90,0.00,32/06/2026",
    ]
    dirt.lines[1, "orders.csv"] = [
        f"FR900010,{at},{at},Livrée,site,C100000" + end.format(total="gratuit")
    ]
    dirt.lines[0, "stock.csv"] = ["P1000,ENTREPOT,beaucoup,2026-06-29T00:00:00+02:00"]


def _add_web_lines(dirt: Dirt) -> None:
    """Lines that are no JSON, or lack what an event needs."""
    at = '"ts":"2026-06-27T10:00:00Z"'
    dirt.lines[0, "web_events.jsonl.gz"] = [
        '{"event":{"id":"bad0","name":"page_view"},"ts":"2026-06-2',
        '{"event":{"name":"page_view"},' + at + ',"visitor":"v0","session":"s0"}',
        '{"event":{"id":"bad2","name":"teleport"},' + at + ',"visitor":"v0","session":"s0"}',
        '{"event":{"id":"bad3","name":"page_view"},"ts":"yesterday","visitor":"v0"}',
    ]
    dirt.lines[1, "web_events.jsonl.gz"] = ["<html>502 Bad Gateway</html>"]

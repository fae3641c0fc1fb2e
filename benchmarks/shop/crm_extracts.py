"""The CRM's export: contacts, consents, subscriptions, survey answers, exclusions."""

import numpy as np
import polars as pl

from benchmarks.shop import addresses, forms
from benchmarks.shop.addresses import AGAIN, DOUBLE, MAIN
from benchmarks.shop.block import Block
from benchmarks.shop.catalogue import CITIES, STORES
from benchmarks.shop.columns import Span, chosen, either, only_where, picked, same
from benchmarks.shop.days import DAY, NEVER, midnight
from benchmarks.shop.settings import IntArray, chance, mixed
from benchmarks.shop.state import State

SOURCES = ("site", "boutique", "parrainage", "jeu-concours", "salon")
ORIGINS = ("formulaire", "boutique", "lien de désinscription", "centre de préférences")
NEW_COLUMN_FROM = 2
"""The schema drifts: so many days after the first extract there is a column more."""


FORMS: dict[str, forms.Form] = {
    "contacts": {
        "ID_CLIENT": forms.TEXT, "DATE_MAJ": forms.LOCAL, "DATE_CREATION": forms.LOCAL,
        "EMAIL": forms.TEXT, "TELEPHONE": forms.TEXT, "PRENOM": forms.TEXT, "NOM": forms.TEXT,
        "DATE_NAISSANCE": forms.DATE, "CIVILITE": forms.TEXT, "CODE_POSTAL": forms.TEXT,
        "VILLE": forms.TEXT, "PAYS": forms.TEXT, "LANGUE": forms.TEXT, "NUM_CARTE": forms.TEXT,
        "STATUT_FIDELITE": forms.TEXT, "ORIGINE": forms.TEXT, "SUPPRIME": forms.TEXT,
        "POINTS": forms.INTEGER, "PANIER_MOYEN": forms.EUROS, "MAGASIN_PREFERE": forms.TEXT,
        "COMMENTAIRE": forms.TEXT,
    },
    "consents": {
        "ID_CLIENT": forms.TEXT, "CANAL": forms.TEXT, "STATUT": forms.TEXT,
        "DATE_STATUT": forms.LOCAL, "FINALITE": forms.TEXT, "SOURCE": forms.TEXT,
    },
    "subscriptions": {
        "subscription_id": forms.TEXT, "contact_id": forms.TEXT, "plan": forms.TEXT,
        "trial_started_at": forms.OFFSET, "trial_ends_at": forms.OFFSET,
        "converted_at": forms.OFFSET, "cancelled_at": forms.OFFSET, "monthly_amount": forms.EUROS,
    },
    "attributes": {
        "email": forms.TEXT, "name": forms.TEXT, "value": forms.TEXT, "observed_at": forms.UTC,
        "provider": forms.TEXT,
    },
    "exclusions": {
        "email": forms.TEXT, "contact_id": forms.TEXT, "reason": forms.TEXT, "until": forms.TEXT,
    },
}  # fmt: skip


def _records(
    block: Block, state: State, span: Span, record: int
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Who has a CRM record of this sort that is new or changed: person, sort, the seconds in which
    it was made and changed."""
    people = block.people
    since = {MAIN: people.arrival, DOUBLE: people.doubled_on, AGAIN: people.returns_on}[record]
    who = np.flatnonzero(people.has_account & (since < span.day) & (people.arrival < span.day))
    born = addresses.created(people, who, np.full(len(who), record))
    changed = born
    if record != DOUBLE:
        touched = np.minimum(state.touched[who], span.end - 1)
        lives = addresses.record_of(people, who, span.day - 1) == record
        if record == MAIN:
            lives &= people.erased_on[who] >= span.day
            erased = midnight(0) + np.minimum(people.erased_on[who], span.day) * DAY + 39_600
            changed = np.maximum(changed, np.where(erased < span.end, erased, 0))
        changed = np.maximum(changed, np.where(lives, touched, 0))
    told = span.has(changed)
    return who[told], np.full(int(told.sum()), record), born[told], changed[told]


def contacts(block: Block, state: State, span: Span, drift: int) -> pl.DataFrame:
    """One row per record that is new or changed."""
    people = block.people
    records = [_records(block, state, span, record) for record in (MAIN, DOUBLE, AGAIN)]
    who, record, born, changed = (np.concatenate(parts) for parts in zip(*records, strict=True))
    place = np.argsort(addresses.contact_ids(people, who, record).to_numpy())
    who, record, born, changed = who[place], record[place], born[place], changed[place]
    double = record == DOUBLE
    day = np.where(double, people.doubled_on[who], span.day - 1)  # nobody keeps a double up to date
    city = (people.city[who] + (people.moves_on[who] <= day)) % len(CITIES)
    erased = (record == MAIN) & (people.erased_on[who] <= day)
    card = people.has_card[who]
    keeps_account = ~double & ~erased
    points, orders = state.known_spent[who] // 100, state.known_orders[who]
    first = addresses.first_names(people, who)
    last = addresses.last_names(people, who, day)
    frame = pl.DataFrame(
        {
            "ID_CLIENT": addresses.contact_ids(people, who, record),
            "DATE_MAJ": changed,
            "DATE_CREATION": born,
            "EMAIL": only_where(
                ~double | (people.number[who] % 4 > 0),
                addresses.crm_emails(people, who, day, record),
            ),
            "TELEPHONE": addresses.phones(people, who),
            "PRENOM": either(double, first.str.slice(0, 1) + ".", first),
            "NOM": either(double, last.str.to_uppercase(), last),
            "DATE_NAISSANCE": np.where(people.number[who] % 10 < 6, people.birth_day[who], NEVER),
            "CIVILITE": only_where(
                people.number[who] % 11 > 0,
                picked(("M.", "Mme"), people.is_woman[who]),
            ),
            "CODE_POSTAL": picked(tuple(code for code, _ in CITIES), city),
            "VILLE": picked(tuple(name for _, name in CITIES), city),
            "PAYS": same("FR", len(who)),
            "LANGUE": same("fr", len(who)),
            "NUM_CARTE": only_where(card, addresses.cards(people, who, record)),
            "STATUT_FIDELITE": only_where(
                card & ~double, picked(("Bronze", "Argent", "Or"), np.minimum(points // 300, 2))
            ),
            "ORIGINE": picked(SOURCES, np.where(double, 1, people.source[who])),
            "SUPPRIME": picked(("N", "O"), erased),
            "POINTS": np.where(card & keeps_account, points, NEVER),
            "PANIER_MOYEN": np.where(
                keeps_account & (orders > 0),
                state.known_spent[who] // np.maximum(orders, 1),
                NEVER,
            ),
            "MAGASIN_PREFERE": only_where(
                card, picked(tuple(s[0] for s in STORES), people.city[who])
            ),
            "COMMENTAIRE": _comments(people.number[who]),
        }
    )
    if drift >= NEW_COLUMN_FROM:
        frame = frame.with_columns(
            picked(("A", "B", "C"), people.number[who] % 3).alias("SEGMENT_AGENCE")
        )
    return frame


def _comments(number: IntArray) -> pl.Series:
    kinds = (
        "Appeler après 18 h\nDigicode 12B",
        "Bon d'achat de 10 € offert ; cadeau : œufs en chocolat",
        "=1+1",
    )
    return only_where(mixed(number, 17) % 400 < 3, picked(kinds, mixed(number, 17) % 400 % 3))


def consents(block: Block, state: State, span: Span) -> pl.DataFrame:
    """One row per statement."""
    log = state.log("consents")
    said = chosen(log, span.has(log["second"]))
    place = np.lexsort((said["purpose"], said["channel"], said["person"], said["second"]))
    said = {name: values[place] for name, values in said.items()}
    return pl.DataFrame(
        {
            "ID_CLIENT": addresses.contact_ids(block.people, said["person"], said["record"]),
            "CANAL": picked(("Email", "SMS", "Courrier"), said["channel"]),
            "STATUT": picked(("Accord", "Retrait", "Opposition"), said["status"]),
            "DATE_STATUT": said["second"],
            "FINALITE": picked(("Marketing", "Profilage", "Suivi des ouvertures"), said["purpose"]),
            "SOURCE": picked(ORIGINS, said["origin"]),
        }
    )


def subscriptions(block: Block, state: State, span: Span) -> pl.DataFrame:
    """One row per subscription that changed, in its present state."""
    log, people = state.log("subscriptions"), block.people
    who = np.unique(log["person"][span.has(log["second"])])
    who = who[np.argsort(addresses.subscription_ids(people, who).to_numpy())]
    start = midnight(0) + 3600 + mixed(people.number[who], 43) % 3000

    def at(day: IntArray) -> IntArray:
        return np.where(day < span.day, start + day * DAY, NEVER)

    return pl.DataFrame(
        {
            "subscription_id": addresses.subscription_ids(people, who),
            "contact_id": addresses.contact_ids(
                people, who, addresses.record_of(people, who, span.day - 1)
            ),
            "plan": same("livraison", len(who)),
            "trial_started_at": start + state.trial_on[who] * DAY,
            "trial_ends_at": start + (state.trial_on[who] + 15) * DAY,
            "converted_at": at(state.member_on[who]),
            "cancelled_at": at(state.member_until[who]),
            "monthly_amount": np.full(len(who), 390),
        }
    )


def attributes(block: Block, span: Span) -> pl.DataFrame:
    """The answers to the preference survey of May 2026."""
    people, day = block.people, 680
    second = midnight(day) + 9 * 3600 + mixed(people.number, 23) % 36_000
    asked = people.has_account & (people.arrival < day) & (chance(people.number, 29) < 0.04)
    who = np.flatnonzero(asked & span.has(second))
    who = who[np.argsort(second[who])]
    answer = mixed(people.number[who], 31) % 3
    return pl.DataFrame(
        {
            "email": addresses.emails(people, who, day),
            "name": same("preferred_contact_frequency", len(who)),
            "value": picked(("weekly", "monthly", "rarely"), answer),
            "observed_at": second[who],
            "provider": same("enquete", len(who)),
        }
    )


def exclusions(block: Block) -> pl.DataFrame:
    """One row per person whom no campaign may reach: the whole list."""
    people = block.people
    who = np.flatnonzero(people.has_account & (people.arrival < 300))[::211][:40]
    reasons = picked(("staff", "seed", "litigation", "vip"), np.arange(len(who)) % 4)
    return pl.DataFrame(
        {
            "email": pl.Series([None] * len(who), dtype=pl.String),
            "contact_id": addresses.contact_ids(people, who, MAIN),
            "reason": reasons,
            "until": only_where(
                np.arange(len(who)) % 4 == 2,
                picked(("2026-09-30",), np.zeros(len(who), dtype=np.int64)),
            ),
        }
    )

"""Names, addresses and keys, as text: what tools know people by."""

import unicodedata
from functools import cache

import numpy as np
import polars as pl

from benchmarks.shop.days import DAY, midnight
from benchmarks.shop.people import People
from benchmarks.shop.settings import BoolArray, IntArray, mixed, words

WOMEN = words(
    "Camille Léa Manon Chloé Inès Zoé Jeanne Louise Hélène Agnès Anaïs Noémie Margaux Aurélie "
    "Céline Sophie Nathalie Françoise Lœtitia Élodie Amélie Clémence Maëlys Fatima Yasmine"
)
MEN = words(
    "Hugo Lucas Théo Jules Gaël Loïc Rémi François Stéphane Jérôme Frédéric Benoît Aurélien "
    "Étienne Mathéo Noël Raphaël Joël Antoine Nicolas Karim Mehdi Thomas Paul Maël"
)
LAST_NAMES = words(
    "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent "
    "Lefèvre Michel Garcia David Bertrand Roux Vincent Fournier Morel Girard André Mercier "
    "Dupont Lambert Bonnet François Martinez Legrand Garnier Faure Rousseau Blanc Guérin Müller "
    "Henry Roussel Nicolas Perrin Morin Mathieu Clément Gauthier Dumont López Fontaine "
    "Chevalier Robin Masson Lebœuf Hervé Béranger Cœurdevey Bélanger Traoré Benali Nguyen "
    "Lemaître Crèvecœur"
)
HOSTS = ("courriel.example", "boite.example", "postal.example", "fibre.example")
MAIN, DOUBLE, AGAIN = range(3)
"""Records of a person in the CRM: the first, a second one by mistake, one after an erasure."""


def _scattered(number: IntArray) -> IntArray:
    """Numbers that look random and never collide: each step is a bijection modulo 2**26."""
    result: IntArray = number * 2_654_435_761 % 2**26
    result = (result ^ (result >> 13)) * 2_246_822_519 % 2**26
    return result ^ (result >> 11)


def texts(prefix: str, numbers: IntArray) -> pl.Series:
    """`prefix` and number."""
    return pl.select(pl.lit(prefix) + pl.Series(numbers).cast(pl.String)).to_series()


def contact_ids(people: People, who: IntArray, record: IntArray | int) -> pl.Series:
    """Keys of the CRM."""
    return texts("C", 10_000_000 + _scattered(people.number[who] * 3 + record))


def cards(people: People, who: IntArray, record: IntArray | int) -> pl.Series:
    """Numbers of loyalty cards: each record has its own."""
    return texts("29", 10_000_000 + _scattered(people.number[who] * 3 + record))


def subscription_ids(people: People, who: IntArray) -> pl.Series:
    """Keys of the delivery subscriptions."""
    return texts("A", 10_000_000 + _scattered(people.number[who] * 3 + 1))


def person_ids(people: People, who: IntArray) -> pl.Series:
    """The truth's keys."""
    return texts("person-", people.number[who])


def relays(people: People, who: IntArray) -> pl.Series:
    """The marketplace's addresses: they hide their person, always the same way."""
    numbers = texts("acheteur-", _scattered(people.number[who] * 5 + 3))
    return pl.select(numbers + "@relais.example").to_series()


@cache
def _plain(names: tuple[str, ...]) -> pl.Series:
    folded = [name.lower().replace("œ", "oe") for name in names]
    return pl.Series(
        [unicodedata.normalize("NFD", n).encode("ascii", "ignore").decode() for n in folded]
    )


def first_names(people: People, who: IntArray) -> pl.Series:
    """As in the CRM."""
    return pl.Series(MEN + WOMEN).gather(_first(people, who))


def last_names(people: People, who: IntArray, day: IntArray | int) -> pl.Series:
    """The family name on a day."""
    changed = people.name_changes_on[who] <= day
    code = (people.last_name[who] + 17 * changed) % len(LAST_NAMES)
    return pl.Series(LAST_NAMES).gather(code)


def _first(people: People, who: IntArray) -> IntArray:
    return people.first_name[who] + len(MEN) * people.is_woman[who]


def emails(people: People, who: IntArray, day: IntArray | int) -> pl.Series:
    """The mailbox that each of `who` uses on a day; in some households another person's."""
    owner = people.email_of[who]
    changed = (people.email_changes_on[owner] <= day).astype(np.int64)
    first = _plain(MEN + WOMEN).gather(_first(people, owner))
    last = _plain(LAST_NAMES).gather(people.last_name[owner])
    number = people.number[owner] * 2 + changed
    suffix = texts("", _scattered(number))
    host = pl.Series(HOSTS).gather((people.number[owner] + changed) % len(HOSTS))
    return pl.select(first + "." + last + suffix + "@" + host).to_series()


def crm_emails(people: People, who: IntArray, day: IntArray | int, record: IntArray) -> pl.Series:
    """What the CRM holds: typed by somebody, so sometimes wrong."""
    right = emails(people, who, day)
    main = pl.Series(record == MAIN)
    return pl.select(
        pl.when(main & pl.Series(people.is_placeholder[who]))
        .then(pl.lit("test@test.com"))
        .when(main & pl.Series(is_mistyped(people, who, day)))
        .then(right.str.replace(r"\.example$", ".exmaple"))
        .otherwise(right)
    ).to_series()


def is_mistyped(people: People, who: IntArray, day: IntArray | int) -> BoolArray:
    """Whose address is wrong in the CRM on a day: mistyped, and right once they change it."""
    result: BoolArray = people.is_mistyped[who] & (
        people.email_changes_on[people.email_of[who]] > day
    )
    return result


def gives_number(people: People) -> BoolArray:
    """Who has told a telephone number: two thirds."""
    result: BoolArray = people.number[people.phone_of] % 3 > 0
    return result


def digits(people: People, who: IntArray) -> pl.Series:
    """The national number; null for the third of the people who give none."""
    owner = people.phone_of[who]
    number = 10_000_000 + _scattered(people.number[owner])
    given = pl.Series(gives_number(people)[who])
    return pl.select(
        pl.when(given).then(pl.lit("06") + pl.Series(number).cast(pl.String))
    ).to_series()


def phones(people: People, who: IntArray) -> pl.Series:
    """The same as people type it, in six spellings; 0000000000 for who wants to go on."""
    plain = digits(people, who)
    style = pl.Series(people.number[who] // 3 % 6)
    pairs = pl.concat_str([pl.lit(plain.str.slice(k, 2)) for k in range(0, 10, 2)], separator=" ")
    return pl.select(
        pl.when(pl.Series(people.is_placeholder[who]))
        .then(pl.lit("0000000000"))
        .when(style == 0)
        .then(plain)
        .when(style == 1)
        .then(pairs)
        .when(style == 2)
        .then(pairs.str.replace_all(" ", "."))
        .when(style == 3)
        .then(pl.lit("+33 ") + pairs.str.slice(1))
        .when(style == 4)
        .then(pl.lit("0033") + plain.str.slice(1))
        .otherwise(pl.lit("+33") + plain.str.slice(1))
    ).to_series()


def record_of(people: People, who: IntArray, day: IntArray | int) -> IntArray:
    """The CRM record that a person's account is on a day."""
    return np.where(people.returns_on[who] <= day, AGAIN, MAIN)


def created(people: People, who: IntArray, record: IntArray) -> IntArray:
    """Local seconds at which a record was made: before any order of the day."""
    day = np.where(
        record == MAIN,
        people.arrival[who],
        np.where(record == DOUBLE, people.doubled_on[who], people.returns_on[who]),
    )
    result: IntArray = midnight(0) + day * DAY + 6 * 3600 + mixed(people.number[who], record) % 5400
    return result

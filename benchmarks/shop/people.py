"""Who the customers are, and what nobody but the simulator knows about them."""

import unicodedata
from dataclasses import dataclass

import numpy as np

from benchmarks.shop.catalogue import CATEGORIES, STORES
from benchmarks.shop.settings import (
    BoolArray,
    FloatArray,
    IntArray,
    ShopSettings,
    stream,
    words,
)

WOMEN = words(
    "Camille Léa Manon Chloé Inès Zoé Jeanne Louise Hélène Agnès Anaïs Noémie Margaux Aurélie "
    "Céline Sophie Nathalie Françoise Lœtitia Élodie Amélie Clémence Maëlys Fatima Yasmine"
)
MEN = words(
    "Hugo Lucas Théo Jules Gaël Loïc Rémi François Stéphane Jérôme Frédéric Benoît Aurélien "
    "Étienne Mathéo Noël Raphaël Joël Antoine Nicolas Karim Mehdi Thomas Paul Maël"
)
LAST_NAMES = words(
    "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre "
    "Michel Garcia David Bertrand Roux Vincent Fournier Morel Girard André Mercier Dupont Lambert "
    "Bonnet François Martinez Legrand Garnier Faure Rousseau Blanc Guérin Müller Henry Roussel "
    "Nicolas Perrin Morin Mathieu Clément Gauthier Dumont López Fontaine Chevalier Robin Masson "
    "Lebœuf Hervé Béranger Cœurdevey Bélanger Traoré Benali Nguyen Lemaître Crèvecœur"
)
CITIES = (
    ("75011", "Paris"),
    ("69003", "Lyon"),
    ("59000", "Lille"),
    ("44000", "Nantes"),
    ("33000", "Bordeaux"),
    ("67000", "Strasbourg"),
    ("31000", "Toulouse"),
    ("54500", "Vandœuvre-lès-Nancy"),
    ("42000", "Saint-Étienne"),
    ("06000", "Nice"),
    ("35000", "Rennes"),
    ("1000", "Bruxelles"),
)
MAIL_HOSTS = ("courriel.example", "boite.example", "postal.example", "fibre.example")
ACQUISITION = ("site", "boutique", "parrainage", "jeu-concours", "salon")

GUEST_SHARE = 0.08
EARLIER_SHARE = 0.40
ONE_TIME_SHARE = 0.30
REGULAR_SHARE = 0.45


@dataclass(slots=True)
class People:
    """One entry per person; `arrival` is a day index, negative before the history begins."""

    arrival: IntArray
    is_guest: BoolArray
    is_woman: BoolArray
    first_names: list[str]
    last_names: list[str]
    emails: list[str]
    phones: list[str]
    birth_dates: IntArray
    city: IntArray
    store: IntArray
    source: IntArray
    has_card: BoolArray
    consent_email: BoolArray
    consent_sms: BoolArray
    web_denied: BoolArray
    devices: IntArray
    comments: list[str]

    @property
    def count(self) -> int:
        """How many people there are."""
        return len(self.arrival)

    @property
    def contact_ids(self) -> list[str]:
        """The CRM's key; people without an account (guests) have an entry that nobody uses."""
        return [f"C{100_000 + index}" for index in range(self.count)]

    @property
    def card_numbers(self) -> list[str]:
        """The loyalty card's number, empty without a card."""
        return [
            f"290{5_000_000 + index * 7}" if has else ""
            for index, has in enumerate(self.has_card.tolist())
        ]


@dataclass(frozen=True, slots=True)
class Latent:
    """What drives a person's behaviour. Rates are per day."""

    rate: FloatArray
    is_regular: BoolArray
    leaves_on: FloatArray
    buys_on_arrival: BoolArray
    browse_rate: FloatArray
    taste: FloatArray
    channel_shares: FloatArray
    theme_liking: FloatArray
    engagement: FloatArray
    has_bad_address: BoolArray
    has_machine_opens: BoolArray
    has_link_scanner: BoolArray


def make_people(settings: ShopSettings) -> People:
    """Draw the visible side of every person."""
    rng = stream(settings.seed, "people")
    n = settings.customers
    earlier = rng.random(n) < EARLIER_SHARE
    arrival = np.where(
        earlier, -rng.integers(1, 1500, n), rng.integers(0, settings.total_days, n)
    ).astype(np.int64)
    is_woman = rng.random(n) < 0.66
    women, men = rng.integers(0, len(WOMEN), n).tolist(), rng.integers(0, len(MEN), n).tolist()
    first_names = [
        WOMEN[w] if woman else MEN[m]
        for woman, w, m in zip(is_woman.tolist(), women, men, strict=True)
    ]
    last_names = [LAST_NAMES[k] for k in rng.integers(0, len(LAST_NAMES), n).tolist()]
    hosts = rng.integers(0, len(MAIL_HOSTS), n).tolist()
    is_guest = rng.random(n) < GUEST_SHARE
    return People(
        arrival=arrival,
        is_guest=is_guest,
        is_woman=is_woman,
        first_names=first_names,
        last_names=last_names,
        emails=_emails(first_names, last_names, hosts),
        phones=_phones(rng, n),
        birth_dates=rng.integers(-14_600, 13_500, n),
        city=rng.integers(0, len(CITIES), n),
        store=rng.integers(0, len(STORES), n),
        source=rng.integers(0, len(ACQUISITION), n),
        has_card=(rng.random(n) < 0.55) & ~is_guest,
        consent_email=(rng.random(n) < 0.78) & ~is_guest,
        consent_sms=(rng.random(n) < 0.35) & ~is_guest,
        web_denied=rng.random(n) < 0.18,
        devices=rng.choice(np.array([1, 2, 3]), n, p=[0.6, 0.3, 0.1]).astype(np.int64),
        comments=[""] * n,
    )


def make_latent(settings: ShopSettings, people: People) -> Latent:
    """Draw the hidden side: rhythm, drop-out, tastes, and how marketing works on the person."""
    rng = stream(settings.seed, "latent")
    n = people.count
    one_time = rng.random(n) < ONE_TIME_SHARE
    weekly = rng.gamma(1.3, 0.075 / 1.3, n) * np.where(one_time, 0.08, 1.0)
    stays = rng.gamma(1.5, 420 / 1.5, n) + np.where(one_time, 10, 60)
    seen_from = np.maximum(people.arrival, -150)
    taste = rng.dirichlet(np.full(len(CATEGORIES), 0.5), n)
    channels = rng.dirichlet(np.array([2.2, 0.8, 1.6, 0.12, 0.12]), n)
    channels[:, 2] *= people.has_card
    channels /= channels.sum(axis=1, keepdims=True)
    eagerness = np.sqrt(weekly / 0.08)
    return Latent(
        rate=weekly / 7,
        is_regular=rng.random(n) < REGULAR_SHARE,
        leaves_on=seen_from + stays,
        buys_on_arrival=rng.random(n) < 0.75,
        browse_rate=0.032 * (0.25 + eagerness) * np.exp(rng.normal(-0.12, 0.5, n)),
        taste=taste,
        channel_shares=channels,
        theme_liking=rng.normal(0.0, 1.0, (n, 8)),
        engagement=rng.normal(0.0, 1.0, n),
        has_bad_address=rng.random(n) < 0.008,
        has_machine_opens=rng.random(n) < 0.35,
        has_link_scanner=rng.random(n) < 0.02,
    )


def plain(text: str) -> str:
    """A name as it appears in an address: small letters, no accents."""
    folded = text.lower().replace("œ", "oe")
    return unicodedata.normalize("NFD", folded).encode("ascii", "ignore").decode()


def _emails(first_names: list[str], last_names: list[str], hosts: list[int]) -> list[str]:
    seen: dict[str, int] = {}
    emails = []
    for first, last, host in zip(first_names, last_names, hosts, strict=True):
        name = f"{plain(first)}.{plain(last)}"
        seen[name] = seen.get(name, 0) + 1
        number = "" if seen[name] == 1 else str(seen[name])
        emails.append(f"{name}{number}@{MAIL_HOSTS[host]}")
    return emails


def _phones(rng: np.random.Generator, n: int) -> list[str]:
    """French mobile numbers in the formats that people type; a third have none."""
    numbers = rng.integers(10_000_000, 79_999_999, n).tolist()
    styles = rng.integers(0, 9, n).tolist()
    phones = []
    for number, style in zip(numbers, styles, strict=True):
        digits = f"06{number:08d}"
        pairs = [digits[k : k + 2] for k in range(0, 10, 2)]
        forms = {
            0: digits,
            1: " ".join(pairs),
            2: ".".join(pairs),
            3: "+33 6 " + " ".join(pairs[1:]),
            4: "0033" + digits[1:],
            5: "+33" + digits[1:],
        }
        phones.append(forms.get(style, ""))
    return phones

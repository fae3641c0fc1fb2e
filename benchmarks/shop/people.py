"""Who the people of a block are: their latent lives, their households, what may reach them.

Nothing here changes from day to day; what does is in `state.py`."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.catalogue import CITIES
from benchmarks.shop.days import NEVER
from benchmarks.shop.settings import (
    BLOCK,
    HISTORY_DAYS,
    BoolArray,
    FloatArray,
    IntArray,
    Settings,
    stream,
)

SITE, APP, STORE, PHONE, MARKETPLACE = range(5)
THEMES = ("soldes", "nouveautes", "fidelite", "panier", "maison", "relance")
FUTURE_DAYS = 180
"""People who arrive after the history, so that the shop goes on growing while it answers."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A latent type of customer. `weekly`: purchases a week; `stays`: mean days until drop-out;
    `season`: weights of ordinary trade, sales, Christmas and home; `channels`: Dirichlet weights of
    site, app, store, telephone, marketplace; `taste`: of the categories."""

    name: str
    share: float
    weekly: float
    stays: int
    is_regular: float
    discount: float
    season: tuple[float, float, float, float]
    channels: tuple[float, float, float, float, float]
    taste: tuple[float, float, float, float, float, float]


FAMILY = 2  # the position of its kind
KINDS = (
    Kind("one_time", 0.30, 0.004, 200, 0.0, 0.4,
         (0.4, 0.2, 0.4, 0.0), (1.6, 0.3, 1.2, 0.1, 0.3), (0.5, 0.3, 0.3, 0.4, 0.4, 0.4)),
    Kind("occasional", 0.25, 0.028, 1100, 0.15, 0.5,
         (0.3, 0.4, 0.2, 0.1), (1.8, 0.6, 1.6, 0.1, 0.2), (0.7, 0.4, 0.3, 0.5, 0.4, 0.3)),
    Kind("family", 0.15, 0.065, 1600, 0.75, 0.45,
         (0.7, 0.2, 0.1, 0.0), (1.5, 1.0, 2.0, 0.1, 0.1), (0.5, 0.4, 1.4, 0.7, 0.5, 0.2)),
    Kind("fashion", 0.12, 0.090, 900, 0.35, 0.25,
         (0.8, 0.1, 0.1, 0.0), (2.2, 1.8, 0.9, 0.05, 0.1), (1.5, 0.5, 0.1, 1.0, 0.1, 0.2)),
    Kind("home", 0.10, 0.040, 1400, 0.45, 0.3,
         (0.2, 0.2, 0.1, 0.5), (1.6, 0.4, 1.8, 0.2, 0.1), (0.3, 0.2, 0.1, 0.2, 1.6, 1.3)),
    Kind("bargain", 0.08, 0.060, 1000, 0.2, 0.9,
         (0.2, 0.75, 0.05, 0.0), (2.0, 0.9, 1.0, 0.05, 0.4), (0.8, 0.5, 0.4, 0.8, 0.4, 0.3)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """One entry per person of a block, in order of `number` (unique in the shop). Days are day
    indices, `NEVER` for what does not happen; a negative arrival is before the history."""

    number: IntArray
    kind: IntArray
    arrival: IntArray
    leaves_on: IntArray
    rate: FloatArray  # purchases a day
    is_regular: BoolArray
    discount: FloatArray  # liking of offers, 0 to 1
    season: FloatArray  # (people, 4)
    taste: FloatArray  # (people, categories)
    channels: FloatArray  # (people, 5), cumulative
    browse_rate: FloatArray  # visits a day
    city: IntArray
    household: IntArray  # position of its first member
    email_of: IntArray  # position of the person whose address this one uses
    phone_of: IntArray
    is_woman: BoolArray
    first_name: IntArray
    last_name: IntArray
    birth_day: IntArray  # days since 1970
    source: IntArray
    is_guest: BoolArray
    has_card: BoolArray
    consent_email: BoolArray
    consent_sms: BoolArray
    consent_post: BoolArray
    refuses_web: BoolArray
    devices: IntArray
    cookie_days: IntArray
    email_changes_on: IntArray
    name_changes_on: IntArray
    moves_on: IntArray
    doubled_on: IntArray  # a second record in the CRM
    erased_on: IntArray
    returns_on: IntArray  # with a new record
    is_mistyped: BoolArray
    is_placeholder: BoolArray
    is_responsive: BoolArray
    hidden: FloatArray  # what behaviour does not show of the effects, (people, themes)
    engagement: FloatArray
    has_machine_opens: BoolArray
    has_scanner: BoolArray
    has_dead_address: BoolArray

    @property
    def count(self) -> int:
        return len(self.number)

    @property
    def has_account(self) -> BoolArray:
        """Who has a record in the CRM (from their arrival on)."""
        return ~self.is_guest

    @property
    def may_be_double(self) -> BoolArray:
        return self.doubled_on < NEVER


def make_people(settings: Settings, block: int) -> People:
    """Draw the people of a block."""
    rng, given, n = (
        stream(settings.seed, "people", block),
        settings.parameters,
        settings.size(block),
    )
    kind = rng.choice(len(KINDS), n, p=[k.share for k in KINDS]).astype(np.int64)
    earlier = rng.random(n) < 0.80
    arrival = np.where(
        earlier, -rng.integers(1, 1500, n), rng.integers(0, HISTORY_DAYS + FUTURE_DAYS, n)
    ).astype(np.int64)
    scale = rng.gamma(given.rate_shape, 1 / given.rate_shape, n)
    weekly = np.array([k.weekly for k in KINDS])[kind] * scale * given.weekly_rate
    stays = np.array([k.stays for k in KINDS])[kind] * given.lifetime
    lasts = rng.gamma(1.4, 1 / 1.4, n) * stays + 15
    seen_from = np.maximum(arrival, -400)
    eagerness = np.sqrt(weekly / 0.05)
    household, alone = _households(rng, n, given.household_share)
    is_guest = (rng.random(n) < given.guest_share) & (kind != FAMILY)
    first_of = household
    shares_email = ~alone & (np.arange(n) != first_of) & (rng.random(n) < given.shared_email)
    shares_phone = ~alone & (np.arange(n) != first_of) & (rng.random(n) < given.shared_phone)
    has_card = (rng.random(n) < given.card_share) & ~is_guest
    channels = _dirichlet(rng, np.array([k.channels for k in KINDS])[kind])
    channels[:, STORE] *= np.where(has_card, 1.3, 0.6)
    channels[:, APP] *= ~is_guest
    channels /= channels.sum(axis=1, keepdims=True)
    city = rng.integers(0, len(CITIES), n)[household]
    hidden = np.sqrt(0.6) * rng.normal(size=(n, 1)) + np.sqrt(0.4) * rng.normal(
        size=(n, len(THEMES))
    )
    erased_on = _some_day(rng, arrival, given.erased_share)
    comes_back = rng.random(n) < 0.5
    return People(
        number=block * BLOCK + np.arange(n),
        kind=kind,
        arrival=arrival,
        leaves_on=(seen_from + lasts).astype(np.int64),
        rate=weekly / 7,
        is_regular=rng.random(n) < np.array([k.is_regular for k in KINDS])[kind],
        discount=np.clip(
            np.array([k.discount for k in KINDS])[kind] + rng.normal(0, 0.2, n), 0.0, 1.0
        ),
        season=np.array([k.season for k in KINDS])[kind],
        taste=_dirichlet(rng, np.array([k.taste for k in KINDS])[kind]),
        channels=np.cumsum(channels, axis=1),
        browse_rate=0.030 * (0.2 + eagerness) * np.exp(rng.normal(-0.15, 0.55, n)),
        city=city,
        household=household,
        email_of=np.where(shares_email, first_of, np.arange(n)),
        phone_of=np.where(shares_phone, first_of, np.arange(n)),
        is_woman=rng.random(n) < 0.66,
        first_name=rng.integers(0, 25, n),
        last_name=rng.integers(0, 58, n)[household],
        birth_day=rng.integers(-14_600, 13_500, n),
        source=rng.integers(0, 5, n),
        is_guest=is_guest,
        has_card=has_card,
        consent_email=(rng.random(n) < given.email_consent) & ~is_guest,
        consent_sms=(rng.random(n) < given.sms_consent) & ~is_guest,
        consent_post=(rng.random(n) < 0.2) & ~is_guest,
        refuses_web=rng.random(n) < given.web_refusal,
        devices=rng.choice(np.array([1, 2, 3]), n, p=[0.55, 0.33, 0.12]).astype(np.int64),
        cookie_days=(20 + rng.exponential(160, n)).astype(np.int64),
        email_changes_on=_some_day(rng, arrival, given.email_change_share),
        name_changes_on=_some_day(rng, arrival, 0.012),
        moves_on=_some_day(rng, arrival, 0.10),
        doubled_on=np.where(is_guest, NEVER, _some_day(rng, arrival, given.duplicate_share)),
        erased_on=np.where(is_guest, NEVER, erased_on),
        returns_on=np.where(
            comes_back & (erased_on < NEVER), erased_on + rng.integers(20, 200, n), NEVER
        ),
        is_mistyped=rng.random(n) < given.mistyped_share,
        is_placeholder=rng.random(n) < given.placeholder_share,
        is_responsive=(rng.random(n) < given.responsive_share) & (weekly > 0.004),
        hidden=hidden,
        engagement=rng.normal(0.0, 1.0, n),
        has_machine_opens=rng.random(n) < given.machine_open_share,
        has_scanner=rng.random(n) < given.scanner_share,
        has_dead_address=rng.random(n) < 0.006,
    )


def _households(rng: np.random.Generator, n: int, share: float) -> tuple[IntArray, BoolArray]:
    """The position of the first member of each person's household, and who lives alone among our
    customers. Households are neighbours in the block."""
    joins = rng.random(n) < share * 0.55  # lives with the one before
    joins[0] = False
    start = np.maximum.accumulate(np.where(joins, 0, np.arange(n)))
    size = np.bincount(start, minlength=n)[start]
    return start.astype(np.int64), size == 1


def _some_day(rng: np.random.Generator, arrival: IntArray, share: float) -> IntArray:
    """A day of the history or the time after it, after the arrival, for a share of the people."""
    n = len(arrival)
    day = rng.integers(30, HISTORY_DAYS + FUTURE_DAYS, n)
    day = np.maximum(day, arrival + 10 + day % 90)
    return np.where(rng.random(n) < share, day, NEVER)


def _dirichlet(rng: np.random.Generator, weights: FloatArray) -> FloatArray:
    drawn = rng.gamma(weights) + 1e-9
    result: FloatArray = drawn / drawn.sum(axis=1, keepdims=True)
    return result


def tasted(people: People, who: IntArray, rng: np.random.Generator) -> IntArray:
    """A category by each person's taste."""
    cumulative = np.cumsum(people.taste[who], axis=1)
    result: IntArray = (rng.random(len(who))[:, None] > cumulative[:, :-1]).sum(axis=1)
    return result.astype(np.int64)

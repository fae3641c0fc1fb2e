"""Two years of days: who buys, who browses, who is mailed, who leaves.

One pass over the days with one vector operation per idea, so 200,000 people take seconds. The
hazard of buying on a day is rate × rhythm × season × mood × still-here, plus what mails add.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.days import at_day, season
from benchmarks.shop.marketing import (
    EFFECT_DAYS,
    Campaign,
    Sends,
    choose_audience,
    gained_probability,
)
from benchmarks.shop.people import Latent, People
from benchmarks.shop.settings import BoolArray, FloatArray, IntArray, ShopSettings, stream

MOOD_MEMORY = 0.85
MOOD_SPREAD = 0.75
FADE_DAYS = 14.0
UNSUBSCRIBE_CHANCE = 0.0025
NEVER = 10_000
EFFECT_SHAPE = np.exp(-np.arange(EFFECT_DAYS) / 4.0)
EFFECT_SHAPE = EFFECT_SHAPE / EFFECT_SHAPE.sum()


@dataclass(frozen=True, slots=True)
class History:
    """What happened; orders and visits by day, then by person."""

    order_person: IntArray
    order_day: IntArray
    order_campaign: IntArray
    """Position of the campaign whose mail was fresh when the order was placed, or -1."""
    visit_person: IntArray
    visit_day: IntArray
    sends: Sends
    unsubscribed: BoolArray
    """Per send: whether it made the person unsubscribe."""
    stopped_mail_on: IntArray
    """Per person: the day of the unsubscription, or `NEVER`."""


@dataclass(slots=True)
class _State:
    """Where everybody is on the present day."""

    last_order: IntArray
    ever: BoolArray
    mood: FloatArray
    fresh_campaign: IntArray
    fresh_until: IntArray
    mails: list[tuple[int, IntArray]]
    boosts: list[tuple[int, IntArray, FloatArray]]
    stopped_mail_on: IntArray
    bounced: BoolArray
    """Addresses that the e-mail tool gave up after a hard bounce."""


def live(
    settings: ShopSettings, people: People, latent: Latent, campaigns: list[Campaign]
) -> History:
    """Simulate every day of the shop."""
    buy_rng = stream(settings.seed, "buying")
    visit_rng = stream(settings.seed, "visits")
    mood_rng = stream(settings.seed, "mood")
    n = people.count
    state = _State(
        last_order=people.arrival - np.where(people.arrival < 0, 0, 1),
        ever=people.arrival < 0,
        mood=mood_rng.normal(0.0, MOOD_SPREAD, n),
        fresh_campaign=np.full(n, -1, dtype=np.int64),
        fresh_until=np.full(n, -1, dtype=np.int64),
        mails=[],
        boosts=[],
        stopped_mail_on=np.full(n, NEVER, dtype=np.int64),
        bounced=np.zeros(n, dtype=np.bool_),
    )
    early = people.arrival < 0
    spread_back = buy_rng.exponential(1 / np.maximum(latent.rate, 0.002))
    state.last_order[early] = -np.minimum(spread_back, 400).astype(np.int64)[early]
    factors = season(settings)
    sent_on = {
        settings.day_index(campaign.starts_on): position
        for position, campaign in enumerate(campaigns)
        if campaign.is_past
    }
    orders: list[tuple[int, IntArray, IntArray]] = []
    visits: list[tuple[int, IntArray]] = []
    sends: list[tuple[Sends, BoolArray]] = []
    for day in range(settings.total_days):
        if day % 7 == 0:
            shock = mood_rng.normal(0.0, MOOD_SPREAD * np.sqrt(1 - MOOD_MEMORY**2), n)
            state.mood = MOOD_MEMORY * state.mood + shock
        here = 1 / (1 + np.exp(np.clip((day - latent.leaves_on) / FADE_DAYS, -40, 40)))
        if day in sent_on:
            position = sent_on[day]
            sends.append(
                _send(
                    settings,
                    people,
                    latent,
                    state,
                    here=here,
                    day=day,
                    position=position,
                    campaign=campaigns[position],
                )
            )
        feeling = np.exp(state.mood - MOOD_SPREAD**2 / 2) * here * (people.arrival <= day)
        buyers = _buyers(
            people, latent, state, liveliness=feeling * factors[day], day=day, rng=buy_rng
        )
        orders.append((day, buyers, _fresh(state, buyers, day)))
        state.last_order[buyers] = day
        state.ever[buyers] = True
        if day >= settings.history_days - settings.web_days:
            count = visit_rng.poisson(latent.browse_rate * feeling * np.sqrt(factors[day]))
            visits.append((day, np.repeat(np.arange(n), count)))
    return History(
        order_person=np.concatenate([who for _, who, _ in orders]),
        order_day=np.repeat([day for day, _, _ in orders], [len(who) for _, who, _ in orders]),
        order_campaign=np.concatenate([source for _, _, source in orders]),
        visit_person=np.concatenate([who for _, who in visits]),
        visit_day=np.repeat([day for day, _ in visits], [len(who) for _, who in visits]),
        sends=_joined([batch for batch, _ in sends]),
        unsubscribed=np.concatenate([stops for _, stops in sends]),
        stopped_mail_on=state.stopped_mail_on,
    )


def _buyers(
    people: People,
    latent: Latent,
    state: _State,
    *,
    liveliness: FloatArray,
    day: int,
    rng: np.random.Generator,
) -> IntArray:
    """Who orders today."""
    progress = (day - state.last_order) * latent.rate
    rhythm = np.where(
        latent.is_regular, np.minimum(2.2 * progress**2, 3.5), np.where(progress < 0.02, 0.5, 1.0)
    )
    hazard = latent.rate * rhythm * liveliness
    floor = 0.2 * hazard
    for sent_on, who, gain in state.boosts:
        if day - sent_on < EFFECT_DAYS:
            hazard[who] += gain * EFFECT_SHAPE[day - sent_on]
    hazard = np.maximum(hazard, floor) * (people.arrival <= day)
    arrives = (people.arrival == day) & latent.buys_on_arrival
    return np.flatnonzero((rng.random(people.count) < 1 - np.exp(-hazard)) | arrives)


def _send(
    settings: ShopSettings,
    people: People,
    latent: Latent,
    state: _State,
    *,
    here: FloatArray,
    day: int,
    position: int,
    campaign: Campaign,
) -> tuple[Sends, BoolArray]:
    """Mail a campaign this morning and set off its effects."""
    rng = stream(settings.seed, f"sends {campaign.campaign_id}")
    since = day - state.last_order
    may_mail = people.consent_email & (people.arrival < day) & ~state.bounced
    may_mail &= state.stopped_mail_on > day
    audience, treated = choose_audience(campaign, may_mail, since, rng)
    mailed = audience[treated]
    of_late = np.zeros(people.count, dtype=np.int64)
    for sent_on, who in state.mails:
        if day - sent_on <= 28:
            of_late[who] += 1
    gain = gained_probability(
        campaign.theme,
        mailed,
        latent,
        days_since_order=since,
        still_here=here,
        mails_of_late=of_late,
    )
    state.boosts = [boost for boost in state.boosts if day - boost[0] < EFFECT_DAYS]
    state.boosts.append((day, mailed, gain))
    state.mails.append((day, mailed))
    state.bounced[mailed] |= latent.has_bad_address[mailed]
    state.fresh_campaign[mailed] = position
    state.fresh_until[mailed] = day + EFFECT_DAYS
    stops = treated & (rng.random(len(audience)) < UNSUBSCRIBE_CHANCE)
    state.stopped_mail_on[audience[stops]] = day
    seconds = 9 * 3600 + 1800 + rng.integers(0, 900, len(audience))
    batch = Sends(
        campaign=np.full(len(audience), position, dtype=np.int64),
        person=audience,
        second=at_day(settings, np.full(len(audience), day), seconds),
        treated=treated,
        variant=rng.integers(0, 2, len(audience)),
    )
    return batch, stops


def _fresh(state: _State, buyers: IntArray, day: int) -> IntArray:
    return np.where(state.fresh_until[buyers] > day, state.fresh_campaign[buyers], -1)


def _joined(batches: list[Sends]) -> Sends:
    return Sends(
        campaign=np.concatenate([batch.campaign for batch in batches]),
        person=np.concatenate([batch.person for batch in batches]),
        second=np.concatenate([batch.second for batch in batches]),
        treated=np.concatenate([batch.treated for batch in batches]),
        variant=np.concatenate([batch.variant for batch in batches]),
    )

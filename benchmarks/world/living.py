"""One day of a block: mood, messages, purchases, visits, and what people tell the shop."""

from dataclasses import dataclass

import numpy as np

from benchmarks.world import mailing, purchases
from benchmarks.world.campaigns import Campaign, make_campaigns
from benchmarks.world.catalogue import CATEGORIES, Catalogue, make_catalogue
from benchmarks.world.days import NEVER, midnight, season_of
from benchmarks.world.effects import LASTS_DAYS, kernel
from benchmarks.world.parameters import Parameters
from benchmarks.world.people import APP, People, make_people
from benchmarks.world.settings import (
    FloatArray,
    IntArray,
    Settings,
    stream,
)
from benchmarks.world.state import State, beginning

Imported = dict[int, IntArray]
"""Position of a campaign → the people of the block that an imported file addresses."""


@dataclass(frozen=True, slots=True)
class Block:
    """People who live together, and what all blocks share."""

    settings: Settings
    index: int
    people: People
    goods: Catalogue
    campaigns: list[Campaign]

    @property
    def given(self) -> Parameters:
        return self.settings.parameters

    def stream(self, subject: str, day: int) -> np.random.Generator:
        return stream(self.settings.seed, subject, self.index, day)

    def begin(self) -> State:
        """The state on the first day of the history."""
        return beginning(self.settings.seed, self.index, self.people, self.given.mood_spread, NEVER)


def make_block(settings: Settings, index: int) -> Block:
    """Draw a block."""
    return Block(
        settings,
        index,
        make_people(settings, index),
        make_catalogue(settings.seed, settings.parameters),
        make_campaigns(),
    )


def live(block: Block, state: State, imported: Imported | None = None) -> None:
    """Live `state.day` and move on to the next. `imported`: what the tools send this morning
    because somebody imported it."""
    people, given, day = block.people, block.given, state.day
    if day % 7 == 0:
        _change_mood(block, state)
    state.pressure *= np.exp(-1 / mailing.FADES)
    season = season_of(day, people.season)
    hazard = hazard_of(block, state, season)
    sent = {k: None for k, c in enumerate(block.campaigns) if c.send_day == day}
    for position, campaign in enumerate(block.campaigns):
        given_list = (imported or {}).get(position)
        if position not in sent and given_list is None:
            continue
        rng = stream(block.settings.seed, f"send {campaign.campaign_id}", block.index, day)
        audience = (
            mailing.draw_audience(campaign, people, state, rng)
            if given_list is None
            else _told(given_list)
        )
        mailing.send(
            position,
            campaign,
            audience,
            people=people,
            state=state,
            hazard=hazard,
            given=given,
            rng=rng,
        )
    rng = block.stream("buying", day)
    pushed = np.maximum(hazard + _boosts(block, state), 0.1 * hazard)
    decides = (rng.random(people.count) < 1 - np.exp(-pushed)) & (state.busy_until < day)
    decides |= (people.arrival == day) & (rng.random(people.count) < 0.75)
    rng = block.stream("purchases", day)
    common = {"people": people, "state": state, "goods": block.goods, "given": given, "rng": rng}
    purchases.decide(np.flatnonzero(decides), **common)  # type: ignore[arg-type]
    purchases.place_due(campaigns=block.campaigns, **common)  # type: ignore[arg-type]
    _visit(block, state, season)
    _subscribe(block, state)
    _edit(block, state)
    state.day += 1


def hazard_of(block: Block, state: State, season: FloatArray) -> FloatArray:
    """Purchases a day that each person would make today if nobody wrote to them."""
    people, day = block.people, state.day
    progress = (day - state.last_order) * people.rate
    rhythm = np.where(
        people.is_regular, np.minimum(2.2 * progress**2, 3.5), np.where(progress < 0.02, 0.5, 1.0)
    )
    result: FloatArray = people.rate * rhythm * season * feeling(block, state)
    return result


def feeling(block: Block, state: State) -> FloatArray:
    """Mood and presence: 0 for who is not there (yet, or any more in our records)."""
    people, day = block.people, state.day
    spread = block.given.mood_spread
    here = np.where(day < people.leaves_on, 1.0, 0.03) * (people.arrival <= day)
    away = (people.erased_on <= day) & (day < people.returns_on)
    result: FloatArray = np.exp(state.mood - spread**2 / 2) * here * ~away
    return result


def _told(who: IntArray) -> mailing.Audience:
    n = len(who)
    return mailing.Audience(who, np.ones(n, dtype=np.bool_), np.full(n, np.nan))


def _change_mood(block: Block, state: State) -> None:
    given = block.given
    shock = block.stream("mood", state.day).normal(0.0, given.mood_spread, block.people.count)
    memory = given.mood_memory
    state.mood = memory * state.mood + (1 - memory**2) ** 0.5 * shock


def _boosts(block: Block, state: State) -> FloatArray:
    """What the messages of the last weeks add to today's hazard."""
    boosts = state.log("boosts")
    added = np.zeros(block.people.count)
    if not boosts:
        return added
    age = state.day - boosts["day"]
    if len(age) and int(age[0]) >= LASTS_DAYS:
        state.keep("boosts", age < LASTS_DAYS)
        boosts = state.log("boosts")
        age = state.day - boosts["day"]
    gains, losses = kernel(block.given.pulled_forward)
    gain = boosts["gain"]
    today = gain * np.where(gain > 0, gains[age], losses[age])
    return added + np.bincount(boosts["person"], weights=today, minlength=len(added))


def _visit(block: Block, state: State, season: FloatArray) -> None:
    """Sessions without a purchase: visits of their own, from links in mails, and of strangers."""
    people, day, rng = block.people, state.day, block.stream("visits", state.day)
    lively = people.browse_rate * feeling(block, state) * np.sqrt(season)
    who = np.repeat(np.arange(people.count), rng.poisson(lively))
    strangers = rng.poisson(0.12 * lively.sum())
    person = np.concatenate([who, np.full(strangers, -1)])
    n = len(person)
    category = np.where(
        person >= 0,
        purchases.tasted(people, np.maximum(person, 0), rng),
        rng.integers(0, len(CATEGORIES), n),
    )
    purchases.open_sessions(
        state,
        person,
        second=midnight(day) + rng.integers(7 * 3600, 81_000, n),
        product=block.goods.pick(rng.random(n), category),
        kind=np.full(n, purchases.BROWSE),
        in_app=(person >= 0) & people.has_account[person] & (rng.random(n) < 0.10),
    )
    clicks = state.log("visits")
    if clicks:
        now = clicks["second"] < midnight(day + 1)
        mine = {name: values[now] for name, values in clicks.items()}
        state.keep("visits", ~now)
        rng = block.stream("clicks", day)
        m = len(mine["person"])
        purchases.open_sessions(
            state,
            mine["person"],
            second=mine["second"],
            product=block.goods.pick(rng.random(m), purchases.tasted(people, mine["person"], rng)),
            kind=np.full(m, purchases.BROWSE),
            in_app=np.zeros(m, dtype=np.bool_),
            campaign=mine["campaign"],
        )


def _subscribe(block: Block, state: State) -> None:
    """The delivery subscription: a trial of 15 days, then a membership until it is cancelled."""
    people, day, rng = block.people, state.day, block.stream("subscription", state.day)
    draws = rng.random(people.count)
    online = people.channels[:, APP] > 0.5
    may = people.has_account & online & (state.trial_on >= NEVER) & (day < people.leaves_on)
    starts = may & (people.arrival < day) & (draws < 0.05 * people.rate)
    state.trial_on[starts] = day
    ends = state.trial_on == day - 15
    used = state.last_order > day - 16
    converts = ends & (draws < np.where(used, 0.65, 0.2))
    state.member_on[converts] = day
    stops = (state.member_on < day) & (state.member_until >= NEVER)
    stops &= (draws < 0.0012) | (people.leaves_on == day)
    state.member_until[stops | (ends & ~converts)] = day
    changed = np.flatnonzero(starts | converts | stops | ends)
    state.add("subscriptions", person=changed, second=midnight(day) + 3600 + changed % 3000)


def _edit(block: Block, state: State) -> None:
    """What people tell the shop about themselves: consents, changes of name and address."""
    people, day, rng = block.people, state.day, block.stream("edits", state.day)
    start = midnight(day) + 9 * 3600
    changes = (
        (people.email_changes_on == day)
        | (people.name_changes_on == day)
        | (people.moves_on == day)
        | (people.erased_on == day)
    ) & (people.arrival < day)
    changes |= (rng.random(people.count) < 0.0006) & (people.arrival < day)
    state.touched[changes] = start + np.flatnonzero(changes) % 20_000
    present = people.has_account & (people.arrival < day) & (people.erased_on > day)
    draws = rng.random((4, people.count))
    for chance, channel, status, purpose, origin, mask in (
        (0.00006, 0, 1, 0, 1, people.consent_email),
        (0.00004, 1, 1, 0, 1, people.consent_sms),
        (0.000012, 0, 2, 1, 3, present),
        (0.000015, 0, 1, 2, 3, present),
    ):
        said = np.flatnonzero(present & mask & (draws[purpose + channel] < chance))
        state.add(
            "consents",
            person=said,
            second=start + said % 30_000,
            channel=np.full(len(said), channel),
            status=np.full(len(said), status),
            purpose=np.full(len(said), purpose),
            origin=np.full(len(said), origin),
        )
        if purpose == 0:
            stopped = state.stopped_email if channel == 0 else state.stopped_sms
            stopped[said] = np.minimum(stopped[said], day + 1)

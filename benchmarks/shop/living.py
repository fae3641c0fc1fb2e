"""One day of a block: mood, messages, purchases, visits, and what people tell the shop."""

import numpy as np

from benchmarks.shop import addresses, consents, purchases
from benchmarks.shop.block import Block
from benchmarks.shop.catalogue import CATEGORIES
from benchmarks.shop.consents import EMAIL, MARKETING, OBJECTED, OPENS, PROFILING, SMS, WITHDRAWN
from benchmarks.shop.days import NEVER, midnight, season_of
from benchmarks.shop.effects import LASTS_DAYS, kernel
from benchmarks.shop.mailing import FADES, Addressed, accepted, draw_audience, send
from benchmarks.shop.people import APP, tasted
from benchmarks.shop.settings import FloatArray, mixed
from benchmarks.shop.state import State, beginning

VISITS_FADE = 28.0  # days
MOOD_DAY = 3
"""Of seven; extracts and truth are told in between."""


def begin(block: Block) -> State:
    """The state on the first day of the history."""
    rng = block.stream("beginning", 0)
    state = beginning(rng, block.people, block.given.mood_spread)
    consents.at_creation(block.people, state)
    return state


def live(block: Block, state: State, addressed: dict[int, Addressed] | None = None) -> None:
    """Live `state.day` and move on to the next. `addressed`: position of a campaign → whom the
    tools write to this morning because somebody imported it."""
    people, day = block.people, state.day
    if day % 7 == MOOD_DAY:
        _change_mood(block, state)
    state.pressure *= np.exp(-1 / FADES)
    state.visits *= np.exp(-1 / VISITS_FADE)
    season = season_of(day, people.season)
    hazard = hazard_of(block, state, season)
    for position, campaign in enumerate(block.campaigns):
        told = (addressed or {}).get(position)
        if told is None and campaign.send_day != day:
            continue
        rng = block.stream(f"send {campaign.campaign_id}", day)
        audience = (
            draw_audience(block, state, campaign, rng)
            if told is None
            else accepted(people, state, campaign, told)
        )
        send(block, state, position, audience, hazard=hazard, rng=rng)
    pushed = np.maximum(hazard + _boosts(block, state) * (hazard > 0), 0.1 * hazard)
    rng = block.stream("buying", day)
    decides = (rng.random(people.count) < 1 - np.exp(-pushed)) & (state.busy_until < day)
    decides |= (people.arrival == day) & (rng.random(people.count) < 0.75)
    purchases.decide(block, state, np.flatnonzero(decides), block.stream("purchases", day))
    purchases.place_due(block, state, block.stream("orders", day))
    _visit(block, state, season)
    _subscribe(block, state)
    _edit(block, state)
    state.day += 1


def hazard_of(block: Block, state: State, season: FloatArray) -> FloatArray:
    """Purchases a day that each person would make today if nobody wrote to them."""
    people, day = block.people, state.day
    progress = (day - state.last_order) * people.rate
    rhythm = np.where(
        people.is_regular,
        np.minimum(2.2 * progress**2, 3.5),
        np.where(day - state.last_order < 12, 1.7, 1.0),
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


def _change_mood(block: Block, state: State) -> None:
    given = block.given
    shock = block.stream("mood", state.day).normal(0.0, given.mood_spread, block.people.count)
    memory = given.mood_memory
    state.mood = memory * state.mood + (1 - memory**2) ** 0.5 * shock


def _boosts(block: Block, state: State) -> FloatArray:
    """What the messages of the last weeks add to today's hazard."""
    boosts = state.log("boosts")
    if not boosts:
        return np.zeros(block.people.count)
    age = state.day - boosts["day"]
    if len(age) and int(age[0]) >= LASTS_DAYS:
        state.keep("boosts", age < LASTS_DAYS)
        boosts = state.log("boosts")
        age = state.day - boosts["day"]
    gains, losses = kernel(block.given.pulled_forward)
    gain = boosts["gain"]
    today = gain * np.where(gain > 0, gains[age], losses[age])
    added: FloatArray = np.zeros(block.people.count)
    added += np.bincount(boosts["person"], weights=today, minlength=len(added))
    return added


def _visit(block: Block, state: State, season: FloatArray) -> None:
    """Sessions without a purchase: visits of their own, from links in mails, and of strangers."""
    people, day, rng = block.people, state.day, block.stream("visits", state.day)
    lively = people.browse_rate * feeling(block, state) * np.sqrt(season)
    who = np.repeat(np.arange(people.count), rng.poisson(lively))
    strangers = rng.poisson(0.45 * lively.sum())
    person = np.concatenate([who, np.full(strangers, -1)])
    n = len(person)
    category = np.where(
        person >= 0,
        tasted(people, np.maximum(person, 0), rng),
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
            product=block.goods.pick(rng.random(m), tasted(people, mine["person"], rng)),
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
    start = midnight(day) + 10 * 3600
    forgotten = people.erased_on == day
    state.known_orders[forgotten] = state.known_spent[forgotten] = 0
    renewed = people.email_changes_on == day
    state.suppressed_mailbox[renewed] = state.suppressed_typo[renewed] = False
    changes = (
        (people.email_changes_on[people.email_of] == day)
        | (people.name_changes_on == day)
        | (people.moves_on == day)
        | (people.erased_on == day)
    ) & (people.arrival < day)
    changes |= (rng.random(people.count) < 0.0006) & (people.arrival < day)
    at = start + mixed(people.number, day) % 30_000
    state.touched[changes] = np.maximum(state.touched, at)[changes]
    present = people.has_account & (people.arrival < day) & (people.erased_on > day)
    for chance, channel, status, purpose, mask in (
        (0.00006, EMAIL, WITHDRAWN, MARKETING, people.consent_email),
        (0.00004, SMS, WITHDRAWN, MARKETING, people.consent_sms),
        (0.00002, EMAIL, OBJECTED, MARKETING, present),
        (0.000012, EMAIL, OBJECTED, PROFILING, present),
        (0.000015, EMAIL, WITHDRAWN, OPENS, present),
    ):
        who = np.flatnonzero(present & mask & (rng.random(people.count) < chance))
        said_at = start + mixed(people.number[who], day, channel) % 30_000
        record = addresses.record_of(people, who, day)
        consents.say(
            state, who, said_at, channel=channel, status=status, purpose=purpose,
            origin=consents.CENTRE, record=record,
        )  # fmt: skip
        if purpose == MARKETING:
            stopped = state.stopped_email if channel == EMAIL else state.stopped_sms
            stopped[who] = np.minimum(stopped[who], day + 1)

"""A message to an audience: who is drawn, what their tools report, and what it sets off."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop import addresses, consents
from benchmarks.shop.block import Block
from benchmarks.shop.campaigns import CALL, EMAIL, EVERYBODY, IMPORTED, RULE, SMS, Campaign
from benchmarks.shop.days import DAY, midnight
from benchmarks.shop.effects import boost, effect_on
from benchmarks.shop.people import THEMES, People
from benchmarks.shop.settings import BoolArray, FloatArray, IntArray
from benchmarks.shop.state import SENDS, State

RECENT_SHARE, OTHER_SHARE = 0.8, 0.5
"""Of those drawn for a test, who get it: the marketer's choice, and the others."""
SENT_AT = 28_800
"""Seconds after midnight at which messages begin to go out."""
SMALLEST_BOOST = 1e-12
FADES = 21 / np.log(2)
"""Days until the pressure of a message has fallen to 1 / e: half in three weeks."""
DELIVERED, BOUNCE, OPEN, CLICK, UNSUBSCRIBE, COMPLAINT = range(6)
EVENT_NAMES = ("delivered", "bounce", "open", "click", "unsubscribe", "complaint")


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom an imported file addresses; `by_mailbox`: by the mailbox they use, not as the CRM holds
    it."""

    who: IntArray
    by_mailbox: BoolArray


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is drawn for a campaign. `probability`: of the arm each one got; NaN without a lot.
    `by_mailbox`: addressed by the mailbox they use, whatever the CRM holds."""

    who: IntArray
    treated: BoolArray
    probability: FloatArray
    by_mailbox: BoolArray


def reachable(channel: str, people: People, state: State) -> BoolArray:
    """Who may get a message of a channel today, as far as the shop's own tools know."""
    known = (people.arrival < state.day) & people.has_account
    known &= (people.erased_on > state.day) | (people.returns_on <= state.day)
    if channel == EMAIL:
        known &= people.consent_email & (state.stopped_email > state.day)
        return known & ~state.suppressed_mailbox[people.email_of] & ~state.suppressed_typo
    known &= addresses.gives_number(people) & ~people.is_placeholder
    if channel == SMS:
        known &= people.consent_sms & (state.stopped_sms > state.day)
        return known & ~state.suppressed_number[people.phone_of]
    return known & (state.known_spent > 40_000) & people.has_card


def accepted(people: People, state: State, campaign: Campaign, told: Addressed) -> Audience:
    """The people of an imported file whom the tool does write to: not those who bounced for good or
    unsubscribed in the tool itself. It knows nothing of what was said elsewhere."""
    who, by_mailbox = told.who, told.by_mailbox
    refused = np.zeros(len(who), dtype=np.bool_)
    if campaign.channel == EMAIL:
        refused = state.suppressed_mailbox[people.email_of[who]]
        refused = refused | (state.suppressed_typo[who] & ~by_mailbox)
    elif campaign.channel == SMS:
        refused = state.suppressed_number[people.phone_of[who]]
    return named(who[~refused], by_mailbox[~refused])


def named(who: IntArray, by_mailbox: BoolArray | None = None) -> Audience:
    """An audience all of whom get the message."""
    no = np.zeros(len(who), dtype=np.bool_)
    return Audience(who, ~no, np.full(len(who), np.nan), no if by_mailbox is None else by_mailbox)


def draw_audience(
    block: Block, state: State, campaign: Campaign, rng: np.random.Generator
) -> Audience:
    """A marketer's choice: recent, valuable or lapsing people by theme, so that a comparison with
    the others misleads; in a test, some of the others too, and a control by lot among all."""
    people = block.people
    may = reachable(campaign.channel, people, state)
    since = state.day - state.last_order
    theme = THEMES[campaign.theme]
    if theme == "relance":
        wanted = (since > 90) & (since < 330)
    elif theme == "panier":
        wanted = (state.mood > 0.3) & (since < 300)
    elif theme == "fidelite":
        wanted = people.has_card & (since < 300)
    else:
        wanted = since < 180
    if campaign.way == EVERYBODY:
        return named(np.flatnonzero(may))
    chosen = may & wanted & (rng.random(people.count) < 0.85)
    if campaign.way == RULE:
        return named(np.flatnonzero(chosen))
    others = may & ~wanted & (since < 330) & (rng.random(people.count) < 0.5)
    who = np.flatnonzero(chosen | others)
    share = np.where(chosen[who], RECENT_SHARE, OTHER_SHARE)
    treated = rng.random(len(who)) < share
    no = np.zeros(len(who), dtype=np.bool_)
    return Audience(who, treated, np.where(treated, share, 1 - share), no)


def send(
    block: Block,
    state: State,
    position: int,
    audience: Audience,
    *,
    hazard: FloatArray,
    rng: np.random.Generator,
) -> None:
    """Send a campaign (its position in the plan) this morning: log the sends and what comes of
    them, and set off the effects. `hazard`: purchases a day of everybody today."""
    people, given, campaign = block.people, block.given, block.campaigns[position]
    n = len(audience.who)
    mixed_up = rng.permutation(n)
    who, mailed = audience.who[mixed_up], audience.treated[mixed_up]
    by_mailbox = audience.by_mailbox[mixed_up]
    number = state.take_numbers(SENDS, n)
    second = midnight(state.day) + SENT_AT + np.sort(rng.integers(0, 900, n))
    effect = effect_on(block, state, campaign, who, hazard)
    reached = _report(
        block,
        state,
        position,
        who,
        mailed=mailed,
        by_mailbox=by_mailbox,
        number=number,
        second=second,
        rng=rng,
    )
    state.add(
        "sends",
        number=number,
        campaign=position,
        person=who,
        second=second,
        treated=mailed,
        reached=reached,
        by_mailbox=by_mailbox,
        probability=audience.probability[mixed_up],
        variant=rng.integers(0, 2, n),
        imported=int(campaign.way == IMPORTED),
        gain=effect.gain,
        visible=effect.visible,
        base=1 - np.exp(-7 * hazard[who]),
    )
    state.pressure[who[mailed]] += 1.0
    state.fresh_campaign[who[reached]] = position
    state.fresh_until[who[reached]] = state.day + 14
    change = np.where(effect.gain != 0, boost(effect.gain, hazard[who]), 0.0)[reached]
    touched = who[reached]
    household = np.bincount(people.household[touched], weights=change, minlength=people.count)
    mates = np.flatnonzero(household[people.household] != 0)
    own = np.zeros(people.count)
    own[touched] = change
    spilled = household[people.household] - own
    total = given.spill * spilled + own
    moved = mates[(np.abs(total[mates]) > SMALLEST_BOOST) & (people.leaves_on[mates] > state.day)]
    state.add("boosts", day=np.full(len(moved), state.day), person=moved, gain=total[moved])


def _report(
    block: Block,
    state: State,
    position: int,
    who: IntArray,
    *,
    mailed: BoolArray,
    by_mailbox: BoolArray,
    number: IntArray,
    second: IntArray,
    rng: np.random.Generator,
) -> BoolArray:
    """Log what the tool reports: machines open and click too. Returns whom the message reached."""
    people, given, campaign = block.people, block.given, block.campaigns[position]
    n = len(who)
    pressure, keen = state.pressure[who], people.engagement[who]
    is_mail = campaign.channel == EMAIL
    dead = people.has_dead_address[people.email_of[who]] & is_mail
    typo = addresses.is_mistyped(people, who, state.day) | people.is_placeholder[who]
    typo &= is_mail & ~by_mailbox
    fails = rng.random(n) < given.bounce_rate
    bounced = mailed & (campaign.channel != CALL) & (dead | typo | fails)
    arrived = mailed & ~bounced
    odds = np.log(given.open_rate / (1 - given.open_rate)) - 0.15 + 0.85 * keen - 0.06 * pressure
    opened = arrived & is_mail & (rng.random(n) < 1 / (1 + np.exp(-odds)))
    clicks = given.click_rate / given.open_rate * np.exp(0.25 * keen - 0.03)
    clicked = np.where(is_mail, opened, arrived & (campaign.channel == SMS)) & (
        rng.random(n) < clicks
    )
    tired = 1 + 0.5 * np.maximum(pressure - 2, 0)
    stops = arrived & (campaign.channel != CALL) & (rng.random(n) < given.unsubscribe_rate * tired)
    complains = arrived & is_mail & (rng.random(n) < given.complaint_rate * tired)
    late = rng.exponential(14_000, n).astype(np.int64) + 300
    pause = rng.integers(8, 240, n)
    machine = arrived & is_mail & people.has_machine_opens[who] & (rng.random(n) < 0.95)
    scanned = arrived & is_mail & people.has_scanner[who]
    for kind, mask, delay, by_machine in (
        (BOUNCE, bounced, rng.integers(5, 60, n), 0),
        (DELIVERED, arrived, rng.integers(2, 18, n), 0),
        (OPEN, machine, rng.integers(60, 5400, n), 1),
        (CLICK, scanned, rng.integers(20, 90, n), 1),
        (OPEN, opened, late, 0),
        (CLICK, clicked, late + pause, 0),
        (UNSUBSCRIBE, stops, late + pause + 60, 0),
        (COMPLAINT, complains, late + pause + 90, 0),
    ):
        state.add(
            "reports",
            send=number[mask],
            person=who[mask],
            kind=kind,
            second=(second + delay)[mask],
            machine=by_machine,
        )
    state.add(
        "visits",
        person=who[clicked],
        second=(second + late + pause + 5)[clicked],
        campaign=position,
    )
    state.suppressed_typo[who[bounced & typo]] = True
    ends = stops | complains | (bounced & dead & ~typo)
    if is_mail:
        state.suppressed_mailbox[people.email_of[who[ends]]] = True
    else:
        state.suppressed_number[people.phone_of[who[ends]]] = True
    stopped = state.stopped_email if is_mail else state.stopped_sms
    stopped[who[stops | complains]] = state.day + 1
    flows = stops & (rng.random(n) < 0.7)
    consents.say(
        state,
        who[flows],
        midnight(state.day) + DAY - 3600 + np.arange(int(flows.sum())) % 3000,
        channel=consents.EMAIL if is_mail else consents.SMS,
        status=consents.WITHDRAWN,
        origin=consents.LINK,
        record=addresses.record_of(people, who[flows], state.day),
    )
    return arrived

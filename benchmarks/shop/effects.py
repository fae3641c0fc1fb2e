"""What a message really does to people: the truth that models look for.

The effect is the change of the probability to buy within seven days. Behaviour shows part of it
(what they buy, their use of coupons, the moment in their own rhythm, visits of late, habit); part
is hidden and stays with the person; a person whom mails do not move has next to none; messages of
late take some of it away; and nobody can be dissuaded from more than they would buy."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shop.block import Block
from benchmarks.shop.campaigns import CALL, CATEGORY_OF, EMAIL, OFFER_OF, SMS, Campaign
from benchmarks.shop.people import People
from benchmarks.shop.settings import BoolArray, FloatArray, IntArray
from benchmarks.shop.state import State

WITHIN_DAYS = 7
LASTS_DAYS = 28
POWER = {EMAIL: 1.0, SMS: 1.3, CALL: 3.0}
"""How many times as strong as a mail."""
THEME_MEAN = (0.4, -0.3, 0.1, 0.1, -0.3, 0.2)
"""How far a theme's mean is from that of all, in standard deviations of the effect."""
VISIBLE_MEAN, VISIBLE_SPREAD = 0.2, 0.74
MEAN_FACTOR, SPREAD_FACTOR = 1.2, 1.25
"""Found by simulation: with the people who are gone (no effect) and those who can only be dissuaded
from little, they give the mean and spread that the parameters ask for."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Per person, as probabilities: the effect, and what one would expect of it who knew all that
    behaviour shows, but not who has left, who cannot be moved and what is hidden."""

    gain: FloatArray
    visible: FloatArray


def kernel(pulled_forward: float) -> tuple[FloatArray, FloatArray]:
    """Daily weights of a gain and of a loss over `LASTS_DAYS`, all within seven days. Most of a
    gain comes first, and a part of it is missing in the three weeks after; a loss is even, for no
    day can lose more than it has."""
    gain, loss = np.zeros(LASTS_DAYS), np.zeros(LASTS_DAYS)
    gain[:WITHIN_DAYS] = np.exp(-np.arange(WITHIN_DAYS) / 2.0)
    gain /= gain.sum()
    gain[WITHIN_DAYS:] = -pulled_forward / (LASTS_DAYS - WITHIN_DAYS)
    loss[:WITHIN_DAYS] = 1 / WITHIN_DAYS
    return gain, loss


def effect_on(
    block: Block, state: State, campaign: Campaign, who: IntArray, hazard: FloatArray
) -> Effect:
    """The effect of one message, sent today, on each of `who`. `hazard`: purchases a day of
    everybody today."""
    people, given = block.people, block.given
    moves = is_moved(people, state)[who]
    share = given.responsive_share
    mean = MEAN_FACTOR * given.effect_mean / share
    spread = SPREAD_FACTOR * given.effect_spread
    visible = visible_score(campaign.theme, who, people=people, state=state)
    hidden = people.hidden[who, campaign.theme]
    shown = np.sqrt(given.explained_share) * visible + THEME_MEAN[campaign.theme]
    raw = mean + spread * (shown + np.sqrt(1 - given.explained_share) * hidden)
    tired = given.fatigue_cost * np.maximum(state.pressure[who] - 2, 0)
    floor = -0.9 * (1 - np.exp(-WITHIN_DAYS * hazard[who]))
    power = POWER[campaign.channel]
    gain = np.where(moves, np.maximum(power * (raw - tired), floor), 0.0)
    return Effect(gain, power * (mean + spread * shown - tired))


def is_moved(people: People, state: State) -> BoolArray:
    """Whom a message can move today: who is there, does not buy already, and minds messages."""
    result: BoolArray = (
        people.is_responsive
        & (people.leaves_on > state.day)
        & ((people.erased_on > state.day) | (people.returns_on <= state.day))
        & (state.busy_until < state.day)
    )
    return result


def visible_score(theme: int, who: IntArray, *, people: People, state: State) -> FloatArray:
    """What can be seen of the effect, about standardised: a perfect customer 360 holds it all."""
    since = state.day - state.last_order[who]
    orders = state.orders[who]
    tenure = state.day - np.maximum(people.arrival[who], -400)
    rate = (orders + 0.5) / (tenure + 60)
    moment = np.where(since < 14, -1.3, np.where(since * rate > 1.0, 0.9, 0.1))
    category = CATEGORY_OF[theme]
    if category >= 0:
        lines = state.bought[who]
        fits = ((lines[:, category] + 1) / (lines.sum(axis=1) + 6) - 0.16) / 0.12
    elif OFFER_OF[theme][0] == "percent":
        fits = ((state.coupons[who] + 0.5) / (orders + 2.5) - 0.2) / 0.12
    else:
        fits = (np.log1p(orders) - 1.2) / 0.7
    interest = (np.log1p(2 * state.visits[who]) - 0.7) / 0.7
    habit = (np.log(rate * 7) + 3.2) / 0.8
    score = 0.5 * fits + 0.6 * moment + 0.5 * interest - 0.7 * habit
    result: FloatArray = np.clip((score - VISIBLE_MEAN) / VISIBLE_SPREAD, -3, 3)
    return result


def boost(gain: FloatArray, hazard: FloatArray) -> FloatArray:
    """The cumulated hazard that changes the probability of a purchase in seven days by `gain`."""
    base = 1 - np.exp(-WITHIN_DAYS * hazard)
    reached = np.clip(base + gain, 1e-6, 0.98)
    result: FloatArray = -np.log1p(-reached) - WITHIN_DAYS * hazard
    return result

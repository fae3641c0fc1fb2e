"""What a message really does to people: the truth that models look for.

The effect is the change of the probability to buy within seven days. Behaviour shows part of it
(taste for what is offered, liking of offers, the moment in the person's own rhythm, interest in
mails); part is hidden and stays with the person; a person whom mails do not move has next to none;
messages of late take some of it away; and nobody can be dissuaded from more than they would buy."""

from dataclasses import dataclass

import numpy as np

from benchmarks.world.campaigns import CALL, CATEGORY_OF, EMAIL, OFFER_OF, SMS, Campaign
from benchmarks.world.parameters import Parameters
from benchmarks.world.people import People
from benchmarks.world.settings import FloatArray, IntArray
from benchmarks.world.state import State

WITHIN_DAYS = 7
LASTS_DAYS = 28
POWER = {EMAIL: 1.0, SMS: 1.3, CALL: 3.0}
"""How many times as strong as a mail."""
THEME_MEAN = (0.4, -0.3, 0.1, 0.1, -0.3, 0.2)
"""How far a theme's mean is from that of all, in standard deviations of the effect."""
VISIBLE_MEAN, VISIBLE_SPREAD = 0.2, 1.1
MEAN_FACTOR, SPREAD_FACTOR = 1.35, 1.28
"""Found by simulation: with the people who are gone (no effect) and those who can only be dissuaded
from little, they give the mean and spread that the parameters ask for."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Per person: the effect, and the part of it that behaviour shows, both as probabilities."""

    gain: FloatArray
    visible: FloatArray


def kernel(pulled_forward: float) -> tuple[FloatArray, FloatArray]:
    """Daily weights of a gain and of a loss over `LASTS_DAYS`: most within days, all within seven;
    of a gain, a part is missing in the three weeks after."""
    weights = np.zeros(LASTS_DAYS)
    weights[:WITHIN_DAYS] = np.exp(-np.arange(WITHIN_DAYS) / 2.5)
    weights /= weights.sum()
    gain = weights.copy()
    gain[WITHIN_DAYS:] = -pulled_forward / (LASTS_DAYS - WITHIN_DAYS)
    return gain, weights


def effect_on(
    campaign: Campaign,
    who: IntArray,
    *,
    people: People,
    state: State,
    hazard: FloatArray,
    given: Parameters,
) -> Effect:
    """The effect of one message, sent today, on each of `who`. `hazard`: purchases a day of
    everybody today."""
    alive = (people.leaves_on[who] > state.day) & people.is_responsive[who]
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
    moved = np.maximum(power * (raw - tired), floor)
    seen = np.maximum(power * (mean + spread * shown - tired), floor)
    return Effect(np.where(alive, moved, 0.0), np.where(alive, seen, 0.0))


def visible_score(theme: int, who: IntArray, *, people: People, state: State) -> FloatArray:
    """What can be seen of the effect, about standardised."""
    since = state.day - state.last_order[who]
    progress = since * people.rate[who]
    moment = np.where(since < 14, -1.3, np.where(progress > 1.0, 0.9, 0.1))
    liking = (people.discount[who] - 0.45) / 0.27
    if CATEGORY_OF[theme] >= 0:
        fits = (people.taste[who, CATEGORY_OF[theme]] - 0.17) / 0.2
    elif OFFER_OF[theme][0] == "percent":
        fits = liking
    else:
        fits = np.log1p(state.orders[who]) - 1.2
    habit = np.clip((np.log(people.rate[who] * 7) + 3.2) / 0.8, -2, 2)
    score = 0.5 * fits + 0.6 * moment + 0.4 * people.engagement[who] - 0.8 * habit
    result: FloatArray = (score - VISIBLE_MEAN) / VISIBLE_SPREAD
    return result


def boost(gain: FloatArray, hazard: FloatArray) -> FloatArray:
    """The cumulated hazard that changes the probability of a purchase in seven days by `gain`."""
    base = 1 - np.exp(-WITHIN_DAYS * hazard)
    reached = np.clip(base + gain, 1e-6, 0.98)
    result: FloatArray = -np.log1p(-reached) - WITHIN_DAYS * hazard
    return result

"""The campaigns: what was mailed when, to whom, and what it really does to people."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from benchmarks.shop.people import Latent
from benchmarks.shop.settings import BoolArray, FloatArray, IntArray

THEMES = ("soldes", "nouveautes", "fidelite", "panier", "maison", "relance")
THEME_MEAN = (0.016, 0.004, 0.008, 0.012, 0.002, 0.010)
"""Points of purchase probability within the effect's days that an average person gains."""
THEME_AT_RISK = (0.020, 0.006, 0.012, 0.010, 0.006, 0.045)
"""What a person gains on top when overdue but not gone."""
THEME_CATEGORY = (-1, 0, -1, -1, 3, -1)
THEME_OFFER = (
    ("percent", 20),
    ("none", 0),
    ("points", 0),
    ("free_shipping", 0),
    ("percent", 10),
    ("percent", 15),
)
THEME_NAMES = (
    "Soldes",
    "Nouveautés",
    "Avantages fidélité",
    "Panier : livraison offerte",
    "Belle maison",
    "Vous nous manquez",
)
EFFECT_DAYS = 14
RULE_DAYS = (
    date(2025, 7, 8),
    date(2025, 8, 26),
    date(2025, 9, 16),
    date(2025, 10, 7),
    date(2025, 10, 28),
    date(2025, 11, 25),
    date(2025, 12, 9),
    date(2026, 1, 13),
    date(2026, 2, 3),
    date(2026, 3, 3),
)
RULE_THEMES = (0, 1, 4, 2, 3, 0, 1, 0, 5, 1)
FIRST_TEST_DAY = date(2026, 3, 17)
TEST_THEMES = (0, 5, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0)
TEST_TREATED = (0.8, 0.5, 0.8, 0.8, 0.5, 0.8, 0.5, 0.8, 0.8, 0.5, 0.8, 0.8, 0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One row of the planning sheet."""

    campaign_id: str
    name: str
    alias: str
    channel: str
    starts_on: date
    ends_on: date
    theme: int
    audience: str
    status: str
    treated_share: float | None = None
    """Share drawn to be mailed; None when a marketer's rule chose, with no control."""
    cost_per_contact: str = "0.012"
    capacity: str = ""

    @property
    def is_past(self) -> bool:
        """Whether it has been sent within the simulated history."""
        return self.status == "finished"

    @property
    def coupon(self) -> str:
        """The code that the mail shows, empty without a discount."""
        offer, rate = THEME_OFFER[self.theme]
        return f"{THEMES[self.theme].upper()}{rate}" if offer == "percent" else ""


@dataclass(frozen=True, slots=True)
class Sends:
    """One entry per person of a campaign's audience, controls included; `second` is local."""

    campaign: IntArray
    person: IntArray
    second: IntArray
    treated: BoolArray
    variant: IntArray


@dataclass(frozen=True, slots=True)
class MailEvents:
    """One entry per event in the e-mail tool; `send` is a position in `Sends`."""

    send: IntArray
    name: list[str]
    second: IntArray
    is_machine: BoolArray


def make_campaigns() -> list[Campaign]:
    """24 past e-mail campaigns, then those that are open on the extract dates."""
    past = [
        _past(number, day, theme, None)
        for number, (day, theme) in enumerate(zip(RULE_DAYS, RULE_THEMES, strict=True), start=1)
    ]
    for week, (theme, share) in enumerate(zip(TEST_THEMES, TEST_TREATED, strict=True)):
        day = FIRST_TEST_DAY + timedelta(days=7 * week)
        past.append(_past(len(past) + 1, day, theme, share))
    return past + _open_campaigns()


def _past(number: int, day: date, theme: int, share: float | None) -> Campaign:
    return Campaign(
        campaign_id=f"CMP{number:03d}",
        name=f"{THEME_NAMES[theme]} ({day:%m/%Y})",
        alias=f"{THEMES[theme]}-{day:%Y-%m-%d}",
        channel="email",
        starts_on=day,
        ends_on=day + timedelta(days=14),
        theme=theme,
        audience="chosen",
        status="finished",
        treated_share=share,
    )


def _open_campaigns() -> list[Campaign]:
    ends = date(2026, 8, 31)
    rows = []
    for number, theme in enumerate((0, 1, 2, 3, 5), start=101):
        rows.append(
            Campaign(
                campaign_id=f"CMP{number}",
                name=f"{THEME_NAMES[theme]} (été 2026)",
                alias=f"{THEMES[theme]}-ete-2026",
                channel="email",
                starts_on=date(2026, 6, 24),
                ends_on=ends,
                theme=theme,
                audience="chosen",
                status="active",
                capacity="600" if theme == 2 else "",
            )
        )
    newsletter = Campaign(
        campaign_id="CMP110",
        name="Lettre de juillet",
        alias="lettre-2026-07",
        channel="email",
        starts_on=date(2026, 7, 7),
        ends_on=ends,
        theme=1,
        audience="everyone",
        status="planned",
    )
    sms = Campaign(
        campaign_id="CMP120",
        name="SMS ventes privées",
        alias="sms-ventes-privees-2026",
        channel="sms",
        starts_on=date(2026, 6, 24),
        ends_on=ends,
        theme=0,
        audience="chosen",
        status="active",
        cost_per_contact="0.055",
        capacity="300",
    )
    return [*rows, newsletter, sms]


def choose_audience(
    campaign: Campaign,
    may_mail: BoolArray,
    days_since_order: IntArray,
    rng: np.random.Generator,
) -> tuple[IntArray, BoolArray]:
    """The people of a campaign and who of them is mailed.

    The marketer's rule mails recent buyers, so a comparison with the others would mislead; the
    tests draw by lot among everybody who may be mailed and is not lost for good.
    """
    if campaign.treated_share is None:
        limit = 270 if THEMES[campaign.theme] == "relance" else 150
        recent = may_mail & (days_since_order < limit)
        if THEMES[campaign.theme] == "relance":
            recent &= days_since_order > 90
        audience = np.flatnonzero(recent & (rng.random(len(may_mail)) < 0.9))
        return audience, np.ones(len(audience), dtype=np.bool_)
    audience = np.flatnonzero(may_mail & (days_since_order < 600))
    return audience, rng.random(len(audience)) < campaign.treated_share


def gained_probability(
    theme: int,
    people: IntArray,
    latent: Latent,
    *,
    days_since_order: IntArray,
    still_here: FloatArray,
    mails_of_late: IntArray,
) -> FloatArray:
    """The true effect of a mail on buying within `EFFECT_DAYS`, per person; some are negative."""
    since = days_since_order[people]
    at_risk = (since > 45) & (since < 300)
    gain = THEME_MEAN[theme] * (1 + 0.7 * latent.theme_liking[people, theme])
    gain = gain + THEME_AT_RISK[theme] * at_risk
    if THEME_CATEGORY[theme] >= 0:
        gain = gain + 0.03 * (latent.taste[people, THEME_CATEGORY[theme]] - 0.15)
    gain = gain - 0.004 * (since < 14) - 0.004 * np.maximum(mails_of_late[people] - 2, 0)
    result: FloatArray = gain * (0.15 + 0.85 * still_here[people])
    return result


def mail_events(
    rng: np.random.Generator, sends: Sends, latent: Latent, unsubscribed: BoolArray
) -> MailEvents:
    """What the e-mail tool logs for the mailed: machines open and click too."""
    mailed = np.flatnonzero(sends.treated)
    person, start = sends.person[mailed], sends.second[mailed]
    n = len(mailed)
    bounced = latent.has_bad_address[person] | (rng.random(n) < 0.004)
    arrived = ~bounced
    chance = 1 / (1 + np.exp(1.2 - 0.8 * latent.engagement[person]))
    opened = arrived & (rng.random(n) < chance)
    clicked = opened & (rng.random(n) < 0.13)
    kinds: list[tuple[str, BoolArray, IntArray, bool]] = [
        ("bounce", bounced, rng.integers(5, 60, n), False),
        ("delivered", arrived, rng.integers(5, 120, n), False),
        (
            "open",
            arrived & latent.has_machine_opens[person] & (rng.random(n) < 0.9),
            rng.integers(120, 900, n),
            True,
        ),
        ("click", arrived & latent.has_link_scanner[person], rng.integers(120, 300, n), True),
        ("open", opened, rng.integers(900, 40_000, n), False),
    ]
    click_delay = kinds[-1][2] + rng.integers(10, 200, n)
    kinds += [
        ("click", clicked, click_delay, False),
        ("unsubscribe", unsubscribed[mailed] & arrived, click_delay + 60, False),
        ("complaint", arrived & (rng.random(n) < 0.0004), click_delay + 90, False),
    ]
    position = np.concatenate([mailed[mask] for _, mask, _, _ in kinds])
    second = np.concatenate([(start + delay)[mask] for _, mask, delay, _ in kinds])
    code = np.concatenate([np.full(int(kinds[k][1].sum()), k) for k in range(len(kinds))])
    order = np.lexsort((code, position, second))
    names = [kind[0] for kind in kinds]
    machine = np.array([kind[3] for kind in kinds])
    return MailEvents(
        send=position[order],
        name=[names[k] for k in code[order].tolist()],
        second=second[order],
        is_machine=machine[code[order]],
    )

"""The planning sheet: what was or will be sent when, to whom, at what cost."""

from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.shop.people import THEMES
from benchmarks.shop.settings import HISTORY_DAYS, date_of, day_of

EMAIL, SMS, CALL = "email", "sms", "phone"
THEME_NAMES = (
    "Soldes",
    "Nouveautés",
    "Avantages fidélité",
    "Panier : livraison offerte",
    "Belle maison",
    "Vous nous manquez",
)
CATEGORY_OF = (-1, 0, -1, -1, 4, -1)
OFFER_OF = (
    ("percent", 20),
    ("none", 0),
    ("points", 0),
    ("free_shipping", 0),
    ("percent", 10),
    ("percent", 15),
)
COST = {EMAIL: "0.012", SMS: "0.055", CALL: "2.40"}
RULE, TEST, EVERYBODY, IMPORTED = range(4)
FIRST_TEST_WEEK = 86
"""From here (four months before the first extract) every campaign has a control drawn by lot."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One row of the planning sheet. `way`: RULE, a marketer's choice without control; TEST, the
    same choice with a control drawn by lot; EVERYBODY, a newsletter; IMPORTED, open to choose from:
    only who is in an imported file gets it."""

    campaign_id: str
    alias: str
    name: str
    channel: str
    theme: int
    way: int
    starts_on: date
    ends_on: date
    capacity: str = ""

    @property
    def send_day(self) -> int | None:
        """The day index on which the marketer sends it; None for those that are imported."""
        return None if self.way == IMPORTED else day_of(self.starts_on)

    @property
    def coupon(self) -> str:
        """The code that the message shows, empty without a discount."""
        offer, rate = OFFER_OF[self.theme]
        return f"{THEMES[self.theme].upper()}{rate}" if offer == "percent" else ""

    def is_open(self, when: date) -> bool:
        """Whether it can be chosen on a day."""
        return self.way == IMPORTED and self.starts_on <= when < self.ends_on

    def status(self, extract: date) -> str:
        """What the sheet says on the day of an extract."""
        if extract <= self.starts_on:
            return "planned"
        is_on = self.way == IMPORTED and extract < self.ends_on
        return "active" if is_on else "finished"


def make_campaigns() -> list[Campaign]:
    """A year of weekly mails, monthly SMS and quarterly calls, then those that are open to choose
    from on the first extract and the newsletters of the half-year after it."""
    past: list[Campaign] = []
    for week in range(52, HISTORY_DAYS // 7 - 1):
        way = TEST if week >= FIRST_TEST_WEEK else RULE
        past.append(_one(len(past) + 1, EMAIL, week * 5 % 6, way, date_of(week * 7 + 1)))
        if week % 4 == 0:
            past.append(_one(len(past) + 1, SMS, (0, 5, 3)[week // 4 % 3], way, _thursday(week)))
        if week % 13 == 0:
            past.append(_one(len(past) + 1, CALL, 2, way, _thursday(week)))
    end = date_of(HISTORY_DAYS + 180)
    start = date_of(HISTORY_DAYS - 5)
    open_now = [
        Campaign(
            f"CMP{101 + k}",
            f"{THEMES[theme]}-{channel}-ete-2026",
            f"{THEME_NAMES[theme]} (été 2026{'' if channel == EMAIL else ', ' + channel})",
            channel,
            theme,
            IMPORTED,
            start,
            end,
            capacity,
        )
        for k, (channel, theme, capacity) in enumerate(
            (
                (EMAIL, 0, ""),
                (EMAIL, 1, ""),
                (EMAIL, 2, "600"),
                (EMAIL, 3, ""),
                (EMAIL, 4, ""),
                (EMAIL, 5, ""),
                (SMS, 0, "300"),
                (CALL, 2, "20"),
            )
        )
    ]
    letters = [
        Campaign(
            f"CMP{201 + k}",
            f"lettre-{month}",
            f"Lettre {month}",
            EMAIL,
            1,
            EVERYBODY,
            day,
            day + timedelta(days=1),
        )
        for k, (month, day) in enumerate(
            (f"{date(2026, m, 7):%Y-%m}", date(2026, m, 7)) for m in range(7, 13)
        )
    ]
    return [*past, *open_now, *letters]


def _thursday(week: int) -> date:
    return date_of(week * 7 + 3)


def _one(number: int, channel: str, theme: int, way: int, day: date) -> Campaign:
    return Campaign(
        f"CMP{number:03d}",
        f"{THEMES[theme]}-{channel}-{day}",
        f"{THEME_NAMES[theme]} ({day:%m/%Y})",
        channel,
        theme,
        way,
        day,
        day + timedelta(days=1),
    )

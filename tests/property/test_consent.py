"""No withdrawal, objection or suppression is lost while people merge, split and move: many small
random families, a few nights, and a plain reading of the rules beside the marts."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines import transform
from tests.leakage.world import ZONE, World

pytestmark = pytest.mark.slow

FIRST = date(2025, 6, 2)
NIGHTS = [FIRST + timedelta(days=n) for n in range(3)]
FAMILIES = 70
Row = dict[str, Any]
Raw = dict[str, list[tuple[date, Row]]]
NEVER = datetime.fromisoformat("0001-01-01")


# The random shop ------------------------------------------------------------------------------


def emails(family: int) -> list[str]:
    one = f"f{family}.one@gmail.com" if family % 3 == 0 else f"f{family}one@shop.test"
    return [one, f"f{family}two@shop.test", f"f{family}three@shop.test"]


def spelled(luck: random.Random, email: str) -> str:
    """Gmail delivers all of these to one inbox."""
    if not email.endswith("@gmail.com"):
        return email
    name = email.removesuffix("@gmail.com")
    return luck.choice([email, f"{name}+x@gmail.com", f"{name.replace('.', '')}@googlemail.com"])


def phones(family: int) -> list[str]:
    return [f"+336{family:04}000{n}" for n in (1, 2)]


def moment(luck: random.Random, night: date) -> datetime:
    """Before the night, now and then after its midnight; often at the same time as another one."""
    midnight = datetime.combine(night, datetime.min.time())
    if luck.random() < 0.15:
        return midnight + timedelta(hours=luck.randrange(1, 9))
    return midnight - timedelta(days=luck.randrange(1, 25))


def family_rows(luck: random.Random, family: int, night: date) -> Iterable[tuple[str, Row]]:
    """What one family adds in the extract of a night: contacts that share and change addresses,
    guests and contacts who tie them together, words on consent, answers, lists."""
    first = night == FIRST
    people = [f"f{family}p{n}" for n in range(3)]
    mails, numbers = emails(family), phones(family)
    for person in people:
        if first or luck.random() < 0.4:
            changed = moment(luck, night)
            yield (
                "contacts",
                {
                    "contact_id": person,
                    "created_at": datetime.fromisoformat("2024-01-01"),
                    "updated_at": datetime.fromisoformat("2025-01-01") if first else changed,
                    "email": luck.choice([*[spelled(luck, m) for m in mails], None]),
                    "phone": luck.choice([*numbers, None]),
                    "postal_code": luck.choice(["75001", "69001", None]),
                    "is_deleted": luck.random() < 0.08,
                },
            )
    # A till's address: on the last night so many have it that it joins nobody any more.
    if family % 10 == 0:
        for n in range(3) if first else range(3, 8) if night == NIGHTS[-1] else ():
            yield (
                "contacts",
                {"contact_id": f"f{family}t{n}", "updated_at": datetime.fromisoformat("2025-01-01"),
                 "email": mails[2]},
            )  # fmt: skip
    if luck.random() < 0.4:
        yield (
            "orders",
            {
                "order_id": f"{family}-{night}",
                "ordered_at": moment(luck, night - timedelta(days=1)),
                "status": "paid",
                "total_amount": 9,
                **luck.choice([
                    {"email": mails[0], "phone": numbers[0]},
                    {"email": mails[1], "phone": numbers[1]},
                    {"contact_id": people[0], "email": mails[1]},
                    {"contact_id": people[1], "phone": numbers[0]},
                ]),
            },
        )  # fmt: skip
    for _ in range(luck.choice([1, 3, 6]) if first else luck.choice([0, 0, 1, 2])):
        yield "consents", consent(luck, people, mails, numbers, night)
    for _ in range(luck.choice([0, 0, 1, 2])):
        yield (
            "campaign_events",
            {
                "campaign_id": "c",
                "email": spelled(luck, luck.choice(mails)),
                "event_name": luck.choice(["bounce", "delivered", "unsubscribe", "complaint"]),
                "occurred_at": moment(luck, night - timedelta(days=1)),
            },
        )
    if luck.random() < 0.05:
        who = luck.choice([{"contact_id": people[0]}, {"email": mails[1]}, {"phone": numbers[1]}])
        until = luck.choice([None, night - timedelta(days=1), night])
        yield "exclusions", {**who, "reason": "staff", "until": until}
    if luck.random() < 0.04:
        who = luck.choice([{"contact_id": people[2]}, {"email": mails[0]}])
        yield "erasure_requests", {**who, "requested_at": moment(luck, night)}


def consent(
    luck: random.Random, people: list[str], mails: list[str], numbers: list[str], night: date
) -> Row:
    mail, number = spelled(luck, luck.choice(mails)), luck.choice(numbers)
    who: Row = luck.choice([
        {"contact_id": luck.choice(people)}, {"contact_id": luck.choice(people)},
        {"email": mail}, {"email": mail}, {"phone": number}, {"email": mail, "phone": number},
        {"contact_id": luck.choice(people), "email": mail},
    ])  # fmt: skip
    return {
        "channel": luck.choice(["email", "email", "email", "sms", "sms", "phone", "post"]),
        "status": luck.choice(["granted"] * 5 + ["withdrawn", "withdrawn", "objected"]),
        "changed_at": moment(luck, night),
        "purpose": luck.choice([None] * 9 + ["profiling", "open_tracking"]),
        **who,
    }


# The plain reading ----------------------------------------------------------------------------


def inbox(email: str | None) -> str | None:
    if email and email.split("@")[1] in ("gmail.com", "googlemail.com"):
        return email.split("@")[0].split("+")[0].replace(".", "") + "@gmail.com"
    return email


@dataclass
class Reading:
    """What is known in a night, and who is whose profile (a profile may change hands tonight)."""

    raw: Raw
    night: date
    people: dict[str, set[str]]  # profile → customers
    versions: dict[str, list[Row]] = field(default_factory=dict)  # contact → as sent, in order

    def __post_init__(self) -> None:
        for row in self.rows("contacts"):
            self.versions.setdefault(row["contact_id"], []).append(row)

    def rows(self, entity: str) -> list[Row]:
        return [row for day, row in self.raw.get(entity, []) if day <= self.night]

    def words(self) -> list[Row]:
        """A refusal is heard at once, a grant from the night after the day it was given on."""
        return [
            row
            for row in self.rows("consents")
            if row["status"] != "granted" or shop_day(row["changed_at"]) < self.night
        ]

    def customers_of(self, row: Row) -> set[str]:
        for kind, column in (("contact", "contact_id"), ("email", "email"), ("phone", "phone")):
            if row.get(column):
                return self.people.get(f"{kind}:{row[column]}", set())
        return set()

    def held_then(self, contact: str, channel: str, when: datetime) -> str | None:
        """The address that a contact had at a moment."""
        if channel == "post":
            return contact
        held = None
        for n, version in enumerate(self.valid(contact)):
            if n == 0 or version["updated_at"] <= when:
                held = key_of(channel, version)
        return held

    def valid(self, contact: str) -> list[Row]:
        """Its versions; one that says it changed before the last one did counts from then."""
        found: list[Row] = []
        for version in self.versions.get(contact, []):
            if found and same(version, found[-1]):
                continue
            since = max(v["updated_at"] for v in [*found, version])
            found.append({**version, "updated_at": since})
        return found

    def ever_held(self, contact: str, channel: str) -> set[str | None]:
        """Every address that a contact was ever seen with."""
        if channel == "post":
            return {contact}
        rows = [*self.versions.get(contact, [])]
        rows += [
            row
            for entity in ("orders", "consents")
            for row in self.rows(entity)
            if row.get("contact_id") == contact
        ]
        return {key_of(channel, row) for row in rows}

    def holds_now(self, contact: str, channel: str) -> set[str | None]:
        """What it says now; where it says nothing any more, what it ever said."""
        now = contact if channel == "post" else key_of(channel, self.versions[contact][-1])
        return {now} if now else self.ever_held(contact, channel)

    def gave_after_midnight(self, contact: str, channel: str, key: str | None) -> bool:
        """Its first record with the address is of tonight."""
        given = [v["updated_at"] for v in self.valid(contact) if key_of(channel, v) == key]
        return bool(given) and shop_day(min(given)) >= self.night

    def latest(self, words: list[tuple[datetime, bool]]) -> bool | None:
        """Whether the last word is a yes; of one moment the no counts; None: nothing was said."""
        if not words:
            return None
        last = max(when for when, _ in words)
        return all(yes for when, yes in words if when == last)

    def allows(self, channel: str, address: str, customer: str) -> bool:
        """Under opt_in: whether this point may be written to."""
        key = inbox(address) if channel == "email" else address
        words: list[tuple[datetime, bool]] = []
        person: list[datetime] = []
        profiling: list[tuple[datetime, bool]] = []
        for row in self.words():
            yes, when = row["status"] == "granted", row["changed_at"]
            mine = customer in self.customers_of(row)
            purpose = row["purpose"] or "marketing"
            if purpose == "profiling" and mine:
                profiling.append((when, yes))
            if purpose != "marketing":
                continue
            if row["status"] == "objected" and mine:
                person.append(when)
            if row["channel"] != channel:
                continue
            contact, named = row.get("contact_id"), key_of(channel, row)
            if named == key and channel != "post":
                words.append((when, yes))
            if contact and yes and self.held_then(contact, channel, when) == key:
                words.append((when, yes))
            if contact and not yes and key in self.ever_held(contact, channel):
                words.append((when, yes))
            if not contact and not named and not yes and mine:
                words.append((when, yes))  # about the person's whole channel
        grants = [when for when, yes in words if yes]
        last_yes = max(grants, default=NEVER)
        return (
            self.latest(words) is True
            and all(when < last_yes for when in person)
            and self.latest(profiling) is not False
            and not self.suppressed(channel, key, last_yes)
            and not self.erased(channel, key, last_yes)
            and not self.listed(customer)
            and not self.deleted(channel, key)
        )

    def suppressed(self, channel: str, key: str | None, last_yes: datetime) -> bool:
        if channel != "email":
            return False
        told: dict[str, datetime] = {}
        for row in self.rows("campaign_events"):
            if inbox(row["email"]) == key:
                name = row["event_name"]
                told[name] = max(told.get(name, NEVER), row["occurred_at"])
        bounced, delivered = told.get("bounce"), told.get("delivered", NEVER)
        return (
            "complaint" in told
            or ("unsubscribe" in told and told["unsubscribe"] >= last_yes)
            or (bounced is not None and bounced >= delivered)
        )

    def erased(self, channel: str, key: str | None, last_yes: datetime) -> bool:
        for row in self.rows("erasure_requests"):
            contact = row.get("contact_id")
            asked = channel == "email" and inbox(row.get("email")) == key
            if contact and self.versions.get(contact):
                now = self.versions[contact][-1]
                asked = asked or key in (contact, key_of(channel, now))
            if asked and row["requested_at"] >= last_yes:
                return True
        return False

    def listed(self, customer: str) -> bool:
        latest: dict[tuple[Any, ...], Row] = {}
        for row in self.rows("exclusions"):
            latest[row.get("contact_id"), row.get("email"), row.get("phone")] = row
        for row in latest.values():
            if row["until"] is not None and row["until"] < self.night:
                continue
            if customer in self.customers_of(row):
                return True
            for contact in self.versions:
                gives = any(
                    row.get(column) and key_of(channel, row) in self.holds_now(contact, channel)
                    for channel, column in (("email", "email"), ("sms", "phone"))
                )
                if gives and customer in self.people.get(f"contact:{contact}", set()):
                    return True
        return False

    def deleted(self, channel: str, key: str | None) -> bool:
        """All contacts that give the address are deleted; nobody else gave it before tonight."""
        holders = [
            bool(versions[-1].get("is_deleted"))
            for contact, versions in self.versions.items()
            if key in self.holds_now(contact, channel)
            and not self.gave_after_midnight(contact, channel, key)
        ]
        guests = channel != "post" and any(
            not row.get("contact_id")
            and key_of(channel, row) == key
            and shop_day(row[seen]) < self.night
            for entity, seen in (("orders", "ordered_at"), ("consents", "changed_at"))
            for row in self.rows(entity)
        )
        return bool(holders) and all(holders) and not guests


def key_of(channel: str, row: Row) -> str | None:
    """The address of the channel that a row names; post goes to a contact."""
    if channel == "post":
        return None
    return inbox(row.get("email")) if channel == "email" else row.get("phone")


def same(one: Row, two: Row) -> bool:
    return {**one, "updated_at": None} == {**two, "updated_at": None}


def shop_day(when: datetime) -> date:
    return when.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(ZONE)).date()


# The comparison -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    points: int
    contactable: int
    lost: list[str]  # contactable against the rules
    silenced: list[str]  # not contactable, although the rules allow it


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    luck = random.Random("families")
    world = World(tmp_path_factory.mktemp("families"), lawful_basis="opt_in")
    raws: list[Raw] = [{} for _ in range(FAMILIES)]
    found = []
    for night in NIGHTS:
        added: dict[str, list[Row]] = {}
        for family in range(FAMILIES):
            for entity, row in family_rows(luck, family, night):
                added.setdefault(entity, []).append(row)
                raws[family].setdefault(entity, []).append((night, row))
        for entity, rows in added.items():
            world.add(entity, night, rows)
        transform.transform(world.night(night))
        found.append(compare(world, raws, night))
    return found


def compare(world: World, raws: list[Raw], night: date) -> Compared:
    people: dict[str, set[str]] = {}
    for profile, customer in world.query(
        "select profile_id, customer_id from identity.identity_history"
        f" where known_from_date <= '{night}' and known_until_date > '{night}'"
        f" and valid_until_date > '{night}'"
    ):
        people.setdefault(profile, set()).add(customer)
    readings = [Reading(raw, night, people) for raw in raws]
    points = world.query(
        "select channel, address, customer_id, is_contactable, blocked_reason"
        " from marts.contact_points order by 1, 2"
    )
    lost, silenced = [], []
    for channel, address, customer, is_contactable, reason in points:
        allowed = readings[family_of(address)].allows(channel, address, customer)
        if is_contactable and not allowed:
            lost.append(f"{night} {channel} {address}")
        if allowed and not is_contactable:
            silenced.append(f"{night} {channel} {address} {reason}")
    return Compared(len(points), sum(bool(p[3]) for p in points), lost, silenced)


def family_of(address: str) -> int:
    """By how `emails`, `phones` and contacts are written."""
    if address.startswith("+"):
        return int(address[4:8])
    return int(re.findall(r"^f(\d+)", address)[0])


def test_no_refusal_and_no_suppression_is_lost(compared: list[Compared]) -> None:
    assert [point for night in compared for point in night.lost] == []


def test_nobody_is_silenced_without_a_rule(compared: list[Compared]) -> None:
    assert [point for night in compared for point in night.silenced] == []


def test_the_families_are_worth_the_comparison(compared: list[Compared]) -> None:
    for night in compared:
        assert night.points > 450
        assert 0.05 < night.contactable / night.points < 0.6

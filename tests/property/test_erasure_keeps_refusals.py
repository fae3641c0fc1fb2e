"""No refusal is lost when people are erased and come back: random families in two shops, one of
which was asked to erase some of their people, with the same extracts before and after."""

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.property.test_consent import Row, family_of, family_rows, inbox
from tests.unit.test_erasure import COLUMNS, Shop

pytestmark = pytest.mark.slow

DAYS = [date(2025, 6, 2) + timedelta(days=n) for n in range(3)]
FIRST, ASKED, LAST = DAYS
SINCE = datetime.combine(ASKED, datetime.min.time()) + timedelta(hours=10)  # all have asked
FAMILIES = 90
COLUMNS_OF = {
    **COLUMNS,
    "contacts": "contact_id,created_at,updated_at,email,phone,postal_code,is_deleted",
    "orders": "order_id,ordered_at,status,total_amount,contact_id,email,phone",
    "consents": "contact_id,email,phone,channel,status,changed_at,purpose",
    "campaign_events": "campaign_id,email,event_name,occurred_at",
    "exclusions": "contact_id,email,phone,reason,until",
}
Extracts = dict[str, list[Row]]
Point = tuple[str, str]  # channel and inbox or number


def extracts(seed: str) -> dict[date, Extracts]:
    """What the families say on the first day, and on the last: records of it again, and what came
    after the requests: orders by guests who give the old addresses, and of some addresses a yes, a
    delivery or both."""
    luck = random.Random(seed)
    found: dict[date, Extracts] = {day: {} for day in DAYS}
    for family in range(FAMILIES):
        for entity, row in family_rows(luck, family, FIRST):
            if entity != "erasure_requests":
                found[FIRST].setdefault(entity, []).append(row)
    contacts = found[FIRST]["contacts"]
    mails = sorted({inbox(row["email"]) or "" for row in contacts} - {""})
    for email in mails:
        if luck.random() < 0.3:
            found[FIRST]["campaign_events"].append(event(email, "bounce", SINCE - timedelta(3)))
    for entity in ("contacts", "orders", "campaign_events"):
        found[LAST][entity] = list(found[FIRST][entity])
    for n, contact in enumerate(contacts):
        who = {"email": contact["email"], "phone": contact.get("phone")}
        order = {"order_id": f"back-{n}", "status": "paid", "total_amount": 5, **who}
        found[LAST]["orders"].append({**order, "ordered_at": SINCE})
    said: list[Row] = []
    for email in mails:
        if luck.random() < 0.6:
            yes = {"channel": "email", "status": "granted", "changed_at": SINCE}
            said.append({"email": email, **yes})
        if luck.random() < 0.5:
            found[LAST]["campaign_events"].append(event(email, "delivered", SINCE))
    found[LAST]["consents"] = said
    return found


def event(email: str, name: str, moment: datetime) -> Row:
    return {"campaign_id": "c", "email": email, "event_name": name, "occurred_at": moment}


def requests(seed: str, contacts: list[Row]) -> list[Row]:
    """Two of five people, by number or, mostly, by an address that they gave."""
    luck = random.Random(f"requests {seed}")
    asked = datetime.combine(ASKED, datetime.min.time()) - timedelta(hours=2)
    return [
        {"requested_at": asked, **luck.choice(
            [{"contact_id": contact["contact_id"]}, *[{"email": contact["email"]}] * 3]
        )}
        for contact in contacts if contact["email"] and luck.random() < 0.4
    ]  # fmt: skip


def lines(entity: str, rows: Iterable[Row]) -> str:
    """The rows as a CSV file without its header."""
    file = io.StringIO()
    for row in rows:
        values = [row.get(column) for column in COLUMNS_OF[entity].split(",")]
        csv.writer(file, lineterminator="\n").writerow(values)
    return "\n" + file.getvalue().rstrip("\n")


@dataclass(frozen=True)
class Compared:
    before: dict[Point, str | None]  # why each may not be written to (None: it may)
    without: dict[Point, str | None]  # on the last night, nobody erased
    after: dict[Point, str | None]  # on the last night, some erased
    asked: list[Row]
    said: dict[date, Extracts]

    def answered(self, event_name: str) -> set[Point]:
        """Erased addresses, known again, that had answered so before."""
        asked = {inbox(row.get("email")) for row in self.asked}
        events = self.said[FIRST]["campaign_events"]
        told = {inbox(row["email"]) for row in events if row["event_name"] == event_name}
        return {p for p in self.after if p[0] == "email" and p[1] in asked & told}

    def since(self, entity: str) -> set[Point]:
        """Addresses that a record of after the requests names."""
        moment = {"consents": "changed_at", "campaign_events": "occurred_at"}[entity]
        rows = self.said[LAST][entity]
        return {("email", inbox(row["email"]) or "") for row in rows if row[moment] == SINCE}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NOCTURNE_HASH_KEY", "test-key")
        said = extracts("erased")
        asked = requests("erased", said[FIRST]["contacts"])
        home = tmp_path_factory.mktemp
        before, without = nights(home("kept"), said, [])
        _, after = nights(home("erased"), said, asked)
        return Compared(before, without, after, asked, said)


def nights(
    root: Path, said: dict[date, Extracts], asked: list[Row]
) -> tuple[dict[Point, str | None], dict[Point, str | None]]:
    shop = Shop(root, COLUMNS_OF)
    shop.put(FIRST, {entity: lines(entity, rows) for entity, rows in said[FIRST].items()})
    shop.run(FIRST, "extract", "load", "transform")
    before = points(shop)
    order = {"order_id": "any", "ordered_at": f"{FIRST} 10:00:00", "status": "paid"}
    quiet = {"orders": lines("orders", [{**order, "total_amount": 1, "email": "any@any.test"}])}
    requested = {"erasure_requests": lines("erasure_requests", asked)} if asked else {}
    shop.put(ASKED, quiet | requested)
    shop.run(ASKED, "extract", "load", "transform")
    shop.put(LAST, {entity: lines(entity, rows) for entity, rows in said[LAST].items()})
    shop.run(LAST, "extract", "load", "transform")
    return before, points(shop)


def points(shop: Shop) -> dict[Point, str | None]:
    rows = shop.rows(
        "select channel, address, blocked_reason from marts.contact_points"
        " where channel <> 'post' and address not like '%any.test'"
    )
    return {
        (channel, inbox(address) or "" if channel == "email" else address): reason
        for channel, address, reason in rows
    }


def test_no_address_may_be_written_to_that_might_not_before(compared: Compared) -> None:
    """Of the people who stayed and of those who came back, whatever they have said since."""
    opened = {
        point: (compared.without[point], compared.before.get(point))
        for point, reason in compared.after.items()
        if reason is None and compared.without.get(point) is not None
    }
    assert opened == {}


def test_no_erased_address_that_came_back_may_be_written_to_without_a_yes(
    compared: Compared,
) -> None:
    mails = {inbox(row["email"]) for row in compared.asked if row.get("email")}
    granted = compared.since("consents")
    back = {p: r for p, r in compared.after.items() if p[0] == "email" and p[1] in mails}
    silent = {point: reason for point, reason in back.items() if point not in granted}
    assert len(silent) > 10
    assert [point for point, reason in silent.items() if reason is None] == []
    assert [point for point, reason in back.items() if reason is None]


def test_a_delivery_lifts_a_bounce_that_outlived_and_nothing_lifts_a_complaint(
    compared: Compared,
) -> None:
    granted, delivered = compared.since("consents"), compared.since("campaign_events")
    complained = compared.answered("complaint")
    bounced = (compared.answered("bounce") & granted) - complained
    assert min(len(complained), len(bounced & delivered), len(bounced - delivered)) > 0
    assert {compared.after[point] for point in complained} == {"suppressed_complaint"}
    lifted = {compared.after[point] for point in bounced & delivered}
    assert None in lifted
    assert "suppressed_bounce" not in lifted
    # A bounce of before the last delivery had been lifted already.
    stood = {p for p in bounced - delivered if compared.before[p] == "suppressed_bounce"}
    assert {compared.after[point] for point in stood} == {"suppressed_bounce"}


def test_families_that_asked_for_nothing_keep_what_they_had(compared: Compared) -> None:
    asking = {family_of(row.get("email") or row["contact_id"]) for row in compared.asked}
    kept = {p: r for p, r in compared.without.items() if family_of(p[1]) not in asking}
    assert len(kept) > 20
    assert {p: r for p, r in compared.after.items() if p in kept} == kept


def test_the_families_are_worth_the_comparison(compared: Compared) -> None:
    reasons = set(compared.without.values())
    assert {None, "withdrawn", "objected", "suppressed_complaint", "suppressed_bounce"} <= reasons
    assert sum(r is None for r in compared.after.values()) > 10
    assert len(compared.asked) > 30


def test_an_objection_to_profiling_binds_its_own_people_only(compared: Compared) -> None:
    objecting = {
        family_of(row.get("email") or row.get("contact_id") or row["phone"])
        for row in compared.said[FIRST]["consents"]
        if row["purpose"] == "profiling" and row["status"] != "granted"
    }
    bound = {family_of(p[1]) for p, r in compared.after.items() if r == "profiling_objected"}
    assert bound
    assert bound <= objecting

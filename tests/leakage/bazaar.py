"""A small shop with everything that a night has to stand: merges, guests, changed orders,
returns, foreign money, refused cookies, repeated exports. Its rows are a function of the number
of the extract."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from tests.leakage.world import World

FIRST = date(2025, 3, 31)  # the night after the change to summer time
NIGHTS = [FIRST + timedelta(days=step) for step in range(3)]
PEOPLE = 40
DAYS_OF_HISTORY = 150


def fill(world: World, nights: int = 3) -> None:
    """Add the first `nights` extracts."""
    for number in range(nights):
        for entity, rows in extract(number).items():
            world.add(entity, NIGHTS[number], rows)


def extract(number: int) -> dict[str, list[dict[str, Any]]]:
    """The rows of each entity in extract `number`: the first holds the past, later ones a day."""
    luck = random.Random(f"bazaar {number}")
    until = datetime.combine(NIGHTS[number], datetime.min.time())
    days = DAYS_OF_HISTORY if number == 0 else 1
    moments = [
        until - timedelta(minutes=luck.randrange(60, days * 1440))
        for _ in range(PEOPLE * 5 if number == 0 else 25)
    ]
    orders = [_order(luck, f"{number}-{i}", moment) for i, moment in enumerate(moments)]
    return {
        "contacts": [_contact(luck, i, number, until) for i in range(PEOPLE // 2)],
        "orders": orders + (_changed(number, until) if number else []),
        "order_lines": [line for order in orders for line in _lines(luck, order)]
        + (_returns(number, until) if number else []),
        "products": [
            {
                "product_id": f"p{i}",
                "name": f"P{i}",
                "category": f"cat{(i + number * (i == 3)) % 4}",
            }
            for i in range(10)
        ],
        "exchange_rates": [{"currency": "GBP", "date": until.date(), "rate": "1.17"}]
        + ([{"currency": "GBP", "date": date(2024, 1, 1), "rate": "1.2"}] if number == 0 else []),
        "web_events": [
            event
            for i in range(400 if number == 0 else 40)
            for event in _visit(luck, number, i, until - timedelta(hours=luck.randrange(days * 24)))
        ]
        # The web tool sends some of its past again.
        + (extract(number - 1)["web_events"][::3] if number else []),
        "consents": [
            {
                "contact_id": f"k{i}",
                "channel": luck.choice(["email", "sms"]),
                "status": luck.choice(["granted", "granted", "withdrawn", "objected"]),
                "purpose": luck.choice([None, "marketing", "marketing", "profiling"]),
                "changed_at": until - timedelta(minutes=luck.randrange(60, days * 1440)),
            }
            for i in luck.sample(range(PEOPLE // 2), 12 if number == 0 else 3)
        ]
        + _refusals(number, until),
        "attributes": [
            {
                "contact_id": f"k{i}",
                "name": "preferred_contact_frequency",
                "value": ("weekly", "monthly")[(i + number) % 2],
                "observed_at": until - timedelta(hours=i + 1),
                "provider": "survey",
            }
            for i in range(number, PEOPLE // 2, 4)
        ],
        "campaigns": [
            {"campaign_id": f"c{i}", "name": f"C{i}", "channel": "email", "theme": f"t{i}"}
            for i in range(3)
        ],
        "campaign_sends": (sends := [_send(luck, number, i, until, days) for i in range(60)]),
        "campaign_events": [_answer(luck, send) for send in sends],
        "subscriptions": [_subscription(i, number, until) for i in range(12)],
    }


def _refusals(number: int, until: datetime) -> list[dict[str, Any]]:
    """Every night one person will not be scored any more, and one not be watched reading."""
    return [
        {
            "contact_id": f"k{number + first}",
            "channel": "email",
            "status": "objected",
            "purpose": purpose,
            "changed_at": until - timedelta(hours=4),
        }
        for first, purpose in ((4, "open_tracking"), (8, "profiling"))
    ]


def _contact(luck: random.Random, i: int, number: int, until: datetime) -> dict[str, Any]:
    """Every night exports every contact; one in ten has changed since."""
    fixed = random.Random(f"contact {i}")
    changed = number > 0 and i % 10 == number
    created = datetime.fromisoformat("2024-06-01") + timedelta(days=fixed.randrange(250))
    return {
        "contact_id": f"k{i}",
        "created_at": created,
        "updated_at": until - timedelta(hours=3) if changed else created,
        "email": f"mail{i + (100 if changed else 0)}@example.org",
        "phone": f"+336000000{i:02d}" if i % 3 == 0 else None,
        "loyalty_id": f"L{i}" if i % 2 else None,
        "loyalty_tier": "gold" if changed else "silver",
        "country": "FR",
        "acquisition_source": fixed.choice(["shop", "search"]),
        "extra": f'{{"MAGASIN_PREFERE": "S{(i + changed) % 3}", "POINTS": {i + number // 2}}}',
    }


def _order(luck: random.Random, key: str, moment: datetime) -> dict[str, Any]:
    person = luck.randrange(PEOPLE)
    known = person < PEOPLE // 2
    by = luck.choice(["contact", "email", "loyalty"]) if known else "email"
    return {
        "order_id": f"o{key}",
        "ordered_at": moment,
        "status": luck.choice(["paid", "paid", "completed", "cancelled"]),
        "total_amount": luck.randrange(500, 20000) / 100,
        "discount_amount": luck.randrange(0, 500) / 100,
        "channel": luck.choice(["web", "store", "app"]),
        "contact_id": f"k{person}" if by == "contact" else None,
        "email": f"Mail{person}@Example.org" if by == "email" else None,
        "loyalty_id": f"L{person}" if by == "loyalty" else None,
        "visitor_id": f"v{person}" if luck.random() < 0.1 else None,
        "currency": luck.choice([None, None, "EUR", "GBP"]),
    }


def _changed(number: int, until: datetime) -> list[dict[str, Any]]:
    """Old orders that were cancelled or paid since, some of them long after."""
    return [
        {
            **order,
            "status": "cancelled" if order["status"] == "paid" else "paid",
            "updated_at": until - timedelta(hours=5),
        }
        for order in extract(0)["orders"][number::17]
    ]


def _lines(luck: random.Random, order: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order["order_id"],
            "line_number": line,
            "product_id": f"p{luck.randrange(11)}",
            "quantity": luck.randrange(1, 4),
            "unit_price": luck.randrange(100, 5000) / 100,
        }
        for line in range(1, luck.randrange(2, 5))
    ]


def _returns(number: int, until: datetime) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order["order_id"],
            "line_number": 90 + number,
            "product_id": "p1",
            "quantity": -1,
            "unit_price": 3,
            "occurred_at": until - timedelta(hours=2) if i % 2 else None,
        }
        for i, order in enumerate(extract(0)["orders"][number::23])
    ]


def _visit(luck: random.Random, number: int, i: int, moment: datetime) -> list[dict[str, Any]]:
    visitor = luck.randrange(60)
    state = "denied" if visitor % 7 == 0 else luck.choice([None, "granted"])
    names = luck.choices(["page_view", "product_view", "add_to_cart", "search"], k=3)
    if luck.random() < 0.2:
        names.append("sign_in")
    return [
        {
            "event_id": f"e{number}-{i}-{j}",
            "occurred_at": moment,
            "visitor_id": f"v{visitor}",
            "event_name": name,
            "contact_id": f"k{visitor}" if name == "sign_in" and visitor < PEOPLE // 2 else None,
            "email": f"mail{visitor}@example.org" if name == "sign_in" else None,
            "consent_state": state,
            "session_id": f"s{number}-{i}" if i % 3 else None,
            "product_id": f"p{(i + j) % 11}" if name in ("product_view", "add_to_cart") else None,
            "category": f"cat{i % 4}" if name != "sign_in" and i % 2 else None,
            "source": ("search", "mail", None)[i % 3],
        }
        for j, name in enumerate(names)
    ]


def _subscription(i: int, number: int, until: datetime) -> dict[str, Any]:
    """Every night exports every one; every fourth is paid for from the second night on."""
    started = datetime.combine(FIRST, datetime.min.time()) - timedelta(days=1 + 2 * i, hours=5)
    is_paid = number > 0 and i % 4 == 2
    return {
        "subscription_id": f"a{i}",
        "contact_id": f"k{i}",
        "plan": "delivery",
        "trial_started_at": started,
        "trial_ends_at": started + timedelta(days=15),
        "converted_at": until - timedelta(hours=7) if is_paid else None,
        "cancelled_at": started + timedelta(days=2) if i % 4 == 3 else None,
        "monthly_amount": 3.9,
    }


def _send(luck: random.Random, number: int, i: int, until: datetime, days: int) -> dict[str, Any]:
    person = luck.randrange(PEOPLE)
    campaign = f"c{i % 3}"
    return {
        "campaign_id": campaign,
        "email": f"mail{person}@example.org",
        "sent_at": until - timedelta(minutes=luck.randrange(60, days * 1440)),
        "send_id": f"s{number}-{i}",
        "arm": luck.choice([campaign, campaign, "control"]),
        "assignment_probability": 0.5,
    }


def _answer(luck: random.Random, send: dict[str, Any]) -> dict[str, Any]:
    return {
        "send_id": send["send_id"],
        "event_name": luck.choice(["open", "open", "click", "bounce", "delivered", "unsubscribe"]),
        "occurred_at": send["sent_at"] + timedelta(minutes=30),
        "is_machine": luck.random() < 0.3,
    }

"""`nocturne who`: what is known of one person, why their records are one, what may be sent."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from pipelines import clock, settings, warehouse
from pipelines.errors import TerminalError
from pipelines.people import Person, customers, person
from pipelines.settings import Paths
from pipelines.specs.shop import Shop, load_shop

_WAIT = 10  # seconds; a night may hold the warehouse for long, and this is only a look
_SHOWN = 10  # of what there may be many


def show(
    config: Path, data_dir: Path | None, word: str, as_of: date | None, *, as_json: bool
) -> str:
    """Everybody whom `word` names, as text or as one JSON document. TerminalError when it names
    nobody, WarehouseBusy while a night is running."""
    from pipelines.sources import phones

    shop = load_shop(config)
    paths = Paths((data_dir or settings.data_dir()).resolve())
    if not paths.warehouse.exists():
        raise TerminalError(f"who: nothing has been loaded yet in {paths.data_dir}")
    until = as_of or clock.shop_today(shop.time_zone)
    with (
        warehouse.lock(paths, timeout=_WAIT),
        warehouse.connect(paths, settings.machine()) as con,
    ):
        found = customers(con, word, phones.e164(word, shop.country))
        people = [person(con, customer, until, with_records=as_json) for customer in found]
    if not people:
        raise TerminalError(
            "who: nobody is known by that; looked for an e-mail address, a phone number and an id "
            "of a customer, contact, loyalty card, visitor, order or contact point"
        )
    return _json(shop, people) if as_json else "\n\n".join(_text(one) for one in people)


def _json(shop: Shop, people: list[Person]) -> str:
    """What an access request asks for: the data, what they are used for, who receives them."""
    document = {
        "shop": shop.title,
        "used_for": [
            "to know which records of different channels are one customer's",
            "to score how likely a customer is to buy or to leave",
            "to choose at most one campaign for each address that may be written to",
            "to measure which campaigns helped",
        ],
        "received_by": sorted(shop.destinations),
        "people": [asdict(one) for one in people],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)


def _text(one: Person) -> str:
    parts = [
        _head(one),
        _section("Why these records are one person", _identity(one)),
        _section("What may be sent", [_contact_point(row) for row in one.contact_points]),
        _section("What was said about it", [_consent(row) for row in one.consents]),
        _section("Last decisions", _decisions(one)),
        _section("Scores", [_score(row) for row in one.scores]),
        _section("Last messages", [_message(row) for row in one.messages]),
        _section("Last orders", [_order(row) for row in one.orders]),
    ]
    return "\n\n".join(part for part in parts if part)


def _head(one: Person) -> str:
    who = one.customer
    names = " ".join(filter(None, (who.get("first_name"), who.get("last_name")))) or "no name known"
    place = " ".join(filter(None, (who.get("postal_code"), who.get("city"), who.get("country"))))
    lines = [f"Customer {one.customer_id}: {', '.join(filter(None, (names, place)))}"]
    if who:
        last = f", the last on {_day(who['last_order_at'])}" if who["last_order_at"] else ""
        lines.append(
            f"  {who['lifecycle_stage']}; orders: {who['orders_count']}, net revenue: "
            f"{who['net_revenue_amount']:.2f}{last}"
        )
    if one.earlier_ids:
        lines.append(f"  merged into it: {', '.join(one.earlier_ids)}")
    return "\n".join(lines)


def _section(title: str, lines: list[str]) -> str:
    further = len(lines) - _SHOWN
    shown = lines if further <= 0 else [*lines[:_SHOWN], f"and {further} more (--json has all)"]
    return "\n".join([title, *(f"  {line}" for line in shown)]) if lines else ""


def _identity(one: Person) -> list[str]:
    lines = [f"{row['profile_id']}, since {row['valid_from_date']}" for row in one.profiles]
    for tie in one.ties:
        profiles = tie["profiles"]
        found = (
            f"; first seen {_day(tie['seen_at'])} in {tie['found_in']}" if tie["seen_at"] else ""
        )
        others = tie["others_count"]
        apart = f"; shared with {others} records kept apart" if others else ""
        if len(profiles) > 1 or others:
            lines.append(
                f"{tie['identifier_type']} {tie['identifier']}: {', '.join(profiles)}{found}{apart}"
            )
    return lines


def _contact_point(row: dict[str, Any]) -> str:
    address = f"{row['channel']} {row['address']}"
    if row["is_of_another"]:
        return f"{address}: no, only in the name of another customer who shares it"
    answer = "yes" if row["is_contactable"] else f"no: {row['blocked_reason']}"
    since = f" since {_day(row['consent_changed_at'])}" if row["consent_changed_at"] else ""
    basis = f"; basis: {row['lawful_basis']}" if row["lawful_basis"] else ""
    bought = "; has bought before" if row["has_bought_before"] else ""
    lent = "; known from a marketplace only" if row["is_from_marketplace"] else ""
    return f"{address}: {answer} (consent: {row['consent_status']}{since}{basis}{bought}{lent})"


def _consent(row: dict[str, Any]) -> str:
    whose = row["email"] or row["phone"] or row["contact_id"]
    origin = f" ({row['origin']})" if row["origin"] else ""
    said = f"{row['purpose']} {row['channel']}: {row['status']}{origin}"
    return f"{_day(row['changed_at'])} {said}, by {whose}"


def _decisions(one: Person) -> list[str]:
    lines = []
    for row in one.decisions[:_SHOWN]:
        slot = "" if row["is_slot"] else " (not the night of its slot)"
        lines.append(
            f"{row['as_of']} {row['channel']}: {row['arm']}, {row['reason']}, "
            f"{row['group_name']}{slot}"
        )
        if row["as_of"] == one.decisions[0]["as_of"]:
            lines += [
                f"  not {other['arm']}: {other['reason'] or 'worth less'}{_worth(other)}"
                for other in one.candidates
                if other["contact_point_id"] == row["contact_point_id"]
                and other["as_of"] == row["as_of"]
                and other["arm"] != row["arm"]
            ]
    return lines


def _worth(row: dict[str, Any]) -> str:
    return f" (expected {row['value']:.2f})" if row["value"] is not None else ""


def _score(row: dict[str, Any]) -> str:
    item = f" {row['item_id']}" if row["item_id"] else ""
    value = "none" if row["value"] is None else f"{row['value']:.3f}"
    rank = f", rank {row['percentile']} of 100" if row["percentile"] is not None else ""
    return f"{row['model']}{item}: {value}{rank} ({row['as_of']})"


def _message(row: dict[str, Any]) -> str:
    answers = ", ".join(row["answers"] or []) or "no answer"
    return f"{_day(row['sent_at'])} {row['campaign_id']}: {answers}"


def _order(row: dict[str, Any]) -> str:
    store = f" {row['store_id']}" if row["store_id"] else ""
    total = "no rate" if row["total_amount"] is None else f"{row['total_amount']:.2f}"
    said = f"{row['channel']}{store}, {row['status']}, {total}"
    return f"{_day(row['ordered_at'])} {row['order_id']}: {said}"


def _day(moment: Any) -> str:
    return str(moment)[:10]

"""The e-mail tool's exports and the CRM team's sheets: campaigns, sends, events, exclusions."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.shop.catalogue import CATEGORIES
from benchmarks.shop.days import iso_offset, iso_utc, midnight
from benchmarks.shop.files import CHUNK, write_csv
from benchmarks.shop.marketing import THEME_CATEGORY, THEME_OFFER, THEMES
from benchmarks.shop.settings import IntArray, stream, words
from benchmarks.shop.shop import Shop

CAMPAIGN_HEADER = words(
    "campaign_id,name,channel,starts_at,ends_at,theme,category,offer_type,offer_rate,coupon_code,"
    "cost_per_contact,capacity,audience,status",
    ",",
)
SEND_HEADER = words(
    "campaign_id,contact_id,email,sent_at,send_id,arm,assignment_probability,variant",
    ",",
)
SURVEY_DAY = date(2026, 5, 12)
EVENT_HEADER = ("send_id", "contact_id", "event", "occurred_at", "is_machine")


def write_campaigns(shop: Shop, path: Path) -> None:
    """One row per campaign: the whole planning sheet each time."""
    rows = []
    for item in shop.campaigns:
        offer, rate = THEME_OFFER[item.theme]
        category = THEME_CATEGORY[item.theme]
        starts, ends = iso_offset(np.array([midnight(item.starts_on), midnight(item.ends_on)]))
        rows.append(
            (
                item.campaign_id,
                item.name,
                item.channel,
                starts,
                ends,
                THEMES[item.theme],
                CATEGORIES[category] if category >= 0 else "",
                offer,
                f"0.{rate:02d}" if rate else "",
                item.coupon,
                item.cost_per_contact,
                item.capacity,
                item.audience,
                item.status,
            )
        )
    write_csv(path, CAMPAIGN_HEADER, rows)


def write_aliases(shop: Shop, path: Path) -> None:
    """One row per other name of a campaign: the utm value, and the e-mail tool's number."""
    rows = [
        row
        for number, item in enumerate(shop.campaigns)
        for row in ((item.campaign_id, item.alias), (item.campaign_id, f"msg-{7000 + number}"))
    ]
    write_csv(path, ("campaign_id", "alias"), rows)


def write_sends(shop: Shop, span: tuple[int, int], path: Path) -> None:
    """One row per person drawn for a campaign within the span, those held back included."""
    second = shop.history.sends.second
    wanted = np.flatnonzero((second >= span[0]) & (second < span[1]))
    write_csv(path, SEND_HEADER, _send_rows(shop, wanted))


def _send_rows(shop: Shop, wanted: IntArray) -> Iterator[tuple[str, ...]]:
    sends, ids = shop.history.sends, shop.people.contact_ids
    for chunk in np.array_split(wanted, max(1, -(-len(wanted) // CHUNK))):
        for position, campaign, person, at, treated, variant in zip(
            chunk.tolist(),
            sends.campaign[chunk].tolist(),
            sends.person[chunk].tolist(),
            iso_utc(sends.second[chunk]),
            sends.treated[chunk].tolist(),
            sends.variant[chunk].tolist(),
            strict=True,
        ):
            item = shop.campaigns[campaign]
            share = item.treated_share
            probability = "" if share is None else f"{share if treated else 1 - share:.1f}"
            yield (
                item.campaign_id,
                ids[person],
                shop.people.emails[person],
                at,
                f"m{position}",
                item.campaign_id if treated else "control",
                probability,
                "AB"[variant] if treated else "",
            )


def write_events(shop: Shop, span: tuple[int, int], path: Path) -> None:
    """One row per thing that happened to a mail within the span."""
    second = shop.mail.second
    wanted = np.flatnonzero((second >= span[0]) & (second < span[1]))
    write_csv(path, EVENT_HEADER, _event_rows(shop, wanted))


def _event_rows(shop: Shop, wanted: IntArray) -> Iterator[tuple[str, ...]]:
    mail, ids = shop.mail, shop.people.contact_ids
    for chunk in np.array_split(wanted, max(1, -(-len(wanted) // CHUNK))):
        for position, send, at, machine in zip(
            chunk.tolist(),
            mail.send[chunk].tolist(),
            iso_utc(mail.second[chunk]),
            mail.is_machine[chunk].tolist(),
            strict=True,
        ):
            person = int(shop.history.sends.person[send])
            flag = "true" if machine else "false"
            yield f"m{send}", ids[person], mail.name[position], at, flag


def write_exclusions(shop: Shop, path: Path) -> None:
    """One row per person that no campaign may reach, whatever the scores say."""
    known = np.flatnonzero(~shop.people.is_guest & (shop.people.arrival < 300))
    ids = shop.people.contact_ids
    drawn = stream(shop.settings.seed, "exclusions").permutation(known)[:8].tolist()
    reasons = ("staff", "staff", "seed", "litigation", "litigation", "vip", "vip", "vip")
    rows = [
        ("", ids[person], reason, "2026-09-30" if reason == "litigation" else "")
        for person, reason in zip(drawn, reasons, strict=True)
    ]
    rows.append(("boite.temoin@courriel.example", "", "seed", ""))
    write_csv(path, ("email", "contact_id", "reason", "until"), rows)


def write_attributes(shop: Shop, span: tuple[int, int], path: Path) -> None:
    """One row per answer to the preference survey of May 2026."""
    rng = stream(shop.settings.seed, "survey")
    known = np.flatnonzero(~shop.people.is_guest & (shop.people.arrival < 600))
    asked = np.sort(rng.permutation(known)[: max(1, len(known) // 25)])
    answers = rng.integers(0, 3, len(asked)).tolist()
    second = midnight(SURVEY_DAY) + rng.integers(9 * 3600, 20 * 3600, len(asked))
    rows = [
        (shop.people.emails[person], "preferred_contact_frequency", value, at, "enquete")
        for person, value, at, moment in zip(
            asked.tolist(),
            [("weekly", "monthly", "rarely")[k] for k in answers],
            iso_utc(second),
            second.tolist(),
            strict=True,
        )
        if span[0] <= moment < span[1]
    ]
    write_csv(path, ("email", "name", "value", "observed_at", "provider"), rows)

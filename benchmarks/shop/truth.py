"""What really is: who is who, what messages do, who will buy. No pipeline may read this."""

import numpy as np
import polars as pl

from benchmarks.shop import addresses
from benchmarks.shop.addresses import AGAIN, DOUBLE, MAIN
from benchmarks.shop.block import Block
from benchmarks.shop.columns import Span
from benchmarks.shop.days import DAY, NEVER, midnight, season_of, utc
from benchmarks.shop.effects import effect_on
from benchmarks.shop.living import hazard_of
from benchmarks.shop.mail_extracts import send_ids
from benchmarks.shop.mailing import reachable
from benchmarks.shop.people import KINDS
from benchmarks.shop.settings import IntArray, date_of
from benchmarks.shop.state import State
from benchmarks.shop.trade_extracts import CHANNELS, order_ids

WITHIN = (7, 28)
EVERY_DAYS = 28
MARK_DAYS = 12 * EVERY_DAYS
"""Hazards are kept every four weeks of the last year before the first extract, and after it every
day."""


def is_marked(day: int, last: int) -> bool:
    """Whether hazards are kept on a day of the history that ends on `last`."""
    return day >= last - MARK_DAYS and (last - day) % EVERY_DAYS == 0


def hazards(block: Block, state: State) -> pl.DataFrame:
    """One row per person who may still be there: the probability to buy within 7 and 28 days if
    nobody writes, as the person's present rate says (1 if a purchase is on its way), beside what a
    naive rule sees."""
    people, day = block.people, state.day
    rate = hazard_of(block, state, season_of(day, people.season))
    who = np.flatnonzero((people.arrival < day) & (state.orders > 0))
    return pl.DataFrame(
        {
            "as_of": pl.Series([date_of(day)]).new_from_index(0, len(who)),
            "person_id": addresses.person_ids(people, who),
            **{
                f"buys_within_{n}": np.where(
                    state.busy_until[who] >= day, 1.0, 1 - np.exp(-n * rate[who])
                )
                for n in WITHIN
            },
            "is_gone": people.leaves_on[who] <= day,
            "days_since_order": day - state.last_order[who],
        }
    )


def effects(block: Block, state: State) -> pl.DataFrame:
    """One row per person and open campaign that may reach them: the change of the probability to
    buy within 7 days if this one message were sent today, and what behaviour shows of it."""
    people, day = block.people, state.day
    rate = hazard_of(block, state, season_of(day, people.season))
    parts = []
    for campaign in block.campaigns:
        if not campaign.is_open(date_of(day)):
            continue
        who = np.flatnonzero(reachable(campaign.channel, people, state) & (state.orders > 0))
        found = effect_on(block, state, campaign, who, rate)
        parts.append(
            pl.DataFrame(
                {
                    "as_of": pl.Series([date_of(day)]).new_from_index(0, len(who)),
                    "person_id": addresses.person_ids(people, who),
                    "campaign_id": pl.Series([campaign.campaign_id]).new_from_index(0, len(who)),
                    "effect": found.gain,
                    "visible_effect": found.visible,
                    "basket": state.spent[who] / np.maximum(state.orders[who], 1) / 100,
                }
            )
        )
    return pl.concat(parts) if parts else pl.DataFrame()


def people(block: Block) -> pl.DataFrame:
    """One row per person."""
    persons, every = block.people, np.arange(block.people.count)
    return pl.DataFrame(
        {
            "person_id": addresses.person_ids(persons, every),
            "kind": pl.Series([k.name for k in KINDS]).gather(persons.kind),
            "arrives_on": _dates(persons.arrival),
            "leaves_on": _dates(persons.leaves_on),
            "household_id": addresses.person_ids(persons, persons.household),
            "purchases_a_week": persons.rate * 7,
            "is_responsive": persons.is_responsive,
        }
    )


def identifiers(block: Block) -> pl.DataFrame:
    """One row per person and identifier that is theirs (or, in a household, that they use), with
    the day from which it is. Visitor ids are in `visitors`."""
    persons, every = block.people, np.arange(block.people.count)
    start = persons.arrival
    account, double = persons.has_account, persons.doubled_on < NEVER
    owner_changes = persons.email_changes_on[persons.email_of]
    rows = (
        ("contact_id", addresses.contact_ids(persons, every, MAIN), start, account),
        ("contact_id", addresses.contact_ids(persons, every, DOUBLE), persons.doubled_on, double),
        (
            "contact_id",
            addresses.contact_ids(persons, every, AGAIN),
            persons.returns_on,
            persons.returns_on < NEVER,
        ),
        ("email", addresses.emails(persons, every, -9999), start, start < NEVER),
        ("email", addresses.emails(persons, every, 9999), owner_changes, owner_changes < NEVER),
        ("email", addresses.relays(persons, every), start, start < NEVER),
        (
            "email",
            addresses.crm_emails(persons, every, -9999, np.full(len(every), MAIN)),
            start,
            persons.is_mistyped & ~persons.is_placeholder,
        ),
        (
            "phone",
            addresses.digits(persons, every),
            start,
            persons.number[persons.phone_of] % 3 > 0,
        ),
        (
            "loyalty_id",
            addresses.cards(persons, every, MAIN),
            start,
            persons.has_card,
        ),
        (
            "loyalty_id",
            addresses.cards(persons, every, DOUBLE),
            persons.doubled_on,
            double & persons.has_card,
        ),
        (
            "loyalty_id",
            addresses.cards(persons, every, AGAIN),
            persons.returns_on,
            (persons.returns_on < NEVER) & persons.has_card,
        ),
    )
    return pl.concat(
        pl.DataFrame(
            {
                "person_id": addresses.person_ids(persons, np.flatnonzero(mask)),
                "kind": pl.Series([kind]).new_from_index(0, int(mask.sum())),
                "value": value.filter(pl.Series(mask)),
                "from": _dates(day[mask]),
            }
        )
        for kind, value, day, mask in rows
    )


def visitors(block: Block, state: State, span: Span) -> pl.DataFrame:
    """One row per person and visitor id seen."""
    events = state.log("events")
    told = span.has(events["known"]) & (events["person"] >= 0)
    frame = pl.DataFrame(
        {
            "person_id": addresses.person_ids(block.people, events["person"][told]),
            "visitor_id": addresses.texts("v", events["visitor"][told]),
        }
    )
    return frame.unique(maintain_order=True)


def orders(block: Block, state: State, span: Span) -> pl.DataFrame:
    """One row per order placed: who really placed it."""
    log = state.log("orders")
    told = span.has(log["placed"])
    mine = {name: values[told] for name, values in log.items()}
    return pl.DataFrame(
        {
            "order_id": order_ids(block, mine["number"]),
            "person_id": addresses.person_ids(block.people, mine["person"]),
            "ordered_at": _moments(mine["placed"]),
            "channel": pl.Series(CHANNELS).gather(mine["channel"]),
            "total_amount": (mine["goods"] - mine["discount"] + mine["shipping"]) / 100,
            "is_cancelled": mine["cancelled"] < NEVER,
        }
    )


def sends(block: Block, state: State, span: Span) -> pl.DataFrame:
    """One row per message, and per person held back: what it changes (or would have)."""
    log = state.log("sends")
    told = span.has(log["second"])
    mine = {name: values[told] for name, values in log.items()}
    campaign = mine["campaign"]
    ids = [c.campaign_id for c in block.campaigns]
    return pl.DataFrame(
        {
            "send_id": send_ids(block, mine["number"]),
            "campaign_id": pl.Series(ids).gather(campaign),
            "channel": pl.Series([c.channel for c in block.campaigns]).gather(campaign),
            "has_control": pl.Series(~np.isnan(mine["probability"])),
            "person_id": addresses.person_ids(block.people, mine["person"]),
            "sent_at": _moments(mine["second"]),
            "is_treated": mine["treated"],
            "is_reached": mine["reached"],
            "effect": mine["gain"],
            "visible_effect": mine["visible"],
            "buys_within_7": mine["base"],
        }
    )


def _dates(days: IntArray) -> pl.Series:
    """Dates of day indices, null for NEVER."""
    number = midnight(0) // DAY + np.minimum(days, 99_999)
    dates = pl.Series(number).cast(pl.Int32).cast(pl.Date)
    return pl.select(pl.when(pl.Series(days < NEVER)).then(dates)).to_series()


def _moments(seconds: IntArray) -> pl.Series:
    return pl.from_epoch(pl.Series(utc(seconds)), "s").dt.cast_time_unit("us")

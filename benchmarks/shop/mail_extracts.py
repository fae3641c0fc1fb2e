"""The sending tools' export: who was drawn or written to, and what came of it."""

import numpy as np
import polars as pl

from benchmarks.shop import addresses, forms
from benchmarks.shop.block import Block
from benchmarks.shop.campaigns import EMAIL
from benchmarks.shop.columns import Span, chosen, days_of, either, only_where, picked
from benchmarks.shop.mailing import EVENT_NAMES, OPEN
from benchmarks.shop.settings import IntArray
from benchmarks.shop.state import State, Table

REPORTED_DAYS = 12
"""Opens and clicks come so long after a message at most."""


FORMS: dict[str, forms.Form] = {
    "campaign_sends": {
        "campaign_id": forms.TEXT, "contact_id": forms.TEXT, "email": forms.TEXT,
        "sent_at": forms.UTC, "send_id": forms.TEXT, "arm": forms.TEXT,
        "assignment_probability": forms.RATE, "variant": forms.TEXT,
    },
    "campaign_events": {
        "campaign_id": forms.TEXT, "send_id": forms.TEXT, "contact_id": forms.TEXT,
        "email": forms.TEXT, "event": forms.TEXT, "occurred_at": forms.UTC,
        "is_machine": forms.TEXT,
    },
}  # fmt: skip


def tool_id(position: int) -> str:
    """The number by which the e-mail tool knows a campaign."""
    return f"msg-{7000 + position}"


def sends_of(block: Block, sends: Table, span: Span) -> pl.DataFrame:
    mine = chosen(sends, span.has(sends["second"]))
    who, campaign = mine["person"], mine["campaign"]
    day = days_of(mine["second"])
    by_tool, treated = mine["imported"] == 1, mine["treated"]
    ours = tuple(c.campaign_id for c in block.campaigns)
    theirs = tuple(tool_id(k) for k in range(len(block.campaigns)))
    is_mail = np.array([c.channel == EMAIL for c in block.campaigns])[campaign]
    code = pl.select(
        pl.when(pl.Series(by_tool)).then(picked(theirs, campaign)).otherwise(picked(ours, campaign))
    ).to_series()
    drawn = ~np.isnan(mine["probability"])
    return pl.DataFrame(
        {
            "campaign_id": code,
            "contact_id": only_where(
                ~by_tool | ~is_mail,
                addresses.contact_ids(
                    block.people, who, addresses.record_of(block.people, who, day)
                ),
            ),
            "email": only_where(
                is_mail,
                _written_to(block, mine, day),
            ),
            "sent_at": mine["second"],
            "send_id": send_ids(block, mine["number"]),
            "arm": only_where(
                ~by_tool,
                pl.select(
                    pl.when(pl.Series(treated)).then(code).otherwise(pl.lit("control"))
                ).to_series(),
            ),
            "assignment_probability": only_where(
                drawn, pl.Series(np.round(mine["probability"], 2))
            ),
            "variant": only_where(treated & ~by_tool, picked(("A", "B"), mine["variant"])),
        }
    )


def _written_to(block: Block, rows: Table, day: IntArray) -> pl.Series:
    """The address that a mail went to."""
    people, who = block.people, rows["person"]
    record = addresses.record_of(people, who, day)
    return either(
        rows["by_mailbox"],
        addresses.emails(people, who, day),
        addresses.crm_emails(people, who, day, record),
    )


def send_ids(block: Block, numbers: IntArray) -> pl.Series:
    """Keys of the e-mail tool."""
    return addresses.texts("m", 100_000_000 * (1 + block.index) + numbers)


def reports_of(block: Block, state: State, span: Span) -> pl.DataFrame:
    reports, sends = state.log("reports"), state.log("sends")
    mine = chosen(reports, span.has(reports["second"]))
    place = np.lexsort((mine["kind"], mine["send"], mine["second"]))
    mine = {name: values[place] for name, values in mine.items()}
    who, day = mine["person"], days_of(mine["second"])
    at = np.searchsorted(sends["number"], mine["send"])
    by_tool = sends["imported"][at] == 1
    campaign = sends["campaign"][at]
    is_mail = np.array([c.channel == EMAIL for c in block.campaigns])[campaign]
    theirs = tuple(tool_id(k) for k in range(len(block.campaigns)))
    machine = (mine["machine"] == 1) & (mine["kind"] == OPEN)
    return pl.DataFrame(
        {
            "campaign_id": only_where(by_tool, picked(theirs, campaign)),
            "send_id": send_ids(block, mine["send"]),
            "contact_id": only_where(
                ~by_tool | ~is_mail,
                addresses.contact_ids(
                    block.people, who, addresses.record_of(block.people, who, day)
                ),
            ),
            "email": only_where(
                by_tool & is_mail,
                _written_to(block, mine | {"by_mailbox": sends["by_mailbox"][at]}, day),
            ),
            "event": picked(EVENT_NAMES, mine["kind"]),
            "occurred_at": mine["second"],
            "is_machine": picked(("false", "true"), machine),
        }
    )

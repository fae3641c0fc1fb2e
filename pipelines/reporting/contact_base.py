"""The base of addresses: how good it is by channel, and what to do about it."""

from collections import defaultdict
from typing import Any

from markupsafe import Markup

from pipelines.reporting import charts
from pipelines.reporting.tables import Row, Rows, Tables
from pipelines.reporting.words import Words

_CHANNELS = ("email", "sms", "phone", "post")
_MEASURES = (
    "contactable",
    "consent_granted",
    "consent_unknown",
    "consent_refused",
    "syntax_invalid",
    "role_address",
    "disposable",
    "bounced",
    "messages_91d_no_reaction",
    "inactive_365d",
    "several_addresses",
    "several_contacts",
)
_ABOUT_READING = ("messages_91d_no_reaction",)  # nobody is told whether a letter or an SMS is read
_KINDS = ("enrich", "ask_consent", "reach_otherwise", "stop_mailing")
_SHOWN = 8  # of each kind; the table marts.contact_base_advice has them all


def view(words: Words, tables: Tables) -> dict[str, Any]:
    advice = tables["base_advice"]
    return {
        "channels": _channels(tables),
        "totals": {row["channel"]: row["of_points_count"] for row in tables["base"]},
        "measures": _measures(words, tables),
        "kinds": [_kind(words, kind, advice) for kind in _KINDS],
        "chart": _lacking(words, [row for row in advice if row["kind"] == "enrich"]),
    }


def _channels(tables: Tables) -> list[str]:
    """Those that have an address, in the order in which they cost."""
    found = {row["channel"] for row in tables["base"]}
    return [*(c for c in _CHANNELS if c in found), *sorted(found - set(_CHANNELS))]


def _measures(words: Words, tables: Tables) -> Rows:
    """One row per measure, its cells by channel. What is nowhere so says nothing."""
    cells: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in tables["base"]:
        if row["channel"] == "email" or row["measure"] not in _ABOUT_READING:
            cells[row["measure"]][row["channel"]] = row
    order = [*(m for m in _MEASURES if m in cells), *sorted(cells.keys() - set(_MEASURES))]
    return [
        {"label": words.code("measure", measure), "cells": cells[measure]}
        for measure in order
        if any(cell["points_count"] for cell in cells[measure].values())
    ]


def _kind(words: Words, kind: str, advice: Rows) -> dict[str, Any]:
    rows = [row for row in advice if row["kind"] == kind]
    is_about_addresses = kind == "stop_mailing"
    return {
        "kind": kind,
        "count": words("contact_base.addresses" if is_about_addresses else "contact_base.people"),
        "amount": words("contact_base.cost" if is_about_addresses else "contact_base.revenue"),
        "rows": [
            row
            | {
                "label": _label(words, row, rows),
                "count": row["points_count"] if is_about_addresses else row["people_count"],
            }
            for row in rows[:_SHOWN]
        ],
    }


def _label(words: Words, row: Row, rows: Rows) -> str:
    where = words.code("channel", row["channel"])
    if row["kind"] == "ask_consent":
        named = any(other["item"] for other in rows if other["channel"] == row["channel"])
        rest = f" ({words('contact_base.rest')})" if named else ""
        return f"{where} {row['item']}" if row["item"] else f"{where}{rest}"
    return f"{words.code('base_item', row['item'])} · {where}"


def _lacking(words: Words, rows: Rows) -> Markup | None:
    """What records lack, by revenue: the attribute with most first, stacked by channel."""
    amounts: dict[str, float] = defaultdict(float)
    by_channel: dict[str, float] = defaultdict(float)
    for row in rows:
        amounts[row["item"]] += float(row["value_amount"])
        by_channel[row["channel"]] += float(row["value_amount"])
    if not amounts:
        return None
    items = sorted(amounts, key=lambda item: (-amounts[item], item))
    channels = sorted(by_channel, key=lambda channel: (-by_channel[channel], channel))
    data = [
        {
            "item": words.code("base_item", row["item"]),
            "channel": words.code("channel", row["channel"]),
            "amount": float(row["value_amount"]),
            "place": items.index(row["item"]),
            "rank": channels.index(row["channel"]),
        }
        for row in rows
    ]
    shown = [words.code("channel", channel) for channel in channels]
    title = words("contact_base.chart_title")
    data.sort(key=lambda row: (row["place"], row["rank"]))
    return Markup(charts.lacking(words, "lacking", title, data, shown))

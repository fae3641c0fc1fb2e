"""Next steps: sentences that follow from what the night found, the most useful first."""

from collections.abc import Mapping
from typing import Any

from pipelines.reporting.arrivals import missing
from pipelines.reporting.results import until
from pipelines.reporting.tables import Tables
from pipelines.reporting.words import Words, messages

# Entities that change what the night can do; the others only add detail.
_WORTH_ADDING = (
    "consents",
    "campaigns",
    "campaign_sends",
    "order_lines",
    "web_events",
    "campaign_events",
    "exclusions",
)


def sentences(words: Words, tables: Tables, cards: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [
        *_failed_checks(words, tables),
        *_set_aside(words, tables),
        *_campaigns(words, tables),
        *_models(words, cards),
        *_missing(words, tables),
        *_waiting(words, tables),
    ] or [words("advice.nothing")]


def _failed_checks(words: Words, tables: Tables) -> list[str]:
    failed = sum(not row["success"] for row in tables["checks"])
    return [words("advice.checks", count=failed)] if failed else []


def _set_aside(words: Words, tables: Tables) -> list[str]:
    aside = sum(row["quarantined"] for row in tables["books"])
    return [words("advice.quarantine", count=aside)] if aside else []


def _campaigns(words: Words, tables: Tables) -> list[str]:
    if not tables.numbers["active_campaigns"]:
        return [words("advice.no_active_campaign")]
    without = sum(
        row["status"] == "no_control"
        and row["outcome"] == "purchase_rate"
        and row["kind"] == "campaign"
        and row["segment"] == "all"
        and row["item_id"] != "all"
        for row in tables["effects"]
    )
    return [words("advice.no_control", count=without)] if without else []


def _models(words: Words, cards: Mapping[str, Mapping[str, Any]]) -> list[str]:
    kinds = {card.get("kind") for card in cards.values()}
    return [words(f"advice.{kind}") for kind in ("naive_rule", "no_effect") if kind in kinds]


def _missing(words: Words, tables: Tables) -> list[str]:
    absent = set(missing(tables))
    return [
        words(f"adds.{entity}")
        for entity in _WORTH_ADDING
        if entity in absent and f"adds.{entity}" in messages(words.language)
    ]


def _waiting(words: Words, tables: Tables) -> list[str]:
    day = until(tables)
    return [words("advice.measurable_from", day=day)] if day else []

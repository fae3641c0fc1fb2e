"""What a tool's user imports in the morning: files of addresses for campaigns."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.shop import addresses
from benchmarks.shop.block import Block
from benchmarks.shop.campaigns import EMAIL, make_campaigns
from benchmarks.shop.mailing import Addressed
from benchmarks.shop.settings import BoolArray, IntArray, date_of

DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Imports:
    """Campaign id → the e-mail addresses or E.164 numbers to write to."""

    addresses: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, folders: Iterable[Path]) -> "Imports":
        """Every CSV below the folders that has a CAMPAIGN_ID and, for its channel, an EMAIL or
        PHONE column; a row without an address is skipped, as tools do. ValueError for a folder that
        is not there, a file that cannot be read and a campaign that is not planned."""
        found: dict[str, set[str]] = {}
        channels = {c.campaign_id: c.channel for c in make_campaigns()}
        for folder in folders:
            if not folder.is_dir():
                raise ValueError(f"--imported {folder}: there is no such folder")
            for path in sorted(folder.rglob("*")):
                if path.suffix.lower() == ".csv":
                    _take(path, channels, found)
        return cls({campaign: frozenset(those) for campaign, those in found.items()})


def _take(path: Path, channels: dict[str, str], found: dict[str, set[str]]) -> None:
    with path.open(encoding="utf-8", errors="replace") as file:
        header = file.readline()
    try:
        frame = pl.read_csv(
            path,
            separator=max(DELIMITERS, key=header.count),
            infer_schema=False,
            encoding="utf8-lossy",
        )
        frame = frame.rename({c: c.strip("\ufeff ").upper() for c in frame.columns})
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{path}: no CSV file to import ({error})") from None
    if "CAMPAIGN_ID" not in frame.columns:
        return
    for row in frame.iter_rows(named=True):
        campaign = (row["CAMPAIGN_ID"] or "").strip()
        if campaign not in channels:
            raise ValueError(f"{path}: campaign {campaign!r} is not planned")
        address = row.get("EMAIL" if channels[campaign] == EMAIL else "PHONE")
        if address and address.strip():
            found.setdefault(campaign, set()).add(address.strip().lower())


def addressed(imports: Imports, block: Block, day: int) -> dict[int, Addressed]:
    """Position of a campaign → the people of the block who get it. A mailbox that a household
    shares counts once, for its owner; an address that is nobody's gets nothing. The tool trusts
    the file, except for addresses that bounced or unsubscribed in the tool itself
    (`mailing.accepted`)."""
    found: dict[int, Addressed] = {}
    people = block.people
    for position, campaign in enumerate(block.campaigns):
        wanted = imports.addresses.get(campaign.campaign_id)
        if wanted is None or not campaign.is_open(date_of(day)):
            continue
        hits = [
            who[known.is_in(list(wanted)).fill_null(value=False).to_numpy()]
            for who, known in _known_as(block, campaign.channel, day)
        ]
        shared = people.email_of if campaign.channel == EMAIL else people.phone_of
        in_crm = hits[0]
        all_hits = np.concatenate(hits)
        _, first = np.unique(shared[all_hits], return_index=True)
        who = all_hits[np.sort(first)]
        found[position] = Addressed(who, ~np.isin(who, in_crm))
    return found


def _known_as(block: Block, channel: str, day: int) -> list[tuple[IntArray, pl.Series]]:
    """People with an account and their address: first as the CRM holds it, then as it is."""
    people = block.people
    here: BoolArray = people.has_account & (people.arrival < day)
    here &= (people.erased_on > day) | (people.returns_on <= day)
    who = np.flatnonzero(here)
    if channel != EMAIL:
        digits = addresses.digits(people, who)
        return [(who, pl.select("+33" + digits.str.slice(1)).to_series())]
    record = addresses.record_of(people, who, day)
    return [
        (who, addresses.crm_emails(people, who, day, record)),
        (who, addresses.emails(people, who, day)),
    ]

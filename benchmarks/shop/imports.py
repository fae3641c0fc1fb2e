"""What a tool's user imports in the morning: files of addresses for campaigns."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.shop import addresses
from benchmarks.shop.block import Block
from benchmarks.shop.campaigns import EMAIL
from benchmarks.shop.living import Addressed
from benchmarks.shop.settings import date_of

DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Imports:
    """Campaign id → the e-mail addresses or E.164 numbers to write to."""

    addresses: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, folders: Iterable[Path]) -> "Imports":
        """Every CSV below the folders that has a CAMPAIGN_ID and an EMAIL or PHONE; a row without
        an address is skipped, as tools do."""
        folders = list(folders)
        for folder in folders:
            if not folder.is_dir():
                raise ValueError(f"--imported {folder}: there is no such folder")
        found: dict[str, set[str]] = {}
        for path in sorted(path for folder in folders for path in folder.rglob("*.csv")):
            with path.open(encoding="utf-8", errors="replace") as file:
                header = file.readline()
            delimiter = max(DELIMITERS, key=header.count)
            frame = pl.read_csv(
                path, separator=delimiter, infer_schema=False, encoding="utf8-lossy"
            )
            frame = frame.rename({c: c.strip("\ufeff").upper() for c in frame.columns})
            key = next((c for c in ("EMAIL", "PHONE") if c in frame.columns), None)
            if key is None or "CAMPAIGN_ID" not in frame.columns:
                continue
            for campaign, address in frame.select("CAMPAIGN_ID", key).drop_nulls().iter_rows():
                found.setdefault(campaign, set()).add(address.strip().lower())
        return cls({campaign: frozenset(those) for campaign, those in found.items()})


def addressed(imports: Imports, block: Block, day: int) -> Addressed:
    """The people of a block who get each campaign. A mailbox that a household shares counts once,
    for its owner; an address that is nobody's gets nothing. The tool trusts the file,
    except for addresses that bounced or unsubscribed in the tool itself (`mailing.accepted`)."""
    if not imports.addresses:
        return {}
    people, here = block.people, np.flatnonzero(block.people.arrival < day)
    record = addresses.record_of(people, here, day)
    mailboxes = addresses.crm_emails(people, here, day, record)
    digits = addresses.digits(people, here)
    numbers = pl.select("+33" + digits.str.slice(1)).to_series()
    found: Addressed = {}
    for position, campaign in enumerate(block.campaigns):
        wanted = imports.addresses.get(campaign.campaign_id)
        if wanted is None or not campaign.is_open(date_of(day)):
            continue
        known = mailboxes if campaign.channel == EMAIL else numbers
        hit = known.is_in(list(wanted)).fill_null(value=False) & known.is_first_distinct()
        found[position] = here[hit.to_numpy()]
    return found

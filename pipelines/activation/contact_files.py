"""Whom to write to and whom not: audience_<campaign>.csv and removals.csv."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.activation.cells import NONE, Cell, File, is_plain_address, text
from pipelines.activation.shared_cells import as_of_cell, customer_cell, file_name, key_cell
from pipelines.specs.night import Night

_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Campaign:
    """An active campaign that decisions may choose."""

    campaign_id: str
    channel: str


def audience(night: Night, campaign: Campaign, name: str) -> File:
    """One row per contact point whose slot decision of this night is the campaign."""
    cells = (
        key_cell(campaign.channel),
        customer_cell(),
        Cell(
            "CAMPAIGN_ID", text("c.campaign_id"), "text",
            "Identifiant de la campagne à envoyer.",
            "Id of the campaign to send.",
            "spring_sale",
        ),
        Cell(
            "CAMPAIGN_NAME", text("c.name"), "text",
            "Nom de la campagne.", "Name of the campaign.", "Spring sale",
        ),
        Cell(
            "COUPON_CODE", text("c.coupon_code"), "text",
            "Code promotionnel de la campagne ; none : aucun.",
            "Coupon code of the campaign; none: it has none.",
            f"SPRING10, {NONE}",
        ),
        Cell(
            "REASON", text("d.reason"), "text",
            "Pourquoi cette campagne pour ce contact.",
            "Why this campaign for this contact.",
            "best_value, exploration",
        ),
        as_of_cell(night),
    )  # fmt: skip
    arm = campaign.campaign_id.replace("'", "''")
    source = (
        f"(select * from activation.decisions where as_of = date '{night.as_of}' and is_slot"
        f" and arm = '{arm}' and group_name = 'active') d"
        f" join (select * from marts.contact_points where channel = '{campaign.channel}'"
        f" and is_contactable and {is_plain_address('address')}) p"
        " on p.contact_point_id = d.contact_point_id"
        " join marts.campaigns c on c.campaign_id = d.arm"
    )
    return File(name, "audience_*.csv", source, cells)


def removals(night: Night, channel: str) -> File:
    """One row per address of the channel that must not be written to, with the reason."""
    name = file_name("removals", channel)
    # A phone number is a key as it is; an e-mail address that begins like a formula is not, but
    # someone has to see it.
    address = (
        f"case when {is_plain_address('p.address')} then p.address else {text('p.address')} end"
    )
    cells = (
        key_cell(channel, address),
        Cell(
            "REASON", text("coalesce(p.blocked_reason, 'not_contactable')"), "text",
            "Pourquoi ne pas écrire. no_consent : jamais consenti, un accord peut encore venir.",
            "Why not to write. no_consent: never agreed, may agree later.",
            "withdrawn, objected, suppressed_unsubscribe, suppressed_complaint,"
            " suppressed_bounce, suppressed_erased, excluded_staff, excluded_seed,"
            " excluded_litigation, excluded_vip, deleted, profiling_objected, no_consent",
        ),
        as_of_cell(night),
    )  # fmt: skip
    source = (
        f"(select * from marts.contact_points where channel = '{channel}'"
        " and is_contactable is not true and address is not null) p"
    )
    return File(name, name, source, cells)


def audience_names(campaign_ids: Iterable[str]) -> Mapping[str, str]:
    """campaign_id → file name that every file system takes. An id that had to be changed for it,
    or that differs from another in case only, carries a hash of itself."""
    ids = sorted(set(campaign_ids))
    folded = [one.casefold() for one in ids]
    names = {}
    for one in ids:
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", one)[:_MAX_NAME]
        if stem != one or folded.count(one.casefold()) > 1:
            stem = f"{stem}-{hashlib.sha256(one.encode()).hexdigest()[:8]}"
        names[one] = f"audience_{stem}.csv"
    return names

"""The files of one destination on one night: which there are, with which rows and columns."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.activation.cells import NONE, NOT_SCORED, Cell, File, is_plain_address, text
from pipelines.specs.night import Night
from pipelines.specs.shop import Destination

KEYS = {"email": "EMAIL", "sms": "PHONE"}  # channel → header of the key
_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Campaign:
    """An active campaign that decisions may choose."""

    campaign_id: str
    channel: str


def _key_cell(channel: str, sql: str = "p.address") -> Cell:
    if channel == "email":
        return Cell(
            "EMAIL", sql, "text",
            "Adresse e-mail : la clé d'import.",
            "E-mail address: the key of the import.",
            "claire@example.com",
        )  # fmt: skip
    return Cell(
        "PHONE", sql, "text",
        "Numéro de mobile (E.164) : la clé d'import.",
        "Mobile number (E.164): the key of the import.",
        "+33612345678",
    )  # fmt: skip


def _customer_cell() -> Cell:
    return Cell(
        "CUSTOMER_ID", text("p.customer_id"), "text",
        "Identifiant client de Nocturne.",
        "Nocturne's id of the customer.",
        "c_0123456789abcdef",
    )  # fmt: skip


def _as_of_cell(night: Night) -> Cell:
    return Cell(
        "AS_OF", f"'{night.as_of}'", "date",
        "Date des valeurs : ce que l'on savait ce jour-là à 0 h.",
        "Date of the values: what was known that day at 00:00.",
        values=(night.as_of.isoformat(),),
    )  # fmt: skip


def scores(night: Night, destination: Destination) -> File:
    """One row per contactable e-mail address, whatever its group."""
    cells = [
        _key_cell("email"),
        _customer_cell(),
        Cell(
            "EXPERIMENT_GROUP", text("coalesce(d.group_name, g.group_name)"), "text",
            "Groupe de test, tiré une fois pour toutes ; holdout et mixed : témoins.",
            "Experiment group, drawn once for all; holdout and mixed are the control.",
            values=("active", "holdout", "mixed", NONE),
        ),
    ]  # fmt: skip
    for model in destination.scores:
        cells += _score_cells(model)
    cells += [
        Cell(
            "LIFECYCLE_STAGE", text("c.lifecycle_stage"), "text",
            "Étape de la relation client.",
            "Stage of the customer's life.",
            f"lead, first_time, active, at_risk, lapsed, {NONE}",
        ),
        Cell(
            "NEXT_CAMPAIGN",
            f"case when {_IS_CONTROL} or d.arm = 'no_contact' then '{NONE}'"
            f" else {text('d.arm')} end",
            "text",
            "Meilleure campagne pour ce contact ; none : ne rien envoyer. Les envois se font avec"
            " les fichiers audience_*.csv seulement.",
            "Best campaign for this contact; none: send nothing. Send with the audience_*.csv"
            " files only.",
            f"spring_sale, {NONE}",
        ),
        Cell(
            "IN_TONIGHTS_AUDIENCE",
            f"case when coalesce(d.is_slot, false) and not {_IS_CONTROL}"
            " and d.arm in (select campaign_id from marts.campaigns where is_active)"
            " then 'yes' else 'no' end",
            "text",
            "yes : l'adresse est dans un fichier audience_*.csv de cette nuit.",
            "yes: the address is in an audience_*.csv file of this night.",
            values=("yes", "no"),
        ),
        _as_of_cell(night),
    ]  # fmt: skip
    return File("scores.csv", "scores.csv", _scores_source(night, destination), tuple(cells))


_IS_CONTROL = "coalesce(coalesce(d.group_name, g.group_name) in ('holdout', 'mixed'), false)"


def _score_cells(model: str) -> list[Cell]:
    name, value, flag = model.upper(), f'"{model}".value', f'"{model}".flag'
    known = f"{value} is not null and not isnan({value})"
    return [
        Cell(
            f"{name}_SCORE",
            f"printf('%.4f', case when {known} then {value} else 0 end)",
            "decimal",
            f"Probabilité du modèle {model}, de 0 à 1 ; 0.0000 si {name}_STATUS vaut {NOT_SCORED}.",
            f"Probability by the model {model}, 0 to 1; 0.0000 when {name}_STATUS is {NOT_SCORED}.",
            "0.1234",
            bounds=(0, 1),
        ),
        Cell(
            f"{name}_PERCENTILE",
            f'cast(case when {known} then coalesce("{model}".percentile, 0) else 0 end as varchar)',
            "integer",
            "Rang parmi les clients, 1 à 100 (le plus haut) ; 0 : pas de score cette nuit.",
            "Rank among customers, 1 to 100 (highest); 0: no score tonight.",
            "87",
            bounds=(0, 100),
        ),
        Cell(
            f"{name}_STATUS",
            f"case when not ({known}) then '{NOT_SCORED}'"
            f" when coalesce({flag}, '') = '' then 'scored'"
            f" else {text(flag)} end",
            "text",
            "Fiabilité du score ; not_scored : hors du champ du modèle.",
            "How far to trust the score; not_scored: outside the model's population.",
            f"scored, naive_rule, thin_history, {NOT_SCORED}",
        ),
    ]  # fmt: skip


def _scores_source(night: Night, destination: Destination) -> str:
    of_night = f"as_of = date '{night.as_of}'"
    joins = "".join(
        f" left join (select customer_id, value, percentile, flag from ml.scores where {of_night}"
        f" and model = '{model}' and item_id = '') \"{model}\""
        f' on "{model}".customer_id = p.customer_id'
        for model in destination.scores
    )
    return (
        "(select * from marts.contact_points where channel = 'email' and is_contactable"
        f" and {is_plain_address('address')}) p"
        f" left join (select * from activation.decisions where {of_night}) d"
        " on d.contact_point_id = p.contact_point_id"
        " left join activation.groups g on g.contact_point_id = p.contact_point_id"
        f" left join marts.customer_360 c on c.customer_id = p.customer_id{joins}"
    )


def audience(night: Night, campaign: Campaign, name: str) -> File:
    """One row per contact point whose slot decision of this night is the campaign."""
    cells = (
        _key_cell(campaign.channel),
        _customer_cell(),
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
        _as_of_cell(night),
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
    name = "removals.csv" if channel == "email" else f"removals_{channel}.csv"
    # A phone number is a key as it is; an e-mail address that begins like a formula is not, but
    # someone has to see it.
    address = (
        f"case when {is_plain_address('p.address')} then p.address else {text('p.address')} end"
    )
    cells = (
        _key_cell(channel, address),
        Cell(
            "REASON", text("coalesce(p.blocked_reason, 'not_contactable')"), "text",
            "Pourquoi ne pas écrire. no_consent : jamais consenti, un accord peut encore venir.",
            "Why not to write. no_consent: never agreed, may agree later.",
            "withdrawn, objected, suppressed_unsubscribe, suppressed_complaint,"
            " suppressed_bounce, excluded_staff, excluded_seed, excluded_litigation, excluded_vip,"
            " deleted, profiling_objected, no_consent",
        ),
        _as_of_cell(night),
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

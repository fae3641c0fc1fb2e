"""scores.csv: what the night knows of every address that may be written to."""

from pipelines.activation.cells import NONE, NOT_SCORED, Cell, File, is_plain_address, text
from pipelines.activation.shared_cells import as_of_cell, customer_cell, file_name, key_cell
from pipelines.specs.night import Night
from pipelines.specs.shop import Destination


def scores(night: Night, destination: Destination, channel: str) -> File:
    """One row per contactable address of the channel, whatever its group."""
    cells = [
        key_cell(channel),
        customer_cell(),
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
            f"lead, first_time, active, won_back, at_risk, lapsed, {NONE}",
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
        as_of_cell(night),
    ]  # fmt: skip
    name = file_name("scores", channel)
    return File(name, name, _scores_source(night, destination, channel), tuple(cells))


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


def _scores_source(night: Night, destination: Destination, channel: str) -> str:
    of_night = f"as_of = date '{night.as_of}'"
    joins = "".join(
        f" left join (select customer_id, value, percentile, flag from ml.scores where {of_night}"
        f" and model = '{model}' and item_id = '') \"{model}\""
        f' on "{model}".customer_id = p.customer_id'
        for model in destination.scores
    )
    return (
        f"(select * from marts.contact_points where channel = '{channel}' and is_contactable"
        f" and {is_plain_address('address')}) p"
        f" left join (select * from activation.decisions where {of_night}) d"
        " on d.contact_point_id = p.contact_point_id"
        " left join activation.groups g on g.contact_point_id = p.contact_point_id"
        f" left join marts.customer_360 c on c.customer_id = p.customer_id{joins}"
    )

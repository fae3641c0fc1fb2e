"""One training of the `arm_effects` trainer: past campaigns against their randomised controls."""

from datetime import date

import duckdb
import polars as pl

from pipelines.modeling import registry
from pipelines.modeling.card import Card, Gate, failed
from pipelines.modeling.challenge import TrainReport
from pipelines.modeling.effects import Effects, estimate, no_effect
from pipelines.modeling.evaluation import metric
from pipelines.modeling.matrix import Matrix
from pipelines.modeling.metrics import Z90
from pipelines.specs.model import Model
from pipelines.specs.night import Night

_TABLE = ("outcomes", "campaign_outcomes")


def dump_sends(con: duckdb.DuckDBPyConnection, night: Night, model: Model) -> Matrix:
    """Matured sends as Parquet; no rows when the outcomes were never built."""
    path = night.paths.scratch / f"matrix-{model.name}-{night.as_of}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    built = con.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        list(_TABLE),
    ).fetchone()
    source = (
        f"""
        select campaign_id, coalesce(theme, '') as theme, coalesce(segment, '') as segment,
               is_treated, cast(assignment_probability as double) as assignment_probability,
               cast(purchased as integer) as purchased, sent_date, contact_point_id
        from outcomes.campaign_outcomes
        where is_matured and sent_date + {model.horizon_days} <= date '{night.as_of}'
            and is_treated is not null and purchased is not null
        """
        if built and built[0]
        else """
        select '' as campaign_id, '' as theme, '' as segment, true as is_treated,
               1.0::double as assignment_probability, 0 as purchased,
               date '2000-01-01' as sent_date, '' as contact_point_id
        where false
        """
    )
    target = str(path).replace("'", "''")
    con.execute(
        f"copy ({source} order by campaign_id, sent_date, contact_point_id, is_treated, purchased,"
        f" segment, assignment_probability) to '{target}' (format parquet)"
    )
    return Matrix(model.name, path)


def learn(night: Night, model: Model, matrix: Matrix) -> TrainReport:
    """Estimate, judge, register and promote; without enough sends against a control, the prior of
    no effect scores unless learned effects already do."""
    sends = pl.read_parquet(matrix.path)
    found = estimate(sends)
    gates = (
        _at_least("min_treated", found.treated, model.gates.min_positives),
        _at_least("min_control", found.control, model.gates.min_negatives),
    )
    reasons = failed(gates)
    incumbent = registry.champion(night.paths.registry, model.name, not_after=night.as_of)
    if not reasons:
        card = _card(night, model, sends, found).model_copy(update={"gates": gates})
    elif incumbent and _kind(night, model, incumbent) == "arm_effects":
        registry.note_training(night.paths.registry, model.name, night.as_of)
        return TrainReport(
            model.name, "refused", night.as_of, None, incumbent, reasons, ("champion stays",)
        )
    else:
        found = no_effect()
        card = _card(night, model, sends, found).model_copy(
            update={
                "kind": "no_effect",
                "verdict": "baseline",
                "gates": gates,
                "reasons": reasons,
                "notes": ("effects are unknown: zero on average, with a wide interval",),
            }
        )
    version = registry.register(
        night.paths.registry, card, {"effects.json": found.model_dump_json(indent=1) + "\n"}
    )
    registry.promote(night.paths.registry, model.name, version, trained=night.as_of)
    status = "baseline" if reasons else "promoted"
    return TrainReport(
        model.name, status, night.as_of, version, version, reasons, card.notes, card.metrics
    )


def _card(night: Night, model: Model, sends: pl.DataFrame, found: Effects) -> Card:
    half = Z90 * found.overall.variance**0.5
    mean = found.overall.mean
    dates: list[date] = sends["sent_date"].unique().sort().to_list()
    return Card(
        model=model.name,
        kind="arm_effects",
        as_of=night.as_of,
        horizon_days=model.horizon_days,
        verdict="promoted",
        population=model.population,
        anchors=tuple(dates[:1] + dates[-1:]),
        rows=len(sends),
        positives=int(sends["purchased"].sum()),
        metrics={
            "effect_of_a_new_campaign": metric(mean, mean - half, mean + half),
            "campaigns": metric(len(found.campaigns)),
            "treated": metric(found.treated),
            "control": metric(found.control),
        },
    )


def _kind(night: Night, model: Model, version: str) -> str:
    return registry.load_card(night.paths.registry, model.name, version).kind


def _at_least(name: str, observed: int, bound: int) -> Gate:
    note = "sends of campaigns that kept a randomised control"
    return Gate(
        name=name, passed=observed >= bound, observed=observed, bound=f"at least {bound}", note=note
    )

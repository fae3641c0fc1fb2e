"""What must hold of a night's scores before they replace the old ones."""

from datetime import date

from pipelines.modeling.card import Card
from pipelines.specs.checks import Check, Severity

_PSI_WARNS_FROM = 0.25  # the usual reading of the population stability index: "shifted"
KEY = ["as_of", "model", "customer_id", "item_id"]


def door(model: str) -> str:
    """The name of the door that the checks of a model's scores stand at."""
    return f"scores_{model}"


def of_probabilities(card: Card, as_of: date, population: str | None) -> list[Check]:
    """Checks of a model that scores customers with a probability. `population` is the declared one,
    which may have grown since the version that `card` describes was trained."""
    everyone = f'f."{population}"' if population else "true"
    varied = Severity.WARNING if card.kind == "naive_rule" else Severity.CRITICAL
    return [
        *_always(),
        Check("values_are_probabilities", "between", args={"column": "value", "min": 0, "max": 1}),
        Check(
            "intervals_hold_the_value",
            "query_is_empty",
            args={"sql": "select 1 from {table} where not (lower <= value and value <= upper)"},
        ),
        Check("values_differ", "not_constant", varied, {"column": "value"}),
        Check(
            "everyone_of_the_population_is_scored",
            "query_is_empty",
            args={
                "sql": "select 1 from features.customer_features as f"
                f" where f.as_of = date '{as_of}' and {everyone}"
                " and f.customer_id not in (select customer_id from {table})"
            },
        ),
        *_no_look_ahead(card, as_of),
        _drift(card.model, as_of),
        *_sane_mean(card),
    ]


def of_effects() -> list[Check]:
    """Checks of a model that scores customers × campaigns with an effect."""
    return [
        *_always(),
        Check("effects_are_differences", "between", args={"column": "value", "min": -1, "max": 1}),
        Check("an_item_is_named", "query_is_empty", args={"sql": _NO_ITEM}),
    ]


_NO_ITEM = "select 1 from {table} where item_id = ''"


def _always() -> list[Check]:
    return [
        Check("one_score_per_key", "unique", args={"columns": KEY}),
        Check("customers_are_named", "not_null", args={"column": "customer_id"}),
        Check("values_are_there", "not_null", args={"column": "value"}),
        Check(
            "percentiles_in_range", "between", args={"column": "percentile", "min": 1, "max": 100}
        ),
    ]


def _no_look_ahead(card: Card, as_of: date) -> list[Check]:
    """An age counts whole days back from as_of (yesterday is 1), so that of an event on the day
    itself or later is below 1. `…_gap_days` are distances between two events."""
    rule = (card.naive_rule or "").removeprefix("-")
    ages = sorted(
        name
        for name in {*card.features, rule}
        if name.endswith("_days") and not name.endswith("_gap_days")
    )
    if not ages:
        return []
    early = " or ".join(f'"{name}" < 1' for name in ages)
    sql = f"select 1 from features.customer_features where as_of = date '{as_of}' and ({early})"
    return [Check("no_feature_looks_ahead", "query_is_empty", args={"sql": sql})]


def _drift(model: str, as_of: date) -> Check:
    """Population stability index Σ (p − q)·ln(p / q) over twentieths of probability, against the
    night before; half a customer is added to each cell so that empty ones count."""
    sql = f"""
        with old as (
            select least(floor(value * 20), 19) as cell, count(*) as n from ml.scores
            where model = '{model}' and as_of = (
                select max(as_of) from ml.scores
                where model = '{model}' and as_of < date '{as_of}'
            ) group by 1
        ), new as (
            select least(floor(value * 20), 19) as cell, count(*) as n from {{table}} group by 1
        ), cells as (
            select (coalesce(new.n, 0) + 0.5) / (select sum(n) + 10 from new) as p,
                   (coalesce(old.n, 0) + 0.5) / (select sum(n) + 10 from old) as q
            from range(20) as c(cell)
            left join old on old.cell = c.cell left join new on new.cell = c.cell
        )
        select coalesce(sum((p - q) * ln(p / q)), 0) from cells
    """
    return Check(
        "scores_did_not_shift_since_the_night_before",
        "value_between",
        Severity.WARNING,
        {"sql": sql, "min": 0, "max": _PSI_WARNS_FROM},
    )


def _sane_mean(card: Card) -> list[Check]:
    """The mean score should be near the base rate that the model learned from."""
    if card.base_rate is None:
        return []
    return [
        Check(
            "mean_score_is_near_the_base_rate",
            "value_between",
            Severity.WARNING,
            {
                "sql": "select avg(value) from {table}",
                "min": round(card.base_rate / 2, 6),
                "max": round(min(1.0, card.base_rate * 2), 6),
            },
        )
    ]

"""The four verbs that dbt does: transform, snapshot, label, outcomes. Each opens and closes its
own connection; hold `warehouse.lock` around it and keep no other connection open."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pipelines import warehouse
from pipelines.specs.model import Model
from pipelines.specs.night import Night, StepReport
from pipelines.transform.dbt import Built, build

# Snapshots of many past dates go in batches, so that a year of anchors fits in memory.
BATCH_DATES = 6

IDENTITY_MAP = "identity_map"


def transform(
    night: Night, since: date | None = None, full_refresh: bool = False
) -> StepReport:
    """Staging, identity, facts, histories and the tables as of tonight. Reads the extracts from
    `since` (tonight, when not given) on and those not read before; `full_refresh` reads them all.
    """
    variables = _variables(night) | {"identity_dates": [_iso(night.as_of)]}
    if since is not None:
        variables["since"] = _iso(min(since, night.as_of))
    built = build(
        night, ["path:models/staging", "path:models/identity", "path:models/marts"], variables,
        full_refresh=full_refresh,
    )
    rows = _counts(
        night,
        {
            "customers": "select count(*) from marts.customer_360",
            "orders": "select count(*) from marts.orders",
            "contact_points": "select count(*) from marts.contact_points",
        },
    )
    return StepReport(sum(rows.values()), rows | _facts(built))


def snapshot(night: Night, as_ofs: Sequence[date]) -> StepReport:
    """Features of every customer at each of `as_ofs`, as far as tonight's extracts know. Who was
    who at past dates is found anew with them; tonight's identity map is `transform`'s."""
    tests = 0
    warnings: tuple[str, ...] = ()
    for start in range(0, len(as_ofs), BATCH_DATES):
        batch = as_ofs[start : start + BATCH_DATES]
        variables = _variables(night) | {
            "as_ofs": [_iso(day) for day in batch],
            "identity_dates": [_iso(day) for day in batch if day != night.as_of],
            "identity_missing": [_iso(day) for day in batch if day == night.as_of],
        }
        built = build(night, [IDENTITY_MAP, "path:models/features"], variables)
        tests += built.tests
        warnings += built.warnings
    dates = ", ".join(f"date '{_iso(day)}'" for day in as_ofs) or "null"
    query = f"select count(*) from features.customer_features where as_of in ({dates})"
    rows = _counts(night, {"rows": query})["rows"] if as_ofs else 0
    return StepReport(rows, {"dates": len(as_ofs), "tests": tests, "warnings": len(warnings)})


def label(night: Night, models: Sequence[Model], as_ofs: Sequence[date]) -> StepReport:
    """Labels of each model at those of `as_ofs` whose horizon has matured by tonight; the others
    are counted as immature."""
    wanted = [
        (model.label, day, model.horizon_days)
        for model in models
        if model.label is not None
        for day in as_ofs
    ]
    mature = [item for item in wanted if item[1] + timedelta(days=item[2]) <= night.as_of]
    immature = len(wanted) - len(mature)
    if not mature:
        return StepReport(0, {"dates": 0, "immature": immature})
    dates = {day for _, day, _ in mature} | {day + timedelta(days=h) for _, day, h in mature}
    variables = _variables(night) | {
        "identity_missing": sorted(_iso(day) for day in dates),
        "labels": [
            {"label": name, "as_of": _iso(day), "horizon_days": horizon}
            for name, day, horizon in mature
        ],
    }
    names = sorted({name for name, _, _ in mature})
    built = build(night, [IDENTITY_MAP, *names], variables)
    pairs = {
        name: ", ".join(f"(date '{_iso(d)}', {h})" for n, d, h in mature if n == name)
        for name in names
    }
    rows = _counts(
        night,
        {
            name: f"select count(*) from labels.{name} where (as_of, horizon_days) in ({pairs[name]})"
            for name in names
        },
    )
    facts = {"dates": len({day for _, day, _ in mature}), "immature": immature}
    return StepReport(sum(rows.values()), facts | rows | _facts(built))


def outcomes(night: Night) -> StepReport:
    """What became of every campaign contact and of every decision that counts, as of tonight. Run
    `transform` first."""
    built = build(night, ["path:models/outcomes"], _variables(night))
    rows = _counts(
        night,
        {
            "campaign_contacts": "select count(*) from outcomes.campaign_outcomes",
            "decisions": "select count(*) from outcomes.decision_outcomes",
        },
    )
    return StepReport(sum(rows.values()), rows | _facts(built))


def _variables(night: Night) -> dict[str, Any]:
    contacting = night.shop.contacting
    oldest = night.as_of - timedelta(days=night.shop.retention.snapshot_nights)
    return {
        "as_of": _iso(night.as_of),
        "cut": _iso(night.cut),
        "since": _iso(night.as_of),
        "snapshots_since": _iso(oldest),
        "anchor_every_days": night.shop.training.anchor_every_days,
        "time_zone": night.shop.time_zone,
        "currency": night.shop.currency,
        "cap_days": contacting.cap_days,
        "outcome_days": contacting.outcome_days,
        "lawful_basis": contacting.lawful_basis,
    }


def _counts(night: Night, queries: dict[str, str]) -> dict[str, int]:
    with warehouse.connect(night.paths, night.machine) as con:
        rows = {name: con.execute(query).fetchone() for name, query in queries.items()}
    return {name: int(row[0]) if row else 0 for name, row in rows.items()}


def _facts(built: Built) -> dict[str, int]:
    return {
        "models": len(built.models),
        "tests": built.tests,
        "warnings": len(built.warnings),
    }


def _iso(day: date) -> str:
    return day.isoformat()

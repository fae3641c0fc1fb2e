"""The four verbs that dbt does: transform, snapshot, label, outcomes. Each opens and closes its
own connection; hold `warehouse.lock` around it and keep no other connection open."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from pipelines import warehouse
from pipelines.specs.night import Night, StepReport
from pipelines.transform.anchors import LabelRequest
from pipelines.transform.dbt import Built, build

# Snapshots of many past dates go in batches, so that years of anchors need no more memory.
BATCH_DATES = 6

TONIGHT = ("path:models/staging", "path:models/identity", "path:models/marts")
PEOPLE = (
    "+identity_history", "customer_ledger", "order_history", "campaign_responses",
    "consent_history", "stg_erasure_requests",
)  # fmt: skip
SNAPSHOT = ("identity_map", "path:models/features")
OUTCOMES = ("identity_map", "path:models/outcomes")


def transform(night: Night, since: date | None = None, full_refresh: bool = False) -> StepReport:
    """Staging, identity, facts, histories and the tables as of tonight. Reads the extracts from
    `since` (tonight, when not given) on and those not read before; `full_refresh` reads them all.
    `rows` counts customers, orders and contact points."""
    variables = _variables(night)
    if since is not None:
        variables["since"] = _iso(min(since, night.as_of))
    built = build(night, TONIGHT, variables, full_refresh=full_refresh)
    rows = _counts(
        night,
        {
            "customers": "select count(*) from marts.customer_360",
            "orders": "select count(*) from marts.orders",
            "contact_points": "select count(*) from marts.contact_points",
        },
    )
    return _report(rows, [built])


def identify(night: Night, since: date | None = None) -> None:
    """Who is who by all that is loaded tonight, for what cannot wait for `transform`, which does
    the same again."""
    variables = _variables(night)
    if since is not None:
        variables["since"] = _iso(min(since, night.as_of))
    build(night, PEOPLE, variables, command="run")


def snapshot(night: Night, as_ofs: Sequence[date]) -> StepReport:
    """Features of every customer at each of `as_ofs`, as far as the night's cut knows. Labels of
    a date that is taken again should be made again: customers may have other ids."""
    done = []
    for start in range(0, len(as_ofs), BATCH_DATES):
        batch = as_ofs[start : start + BATCH_DATES]
        variables = _variables(night) | {"as_ofs": [_iso(day) for day in batch]}
        done.append(build(night, SNAPSHOT, variables))
    if not as_ofs:
        return StepReport(0, {"snapshot_dates": 0})
    dates = ", ".join(f"date '{_iso(day)}'" for day in as_ofs)
    query = f"select count(*) from features.customer_features where as_of in ({dates})"
    report = _report(_counts(night, {"snapshots": query}), done)
    return StepReport(report.rows, report.facts | {"snapshot_dates": len(as_ofs)})


def label(night: Night, requests: Sequence[LabelRequest]) -> StepReport:
    """The labels asked for (see `missing_labels`). A horizon that has not matured by the night's
    cut makes no row."""
    mature = [request for request in requests if request.matured_on <= night.cut]
    if not mature:
        return StepReport(0, {"label_dates": 0})
    dates = {r.as_of for r in mature} | {r.matured_on for r in mature}
    variables = _variables(night) | {
        "map_dates": sorted(_iso(day) for day in dates),
        "labels": [
            {"label": r.label, "as_of": _iso(r.as_of), "horizon_days": r.horizon_days}
            for r in sorted(mature)
        ],
    }
    names = sorted({request.label for request in mature})
    built = build(night, ["identity_map", *names], variables)
    rows = _counts(night, {name: _label_count(name, mature) for name in names})
    report = _report(rows, [built])
    return StepReport(report.rows, report.facts | {"label_dates": len({r.as_of for r in mature})})


def outcomes(night: Night) -> StepReport:
    """What became of every campaign contact and of every decision that counts, as of tonight. Run
    `transform` first."""
    built = build(night, OUTCOMES, _variables(night))
    rows = _counts(
        night,
        {
            "campaign_outcomes": "select count(*) from outcomes.campaign_outcomes",
            "decision_outcomes": "select count(*) from outcomes.decision_outcomes",
        },
    )
    return _report(rows, [built])


def _variables(night: Night) -> dict[str, Any]:
    contacting, identity = night.shop.contacting, night.shop.identity
    oldest = night.as_of - timedelta(days=night.shop.retention.snapshot_nights)
    return {
        "as_of": _iso(night.as_of),
        "cut": _iso(night.cut),
        "since": _iso(night.as_of),
        "snapshots_since": _iso(oldest),
        "anchor_every_days": night.shop.training.anchor_every_days,
        "time_zone": night.shop.time_zone,
        "currency": night.shop.currency,
        "blocked_values": list(identity.blocked_values),
        "max_profiles_per_identifier": identity.max_profiles,
        "max_contacts_per_browser": identity.max_contacts_per_browser,
        "cap_days": contacting.cap_days,
        "outcome_days": contacting.outcome_days,
        "timeline_months": night.shop.retention.timeline_months,
        "lawful_basis": contacting.lawful_basis,
    }


def _label_count(name: str, requests: Iterable[LabelRequest]) -> str:
    asked = ", ".join(
        f"(date '{_iso(r.as_of)}', {r.horizon_days})" for r in requests if r.label == name
    )
    return f'select count(*) from labels."{name}" where (as_of, horizon_days) in ({asked})'


def _counts(night: Night, queries: dict[str, str]) -> dict[str, int]:
    with warehouse.connect(night.paths, night.machine) as con:
        rows = {name: con.execute(query).fetchone() for name, query in queries.items()}
    return {name: int(row[0]) if row else 0 for name, row in rows.items()}


def _report(rows: dict[str, int], built: Sequence[Built]) -> StepReport:
    """Rows by name, and how many data tests ran and warned."""
    facts: dict[str, int | str] = {**rows}
    facts["data_tests"] = sum(run.tests for run in built)
    warnings = [warning for run in built for warning in run.warnings]
    if warnings:
        facts["warnings"] = "; ".join(warnings)
    return StepReport(sum(rows.values()), facts)


def _iso(day: date) -> str:
    return day.isoformat()

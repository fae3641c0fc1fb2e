"""The edge of measurement: read outcomes, compare, replace the night's effects."""

from collections import Counter
from datetime import date, timedelta

import duckdb
import polars as pl

from pipelines import catalog, warehouse
from pipelines.errors import NotReady
from pipelines.measurement import campaigns, nights
from pipelines.measurement.comparison import effects
from pipelines.specs.night import Night, StepReport

_TABLE = "measurement.effects"


def measure(con: duckdb.DuckDBPyConnection, night: Night) -> StepReport:
    """Replace the partition `night.as_of` of measurement.effects. The fact `measurable_from` is
    the date from which the first outcome window still open can be measured. Raises NotReady when
    the outcomes have not been built."""
    rules = night.shop.contacting
    try:
        sends = campaigns.read(con)
        decisions = nights.read(con, night.as_of)
    except duckdb.CatalogException as error:
        raise NotReady(
            f"measure: {str(error).splitlines()[0]}; run `transform` of {night.as_of} first"
        ) from None
    compared = [
        *campaigns.comparisons(sends),
        *nights.comparisons(nights.apart(decisions, rules)),
    ]
    rows = [row for comparison in compared for row in effects(comparison, night.as_of)]
    _replace(con, night.as_of, rows)
    statuses = Counter(row["status"] for row in rows)
    facts: dict[str, int | str] = {
        **{status: statuses[status] for status in sorted(statuses)},
        **_measurable_from(sends, decisions, rules.outcome_days),
    }
    return StepReport(rows=len(rows), facts=facts)


def _measurable_from(
    sends: pl.DataFrame, decisions: pl.DataFrame, outcome_days: int
) -> dict[str, str]:
    """When the oldest send or decision whose window is open can be measured."""
    still_open = [
        *sends.filter(~pl.col("is_matured"))["sent_date"].to_list(),
        *decisions.filter(~pl.col("is_matured"))["as_of"].to_list(),
    ]
    if not still_open:
        return {}
    return {"measurable_from": str(min(still_open) + timedelta(days=outcome_days))}


def _replace(con: duckdb.DuckDBPyConnection, as_of: date, rows: list[dict[str, object]]) -> None:
    _, columns = catalog.TABLES[_TABLE]
    places = ", ".join("?" for _ in columns)
    with warehouse.transaction(con):
        con.execute(f"delete from {_TABLE} where as_of = ?", [as_of])
        if rows:
            con.executemany(
                f"{catalog.insert_into(_TABLE)} values ({places})",
                [[row[name] for name in columns] for row in rows],
            )

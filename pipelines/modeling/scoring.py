"""Score: the pinned versions on tonight's features, staged, audited, swapped in."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines import catalog, warehouse
from pipelines.errors import TerminalError
from pipelines.modeling import boosting, calibration, checks, registry
from pipelines.modeling.arm_scores import stage_effects
from pipelines.modeling.card import Card
from pipelines.modeling.matrix import NAIVE, encode, feature_columns, naive_column, select_list
from pipelines.modeling.metrics import Array
from pipelines.modeling.naive import naive_score
from pipelines.specs.checks import Auditor, Check
from pipelines.specs.model import Model
from pipelines.specs.night import Night, StepReport

_STAGED = "staged_scores"
_BATCH = 200_000  # rows in memory at a time: about 50 MB of features
_COLUMNS = tuple(catalog.TABLES["ml.scores"][1])


def score(
    con: duckdb.DuckDBPyConnection, night: Night, pins: Mapping[str, str], audit: Auditor
) -> StepReport:
    """Replace tonight's rows of ml.scores, model by model, each in one transaction. `pins`: model →
    version; a model without a pin is left out and its rows of tonight are removed. CheckFailed
    leaves the rows of before. Who objects to profiling loses the scores of every night first."""
    _forget_objectors(con)
    facts: dict[str, int | str] = {}
    total = 0
    for name, model in night.models.items():
        version = pins.get(name)
        with warehouse.transaction(con):
            _new_stage(con)
            if version is not None:
                _stage(con, night, model, version)
            rows = _count(con)
            if rows and version is not None:
                audit(con, checks.door(name), _STAGED, _checks(night, model, version))
            con.execute("delete from ml.scores where as_of = ? and model = ?", [night.as_of, name])
            con.execute(
                f"{catalog.insert_into('ml.scores')} select {', '.join(_COLUMNS)}"
                f" from {_STAGED} order by item_id, customer_id"
            )
            con.execute(f"drop table {_STAGED}")
        facts[name] = rows if version else "no champion"
        total += rows
    return StepReport(total, facts)


def _forget_objectors(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "delete from ml.scores where exists (from marts.profiling_objections o"
        " where o.customer_id = ml.scores.customer_id"
        " and ml.scores.as_of >= o.valid_from_date and ml.scores.as_of < o.valid_until_date)"
    )


def _new_stage(con: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f'"{c}" {kind}' for c, kind in catalog.TABLES["ml.scores"][1].items())
    con.execute(f"create or replace temp table {_STAGED} ({columns})")


def _count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute(f"select count(*) from {_STAGED}").fetchone()
    return int(row[0]) if row else 0


def _checks(night: Night, model: Model, version: str) -> list[Check]:
    if model.trainer == "arm_effects":
        return checks.of_effects()
    card = registry.load_card(night.paths.registry, model.name, version)
    return checks.of_probabilities(card, night.as_of, model.population)


def _stage(con: duckdb.DuckDBPyConnection, night: Night, model: Model, version: str) -> None:
    card = registry.load_card(night.paths.registry, model.name, version)
    if model.trainer == "arm_effects":
        stage_effects(con, night, card, version, _STAGED)
    else:
        _stage_probabilities(con, night, model, card, version)


def _stage_probabilities(
    con: duckdb.DuckDBPyConnection, night: Night, model: Model, card: Card, version: str
) -> None:
    customers, raw, orders = _raw_scores(con, night, model, card, version)
    if not len(raw):
        return
    value = np.round(calibration.apply(card.calibrator, raw), 9)
    lower, upper = calibration.intervals(card.bins, value)
    thin = (orders <= 1) & (card.kind == "lightgbm")
    frame = pl.DataFrame(
        {
            "as_of": pl.Series([night.as_of]).new_from_index(0, len(raw)),
            "model": pl.Series([model.name]).new_from_index(0, len(raw)),
            "customer_id": customers,
            "item_id": pl.Series([""]).new_from_index(0, len(raw)),
            "version": pl.Series([version]).new_from_index(0, len(raw)),
            "value": value,
            "lower": np.round(lower, 9),
            "upper": np.round(upper, 9),
            "percentile": percentiles(raw),
            "flag": np.where(thin, "thin_history", card.kind if card.kind != "lightgbm" else ""),
        }
    )
    con.register("scored", frame.to_arrow())
    con.execute(f"insert into {_STAGED} select * from scored order by customer_id")
    con.unregister("scored")


def percentiles(raw: Array) -> NDArray[np.int32]:
    """1–100 per row, 100 the highest: the share of rows at or below, ties at their mean rank, so
    that equal scores get equal percentiles whatever the order of the rows."""
    rank = pl.Series(raw).rank("average").to_numpy()
    return np.clip(np.ceil(100 * rank / len(raw)), 1, 100).astype(np.int32)


def _raw_scores(
    con: duckdb.DuckDBPyConnection, night: Night, model: Model, card: Card, version: str
) -> tuple[pl.Series, Array, Array]:
    """Customer ids, raw scores and order counts of the population, read in batches."""
    columns = feature_columns(con, model) if card.kind == "lightgbm" else {}
    gone = sorted(set(card.features) - set(columns))
    if gone:
        raise TerminalError(
            f"{model.name}: version {version} needs features that are gone: {', '.join(gone)}; "
            "train again, or restore them"
        )
    wanted = {name: columns[name] for name in card.features}
    naive = naive_column(model) if card.kind == "naive_rule" else None
    population = f'"{card.population}"' if card.population else "true"
    query = f"""
        select customer_id, cast(orders_count as double) as _orders,
               {f'cast("{naive}" as double)' if naive else "cast(null as double)"} as "{NAIVE}"
               {", " + select_list(wanted) if wanted else ""}
        from features.customer_features where as_of = ? and {population} order by customer_id
    """
    booster = (
        boosting.load(night.paths.registry, model.name, version, ())
        if card.kind == "lightgbm"
        else None
    )
    ids: list[pl.Series] = []
    raws: list[Array] = []
    orders: list[Array] = []
    found = con.sql(query, params=[night.as_of])
    batches: Iterable[Any] = found.to_arrow_reader(_BATCH)
    for batch in batches:
        frame = pl.DataFrame(pl.from_arrow(batch))
        filled = frame[NAIVE].fill_null(float("nan")).to_numpy()
        raws.append(
            booster.raw(encode(frame, card.features, card.categories))
            if booster
            else naive_score(card.naive_rule or "", filled)
        )
        ids.append(frame["customer_id"])
        orders.append(frame["_orders"].fill_null(0).to_numpy())
    if not ids:
        return pl.Series([], dtype=pl.String), np.zeros(0), np.zeros(0)
    return pl.concat(ids), np.concatenate(raws), np.concatenate(orders)

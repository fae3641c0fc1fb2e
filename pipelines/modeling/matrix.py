"""Training rows: features ⋈ labels, dumped to Parquet under the lock and read outside it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines import clock
from pipelines.errors import NotReady, TerminalError
from pipelines.modeling import registry
from pipelines.specs.model import Model
from pipelines.specs.night import Night

_KEYS = ("as_of", "customer_id")
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = {
    *_INTEGERS,
    *(f"U{kind}" for kind in _INTEGERS),
    "DECIMAL",
    "BOOLEAN",
    "FLOAT",
    "DOUBLE",
}
NAIVE = "_naive"  # the column that holds the naive rule's feature
CATEGORIES_AT_MOST = 64  # codes of a text feature; rarer values count as missing

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A dumped Parquet file: as_of, customer_id, label, _naive and one column per feature, ordered
    by (as_of, customer_id). `text_features` are the features that hold text."""

    model: str
    path: Path
    features: tuple[str, ...] = ()
    text_features: tuple[str, ...] = ()


def is_due(night: Night, model: str, force: bool) -> bool:
    """Whether tonight trains: no champion yet, told to, or the last training is old enough."""
    last = registry.last_trained(night.paths.registry, model)
    if force or last is None or registry.champion(night.paths.registry, model) is None:
        return True
    return (night.as_of - last).days >= night.shop.training.retrain_every_days


def feature_columns(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, str]:
    """Feature → SQL type over the model's groups, in their order. NotReady when a group has no
    table; TerminalError when a column can be neither a number nor a category."""
    found: dict[str, str] = {}
    for group in model.features:
        rows = con.execute(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'features' and table_name = ? order by ordinal_position",
            [f"features_{group}"],
        ).fetchall()
        if not rows:
            raise NotReady(f"features.features_{group}: no such table; run transform first")
        found |= {name: kind for name, kind in rows if name not in _KEYS}
    wrong = [
        f"{name} {kind}"
        for name, kind in found.items()
        if kind != "VARCHAR" and kind.split("(")[0] not in _NUMBERS
    ]
    if wrong:
        raise TerminalError(
            f"{model.name}: features of other types than number, boolean or text: "
            f"{', '.join(wrong)}; turn dates into days before as_of"
        )
    return found


def select_list(columns: dict[str, str]) -> str:
    """The columns as they are read for training and for scoring: text stays, the rest is double."""
    return ", ".join(
        f'"{name}"' if kind == "VARCHAR" else f'cast("{name}" as double) as "{name}"'
        for name, kind in columns.items()
    )


def naive_column(model: Model) -> str | None:
    """The feature of the naive rule, without its sign."""
    return model.naive_rule.removeprefix("-") if model.naive_rule else None


def dump_matrix(con: duckdb.DuckDBPyConnection, night: Night, model: Model) -> Matrix:
    """Write the matured rows of the model's population to Parquet below the scratch folder."""
    columns = feature_columns(con, model)
    dates = anchors(con, night, model)
    naive = naive_column(model)
    among = ", ".join(f"date '{day}'" for day in dates) or "null"
    path = night.paths.scratch / f"matrix-{model.name}-{night.as_of}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"""
        copy (
            select f.as_of, f.customer_id, cast(l.label as integer) as label,
                   {f'cast(f."{naive}" as double)' if naive else "cast(null as double)"}
                       as "{NAIVE}",
                   {select_list(columns)}
            from features.customer_features as f
            join {_labels(con, model)} as l
                on l.as_of = f.as_of and l.customer_id = f.customer_id
                and l.horizon_days = {model.horizon_days}
            where f.as_of in ({among}) and {_population(model)}
            order by f.as_of, f.customer_id
        ) to '{str(path).replace("'", "''")}' (format parquet)
        """
    )
    text = tuple(name for name, kind in columns.items() if kind == "VARCHAR")
    return Matrix(model.name, path, tuple(columns), text)


def anchors(con: duckdb.DuckDBPyConnection, night: Night, model: Model) -> list[date]:
    """The matured training anchors to learn from, oldest first: dates on the grid that is counted
    from the first Monday, so that what is learned does not depend on which nights ran. A date whose
    features are past their retention teaches nothing, though its labels are still there."""
    training = night.shop.training
    rows = con.execute(
        f"select distinct as_of from {_labels(con, model)} as l where horizon_days = $horizon"
        " and as_of + cast($horizon as integer) <= $tonight"
        " and datediff('day', $monday, as_of) % $every = 0"
        " and as_of in (select as_of from features.customer_features)"
        " order by as_of desc limit $count",
        {
            "horizon": model.horizon_days,
            "tonight": night.as_of,
            "monday": clock.FIRST_MONDAY,
            "every": training.anchor_every_days,
            "count": training.anchors,
        },
    ).fetchall()
    return sorted(day for (day,) in rows)


def _labels(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    """The label table; an empty one while a young shop has no matured anchor to build it for."""
    found = con.execute(
        "select 1 from information_schema.tables where table_schema = 'labels' and table_name = ?",
        [model.label],
    ).fetchone()
    if found:
        return f'labels."{model.label}"'
    columns = "null::date as as_of, 0 as horizon_days, '' as customer_id, 0 as label"
    return f"(select {columns} where false)"


def _population(model: Model) -> str:
    return f'f."{model.population}"' if model.population else "true"


def learn_categories(frame: pl.DataFrame, text: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Text feature → its values in the order of their codes: most frequent first, then by name."""
    found: dict[str, tuple[str, ...]] = {}
    for name in text:
        counts = (
            frame[name].drop_nulls().value_counts().sort(["count", name], descending=[True, False])
        )
        found[name] = tuple(counts[name].to_list()[:CATEGORIES_AT_MOST])
    return found


def encode(
    frame: pl.DataFrame, features: tuple[str, ...], categories: dict[str, tuple[str, ...]]
) -> Floats:
    """(rows, features) float32; text as its code, unknown or missing as NaN. TerminalError when a
    column is not numeric after that: LightGBM would abort the whole process on it."""
    coded = frame.select(
        pl.col(name)
        .replace_strict(
            {value: code for code, value in enumerate(categories[name])},
            default=None,
            return_dtype=pl.Int32,
        )
        .cast(pl.Float32)
        if name in categories
        else pl.col(name)
        for name in features
    )
    wrong = [f"{name} {dtype}" for name, dtype in coded.schema.items() if not dtype.is_numeric()]
    if wrong:
        raise TerminalError(f"features that are not numbers after encoding: {', '.join(wrong)}")
    return coded.select(pl.all().cast(pl.Float32)).to_numpy().astype(np.float32, order="C")

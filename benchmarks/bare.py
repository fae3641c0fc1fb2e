"""The bare work inside a night, for comparison: no checks, no books, no files kept.

python -m benchmarks.bare scan EXTRACTS        read every extract once with DuckDB
python -m benchmarks.bare fit DATA_DIR OUT     one LightGBM per model on the night's matrices
python -m benchmarks.bare predict DATA_DIR OUT score every customer with them
"""

import sys
import tempfile
from pathlib import Path

import duckdb
import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from pipelines.settings import Paths

LABELS = {"churn": "label_churn", "purchase_propensity": "label_purchase_propensity"}
# Those of pipelines.modeling.boosting, which is not imported: that costs CPU seconds too. The night
# fits a model once per out-of-time date (those that are tested and those that calibrate them) and
# once more on everything; the bare reference does only the last.
PARAMETERS = {
    "objective": "binary",
    "num_threads": 2,
    "num_leaves": 8,
    "learning_rate": 0.03,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "max_bin": 63,
    "seed": 20,
    "force_row_wise": True,
    "verbose": -1,
}
ROUNDS = 200


def main() -> None:
    """Run one of the three."""
    verb, *paths = sys.argv[1:]
    if verb == "scan":
        scan(Path(paths[0]))
    else:
        {"fit": fit, "predict": predict}[verb](Path(paths[0]), Path(paths[1]))


def scan(extracts: Path) -> None:
    """Read every value of every extract once, as text."""
    con = duckdb.connect(config={"threads": "2"})
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(extracts.rglob("*.csv*")):
            french = path.name in {"contacts.csv", "consents.csv"}
            file, delimiter = (_as_utf8(path, Path(folder)), ";") if french else (path, ",")
            con.sql(
                f"select sum(length(columns(*))) from read_csv('{file}', all_varchar=true,"
                f" delim='{delimiter}', header=true, quote='\"', ignore_errors=true)"
            ).fetchall()
    for path in sorted(extracts.rglob("*.jsonl.gz")):
        con.sql(
            f"select sum(length(event::varchar)) from read_json('{path}', ignore_errors=true)"
        ).fetchall()


def _as_utf8(path: Path, folder: Path) -> Path:
    """DuckDB does not read Windows-1252."""
    copy = folder / path.name
    copy.write_text(path.read_text(encoding="windows-1252"), encoding="utf-8")
    return copy


def fit(data_dir: Path, out: Path) -> None:
    """Fit each model once."""
    out.mkdir(exist_ok=True)
    for name, label in LABELS.items():
        matrix = _matrix(
            data_dir, f"join labels.{label} l using (as_of, customer_id)", "l.label::double"
        )
        data = lgb.Dataset(matrix[:, 1:], matrix[:, 0])
        lgb.train(PARAMETERS, data, ROUNDS).save_model(out / f"{name}.txt")


def predict(data_dir: Path, out: Path) -> None:
    """Score the latest snapshot with each model."""
    latest = "(select max(as_of) from features.customer_features)"
    matrix = _matrix(data_dir, f"where as_of = {latest}", "0::double")
    for name in LABELS:
        lgb.Booster(model_file=out / f"{name}.txt").predict(matrix[:, 1:], num_threads=2)


def _matrix(data_dir: Path, tail: str, first: str) -> npt.NDArray[np.float64]:
    """Rows of `first` and every numeric feature, as doubles."""
    with duckdb.connect(str(Paths(data_dir).warehouse), read_only=True) as con:
        numeric = con.sql(
            "select column_name from duckdb_columns() where schema_name = 'features'"
            " and table_name = 'customer_features' and (data_type like 'DECIMAL%'"
            " or data_type in ('BIGINT', 'INTEGER', 'DOUBLE', 'BOOLEAN', 'HUGEINT'))"
        ).fetchall()
        columns = ", ".join(f"{name}::double as {name}" for (name,) in numeric)
        found = con.sql(
            f"select {first} as target, {columns} from features.customer_features {tail}"
        )
        arrays = found.fetchnumpy()
    return np.column_stack([np.ma.filled(values, np.nan) for values in arrays.values()])


if __name__ == "__main__":
    main()

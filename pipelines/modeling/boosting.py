"""LightGBM, set up so that the same rows always give the same model text."""

from dataclasses import dataclass
from pathlib import Path

import lightgbm as lgb
import numpy as np

from pipelines.modeling import registry
from pipelines.modeling.card import r9
from pipelines.modeling.matrix import Floats
from pipelines.modeling.metrics import Array

Parameters = dict[str, float | int | str | bool]

# Many shallow, regularised trees: with a few thousand customers a deeper model learns people
# instead of behaviour. Measured out of time on the sample shop and on a grocer's year (2,469
# households): 100 or 300 trees, 4 leaves, all lose or gain at most 0.004 AUC on these.
DEFAULTS: Parameters = {
    "num_trees": 200,
    "learning_rate": 0.03,
    "num_leaves": 8,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "max_bin": 63,
    "max_cat_to_onehot": 8,
    "cat_smooth": 50.0,
    "seed": 20,
}
# Never changed by a declaration.
_FIXED: Parameters = {
    "objective": "binary",
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
# From so many rows on, a second thread is worth it. Below, LightGBM's threads mostly wait for each
# other: on two busy cores a fit of 20,000 × 56 took 28 s with two threads and 1.6 s with one.
_ROWS_FOR_TWO_THREADS = 200_000


@dataclass(frozen=True, slots=True)
class Booster:
    """A fitted model. `text` is LightGBM's own format and holds everything."""

    text: str
    features: tuple[str, ...]

    def raw(self, x: Floats) -> Array:
        """Log-odds per row of `x` (rows, features), before calibration."""
        if not len(x):
            return np.zeros(0)
        booster = lgb.Booster(model_str=self.text)
        found = booster.predict(x, raw_score=True, num_threads=_threads(x))
        return np.asarray(found, dtype=np.float64)

    def importances(self) -> dict[str, float]:
        """Feature → share of the total gain, highest first; empty when no split was found."""
        gain = lgb.Booster(model_str=self.text).feature_importance("gain")
        total = float(gain.sum())
        if total <= 0:
            return {}
        pairs = sorted(zip(self.features, gain / total, strict=True), key=lambda p: (-p[1], p[0]))
        return {name: r9(share) for name, share in pairs if share > 0}


def load(root: Path, model: str, version: str, features: tuple[str, ...]) -> Booster:
    """The fitted model of a registered version; TerminalError when its file is damaged."""
    text = registry.load_text(root, model, version, "model.txt")
    try:
        lgb.Booster(model_str=text)
    except (lgb.basic.LightGBMError, TypeError):
        raise registry.damaged(root / model / version / "model.txt") from None
    return Booster(text, features)


def parameters(declared: Parameters) -> Parameters:
    """All parameters of a fit: defaults, then the model's declaration, then what is fixed."""
    return DEFAULTS | declared | _FIXED


def fit(
    x: Floats,
    label: Array,
    features: tuple[str, ...],
    categorical: tuple[str, ...],
    declared: Parameters,
) -> Booster:
    """Fit on `x` (rows, features) and 0/1 labels. Raises nothing of its own: dtypes were asserted
    when the matrix was encoded."""
    options = parameters(declared) | {"num_threads": _threads(x)}
    rounds = int(options.pop("num_trees"))
    if len(x) * float(options["bagging_fraction"]) < 1:  # LightGBM refuses a bag without a row
        options["bagging_fraction"] = 1.0
    data = lgb.Dataset(
        x,
        label=label,
        feature_name=list(features),
        categorical_feature=list(categorical),
        params=options,
        free_raw_data=True,
    )
    booster = lgb.train(options, data, num_boost_round=rounds)
    return Booster(booster.model_to_string(), features)


def _threads(x: Floats) -> int:
    """Threads for these rows, whatever the machine has: the number decides the order of float
    sums, hence the text of the model."""
    return 2 if len(x) >= _ROWS_FOR_TWO_THREADS else 1

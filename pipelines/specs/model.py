"""`models/<name>/model.yml`: what a model predicts, for whom, from what, and when it is good
enough. Adding a model is adding such a folder and its label SQL."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from pipelines.errors import ConfigError
from pipelines.settings import PROJECT_ROOT
from pipelines.specs.closed import Closed
from pipelines.specs.shop import Shop
from pipelines.specs.yaml_file import read_yaml

MODELS_DIR = PROJECT_ROOT / "models"


class Gates(Closed):
    """What a challenger must reach out of time before it may become champion."""

    min_positives: int = Field(default=200, ge=1)
    min_negatives: int = Field(default=200, ge=1)
    min_auc_gain: float = 0.0  # over the naive rule; the lower bound of its interval must exceed it
    max_auc: float = 0.97  # better than that is a leak until proven otherwise
    max_feature_share: float = 0.9  # of the total gain by one feature
    calibration_ratio: tuple[float, float] = (0.8, 1.25)  # predicted / actual, out of time
    max_auc_loss_to_champion: float = 0.005


class Model(Closed):
    """One prediction."""

    name: str
    title: dict[Literal["en", "fr"], str]
    question: str
    trainer: Literal["lightgbm", "arm_effects"]
    label: str | None = None  # dbt model in schema `labels` (lightgbm)
    horizon_days: int = Field(ge=1)
    population: str | None = None  # boolean column of customer_features; None: everyone
    features: tuple[str, ...] = ()  # feature groups (files features_<group>.sql)
    naive_rule: str | None = None  # the one feature to beat; prefix '-' when less means more likely
    parameters: dict[str, float | int | str | bool] = Field(default_factory=dict)
    gates: Gates = Gates()


def load_models(shop: Shop, folder: Path = MODELS_DIR) -> dict[str, Model]:
    """The enabled models by name, with the shop's own settings applied; ConfigError lists every
    mistake of every file."""
    models: dict[str, Model] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*/model.yml")):
        content: Any = read_yaml(path)
        try:
            model = Model.model_validate(content)
        except ValidationError as error:
            problems += [
                f"  {path.parent.name}/model.yml: {'.'.join(map(str, e['loc']))}: {e['msg']}"
                for e in error.errors()
            ]
            continue
        if model.name != path.parent.name:
            problems.append(f"  {path.parent.name}/model.yml: name: found {model.name!r}")
        models[model.name] = model
    problems += [
        f"  models.{name}: unknown model; allowed: {', '.join(sorted(models))}"
        for name in shop.models
        if name not in models
    ]
    scoring = sorted(name for name, model in models.items() if model.label)
    problems += [
        f"  destinations.{name}.scores: unknown model {wanted!r}; allowed: {', '.join(scoring)}"
        for name, destination in shop.destinations.items()
        for wanted in destination.scores
        if wanted not in scoring
    ]
    if problems:
        raise ConfigError("\n".join(["models: mistakes", *problems]))
    chosen: dict[str, Model] = {}
    for name, model in models.items():
        own = shop.models.get(name)
        if own is None:
            chosen[name] = model
        elif own.enabled:
            horizon = own.horizon_days or model.horizon_days
            chosen[name] = model.model_copy(update={"horizon_days": horizon})
    return chosen

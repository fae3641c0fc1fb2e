"""Modeling: train and score what `models/<name>/model.yml` declares; the model registry."""

from pipelines.modeling.challenge import TrainReport
from pipelines.modeling.matrix import Matrix
from pipelines.modeling.scoring import score
from pipelines.modeling.standing import cards, champions
from pipelines.modeling.training import dump, fit, record

__all__ = ["Matrix", "TrainReport", "cards", "champions", "dump", "fit", "record", "score"]

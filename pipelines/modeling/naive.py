"""The naive rule: one feature that any marketer would sort by. Models must beat it; when none
does, it scores in their place."""

import numpy as np

from pipelines.modeling.metrics import Array

_NEVER = 1e9  # stands for infinity, so that it can be written to JSON


def naive_score(rule: str, feature: Array) -> Array:
    """The feature as a score where more means more likely (a rule with '-' is turned round).

    A missing `…_days` means that it never happened: infinitely long ago. A missing count or amount
    means none: less than any other."""
    missing = _NEVER if rule.endswith("_days") else -_NEVER
    filled = np.where(np.isnan(feature), missing, feature)
    return -filled if rule.startswith("-") else filled

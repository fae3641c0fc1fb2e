"""`nocturne models`: the versions of a model, and the two ways to change its champion."""

from pathlib import Path

from pipelines import settings
from pipelines.errors import TerminalError
from pipelines.settings import Paths
from pipelines.specs.model import load_models
from pipelines.specs.shop import load_shop


def act(
    config: Path, data_dir: Path | None, model: str, *, promote: str | None, rollback: bool
) -> str:
    """Promote or roll back when asked, then the versions of `model`, the champion marked."""
    from pipelines.modeling import registry

    known = load_models(load_shop(config))
    if model not in known:
        raise TerminalError(f"models: found {model!r}; allowed: {', '.join(known)}")
    root = Paths((data_dir or settings.data_dir()).resolve()).registry
    if promote and rollback:
        raise TerminalError("models: give --promote or --rollback, not both")
    if promote:
        registry.promote(root, model, promote)
    if rollback:
        registry.rollback(root, model)
    champion = registry.champion(root, model)
    versions = registry.versions(root, model)
    if not versions:
        return f"{model}: no version yet; run a night or: nocturne retrain"
    return "\n".join(f"{'*' if v == champion else ' '} {v}" for v in versions)

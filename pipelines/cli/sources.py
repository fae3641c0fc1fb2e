"""`nocturne sources check`: what a night would make of the extracts that are there."""

from collections.abc import Callable
from pathlib import Path

from pipelines import clock, steps
from pipelines.errors import NocturneError, TerminalError


def check(
    config: Path, data_dir: Path | None, only: str | None, rows: int, tell: Callable[[str], None]
) -> bool:
    """Tell of each source; whether all can be read and mostly fit. TerminalError when `only` is no
    source of the configuration."""
    from pipelines.sources import look, render
    from pipelines.specs.shop import load_shop

    shop = load_shop(config)
    if only is not None and only not in shop.sources:
        raise TerminalError(f"--source {only}: not one of {', '.join(shop.sources)}")
    night = steps.open_night(clock.shop_today(shop.time_zone), config, data_dir)
    fine = True
    for name, source in shop.sources.items():
        if only not in (None, name):
            continue
        try:
            preview = look(night, name, source, rows)
        except NocturneError as error:
            optional = source.on_missing == "go_on"
            fine = fine and optional
            tell(f"{name} → {source.entity}: {error}")
            continue
        fine = fine and 2 * preview.good >= preview.records and not preview.shared_keys
        tell("\n".join(render(preview)))
    return fine

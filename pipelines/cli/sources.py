"""`nocturne init` and `nocturne sources check`: from a folder of extracts to a first night."""

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipelines import clock, steps
from pipelines.errors import NocturneError, TerminalError

_ALLOWED = {  # what a configuration says of these itself needs no further word
    "shop": "small letters, digits and _, a letter first, such as my_shop",
    "country": "an ISO country code such as FR, two capital letters",
    "currency": "three capital letters of ISO 4217, such as EUR",
}

_LETTERS = {"country": 2, "currency": 3}


def check_options(*, shop: str, time_zone: str, currency: str, country: str) -> None:
    """Refuse, before any file is read, what the configuration would refuse. TerminalError with a
    line for each."""
    from pipelines.specs.shop import Shop

    given = {"shop": shop, "time_zone": time_zone, "currency": currency, "country": country}
    try:
        Shop.model_validate(given)
    except ValidationError as error:
        wrong = [_wrong(item, given) for item in error.errors() if item["loc"][0] in given]
        if wrong:
            raise TerminalError("\n".join(wrong)) from None


def check_zone(option: str, given: str) -> None:
    """Refuse what is given and names no time zone."""
    from pipelines.specs.closed import zone

    try:
        if given:
            zone(given)
    except ValueError as error:
        raise TerminalError(f"{option}: {error}") from None


def _wrong(item: ErrorDetails, given: dict[str, str]) -> str:
    name = str(item["loc"][0])
    said = item["msg"].removeprefix("Value error, ")
    if name in _ALLOWED and item["type"] == "string_pattern_mismatch":
        near = given[name].strip().upper()
        hint = f"did you mean {near!r}? " if len(near) == _LETTERS.get(name) else ""
        said = f"found {given[name]!r}; {hint}allowed: {_ALLOWED[name]}"
    return f"--{name.replace('_', '-')}: {said}"


def check(
    config: Path, data_dir: Path | None, only: str | None, rows: int, tell: Callable[[str], None]
) -> bool:
    """Tell of each source; whether there are orders, all can be read, and no more would go to
    quarantine than a night tolerates. TerminalError when `only` is no source of the
    configuration."""
    from pipelines.sources import look, render
    from pipelines.specs.shop import load_shop

    shop = load_shop(config, is_draft=True)
    if only is not None and only not in shop.sources:
        raise TerminalError(f"--source {only}: not one of {', '.join(shop.sources)}")
    night = steps.open_night(clock.shop_today(shop.time_zone), config, data_dir, is_draft=True)
    fine = "orders" in shop.entities()
    if not fine:
        tell(
            "orders: no source feeds them, and no night starts without; map the file that has them"
        )
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
        tell("\n".join(render(preview)))
        limit = shop.limits(name).quarantine_critical
        bad = preview.records - preview.good
        if limit is not None and bad > limit * preview.records:
            tell(f"  ! more than quarantine_critical allows ({limit:.0%}): a night would stop")
            fine = False
        fine = fine and not preview.shared_keys
    return fine

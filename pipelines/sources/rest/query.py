"""The question a night puts to an API, its dates filled in."""

from dataclasses import dataclass

from pipelines.sources.rest.window import Window
from pipelines.specs.rest import Rest


@dataclass(frozen=True, slots=True)
class Query:
    """What does not change from page to page."""

    url: str
    parameters: dict[str, str]
    headers: dict[str, str]


def query(rest: Rest, times: Window) -> Query:
    """The question of `rest` for the night of `times`."""
    return Query(
        url=times.fill(rest.url),
        parameters={name: times.fill(text) for name, text in rest.parameters.items()},
        headers={name: times.fill(text) for name, text in rest.headers.items()},
    )

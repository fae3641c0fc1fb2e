"""From counted rows to pages: the views of each part, poured into the templates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.reporting import (
    advice,
    arrivals,
    choices,
    contact_base,
    customers,
    model_views,
    results,
)
from pipelines.reporting.tables import Tables
from pipelines.reporting.words import Language, Words
from pipelines.specs.night import Night
from pipelines.specs.shop import Shop

Cards = Mapping[str, Mapping[str, Any]]


def night_page(words: Words, night: Night, tables: Tables, cards: Cards) -> str:
    """The page of one night in one language."""
    folder = f"as_of={night.as_of}"
    view = {
        "as_of": night.as_of,
        "shop": night.shop.title,
        "other_languages": [lang for lang in night.shop.languages if lang != words.language],
        "numbers": tables.numbers,
        "arrivals": arrivals.view(tables),
        "customers": customers.view(words, tables),
        "models": model_views.views(words, night.models, tables, cards),
        "choices": choices.view(words, tables),
        "results": results.view(words, tables),
        "checks": tables["checks"],
        "has_checks_page": (night.paths.site / "checks" / folder / "index.html").is_file(),
        "folder": folder,
        "runs": tables["runs"],
        "advice": advice.sentences(words, tables, cards),
    }
    return _environment(words).get_template("night.html.j2").render(view)


def contact_base_page(words: Words, night: Night, tables: Tables) -> str:
    """The page about the base of addresses in one language."""
    view = {
        "as_of": night.as_of,
        "shop": night.shop.title,
        "other_languages": [lang for lang in night.shop.languages if lang != words.language],
        "base": contact_base.view(words, tables),
    }
    return _environment(words).get_template("contact_base.html.j2").render(view)


def list_of_nights(
    words: Words, shop: Shop, nights: Sequence[date], languages: Sequence[Language]
) -> str:
    """The page that lists the nights, newest first."""
    template = _environment(words).get_template("nights.html.j2")
    return template.render(shop=shop.title, nights=nights, languages=languages)


def _environment(words: Words) -> Environment:
    environment = Environment(
        loader=PackageLoader("pipelines.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=words, code=words.code, lang=words.language)
    environment.filters.update(
        number=words.number,
        percent=words.percent,
        points=words.points,
        signed=words.signed,
        money=words.money,
        day=words.day,
        weekday=words.weekday,
    )
    return environment

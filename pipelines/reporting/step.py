"""The edge of reporting: the published file in, the night's pages and the list out."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from pipelines.ledger import Ledger
from pipelines.reporting import pages, tables
from pipelines.reporting.words import Language, Words
from pipelines.specs.night import Night, StepReport


def report(
    night: Night, ledger: Ledger, cards: Mapping[str, BaseModel | Mapping[str, Any]]
) -> StepReport:
    """Write site/as_of=D/index.<language>.html and contact_base.<language>.html in every language,
    and site/index.html.

    Reads the published file and, for what was checked after publishing, the ledger. `cards`: the
    card of each model's champion (card.json), by model; while a rule stands in, the key
    `challenger` in it may hold the card of the version that was refused. The same tables and cards
    give the same bytes. NotReady when the published file is missing or of another night."""
    found = tables.read(night.paths.published, night.as_of)
    checks = [
        {
            "door": c.door,
            "name": c.name,
            "severity": c.severity.value,
            "success": c.success,
            "observed": c.observed,
        }
        for c in ledger.checks(night.as_of)
    ]
    if checks:
        found.rows["checks"] = checks
    plain = {
        name: card.model_dump(mode="json") if isinstance(card, BaseModel) else card
        for name, card in cards.items()
    }
    folder = night.paths.site / f"as_of={night.as_of}"
    languages: tuple[Language, ...] = get_args(Language)
    shown = [lang for lang in night.shop.languages if lang in languages]
    for language in shown:
        words = Words(language, night.shop.currency)
        page = pages.night_page(words, night, found, plain)
        _write(folder / f"index.{language}.html", page)
        base = pages.contact_base_page(words, night, found)
        _write(folder / f"contact_base.{language}.html", base)
    nights = _nights(night.paths.site)
    words = Words(shown[0], night.shop.currency)
    _write(night.paths.site / "index.html", pages.list_of_nights(words, night.shop, nights, shown))
    return StepReport(2 * len(shown), {"pages": 2 * len(shown), "nights": len(nights)})


def _nights(site: Path) -> list[date]:
    """The nights that have pages, newest first."""
    folders = site.glob("as_of=*/index.*.html")
    return sorted({date.fromisoformat(p.parent.name[6:]) for p in folders}, reverse=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)

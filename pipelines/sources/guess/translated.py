"""Texts in several languages, as objects or as JSON in a column: which language is read."""

import re

from pipelines.sources.guess.fit import Fit

_LOCALE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
_AS_FULL = 0.9  # as often filled as the fullest
_COMMON = "en"


def choose_languages(fit: Fit, country: str) -> None:
    """Of translations the one of the country, among those that are filled most often."""
    for ours, theirs in list(fit.columns.items()):
        base, _, language = theirs.rpartition(".")
        if not base or not _LOCALE.fullmatch(language):
            continue
        known = [
            name
            for name in fit.shape.columns
            if name.startswith(f"{base}.") and _LOCALE.fullmatch(name.removeprefix(f"{base}."))
        ]
        if len(known) < 2:
            continue
        most = max(map(fit.shape.filled, known))
        full = [name for name in known if fit.shape.filled(name) >= _AS_FULL * most]
        best = max(full, key=lambda name: _rank(name.rpartition(".")[2], country))
        fit.columns[ours] = best
        fit.notes.append(
            f"{ours}: {best} is one of {len(known)} languages "
            f"({', '.join(name.rpartition('.')[2] for name in known)})"
        )


def _rank(language: str, country: str) -> tuple[bool, bool, bool]:
    spoken, _, region = language.replace("-", "_").partition("_")
    return region.upper() == country, spoken == country.lower(), spoken == _COMMON

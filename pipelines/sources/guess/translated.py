"""Texts in several languages, as records beside each other, as objects or as JSON in a column:
which language is read."""

import re
from collections import Counter
from dataclasses import replace

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.shape import Shape, summed

_LOCALE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
_AS_FULL = 0.9  # as often filled as the fullest
_COMMON = "en"
_CALLED = {"language", "locale", "lang", "langcode", "languagecode"}
_LANGUAGES, _FEW, _EACH = 30, 5, 0.99


def one_language(shape: Shape, country: str) -> Shape:
    """The records of one language, where each thing has one in several of them."""
    for column, values in shape.columns.items():
        languages = Counter(values)
        is_called = _CALLED & set(shape.words[column].split())
        if not is_called or not 1 < len(languages) <= _LANGUAGES or column not in shape.full:
            continue
        if any(_is_told_by(shape, key, column) for key in shape.columns if key != column):
            best = max(languages, key=lambda one: (*_rank(one, country), languages[one]))
            rows = [row for row, value in enumerate(shape.cells[column]) if value == best]
            cells = {name: [values[row] for row in rows] for name, values in shape.cells.items()}
            return replace(summed(replace(shape, cells=cells)), keep={column: [best]})
    return shape


def _is_told_by(shape: Shape, key: str, language: str) -> bool:
    """Whether a column that tells no record apart does so in each of the languages."""
    if key in shape.keys or key not in shape.full or len(set(shape.columns[key])) < _FEW:
        return False
    pairs = shape.together(key, language)
    return len(set(pairs)) >= _EACH * len(pairs)


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

"""One language of the report: its sentences (messages.<language>.yml), numbers and dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

Language = Literal["fr", "en"]
LOCALES: dict[Language, str] = {"fr": "fr_FR", "en": "en_GB"}
NOTHING = "–"


@cache
def messages(language: Language) -> Mapping[str, str | dict[str, str]]:
    """Sentences by key; a sentence with forms (one, other) is chosen by its `count`."""
    path = resources.files("pipelines.reporting") / f"messages.{language}.yml"
    content: dict[str, str | dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences and formats of `language`; amounts are in `currency`."""

    language: Language
    currency: str

    @property
    def locale(self) -> Locale:
        return Locale.parse(LOCALES[self.language])

    def __call__(self, key: str, **values: Any) -> str:
        """The sentence `key` with numbers and dates among `values` formatted. KeyError when there
        is none: a missing translation must not reach a page."""
        message = messages(self.language)[key]
        if isinstance(message, dict):
            message = message[self.locale.plural_form(values["count"])]
        return message.format(**{name: self._shown(value) for name, value in values.items()})

    def code(self, group: str, code: str | None) -> str:
        """The words for a code of the tables (`reason.cap`); a code that has none is shown as it
        is, because shops add their own (exclusion reasons, segments)."""
        if not code:
            return NOTHING
        message = messages(self.language).get(f"{group}.{code}")
        return message if isinstance(message, str) else code.replace("_", " ")

    def number(self, value: float | None, digits: int = 0) -> str:
        if value is None:
            return NOTHING
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return self._minus(format_decimal(value, pattern, self.locale))

    def percent(self, value: float | None, digits: int = 0) -> str:
        """A share (0.123) as a percentage."""
        if value is None:
            return NOTHING
        space = "\u202f" if self.language == "fr" else ""
        return f"{self.number(100 * value, digits)}{space}%"

    def points(self, value: float | None, digits: int = 2) -> str:
        """A difference of shares, in percentage points, with its sign."""
        if value is None:
            return NOTHING
        shown = self.number(100 * value, digits)
        return f"+{shown}" if value > 0 else shown

    def signed(self, value: float | None, digits: int = 3) -> str:
        if value is None:
            return NOTHING
        shown = self.number(value, digits)
        return f"+{shown}" if value > 0 else shown

    def money(self, value: float | None, digits: int = 0) -> str:
        if value is None:
            return NOTHING
        body = "#,##0." + "0" * digits if digits else "#,##0"
        pattern = self.locale.currency_formats["standard"].pattern.replace("#,##0.00", body)
        shown = format_currency(value, self.currency, pattern, self.locale, currency_digits=False)
        return self._minus(shown)

    def day(self, value: date | datetime | None, style: str = "long") -> str:
        if value is None:
            return NOTHING
        return format_date(value, style, self.locale)

    def weekday(self, value: date) -> str:
        pattern = "EEEE d MMMM y"
        return format_date(value, pattern, self.locale)

    def _shown(self, value: Any) -> Any:
        if isinstance(value, bool | str):
            return value
        if isinstance(value, int):
            return self.number(value)
        return self.day(value) if isinstance(value, date) else value

    def _minus(self, text: str) -> str:
        return text.replace("-", "\u2212", 1) if text.startswith("-") else text

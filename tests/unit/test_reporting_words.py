"""Both languages say the same things, and every sentence is said somewhere."""

import re
from datetime import date
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from pipelines import reporting
from pipelines.modeling.card import Card
from pipelines.reporting.words import Language, Words, messages
from pipelines.specs.contract import CHANNELS, ENTITIES

FOLDER = Path(reporting.__file__).parent
# Keys that are made of a prefix and a code of the tables.
CODES = (
    "adds", "advice", "base_item", "base_kind", "base_means", "blocked", "channel", "comparison",
    "entity", "fact", "gate", "kind", "language", "measure", "model", "reason", "results", "rule",
    "segment", "severity", "stage", "stage_means", "status",
)  # fmt: skip


def forms(key: str, language: Language) -> list[str]:
    message = messages(language)[key]
    return [message] if isinstance(message, str) else list(message.values())


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_the_same_values_to_fill_in() -> None:
    assert messages("fr").keys() == messages("en").keys()
    for key in messages("fr"):
        french = set().union(*(names(text) for text in forms(key, "fr")))
        english = set().union(*(names(text) for text in forms(key, "en")))
        assert french == english, key


def test_sentences_with_a_count_have_the_forms_of_both_languages() -> None:
    for key in messages("en"):
        assert isinstance(messages("en")[key], str) == isinstance(messages("fr")[key], str), key
        message = messages("en")[key]
        if not isinstance(message, str):
            assert set(message) == {"one", "other"}, key


def test_every_sentence_is_said_somewhere() -> None:
    sources = [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.j2")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    literal = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)?)["']""", text))
    unsaid = [k for k in messages("en") if k not in literal and k.split(".")[0] not in CODES]
    assert unsaid == []


def test_every_sentence_that_is_asked_for_exists() -> None:
    asked = set()
    for path in [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.j2")]:
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"""\b(?:t|words)\(\s*["']([a-z_]+(?:\.[a-z_]+)?)["']""", text))
    assert asked
    assert asked <= messages("en").keys()


def test_every_code_of_the_contract_has_words() -> None:
    kinds = get_args(Card.model_fields["kind"].annotation)
    wanted = {f"entity.{entity}" for entity in ENTITIES} | {f"channel.{c}" for c in CHANNELS}
    wanted |= {f"kind.{kind}" for kind in (*kinds, "none")}
    wanted |= {f"model.{kind}" for kind in (*kinds, "none")}
    reasons = next(c for c in ENTITIES["exclusions"].columns if c.name == "reason").allowed
    wanted |= {f"blocked.excluded_{reason}" for reason in reasons}
    assert wanted <= messages("en").keys()


def test_french_puts_a_space_before_its_high_signs() -> None:
    for key in messages("fr"):
        for text in forms(key, "fr"):
            plain = re.sub(r"\{[^}]*\}", "x", text)
            assert not re.search(r"[^\u202f\s:][;:?!%](\s|$)", plain), (key, text)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("fr", ["12 346 €", "−1,50 €", "12,3 %", "+0,60", "−0,20", "5 janvier 2026", "1 234"]),
        ("en", ["€12,346", "−€1.50", "12.3%", "+0.60", "−0.20", "5 January 2026", "1,234"]),
    ],
)
def test_numbers_and_dates_follow_the_language(language: Language, shown: list[str]) -> None:
    words = Words(language, "EUR")
    found = [
        words.money(12345.6),
        words.money(-1.5, 2),
        words.percent(0.123, 1),
        words.points(0.006),
        words.points(-0.002),
        words.day(date(2026, 1, 5)),
        words.number(1234),
    ]
    assert [text.replace("\u202f", " ").replace("\xa0", " ") for text in found] == shown


def test_a_sentence_agrees_with_its_count() -> None:
    words = Words("fr", "EUR")
    assert words("advice.checks", count=1).startswith("Un contrôle a échoué")
    assert words("advice.checks", count=3).startswith("3 contrôles ont échoué")


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert Words("fr", "EUR").code("segment", "big_spender") == "big spender"
    assert Words("fr", "EUR").code("segment", "") == "–"

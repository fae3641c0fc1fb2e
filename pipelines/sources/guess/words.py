"""Names compared word by word: `Id_Client`, `idClient`, `ID client` and `CLIID` are one name."""

import re
import unicodedata
from functools import cache

from pipelines.sources.guess.vocabulary import COLUMN_WORDS, GLUED, SHORT, VALUE_WORDS

_TAXES = (  # one spelling for what says that an amount includes tax, or does not
    (
        r"(with|incl|including|inc) (tax|taxes|vat)|(tax|vat) (incl|included)|taxes comprises|wt",
        "ttc",
    ),
    (r"(without|excl|excluding|ex) (tax|taxes|vat)|(tax|vat) (excl|excluded)|hors taxes?", "ht"),
    (r"untaxed", "ht"),
)
_KNOWN_PIECES = {*GLUED, *SHORT, *SHORT.values()}
_PIECES = 4  # of a glued name, at most


@cache
def words_of(text: str) -> str:
    """The words of a name in small ASCII letters, what is shortened written out."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).replace("%", " percent ")
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    words = [SHORT.get(word) or _parted(word) for word in re.findall(r"[a-z]+|\d+", plain)]
    said = " ".join(word for i, word in enumerate(words) if words[i - 1 : i] != [word])
    for pattern, spelling in _TAXES:
        said = re.sub(rf"\b({pattern})\b", spelling, said)
    return said


@cache
def names_of(canonical: str) -> tuple[str, ...]:
    """What a canonical column or value may be called, in order of likelihood."""
    said = (COLUMN_WORDS.get(canonical) or VALUE_WORDS.get(canonical) or "").split(",")
    return tuple(dict.fromkeys([words_of(canonical), *(words_of(s) for s in said if s.strip())]))


def is_word(word: str) -> bool:
    """Whether it is a word of some name, or short for one."""
    return word in _KNOWN_PIECES or word in _known() or word in ("id", "nom")


def _parted(word: str) -> str:
    """A name glued from known pieces (`cdenum`), parted; another word as it is."""
    if len(word) < 5 or word in _known():
        return word
    found = _pieces(word, _PIECES)
    return " ".join(GLUED.get(p) or SHORT.get(p) or p for p in found) if found else word


def _pieces(word: str, most: int) -> list[str] | None:
    """The fewest known pieces that make the word, the longest first where there is a choice."""
    if not word:
        return []
    if not most:
        return None
    best: list[str] | None = None
    for end in range(len(word), 1, -1):
        if word[:end] in _KNOWN_PIECES or (end > 3 and word[:end] in _known()):
            rest = _pieces(word[end:], most - 1)
            if rest is not None and (best is None or len(rest) + 1 < len(best)):
                best = [word[:end], *rest]
    return best


@cache
def _known() -> frozenset[str]:
    said = " ".join([*COLUMN_WORDS, *COLUMN_WORDS.values(), *VALUE_WORDS.values()])
    return frozenset(re.findall(r"[a-z]+", said.replace("_", " ")))

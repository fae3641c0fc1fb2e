"""Names compared word by word: `Id_Client`, `idClient`, `ID client` and `CLIID` are one name."""

import re
import unicodedata
from functools import cache

from pipelines.sources.guess.languages import DROPPED, english
from pipelines.sources.guess.languages import words as foreign_words
from pipelines.sources.guess.vocabulary import COLUMN_WORDS, GLUED, SHORT, VALUE_WORDS

_SPELLINGS = (  # one for what says that an amount includes tax, or does not, and the like
    (
        r"(with|incl|including|inc) (tax|vat)|(tax|vat) (incl|included|comprises)|wt",
        "ttc",
    ),
    (r"(without|excl|excluding|ex|hors) (tax|vat)|(tax|vat) (excl|excluded)", "ht"),
    (r"untaxed", "ht"),
    (r"news letter", "newsletter"),
    (r"mw st", "tax"),
    (r"gross", "ttc"),
)
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d"})
_TYPES = re.compile(r"\[0\]|\.\$\w+")  # the first of an array; what MongoDB calls its types
_KNOWN_PIECES = {*GLUED, *SHORT, *SHORT.values()}
_PIECES = 4  # of a glued name, at most


@cache
def words_of(text: str) -> str:
    """The words of a name in small ASCII letters, what is shortened written out."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", _TYPES.sub("", text))
    spaced = spaced.replace("%", " percent ")
    plain = spaced.translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    parts = [SHORT.get(word) or _parted(word) for word in re.findall(r"[a-z]+|\d+", plain)]
    words = [english(w) for part in parts for w in part.split() if w not in DROPPED]
    said = " ".join(word for i, word in enumerate(words) if words[i - 1 : i] != [word])
    for pattern, spelling in _SPELLINGS:
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
    if len(word) < 5 or word in _known() or english(word) != word:
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
        if word[:end] in _KNOWN_PIECES or (end > 3 and _is_known(word[:end])):
            rest = _pieces(word[end:], most - 1)
            if rest is not None and (best is None or len(rest) + 1 < len(best)):
                best = [word[:end], *rest]
    return best


def _is_known(word: str) -> bool:
    return word in _known() or english(word) != word


@cache
def _known() -> frozenset[str]:
    said = " ".join([*COLUMN_WORDS, *COLUMN_WORDS.values(), *VALUE_WORDS.values()])
    return frozenset(re.findall(r"[a-z]+", said.replace("_", " "))) | foreign_words()

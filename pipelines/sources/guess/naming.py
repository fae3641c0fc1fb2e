"""What names say once it is taken off what only repeats where they are: a prefix of all tables of a
tool (`oxorder`), of all columns of a file (`OXTITLE`, `customers_email_address`), a letter for the
type (`kKunde`, `cName`)."""

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.sources.guess.words import is_word, words_of

_TYPED = re.compile(r"[a-z](?=[A-Z])")
_MOST, _HALF = 0.8, 0.5
_LETTERS = 3  # of a prefix that is no word, at most
_FEW, _KINDS = 3, 8  # columns at least; letters for types at most


def tables(stems: Sequence[str]) -> list[str]:
    """The words of each file's name, without what most of the names begin with."""
    words = [words_of(stem).split() for stem in stems]
    first = Counter(said[0] for said in words if len(said) > 1)
    word, count = max(first.items(), key=lambda item: item[1], default=("", 0))
    if count >= max(3, _HALF * len(stems)):
        words = [said[1:] if said[:1] == [word] and said[1:] else said for said in words]
    for letters in range(1, _LETTERS + 1):
        begun = Counter(stem[:letters].lower() for stem in stems)
        start, count = max(begun.items(), key=lambda item: item[1], default=("", 0))
        bare = [words_of(s[letters:]).split() if s.lower().startswith(start) else [] for s in stems]
        gained = sum(
            bool(short) and is_word(short[0]) and not is_word(said[0])
            for short, said in zip(bare, words, strict=True)
        )
        if count >= max(3, _HALF * len(stems)) and gained >= max(2, _HALF * count):
            words = [short or said for short, said in zip(bare, words, strict=True)]
            break
    return [" ".join(map(singular, said)) for said in words]


def singular(word: str) -> str:
    """A table of profiles is named by a profile_id."""
    if word.endswith("ies") and len(word) > _LETTERS + 1:
        return f"{word[:-3]}y"
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural and len(word) > _LETTERS else word


def said(columns: Sequence[str], table: str) -> tuple[dict[str, str], dict[str, str]]:
    """Each column in words; and those words without the ones that most columns, or the `table`
    itself, begin with: empty where nothing comes off."""
    letters = _unlettered(columns)
    words = {name: words_of(short) for name, short in zip(columns, letters, strict=True)}
    first = Counter(w[0] for text in words.values() if len(w := text.split()) > 1)
    word, count = max(first.items(), key=lambda item: item[1], default=("", 0))
    prefix = word if count >= max(3, _HALF * len(columns)) else ""
    own = table.split()
    return words, {name: _bare(text.split(), own, prefix) for name, text in words.items()}


def _bare(words: list[str], own: list[str], prefix: str) -> str:
    """What is left of a name; `id` where it is the name of the table itself."""
    if own and words == own:
        return "id"
    if own and words[: len(own)] == own:
        return " ".join(words[len(own) :])
    is_letters = len(words) > 1 and len(words[0]) <= _LETTERS and words[0].isalpha()
    if words[:1] == [prefix] or (is_letters and not is_word(words[0])):
        return " ".join(words[1:])
    return ""


def _unlettered(columns: Sequence[str]) -> list[str]:
    """The names without letters that are no word and that all of them begin with, or without one
    for the type."""
    typed = [name for name in columns if _TYPED.match(name)]
    if len(columns) < _FEW:
        return list(columns)
    if len(typed) >= _MOST * len(columns) and 1 < len({name[0] for name in typed}) <= _KINDS:
        return [name[1:] if _TYPED.match(name) else name for name in columns]
    start = _common(columns)
    if 1 < len(start) <= _LETTERS and start.isalpha() and not is_word(start.lower()):
        return [name[len(start) :] or name for name in columns]
    return list(columns)


def _common(names: Sequence[str]) -> str:
    """The letters that all names begin with."""
    first, last = min(names), max(names)
    ends = (i for i, letter in enumerate(first) if last[i : i + 1] != letter)
    return first[: next(ends, len(first))]

"""What the words and codes of a file mean in a closed set of the contract."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.vocabulary import AMBIGUOUS, KNOWN_CODES
from pipelines.sources.guess.words import names_of, words_of
from pipelines.specs.contract import Column

SAID_AGAIN = {"wc", "order", "status", "state", "commande", "email", "event", "campaign"}
_SHORTEST = 2  # letters that may stand for a word
_MOST_CODES = 200  # rows of a table that explains codes
_MOSTLY = 0.5
_LISTED = 0.8  # of the codes are in the table that explains them


@dataclass(frozen=True, slots=True)
class Word:
    """One of their values: how often it is seen, what it means (None: nobody knows), and what to
    say where that is not sure."""

    theirs: str
    count: int
    ours: str | None
    doubt: str = ""


def meaning_of(fit: Fit, ours: str, theirs: str, others: Iterable[Shape]) -> dict[str, str]:
    """What the values of another column would mean in a closed one, as far as words tell."""
    column, counts = fit.entity.column(ours), Counter(fit.shape.columns[theirs])
    codes = _codes(fit, column, counts, others)
    said = {value: words_of(codes.get(value, value)) for value in counts}
    return {
        value: meant
        for value, text in said.items()
        if (meant := _exact(text, column) or _nested(text, column))
    }


def codes_of(fit: Fit, others: Iterable[Shape]) -> dict[str, str]:
    """What a table of codes calls those of the status; empty where none does."""
    column = fit.entity.column("status")
    return _codes(fit, column, Counter(fit.values("status")), others)


def words(fit: Fit, column: Column, others: Iterable[Shape]) -> list[Word]:
    """Their values of a closed column that the contract spells otherwise, the most frequent first.
    `others`: files that may say what codes mean."""
    counts = Counter(fit.values(column.name))
    codes = _codes(fit, column, counts, others)
    found = [
        _word(fit, column, theirs, count, codes)
        for theirs, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if theirs not in column.allowed
    ]
    found = _closed_beside_complete(found, counts)
    return _with_the_usual(fit, column, found, sum(counts.values()))


def _word(fit: Fit, column: Column, theirs: str, count: int, codes: dict[str, str]) -> Word:
    said = words_of(theirs)
    if ours := _exact(said, column):
        return Word(theirs, count, ours, AMBIGUOUS.get(said, ""))
    if theirs in codes:
        label = words_of(codes[theirs])
        ours = _exact(label, column) or _nested(label, column) or _cut(label, column)
        return Word(theirs, count, ours, f"called {codes[theirs]!r} in another file")
    known = KNOWN_CODES.get(fit.shape.words[fit.columns[column.name]], {})
    if known.get(theirs) in column.allowed:
        return Word(theirs, count, known[theirs], "as the tool comes")
    if ours := _nested(said, column) or _cut(said, column):
        return Word(theirs, count, ours, "guessed from a part of it")
    return Word(theirs, count, None)


def _exact(said: str, column: Column) -> str | None:
    bare = " ".join(word for word in said.split() if word not in SAID_AGAIN)
    for form in (said, bare):
        for ours in column.allowed:
            names = names_of(ours)
            if form and (form in names or form in {name.replace(" ", "") for name in names}):
                return ours
    return None


def _nested(said: str, column: Column) -> str | None:
    """The meaning of the longest known name within it."""
    padded = f" {said} "
    named = [
        (len(name), ours)
        for ours in column.allowed
        for name in names_of(ours)
        if len(name) > _SHORTEST and f" {name} " in padded
    ]
    return max(named)[1] if named else None


def _cut(said: str, column: Column) -> str | None:
    """The only meaning with a name that begins so."""
    if len(said) <= _SHORTEST or not said.isalpha():
        return None
    found = {o for o in column.allowed for name in names_of(o) if name.startswith(said)}
    return found.pop() if len(found) == 1 else None


def _codes(
    fit: Fit, column: Column, counts: Counter[str], others: Iterable[Shape]
) -> dict[str, str]:
    """What a small table of codes and names calls the values: the one that tells most of them."""
    best: tuple[int, dict[str, str]] = (0, {})
    unknown = {value for value in counts if _exact(words_of(value), column) is None}
    if len(unknown) < 2:
        return {}
    for shape in others:
        if shape is fit.shape or shape.rows > _MOST_CODES:
            continue
        keys = [
            c
            for c in shape.columns
            if c in shape.full and len(unknown & set(shape.columns[c])) >= _LISTED * len(unknown)
        ]
        for key in keys:
            for label in (c for c in shape.columns if c in shape.full and c not in keys):
                names = _names(shape.together(key, label), column)
                told = sum(_told(names[value], column) for value in unknown & names.keys())
                best = max(best, (told, names), key=lambda item: item[0])
    return best[1] if best[0] > len(unknown) / 2 else {}


def _names(pairs: list[tuple[str, ...]], column: Column) -> dict[str, str]:
    """Code → its name; of names in several languages the first that is understood."""
    names: dict[str, str] = {}
    for code, label in pairs:
        if code not in names or (_told(label, column) and not _told(names[code], column)):
            names[code] = label
    return names


def _told(label: str, column: Column) -> bool:
    said = words_of(label)
    return bool(_exact(said, column) or _nested(said, column))


def _closed_beside_complete(found: list[Word], values: Iterable[str]) -> list[Word]:
    """Where orders are complete or closed, the closed ones were paid back."""
    if not {words_of(value) for value in values} & {"complete", "completed"}:
        return found
    doubt = "beside 'complete' it is what was paid back"
    return [
        replace(word, ours="refunded", doubt=doubt) if words_of(word.theirs) == "closed" else word
        for word in found
    ]


def _with_the_usual(fit: Fit, column: Column, found: list[Word], total: int) -> list[Word]:
    """The code of most orders means that they are completed, if no other does."""
    if (fit.entity.name, column.name) != ("orders", "status") or not found:
        return found
    first = found[0]
    means = {word.ours for word in found} | set(fit.values(column.name))
    is_last = first.ours in (None, "shipped")
    if is_last and "completed" not in means and first.count > _MOSTLY * total:
        usual = Word(first.theirs, first.count, "completed", "that of most orders")
        return [usual, *found[1:]]
    return found

"""Which entity a file is, and which of its columns mean what."""

from dataclasses import dataclass, field
from typing import Any

from pipelines.sources.guess.likeness import WEAK, likeness, own_id
from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.vocabulary import CONSTANTS, ENTITY_WORDS, INSTEAD
from pipelines.sources.guess.words import words_of
from pipelines.specs.contract import ENTITIES, Entity
from pipelines.specs.further import NUMBERED

_ORDERS = {"order", "sale", "vente", "doc", "document", "piece"}
_LINES = {"line", "item", "detail", "product", "position"}
_HEADS = {"ent", "entete", "header", "head"}
_STRONG, _ENOUGH = 0.7, 4  # a file whose name says nothing: so many columns so like
_BY_VALUES = 1.01  # more than a name can be
_ABSENT, _FILLED = 2.5, 1.0  # what a required column costs that is not there
_FILLABLE = {*CONSTANTS, *INSTEAD, ("order_lines", "line_number")}
_OF_MANY = {"store_id", "coupon_code", "currency", "category", "channel"}  # many records share one
_FEW = 20
_SAID_BY_NAME = {  # whose few columns are in any file
    *("stores", "stock", "campaign_aliases", "campaigns", "subscriptions", "attributes"),
    *("exclusions", "exchange_rates", "erasure_requests", "consents"),
}


@dataclass(slots=True)
class Fit:
    """How a file fits an entity. `columns`: canonical → theirs; `likeness`: canonical → 0 to 1;
    `named`: how much the file's path speaks of the entity; `notes`: what is not certain."""

    entity: Entity
    shape: Shape
    columns: dict[str, str]
    likeness: dict[str, float]
    named: float
    constants: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    values_of: dict[str, dict[str, str]] = field(default_factory=dict)  # column → theirs → ours
    linked: set[str] = field(default_factory=set)  # columns whose values are those of another file
    skip: dict[str, list[str]] = field(default_factory=dict)  # theirs → values that are left out
    overrides: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)  # further ones of the source

    @property
    def missing(self) -> tuple[str, ...]:
        """What is required and nothing was found for."""
        given = {*self.columns, *self.constants}
        given |= {NUMBERED} if self.settings.get("number_lines") else set()
        absent = [name for name in self.entity.required if name not in given]
        absent += [" or ".join(group) for group in self.entity.one_of if not given & set(group)]
        return tuple(absent)

    @property
    def score(self) -> float:
        """How well it fits: comparable between the entities of one file."""
        used = len(self.columns) / max(len(self.shape.columns), 1)
        alike = sum(self.likeness[name] for name in self.columns)
        absent = sum(
            _FILLED if (self.entity.name, m) in _FILLABLE else _ABSENT for m in self.missing
        )
        return alike + 3 * used + 1.5 * min(self.named, 3) - absent

    @property
    def is_sure(self) -> bool:
        """Whether there is evidence enough that the file is of the entity."""
        if self.named or self.entity.name in _SAID_BY_NAME:
            return bool(self.named)
        if self.linked:
            return True
        strong = sum(found >= _STRONG for found in self.likeness.values())
        required = [c.name for c in self.entity.columns if c.required and c.allowed]
        by_values = any(self.likeness.get(name, 0) >= _BY_VALUES for name in required)
        return strong + by_values >= _ENOUGH

    def said(self, theirs: str) -> set[str]:
        """The words of a column's name."""
        return set(self.shape.words[theirs].split())

    def values(self, column: str) -> list[str]:
        """The values of what a canonical column is mapped to."""
        return self.shape.columns.get(self.columns.get(column, ""), [])

    def unused(self) -> list[str]:
        """Their columns that nothing is mapped to and no setting reads."""
        used = {*self.columns.values(), *self.skip}
        used |= {theirs for columns in self.overrides.values() for theirs in columns}
        return [column for column in self.shape.columns if column not in used]

    def take(self, ours: str, theirs: str, why: str) -> None:
        """Map a column for a reason to be looked at; another that was mapped to it is not any
        more."""
        for other in [o for o, mapped in self.columns.items() if mapped == theirs]:
            del self.columns[other], self.likeness[other]
        self.columns[ours], self.likeness[ours] = theirs, WEAK
        self.notes.append(f"{ours}: {theirs} {why}")

    def leave_out(self, theirs: str, values: list[str], why: str) -> None:
        """Leave records out, for a reason to be looked at."""
        self.skip.setdefault(theirs, []).extend(values)
        self.notes.append(f"skip: {theirs}: {why}")

    def overrule(self, ours: str, theirs: str, meaning: dict[str, str], why: str) -> None:
        """Let a further column have the first word, for a reason to be looked at."""
        self.overrides.setdefault(ours, {})[theirs] = meaning
        self.notes.append(f"{ours}: {theirs} {why}")


def fits(shape: Shape, file_words: str) -> list[Fit]:
    """How the file fits each entity, the best first. `file_words`: of its folders and its name."""
    found = [_fit(entity, shape, _named(entity, file_words), {}) for entity in ENTITIES.values()]
    return sorted(found, key=lambda fit: -fit.score)


def refit(fit: Fit, proven: dict[str, str]) -> Fit:
    """The same with columns that other files prove: canonical → theirs."""
    return _fit(fit.entity, fit.shape, fit.named, proven)


def _fit(entity: Entity, shape: Shape, named: float, proven: dict[str, str]) -> Fit:
    pairs = []
    for rank, column in enumerate(entity.columns):
        is_key = entity.key == (column.name,)
        for theirs, values in shape.columns.items():
            like = likeness(entity, column, shape, theirs)
            if is_key and values:
                like = max(like, own_id(entity, shape, theirs))
            tells_apart = theirs in shape.keys and shape.rows >= _FEW
            if column.name in _OF_MANY and column.name not in entity.key and tells_apart:
                continue
            if like > 0 and not (is_key and theirs in shape.repeated):
                pairs.append((not values, -like, not column.required, rank, theirs, column.name))
    columns: dict[str, str] = dict(proven)
    likeness_of: dict[str, float] = dict.fromkeys(proven, 1.0)
    for _, minus, _, _, theirs, ours in sorted(pairs):
        if ours not in columns and theirs not in columns.values():
            columns[ours], likeness_of[ours] = theirs, -minus
    return Fit(entity, shape, columns, likeness_of, named, linked=set(proven))


def _named(entity: Entity, file_words: str) -> float:
    """How much the file's path speaks of the entity."""
    stems = {form for word in file_words.split() for form in (word, word.rstrip("s"))}
    named = sum(1.0 for word in words_of(ENTITY_WORDS[entity.name]).split() if word in stems)
    singular = " ".join(word.rstrip("s") for word in file_words.split())
    if words_of(entity.name).rstrip("s") in singular:
        named += 2.0
    is_lines = bool(stems & _ORDERS and stems & _LINES)
    if entity.name in ("orders", "order_lines", "products") and is_lines:
        named += 2.0 if entity.name == "order_lines" else -3.0
    if entity.name == "orders" and stems & _ORDERS and stems & _HEADS:
        named += 2.0
    return max(named, 0.0)

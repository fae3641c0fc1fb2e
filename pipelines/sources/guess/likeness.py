"""How much a column of a file looks like a column of the contract, by name and by values."""

from functools import lru_cache

from pipelines.sources.guess.looks import FEW, share
from pipelines.sources.guess.plausible import as_amount, is_held, may_mean
from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.vocabulary import CONSTANTS
from pipelines.sources.guess.words import names_of, words_of
from pipelines.specs.contract import Column, Entity, Kind

WEAK = 0.5  # guessed from a part of the name, or from the values alone
_SAME, _BARE, _NESTED = 1.0, 0.85, 0.8
_RANK, _FURTHER, _LAST_RANK = 0.02, 0.1, 20
_NET, _GROSS = -0.2, 0.02  # what total amounts with tax are worth more
_OWN, _NAMED_ID = 0.7, 1.0
_ESSENCE = 0.05  # less than a name that is quite the same
_OWN_IDS = {"id", "entity id", "internal id", "event id", "uuid", "id externe", "external id"}
_ID_WORDS = {"id", "code", "num", "key", "entity", "uuid", "externe", "external"}
_NOISE = {  # words that say again what the file is about
    "contacts": "customer contact user member subscriber person profile billing primary",
    "consents": "customer contact subscriber member",
    "products": "product item",
    "stores": "store shop",
    "stock": "stock product",
    "orders": "order sale billing bill customer selling calc invoice",
    "order_lines": "order sale line item lineitem product detail",
    "web_events": "event traffic hit web",
    "campaigns": "campaign campagne mailing",
    "campaign_events": "event profile subscriber",
    "campaign_sends": "subscriber contact",
    "subscriptions": "subscription",
}
_BESIDE = (  # beside a name these say that it is about something else
    "discount remise reduction tax tva vat shipping port refund refunded invoiced canceled"
    " cancelled returned return count qty group parent min max mode method type address ip hash"
    " token passwd password note comment image percent weight cost wholesale supplier invoice gen"
    " desc attribute original carrier cart currency rate first last template delivery pays country"
    " manufacturer url optin alias line ligne medium length lenght delivered estimated required"
    " shipped approved photos warehouse achat"
)
_OTHER = frozenset(words_of(_BESIDE).split())
_ALONE = 0.3  # e-mail addresses in a column of any name
_EMPTY = 0.7  # of the likeness, where there is no value …
_CLEAR = 0.95  # … and the name must be so like
_REFERENCE = 0.15  # less for the id of a text that stands elsewhere
_SAYS_HOW = {  # words that say how a value is written, or of what it is a part
    Kind.AMOUNT: {"number", "cent", "cents", "value", "amount", "money"},
    Kind.TIMESTAMP: {"at", "on", "date", "time", "datetime", "timestamp", "ts", "utc", "gmt"},
}


def likeness(entity: Entity, column: Column, shape: Shape, theirs: str) -> float:
    """0 to 1; 0 where the values cannot be what the column holds."""
    values, said = shape.columns[theirs], shape.words[theirs]
    last = words_of(theirs.rpartition(".")[2]) if "." in theirs else ""
    by_name = _by_name(entity.name, column, said, shape.bare[theirs], last)
    if column.allowed and 2 < len(set(values)) <= FEW:
        known = share(any(words_of(v) in names_of(a) for a in column.allowed) for v in set(values))
        by_name = max(by_name - 0.3, 0.0) + 0.7 * known if known > 0.4 else by_name
    if not by_name and column.kind is Kind.EMAIL and values:
        by_name = _ALONE
    if not by_name or not may_mean(entity, column, shape, theirs):
        return 0.0
    if not values:
        is_needed = column.required and (entity.name, column.name) not in CONSTANTS
        is_called_so = said == words_of(column.name)
        if column.kind is Kind.ID and not is_needed and not is_called_so:
            return 0.0  # what is always empty identifies nothing
        return by_name * _EMPTY if is_needed or by_name >= _CLEAR else 0.0
    if not is_held(entity, column, said, values):
        return 0.0
    if column.kind is Kind.AMOUNT:
        return as_amount(by_name, WEAK, column, shape, values)
    is_reference = column.kind is Kind.TEXT and "id" in said.split()
    return max(by_name - _REFERENCE, 0.1) if is_reference else by_name


def own_id(entity: Entity, shape: Shape, theirs: str) -> float:
    """How much a column is called as the identifier of what the file holds."""
    said, is_sure = shape.words[theirs], theirs in shape.keys
    if "id" in (said, shape.bare[theirs]) and is_sure:
        return _NAMED_ID
    if said in _OWN_IDS:
        return _OWN
    bare = shape.bare[theirs].split()
    if is_sure and bare and set(bare) <= _ID_WORDS:
        return _OWN - _FURTHER
    words = set(said.split())
    about = {*_NOISE.get(entity.name, "").split(), *words_of(entity.name.rstrip("s")).split()}
    is_own = words & _ID_WORDS and words <= _ID_WORDS | about and words & about
    return _OWN if is_own and entity.name not in ("orders", "campaign_sends") else 0.0


@lru_cache(maxsize=100_000)
def _by_name(entity: str, column: Column, words: str, short: str, last: str) -> float:
    said, stripped = words.split(), short.split()
    tax = 0.0
    if column.kind is Kind.AMOUNT:
        tax = _GROSS if "ttc" in said else _NET if "ht" in said else 0.0
        said, stripped = _untaxed(said), _untaxed(stripped)
    found = _same(entity, column, said, stripped, last)
    core, short_core = _essence(column.kind, said), _essence(column.kind, stripped)
    if (core, short_core) != (said, stripped) and set(core) - set(_NOISE.get(entity, "").split()):
        found = max(found, _same(entity, column, core, short_core, "") - _ESSENCE)
    found = max(found, _part(entity, column, short_core or core))
    return max(found + tax, 0.0) if found else 0.0


def _untaxed(words: list[str]) -> list[str]:
    return [word for word in words if word not in ("ttc", "ht")]


def _essence(kind: Kind, words: list[str]) -> list[str]:
    """The words that say what, without those that say how; all where none else is left."""
    return [word for word in words if word not in _SAYS_HOW.get(kind, ())] or words


def _same(entity: str, column: Column, said: list[str], stripped: list[str], last: str) -> float:
    """The whole name, perhaps without words that only say what the file is about."""
    bare = _bare(entity, said)
    for rank, name in enumerate(_names(column)):
        less = _RANK * min(rank, _LAST_RANK)
        if sorted(name) == sorted(said) or "".join(name) == "".join(said):
            return _SAME - less
        if stripped and sorted(name) == sorted(stripped):
            return 0.9 - less
        if bare and sorted(_bare(entity, name)) == sorted(bare):
            return _BARE - less
        if " ".join(name) == last:
            return _NESTED - less
    return 0.0


def _part(entity: str, column: Column, said: list[str]) -> float:
    """A name within a longer one, unless the further words say that it is something else."""
    padded = f" {' '.join(said)} "
    best = 0.0
    for rank, name in enumerate(_names(column)):
        phrase = " ".join(name)
        if len(phrase) > 3 and not set(name) <= _ID_WORDS and f" {phrase} " in padded:
            further = [word for word in _bare(entity, said) if word not in name]
            if column.kind is Kind.ID and "name" in further:
                continue
            if not _OTHER.intersection(further):
                less = _RANK / 2 * min(rank, _LAST_RANK) + _FURTHER * max(len(further) - 1, 0)
                best = max(best, WEAK - less)
    return best


def _bare(entity: str, words: list[str]) -> list[str]:
    noise = _NOISE.get(entity, "").split()
    kept = [word for word in words if word not in noise]
    return [] if set(kept) <= _ID_WORDS or kept == ["date"] else kept


@lru_cache(maxsize=1000)
def _names(column: Column) -> tuple[list[str], ...]:
    """The names of a column as words, and what of these says what."""
    found: dict[str, list[str]] = {}
    for name in names_of(column.name):
        words = _untaxed(name.split()) if column.kind is Kind.AMOUNT else name.split()
        core = words if column.kind is Kind.TIMESTAMP else _essence(column.kind, words)
        for each in (core, _essence(column.kind, words)):
            found.setdefault(" ".join(each), each)
    return tuple(found.values())

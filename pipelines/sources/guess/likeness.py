"""How much a column of a file looks like a column of the contract, by name and by values."""

import re
from functools import lru_cache

from pipelines.sources.guess.looks import FEW, are_yes_or_no, can_hold, share
from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.vocabulary import CONSTANTS
from pipelines.sources.guess.words import names_of, words_of
from pipelines.sources.jsonl_file import PARENT
from pipelines.specs.contract import Column, Entity, Kind

_CENTS = re.compile(r"\d[.,]\d")
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
_NAUGHT = 0.3  # less for amounts that are 0 throughout
_SAYS_HOW = {  # words that say how a value is written, or of what it is a part
    Kind.AMOUNT: {"number", "cent", "cents", "value", "amount"},
    Kind.TIMESTAMP: {"at", "on", "date", "time", "datetime", "timestamp", "ts", "utc", "gmt"},
}
_NO_REFERENCE = {
    *("country", "language", "city", "currency", "first_name", "last_name", "coupon_code"),
    *("acquisition_source",),
}
_SHORT = 5  # letters of a code that says what it means
_VARIED = {"category", "subcategory"}  # what is the same of all tells nothing
_MANY, _NAMES_APART, _NAMED_APART = 20, 0.5, 0.1
_FAMILY = {"last", "family", "surname", "2", "1"}
_NO_MONEY = {
    *("postcode", "zip", "zipcode", "plz", "cap", "cp", "postal", "tel", "telephone", "phone"),
    *("fax", "mobile", "gsm", "cell", "id", "code", "zone"),
}
_ABOUT = {  # columns that only names with such a word can mean
    ("order_lines", "occurred_at"): {"return", "returned", "retour", "refunded", "occurred"},
}
_NOT_ABOUT = {  # columns that no name with such a word can mean
    ("order_lines", "discount_amount"): {"unit", "rate", "percent", "original"},
    ("order_lines", "quantity"): {"stock", "available", "hand"},
}


def likeness(entity: Entity, column: Column, shape: Shape, theirs: str) -> float:
    """0 to 1; 0 where the values cannot be what the column holds."""
    values, said = shape.columns[theirs], shape.words[theirs]
    if theirs.startswith(f"{PARENT}.") and column.name not in ("order_id", "line_number"):
        return 0.0
    last = words_of(theirs.rpartition(".")[2]) if "." in theirs else ""
    by_name = _by_name(entity.name, column, said, shape.bare[theirs], last)
    if column.allowed and 2 < len(set(values)) <= FEW:
        known = share(any(words_of(v) in names_of(a) for a in column.allowed) for v in set(values))
        by_name = max(by_name - 0.3, 0.0) + 0.7 * known if known > 0.4 else by_name
    if not by_name and column.kind is Kind.EMAIL and values:
        by_name = _ALONE
    if not by_name or _cannot_mean(entity, column, set(said.split()), values):
        return 0.0
    if not values:
        is_needed = column.required and (entity.name, column.name) not in CONSTANTS
        return by_name * _EMPTY if is_needed or by_name >= _CLEAR else 0.0
    if not can_hold(column, values) or _tells_nothing(entity, column, said, values):
        return 0.0
    if column.kind is Kind.AMOUNT:
        return _as_amount(by_name, column, shape, values)
    is_reference = column.kind is Kind.TEXT and "id" in said.split()
    return max(by_name - _REFERENCE, 0.1) if is_reference else by_name


def _cannot_mean(entity: Entity, column: Column, said: set[str], values: list[str]) -> bool:
    """Whether a word of the name says that it is something else."""
    about = _ABOUT.get((entity.name, column.name))
    if (about and not about & said) or _NOT_ABOUT.get((entity.name, column.name), set()) & said:
        return True
    if column.kind is Kind.AMOUNT:
        return bool(_NO_MONEY & said)
    return column.name in _NO_REFERENCE and "id" in said and not _are_short(values)


def _are_short(values: list[str]) -> bool:
    """Whether values are codes that say what they mean, such as FR and EUR."""
    return bool(values) and all(v[:1].isalpha() and len(v) <= _SHORT for v in set(values))


def _tells_nothing(entity: Entity, column: Column, said: str, values: list[str]) -> bool:
    distinct = set(values)
    if column.name in _VARIED and len(values) >= _MANY:
        return len(distinct) < 2 or are_yes_or_no(values)
    if (entity.name, column.name) == ("products", "name") and len(values) >= _MANY:
        return len(distinct) < _NAMED_APART * len(values)
    if column.name == "last_name" and "name" in said.split() and not _FAMILY & set(said.split()):
        return share(" " in value for value in values) < _NAMES_APART  # of a person, in full
    is_text = column.kind in (Kind.ID, Kind.TEXT) and not column.required
    return is_text and not column.allowed and {v.lower() for v in distinct} <= {"0", "f", "false"}


def _as_amount(by_name: float, column: Column, shape: Shape, values: list[str]) -> float:
    """Whole numbers beside amounts with decimals are none, unless their name is quite clear."""
    if not any(digit in "123456789" for value in values for digit in value):
        return max(by_name - _NAUGHT, 0.0) if column.name != "price" else 0.0
    is_whole = not any(_CENTS.search(value) for value in values)
    return 0.0 if is_whole and by_name <= WEAK and shape.has_cents else by_name


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

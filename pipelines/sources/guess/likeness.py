"""How much a column of a file looks like a column of the contract, by name and by values."""

from functools import lru_cache

from pipelines.sources.guess.looks import FEW, can_hold, share
from pipelines.sources.guess.words import is_word, names_of, words_of
from pipelines.specs.contract import Column, Entity, Kind

WEAK = 0.5  # guessed from a part of the name, or from the values alone
_SAME, _BARE, _NESTED = 1.0, 0.85, 0.8
_RANK, _FURTHER, _LAST_RANK = 0.02, 0.1, 20
_NET, _GROSS = -0.2, 0.02  # what total amounts with tax are worth more
_OWN, _NAMED_ID = 0.7, 0.95
_LETTERS = 3
_OWN_IDS = {"id", "entity id", "internal id", "event id", "uuid", "id externe", "external id"}
_ID_WORDS = {"id", "code", "num", "key", "entity", "uuid", "externe", "external"}
_NOISE = {  # words that say again what the file is about
    "contacts": "customer client contact user member subscriber person profile billing primary",
    "consents": "customer client contact subscriber member",
    "products": "product article item",
    "stores": "store magasin shop boutique",
    "stock": "stock product article",
    "orders": "order commande sale billing customer client selling calc",
    "order_lines": "order commande sale line ligne item lineitem product article detail",
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
_OTHER = frozenset(_BESIDE.split())
_ALONE = 0.3  # e-mail addresses in a column of any name
_EMPTY = 0.7  # of the likeness, where there is no value
_NO_MONEY = {
    *("postcode", "zip", "zipcode", "plz", "cap", "cp", "postal", "tel", "telephone", "phone"),
    *("fax", "mobile", "gsm", "cell", "id", "code", "zone"),
}
_ABOUT = {  # columns that only names with such a word can mean
    ("order_lines", "occurred_at"): {"return", "returned", "retour", "refunded", "occurred"},
}


def likeness(entity: Entity, column: Column, theirs: str, prefix: str, values: list[str]) -> float:
    """0 to 1; 0 where the values cannot be what the column holds. `prefix`: the word that begins
    most names of the file."""
    by_name = _by_name(entity.name, column, theirs, prefix)
    if column.allowed and 2 < len(set(values)) <= FEW:
        known = share(any(words_of(v) in names_of(a) for a in column.allowed) for v in set(values))
        by_name = max(by_name - 0.3, 0.0) + 0.7 * known if known > 0.4 else by_name
    if not by_name and column.kind is Kind.EMAIL and values:
        by_name = _ALONE
    if (entity.name, column.name) in _ABOUT and not _ABOUT[entity.name, column.name] & set(
        words_of(theirs).split()
    ):
        return 0.0
    if not by_name or not can_hold(column, values):
        return 0.0
    if column.kind is Kind.AMOUNT and _NO_MONEY & set(words_of(theirs).split()):
        return 0.0
    return by_name if values else by_name * _EMPTY


def own_id(entity: Entity, theirs: str, prefix: str, *, is_sure: bool) -> float:
    """How much a column is called as the identifier of what the file holds. `is_sure`: hardly a
    value of it comes twice."""
    said = words_of(theirs)
    if said == "id" and is_sure:
        return _NAMED_ID
    if said in _OWN_IDS:
        return _OWN
    bare = without_prefix(said.split(), prefix)
    if is_sure and bare and set(bare) <= _ID_WORDS:
        return _OWN - _FURTHER
    words = set(said.split())
    about = {*_NOISE.get(entity.name, "").split(), *words_of(entity.name.rstrip("s")).split()}
    is_own = words & _ID_WORDS and words <= _ID_WORDS | about and words & about
    return _OWN if is_own and entity.name not in ("orders", "campaign_sends") else 0.0


@lru_cache(maxsize=100_000)
def _by_name(entity: str, column: Column, theirs: str, prefix: str) -> float:
    said = words_of(theirs).split()
    money = column.kind is Kind.AMOUNT
    tax = (_GROSS if "ttc" in said else _NET if "ht" in said else 0.0) if money else 0.0
    if money:
        said = [word for word in said if word not in ("ttc", "ht")]
    found = max(_same(entity, column, said, theirs, prefix), _part(entity, column, said, prefix))
    return max(found + tax, 0.0) if found else 0.0


def _same(entity: str, column: Column, said: list[str], theirs: str, prefix: str) -> float:
    """The whole name, perhaps without words that only say what the file is about."""
    last = words_of(theirs.rpartition(".")[2]) if "." in theirs else ""
    bare = _bare(entity, said)
    stripped = without_prefix(said, prefix)
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


def _part(entity: str, column: Column, said: list[str], prefix: str) -> float:
    """A name within a longer one, unless the further words say that it is something else."""
    padded = f" {' '.join(said)} "
    best = 0.0
    for rank, name in enumerate(_names(column)):
        phrase = " ".join(name)
        if len(phrase) > 3 and not set(name) <= _ID_WORDS and f" {phrase} " in padded:
            further = [word for word in _bare(entity, said) if word not in name and word != prefix]
            if not _OTHER.intersection(further):
                less = _RANK / 2 * min(rank, _LAST_RANK) + _FURTHER * max(len(further) - 1, 0)
                best = max(best, WEAK - less)
    return best


def without_prefix(said: list[str], prefix: str) -> list[str]:
    """The words of a name after what begins most names of the file, or after a few letters that
    are no word (`GP_NUMERO`); empty where nothing comes off."""
    is_letters = len(said) > 1 and len(said[0]) <= _LETTERS and said[0].isalpha()
    if said[:1] == [prefix] or (is_letters and not is_word(said[0])):
        return said[1:]
    return []


def _bare(entity: str, words: list[str]) -> list[str]:
    noise = _NOISE.get(entity, "").split()
    kept = [word for word in words if word not in noise]
    return [] if set(kept) <= _ID_WORDS or kept == ["date"] else kept


@lru_cache(maxsize=1000)
def _names(column: Column) -> tuple[list[str], ...]:
    """The names of a column as words; of amounts without what says that tax is included."""
    drop = ("ttc", "ht") if column.kind is Kind.AMOUNT else ()
    names = ([word for word in name.split() if word not in drop] for name in names_of(column.name))
    return tuple({" ".join(name): name for name in names if name}.values())

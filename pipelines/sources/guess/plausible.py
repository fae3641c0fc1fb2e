"""Whether the values of a column, and the words beside the one that fits, let it be what its name
says."""

import re

from pipelines.sources.guess.looks import are_yes_or_no, can_hold, share
from pipelines.sources.guess.payment import is_of_payment
from pipelines.sources.guess.shape import Shape
from pipelines.sources.jsonl_file import PARENT
from pipelines.specs.contract import Column, Entity, Kind

_NO_REFERENCE = {  # texts that the id of a record elsewhere does not tell, a code may
    *("country", "language", "city", "currency", "first_name", "last_name", "coupon_code"),
    *("acquisition_source",),
}
_CODE = 5  # letters
_VARIED = {"category", "subcategory"}  # what is the same of all tells nothing
_MANY, _PEOPLE_NAMED, _PRODUCTS_NAMED = 20, 0.5, 0.1
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
_OF_PARENTS = {"order_id", "line_number"}  # that an element of an array may take from its record
_CENTS = re.compile(r"\d[.,]\d")
_NAUGHT = 0.3  # less for amounts that are 0 throughout


def may_mean(entity: Entity, column: Column, shape: Shape, theirs: str) -> bool:
    """Whether a name may mean a column at all, whatever else it says."""
    if theirs.startswith(f"{PARENT}.") and column.name not in _OF_PARENTS:
        return False
    if "[0]" in theirs and column.kind is Kind.ID:
        return False  # the id of what comes first of several is not that of the record
    said, at = set(shape.words[theirs].split()), (entity.name, column.name)
    if (at in _ABOUT and not _ABOUT[at] & said) or _NOT_ABOUT.get(at, set()) & said:
        return False
    if column.kind is Kind.AMOUNT:
        return not _NO_MONEY & said
    if column.kind is Kind.ID and is_of_payment(shape, theirs):
        return False
    is_reference = column.name in _NO_REFERENCE and "id" in said
    return not is_reference or _are_codes(shape.columns[theirs])


def _are_codes(values: list[str]) -> bool:
    """Whether values say what they mean, as FR and EUR do."""
    return bool(values) and all(v[:1].isalpha() and len(v) <= _CODE for v in set(values))


def is_held(entity: Entity, column: Column, said: str, values: list[str]) -> bool:
    """Whether filled values are of the kind, and tell something."""
    return can_hold(column, values) and not _tell_nothing(entity, column, said, values)


def _tell_nothing(entity: Entity, column: Column, said: str, values: list[str]) -> bool:
    distinct, words = set(values), set(said.split())
    if column.name in _VARIED and len(values) >= _MANY:
        return len(distinct) < 2 or are_yes_or_no(values)
    if (entity.name, column.name) == ("products", "name") and len(values) >= _MANY:
        return len(distinct) < _PRODUCTS_NAMED * len(values)
    if column.name == "last_name" and "name" in words and not _FAMILY & words:
        return share(" " in value for value in values) < _PEOPLE_NAMED  # of a person, in full
    is_text = column.kind in (Kind.ID, Kind.TEXT) and not column.required
    return is_text and not column.allowed and {v.lower() for v in distinct} <= {"0", "f", "false"}


def as_amount(like: float, weak: float, column: Column, shape: Shape, values: list[str]) -> float:
    """How like amounts are: whole numbers beside others with decimals are none where the name is
    only `weak`ly so, and no price is 0 throughout."""
    if not any(digit in "123456789" for value in values for digit in value):
        return max(like - _NAUGHT, 0.0) if column.name != "price" else 0.0
    is_whole = not any(_CENTS.search(value) for value in values)
    return 0.0 if is_whole and like <= weak and shape.has_cents else like

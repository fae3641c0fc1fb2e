"""Addresses and names in the analysts' file: what each column of it becomes.

An unkeyed hash of an e-mail address is guessable (hash a list of addresses and compare), so every
identifier that was made from an address is keyed anew: contact_point_id, customer_id (the hash of
a first profile, which may be an address), profile_id ('email:…', 'phone:…') and event_key. The same
value gets the same token in every table, so joins inside the file still work.

A token is `left(sha256(key | kind | value), n)`. Cut short as it is, a digest cannot be extended to
that of a longer text, the weakness for which HMAC hashes twice; one pass suffices here.
"""

import re

KEY = "$key"  # bound as a parameter whenever a statement runs; never part of its text

# Text that names a person and has no use in an analysis.
DROPPED = frozenset(
    {
        "first_name",
        "last_name",
        "full_name",
        "birth_date",
        "street",
        "street_address",
        "postal_address",
    }
)
_ADDRESS = re.compile(r"(^|_)(e?mail|email|phone|mobile|sms|address)$")
# May quote a value that was refused; the values of attributes may be anything.
_DETAIL = frozenset({"reason", "error", "observed", "facts", "value"})
_MANY = 5  # customers who share a value: it tells none of them apart

# As SQL literals: what looks like an address inside a sentence.
_EMAIL_IN_TEXT = "'[^\\s@<>\"'',;:()]+@[^\\s@<>\"'',;:()]+'"
_NUMBER_IN_TEXT = "'\\+?[0-9]{9,}'"


def published_sql(column: str, kind: str, *, pseudonymised: bool) -> str | None:
    """The SQL that `column` (of SQL type `kind`) is published as; None when it is left out."""
    if not pseudonymised:
        return f'"{column}"'
    if column in DROPPED:
        return None
    return _pseudonymised(column) if kind == "VARCHAR" else f'"{column}"'


def attributes_sql(table: str) -> str:
    """Rows of `table` (customer_id, attribute, value, chosen_by) without the values that tell who
    somebody is: names, addresses, loyalty cards, and of what surveys and further columns of
    contacts say all but short numbers and what several customers share."""
    named = ", ".join(f"'{name}'" for name in sorted(DROPPED | {"loyalty_id"}))
    return (
        "select * replace (case"
        f" when attribute in ({named}) or regexp_matches(attribute, '{_ADDRESS.pattern}') then null"
        " when chosen_by <> 'latest_told' then value"
        " when regexp_full_match(value, '-?[0-9]{1,7}([.,][0-9]{1,4})?') then value"
        f" when count(*) over (partition by attribute, value) >= {_MANY} then value end as value)"
        f" from {table}"
    )


def _pseudonymised(column: str) -> str:
    name = f'"{column}"'
    if column == "customer_id" or column.endswith("_customer_id"):
        return f"'c_' || {_token('customer', name, 16)}"
    if column == "contact_point_id":
        return f"'p_' || {_token('contact_point', name, 32)}"
    if column == "profile_id" or column.endswith("_profile_id"):
        return _profile(name)
    if column == "event_key":
        return _event(name)
    if _ADDRESS.search(column):
        return f"'a_' || {_token('address', name, 32)}"
    return _scrubbed(name, with_numbers=column in _DETAIL)


def _token(kind: str, expression: str, length: int) -> str:
    return f"left(sha256({KEY} || '|{kind}|' || {expression}), {length})"


def _profile(name: str) -> str:
    """Profiles that are an address lose it; a CRM's or a till's own key says nothing outside."""
    address = f"substr({name}, 7)"  # both prefixes have six characters
    return (
        f"case when starts_with({name}, 'email:') or starts_with({name}, 'phone:')"
        f" then left({name}, 6) || 'a_' || {_token('address', address, 32)}"
        f" else {_scrubbed(name, with_numbers=False)} end"
    )


def _event(name: str) -> str:
    """Keys of messages and consents are hashes of an address; those of other events say nothing."""
    made_of_addresses = " or ".join(
        f"starts_with({name}, '{kind}|')" for kind in ("send", "response", "consent")
    )
    return (
        f"case when {made_of_addresses} then split_part({name}, '|', 1) || '|' ||"
        f" {_token('event', name, 32)} else {_scrubbed(name, with_numbers=False)} end"
    )


def _scrubbed(name: str, *, with_numbers: bool) -> str:
    """Free text without what looks like an e-mail address (and, in details, a phone number)."""
    without = (
        f"case when contains({name}, '@')"
        f" then regexp_replace({name}, {_EMAIL_IN_TEXT}, '<address>', 'g') else {name} end"
    )
    if not with_numbers:
        return without
    return f"regexp_replace({without}, {_NUMBER_IN_TEXT}, '<number>', 'g')"

"""Whether what a record in quarantine says names an erased person.

A record is kept as it could be read: as JSON of the contract's columns, as JSON of a workbook's, or
as the raw line. Where in doubt it names them: a record too many that is not kept costs less than a
person who is."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from pipelines.specs.contract import ENTITIES

_CONTACT_ID = "contact_id"
_OTHER_COLUMNS = {c.name for entity in ENTITIES.values() for c in entity.columns} - {_CONTACT_ID}
_OTHER_COLUMNS |= {"extra"}  # JSON of the columns that the contract does not know
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|/)")
_JSON_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"|[^\s,:\[\]{}"]+')
_AROUND = " \t\r\n\u00a0\u202f\ufeff\"'"  # a value in a raw line


class Erased:
    """The people of erasure requests. `delimiters`: the characters between the values of a line."""

    def __init__(
        self, contact_ids: Iterable[str], emails: Iterable[str], delimiters: str = ",;\t|"
    ) -> None:
        self._contact_ids = frozenset(contact_ids)
        self._split = re.compile(f"[{re.escape(delimiters)}\r\n]")
        self._unsplit = [i for i in self._contact_ids if self._split.search(i)]
        domains: dict[str, tuple[str, ...]] = {}
        for email in {email.lower() for email in emails}:
            local, _, domain = email.partition("@")
            domains[local] = (*domains.get(local, ()), domain)
        self._domains = domains  # by the part before the @
        self._lengths = sorted({len(local) for local in domains})

    def __bool__(self) -> bool:
        return bool(self._contact_ids or self._domains)

    def is_named_in(self, record: str) -> bool:
        """True when `record` holds one of the e-mail addresses anywhere, in any case and under the
        escapes of JSON and of URLs, or one of the contact ids: as the value of a column contact_id,
        as a value under a name that the contract does not know, or as a whole value of a line."""
        return self._has_email(record) or self._has_contact_id(record)

    def _has_email(self, record: str) -> bool:
        if not self._domains:
            return False
        text = record.lower()
        if "\\" in text or "%" in text:
            text = f"{text}\n{_spelled_out(record).lower()}"
        return any(self._email_at(text, at) for at in _places("@", text))

    def _email_at(self, text: str, at: int) -> bool:
        """Whether the @ at that place is one of an erased address; as quick with many of them."""
        return any(
            text.startswith(self._domains.get(text[at - length : at], ()), at + 1)
            for length in self._lengths
            if length <= at
        )

    def _has_contact_id(self, record: str) -> bool:
        if not self._contact_ids:
            return False
        return any(value.strip(_AROUND) in self._contact_ids for value in self._values(record))

    def _values(self, record: str) -> Iterator[str]:
        """The values of a record that may be contact ids."""
        try:
            content = json.loads(record, parse_int=str, parse_float=str)
        except (ValueError, RecursionError):
            content = None
        if isinstance(content, dict):
            yield from _ids_of(content)
            return
        yield from self._split.split(record)
        yield from (contact_id for contact_id in self._unsplit if contact_id in record)
        if record.lstrip().startswith(("{", "[")):
            for found in _JSON_VALUE.finditer(record):
                yield _spelled_out(found[1] if found[1] is not None else found[0])


def _ids_of(record: dict[str, Any]) -> Iterator[str]:
    for column, content in record.items():
        for name, value in _leaves(column, content):
            is_id = name.rpartition(".")[2].lower() == _CONTACT_ID
            if is_id or column not in _OTHER_COLUMNS:
                yield value


def _leaves(name: str, content: Any) -> Iterator[tuple[str, str]]:
    """The values within, each with the name that is nearest to it."""
    if isinstance(content, dict):
        for key, below in content.items():
            yield from _leaves(key, below)
    elif isinstance(content, list):
        for below in content:
            yield from _leaves(name, below)
    elif content is not None:
        yield name, str(content)


def _spelled_out(text: str) -> str:
    """The text with the escapes of JSON (`\\u0040`, `\\/`), then of URLs (`%40`) resolved."""
    return unquote(_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else "/", text))


def _places(character: str, text: str) -> Iterator[int]:
    at = text.find(character)
    while at >= 0:
        yield at
        at = text.find(character, at + 1)

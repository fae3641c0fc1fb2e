"""Whether what a text says names an erased person.

A record in quarantine is kept as it could be read: as JSON of the contract's columns, as JSON of a
workbook's, or as the raw line. Where in doubt it names them: a record too many that is not kept
costs less than a person who is."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from pipelines import keyed
from pipelines.sources.phones import e164
from pipelines.specs import identifiers
from pipelines.specs.contract import ENTITIES

_OTHER_COLUMNS = {c.name for entity in ENTITIES.values() for c in entity.columns}
_OTHER_COLUMNS = _OTHER_COLUMNS - set(identifiers.KINDS) | {
    "extra"
}  # `extra`: JSON of unknown ones
_ID_KINDS = tuple(kind for kind in identifiers.KINDS.values() if kind not in ("email", "phone"))
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|/)")
_JSON_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"|[^\s,:\[\]{}"]+')
_AROUND = " \t\r\n\u00a0\u202f\ufeff\"'"  # a value in a raw line
_LOCAL = re.compile(r"[^\s@<>\"(),;:\[\]\\|]{1,64}$")  # before the @ …
_DOMAIN = re.compile(r"[\w.-]{1,255}")  # … and after it
_LONGEST_ID = 200  # characters


class Mentions(ABC):
    """Finds some people in texts. `delimiters`: the characters between the values of a line;
    `region`: ISO country of phone numbers without a prefix."""

    def __init__(self, delimiters: str, region: str) -> None:
        self._split = re.compile(f"[{re.escape(delimiters)}\r\n]")
        self._phone = lru_cache(10_000)(lambda text: e164(text, region))

    @abstractmethod
    def __bool__(self) -> bool:
        """Whether there is anybody to be found."""

    @abstractmethod
    def has(self, kind: str, identifier: str) -> bool:
        """Whether an identifier, as it is compared, is one of theirs."""

    def is_named_in(self, record: str) -> bool:
        """True when `record` holds one of the e-mail addresses anywhere, in any case and under the
        escapes of JSON and of URLs, or one of the other identifiers: as the value of its column, as
        a value under a name that the contract does not know, or as a whole value of a line."""
        return self.has_email_in(record) or any(
            self._is_theirs(kind, value.strip(_AROUND)) for kind, value in self._values(record)
        )

    def has_email_in(self, text: str) -> bool:
        """True when `text` holds one of the e-mail addresses."""
        return any(
            self.has("email", identifiers.compared_text("email", email))
            for email in _emails(_readable(text))
        )

    def _is_theirs(self, kind: str | None, value: str) -> bool:
        if not value or len(value) > _LONGEST_ID:
            return False
        if kind in (None, "phone"):
            number = self._phone(value)
            if number is not None and self.has("phone", number):
                return True
        kinds = _ID_KINDS if kind is None else (kind,) if kind in _ID_KINDS else ()
        return any(self.has(one, identifiers.compared_text(one, value)) for one in kinds)

    def _values(self, record: str) -> Iterator[tuple[str | None, str]]:
        """The values of a record that may be identifiers, and of which kind; None: of any."""
        try:
            content = json.loads(record, parse_int=str, parse_float=str)
        except (ValueError, RecursionError):
            content = None
        if isinstance(content, dict):
            yield from _ids_of(content)
            return
        yield from ((None, value) for value in self._split.split(record))
        if record.lstrip().startswith(("{", "[")):
            for found in _JSON_VALUE.finditer(record):
                yield None, _spelled_out(found[1] if found[1] is not None else found[0])


class Erased(Mentions):
    """The people with these identifiers: kind → identifiers, e-mail addresses in any spelling."""

    def __init__(
        self,
        people: Mapping[str, Collection[str]],
        delimiters: str = ",;\t|",
        region: str = "FR",
    ) -> None:
        super().__init__(delimiters, region)
        emails = {email.lower() for email in people.get("email", ())}
        self._identifiers = {kind: frozenset(found) for kind, found in people.items()}
        self._identifiers["email"] = frozenset(
            identifiers.compared_text("email", email) for email in emails
        )
        ids = (one for kind in _ID_KINDS for one in self._identifiers.get(kind, ()))
        self._unsplit = [one for one in ids if self._split.search(one)]
        domains: dict[str, tuple[str, ...]] = {}
        for email in emails:
            local, _, domain = email.partition("@")
            domains[local] = (*domains.get(local, ()), domain)
        self._domains = domains  # by the part before the @
        self._lengths = sorted({len(local) for local in domains})

    def __bool__(self) -> bool:
        return any(self._identifiers.values())

    def has(self, kind: str, identifier: str) -> bool:
        return identifier in self._identifiers.get(kind, ())

    def is_named_in(self, record: str) -> bool:
        return super().is_named_in(record) or any(one in record for one in self._unsplit)

    def has_email_in(self, text: str) -> bool:
        if not self._domains:
            return False
        readable = _readable(text)
        if any(self._email_at(readable, at) for at in _places("@", readable)):
            return True
        return super().has_email_in(text)

    def _email_at(self, text: str, at: int) -> bool:
        """Whether the @ at that place is one of an erased address; as quick with many of them."""
        return any(
            text.startswith(self._domains.get(text[at - length : at], ()), at + 1)
            for length in self._lengths
            if length <= at
        )


class Hashed(Mentions):
    """The people of whom only keyed hashes are known: pairs (kind, hash)."""

    def __init__(
        self,
        key: str,
        hashes: Iterable[tuple[str, str]],
        delimiters: str = ",;\t|",
        region: str = "FR",
    ) -> None:
        super().__init__(delimiters, region)
        self.key = key
        self._hashes = frozenset(hashes)
        self._kinds = {kind for kind, _ in self._hashes}
        self._hashed = lru_cache(100_000)(lambda text: keyed.hashed(key, text))

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def has(self, kind: str, identifier: str) -> bool:
        return kind in self._kinds and (kind, self._hashed(f"{kind}|{identifier}")) in self._hashes


def _emails(text: str) -> Iterator[str]:
    """What may be e-mail addresses: around each @, from every beginning of a word to every end."""
    for at in _places("@", text):
        before, after = _LOCAL.search(text, max(0, at - 64), at), _DOMAIN.match(text, at + 1)
        if before is None or after is None:
            continue
        local, host = before[0], after[0]
        starts = [0, *(n for n in range(1, len(local)) if not local[n - 1].isalnum())]
        ends = {len(host), *_places(".", host)} | {len(host.rstrip(".-_"))}
        for end in ends:
            if "." in host[:end]:
                yield from (f"{local[start:]}@{host[:end]}" for start in starts)


def _ids_of(record: dict[str, Any]) -> Iterator[tuple[str | None, str]]:
    for column, content in record.items():
        for name, value in _leaves(column, content):
            kind = identifiers.KINDS.get(name.rpartition(".")[2].lower())
            if kind is not None or column not in _OTHER_COLUMNS:
                yield kind, value


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


def _readable(text: str) -> str:
    """The text in lower case, followed by what its escapes say."""
    lowered = text.lower()
    if "\\" in text or "%" in text:
        return f"{lowered}\n{_spelled_out(text).lower()}"
    return lowered


def _spelled_out(text: str) -> str:
    """The text with the escapes of JSON (`\\u0040`, `\\/`), then of URLs (`%40`) resolved."""
    return unquote(_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else "/", text))


def _places(character: str, text: str) -> Iterator[int]:
    at = text.find(character)
    while at >= 0:
        yield at
        at = text.find(character, at + 1)

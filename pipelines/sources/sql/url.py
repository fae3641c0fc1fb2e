"""The URL of a database. It is a secret: nothing here shows it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from pipelines.errors import SourceError
from pipelines.settings import PROJECT_ROOT
from pipelines.sources.secrets import given

# Stricter than libpq, which takes a part of a password with a bare `/` for a port, and says so.
_POSTGRESQL = re.compile(
    r"postgres(?:ql)?://"
    r"(?:(?:[^:@/?#\s]*)(?::(?P<password>(?:[^:@/?#%\s]|%[0-9A-Fa-f]{2})*))?@)?"
    r"(?P<hosts>(?:[^:@/?#,\s\[\]]*|\[[0-9A-Fa-f:.]+\])(?::\d+)?"
    r"(?:,(?:[^:@/?#,\s\[\]]*|\[[0-9A-Fa-f:.]+\])(?::\d+)?)*)"
    r"(?:/(?P<database>[^@/?#\s]*))?"
    r"(?:\?(?P<parameters>[^@?#\s]*))?"
)
_SQLITE = re.compile(r"sqlite:///(?P<path>[^?#]+)")
_ALLOWED = "postgresql://user:password@host:5432/database or sqlite:////path/to/file.db"
_SECRET = ("password", "sslpassword", "oauth_client_secret")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is. `path`: of an SQLite file. `place`: what may be shown."""

    dialect: str
    url: str = field(repr=False)
    place: str
    path: Path
    parameters: dict[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    def without_secrets(self, text: str) -> str:
        for value in self.secrets:
            text = text.replace(value, "***")
        return text


def address(label: str, name: str) -> Address:
    """The address in the secret `name`; SourceError when there is none, or it is no URL of a
    database that is known."""
    url = given(f"{label}: sql.connection", name, "uri", _ALLOWED).strip()
    if match := _SQLITE.fullmatch(url):
        path = PROJECT_ROOT / unquote(match["path"])
        return Address("sqlite", url, str(path), path, {}, ())
    if match := _POSTGRESQL.fullmatch(url):
        return _postgresql(url, match)
    if re.match(r"postgres(ql)?://", url):
        raise SourceError(
            f"{label}: sql.connection: {name} is no URL that can be read; allowed: "
            "postgresql://user:password@host:5432/database, with each special character of the "
            "password written as % and its number: %40 for @, %2F for /, %3A for :, %25 for %"
        )
    scheme = re.match(r"[a-z][a-z0-9+]{0,19}(?=://)", url)
    found = f"begins with {scheme[0]}://" if scheme else "is no URL"
    raise SourceError(f"{label}: sql.connection: {name} {found}; allowed: {_ALLOWED}")


def _postgresql(url: str, match: re.Match[str]) -> Address:
    parameters = dict(parse_qsl(match["parameters"] or "", keep_blank_values=True))
    written = [match["password"] or "", *(parameters.get(key, "") for key in _SECRET)]
    secrets = {form for value in written if value for form in (value, unquote(value))}
    host = match["hosts"] or parameters.get("host", "") or "this machine"
    database = unquote(match["database"] or "") or parameters.get("dbname", "")
    place = f"{host}/{database}" if database else host
    longest_first = tuple(sorted(secrets, key=len, reverse=True))
    return Address("postgresql", url, place, Path(), parameters, longest_first)

"""The section `rest` of a source: a JSON API that is asked page by page."""

import re
from datetime import date
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from pipelines.secrets import Part
from pipelines.specs.closed import Closed, SecretName
from pipelines.specs.paging import Paging

PLACEHOLDERS = (
    "as_of",
    "since",
    "until",
    "since_date",
    "until_date",
    "since_unix",
    "until_unix",
)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie"}
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class Token(Closed):
    """A token that every request carries in a header."""

    secret: SecretName  # name of the secret that is the token
    header: str = "Authorization"  # the header that carries it
    scheme: str = "Bearer"  # the word before it; empty: the token alone

    @field_validator("header")
    @classmethod
    def header_has_a_name(cls, value: str) -> str:
        return _header_name(value)

    @field_validator("scheme")
    @classmethod
    def scheme_is_a_word(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9._-]*", value):
            raise ValueError("allowed: a word such as Bearer; the token is not part of it")
        return value


class Basic(Closed):
    """A user and a password (HTTP Basic), or an API key in the place of one of them."""

    user: SecretName  # name of the secret that is the user
    password: SecretName  # name of the secret that is the password


class Rest(Closed):
    """The JSON API of `connector: rest`. The url, the values of `parameters` and those of `headers`
    may hold `{as_of}`, the night's date; `{since}` and `{until}`, UTC times such as
    2026-06-30T22:00:00Z; `{since_date}` and `{until_date}`, dates in shop time; `{since_unix}` and
    `{until_unix}`, seconds since 1970. `until` is the night's 00:00 in shop time, `since` the
    `until` of the latest earlier night that was landed, less the look-back."""

    url: str  # https, without what follows a `?`
    parameters: dict[str, str] = Field(default_factory=dict)  # of the query
    headers: dict[str, str] = Field(default_factory=dict)  # of every request; no secrets
    records: str = ""  # dotted path to the list of records; empty: the answer is the list
    paging: Paging | None = None  # how the next page is asked for; absent: one answer holds all
    token: Token | None = None  # either this …
    basic: Basic | None = None  # … or this, or neither
    starts_on: date = date(1970, 1, 1)  # `since` of the first night
    look_back_hours: int = Field(default=24, ge=0, le=8784)  # for records that show up late
    requests_per_second: float | None = Field(default=None, gt=0, le=1000)  # at most
    timeout_seconds: float = Field(default=120, gt=0, le=3600)  # an answer is whole in that time
    tries: int = Field(default=6, ge=1, le=20)  # of a request, when it fails in passing
    longest_wait_seconds: int = Field(default=300, ge=0, le=7200)  # that `Retry-After` may ask for
    max_answer_mb: int = Field(default=100, ge=1, le=2000)  # of one page, unpacked

    @field_validator("url")
    @classmethod
    def url_leads_to_a_host(cls, value: str) -> str:
        problem = _url_problem(value)
        if problem:
            raise ValueError(problem)
        return value

    @field_validator("parameters", "headers")
    @classmethod
    def placeholders_are_known(cls, value: dict[str, str]) -> dict[str, str]:
        for text in value.values():
            unknown = _unknown_placeholder(text)
            if unknown:
                raise ValueError(unknown)
        return value

    @field_validator("headers")
    @classmethod
    def headers_hold_no_secret(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            _header_name(name)
            if name.lower() in _SECRET_HEADERS:
                raise ValueError(f"found {name!r}; set `token` or `basic`, which keep secrets out")
            if not re.fullmatch(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", text):
                raise ValueError(f"the value of {name!r}: allowed: one line of ASCII text")
        return value

    @field_validator("records")
    @classmethod
    def records_is_a_path(cls, value: str) -> str:
        if value and not all(value.split(".")):
            raise ValueError(
                f"found {value!r}; allowed: names with dots between, as in data.orders"
            )
        return value

    @model_validator(mode="after")
    def parts_agree(self) -> "Rest":
        problems = []
        if self.token and self.basic:
            problems.append("basic: `token` is there too; remove one of the two")
        if self.token and self.token.header.lower() in map(str.lower, self.headers):
            problems.append(f"headers: {self.token.header!r} carries the token; remove it here")
        parts = urlsplit(self.url)
        is_open = parts.scheme == "http" and parts.hostname not in _LOOPBACK
        if (self.token or self.basic) and is_open:
            problems.append("url: a secret would travel in clear text; allowed: https://")
        sent = self.paging.sent if self.paging else ()
        problems += [
            f"parameters: {name!r} is what paging sends; remove it here"
            for name in sent
            if name in self.parameters
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def secrets(self) -> tuple[tuple[str, Part], ...]:
        """The names of the secrets that it needs, each with what it is."""
        if self.token:
            return ((self.token.secret, "password"),)
        return ((self.basic.user, "user"), (self.basic.password, "password")) if self.basic else ()


def _header_name(value: str) -> str:
    if not _HEADER.fullmatch(value):
        raise ValueError("allowed: the name of a header, such as Authorization or X-Api-Key")
    return value


def _unknown_placeholder(text: str) -> str | None:
    for name in re.findall(r"\{([^{}]*)\}", text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{p}}}" for p in PLACEHOLDERS)
            return f"found {{{name}}}; allowed: {known}"
    return None


def _url_problem(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "no url; allowed: one such as https://api.shop.example/v1/orders"
    if parts.username is not None or parts.password is not None:
        return "holds a user or a password; set `basic`, which names secrets"
    if parts.scheme not in {"https", "http"} or not host or re.search(r"[\s\\]", value):
        return f"found {value!r}; allowed: one such as https://api.shop.example/v1/orders"
    if "{" in parts.netloc:
        return f"found {value!r}; the host cannot change from night to night"
    if parts.query or parts.fragment or value.endswith(("?", "#")):
        return "goes on after a `?` or `#`; put that under `parameters`, a secret under `token`"
    return _unknown_placeholder(value)

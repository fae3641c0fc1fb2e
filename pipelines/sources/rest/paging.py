"""Decides what is asked next, from the page that came. Pure; refuses what would never end."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from pipelines.errors import SourceError
from pipelines.sources.rest.body import Page, dig
from pipelines.sources.rest.origin import origin, shown
from pipelines.sources.rest.query import Query
from pipelines.specs.paging import Paging


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: a url and the parameters that are added to it."""

    url: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Came:
    """What a request brought, and how many pages and records there are with it. `url`: where the
    answer came from in the end; `link`: the next one in its `Link` header."""

    page: Page
    url: str
    link: str | None
    pages: int
    records: int


@dataclass(slots=True)
class Pager:
    """The pages of one question. `where` begins every sentence."""

    where: str
    query: Query
    paging: Paging | None
    _seen: set[bytes] = field(default_factory=set)
    _last_page: bytes = b""

    def first(self) -> Ask:
        """The first request."""
        sent = self._at(self._first) if self._counts else self._size()
        return Ask(self.query.url, self.query.parameters | sent)

    def after(self, asked: Ask, came: Came) -> Ask | None:
        """The request that follows, None when `came` is the last page. SourceError when the pages
        turn in a circle, leave the host, end too early or never."""
        self._refuse_same_page(came)
        following = self._following(came)
        if following is None or self.paging is None:
            return None
        mark = hashlib.sha256(repr(following).encode()).digest()
        if following == asked or mark in self._seen:
            raise SourceError(
                f"{self.where}: page {came.pages} leads back to a page that was read; the paging "
                "of the API turns in a circle: check `rest.paging`"
            )
        self._seen.add(mark)
        if came.pages >= self.paging.max_pages:
            raise SourceError(
                f"{self.where}: more than {came.pages} pages, which `rest.paging.max_pages` "
                "allows; raise it, or ask for less with `rest.parameters`"
            )
        return following

    @property
    def _counts(self) -> bool:
        return self.paging is not None and self.paging.by in {"page", "offset"}

    @property
    def _first(self) -> int:
        if self.paging is None:
            return 0
        default = 1 if self.paging.by == "page" else 0
        return default if self.paging.first is None else self.paging.first

    def _size(self) -> dict[str, str]:
        if self.paging is None or self.paging.size_parameter is None:
            return {}
        return {self.paging.size_parameter: str(self.paging.size)}

    def _at(self, place: int | str) -> dict[str, str]:
        name = self.paging.sends if self.paging else None
        return self._size() | ({name: str(place)} if name else {})

    def _following(self, came: Came) -> Ask | None:
        paging = self.paging
        if paging is None:
            return None
        if paging.more and not _is_true(dig(came.page.around, paging.more)):
            return None
        if self._counts:
            if self._is_last(paging, came):
                return None
            passed = came.pages if paging.by == "page" else came.records
            return Ask(self.query.url, self.query.parameters | self._at(self._first + passed))
        if paging.by == "link_header":
            return self._linked(came, came.link)
        return self._named(paging, came)

    def _named(self, paging: Paging, came: Came) -> Ask | None:
        """The request that the cursor or url in the answer leads to."""
        token: Any = dig(came.page.around, paging.next or "")
        if token in (None, False, ""):
            if paging.more:
                raise SourceError(
                    f"{self.where}: page {came.pages} says that there is more (`{paging.more}`), "
                    f"and has no `{paging.next}` to go on from; correct `rest.paging`"
                )
            return None
        if not isinstance(token, str):
            raise SourceError(
                f"{self.where}: `{paging.next}` of page {came.pages} is no text or number; set "
                "`rest.paging.next` to the dotted path of the next cursor or url"
            )
        if paging.by == "next_url":
            return self._linked(came, token)
        return Ask(self.query.url, self.query.parameters | self._at(token))

    def _is_last(self, paging: Paging, came: Came) -> bool:
        pages = self._total(paging.total_pages, came)
        records = self._total(paging.total_records, came)
        if pages is not None:
            return came.pages >= pages
        if records is not None:
            if came.page.spans:
                return came.records >= records
            if came.records < records:
                raise SourceError(
                    f"{self.where}: page {came.pages} is empty after {came.records} of the "
                    f"{records} records that `{paging.total_records}` says; the API may cap the "
                    "depth of paging: ask for less with `rest.parameters`, or page by cursor"
                )
            return True
        count = len(came.page.spans)
        return not count or (paging.ends == "short" and count < (paging.size or 0))

    def _total(self, path: str | None, came: Came) -> int | None:
        if path is None or not came.page.text:
            return None
        value: Any = dig(came.page.around, path)
        if not isinstance(value, str) or not value.isdecimal() or len(value) > 18:
            raise SourceError(
                f"{self.where}: page {came.pages} has no number at `{path}`, which `rest.paging` "
                "names as the total; correct it"
            )
        return int(value)

    def _linked(self, came: Came, link: str | None) -> Ask | None:
        if not link:
            return None
        try:
            url = urljoin(came.url, link)
            there, here = origin(url), origin(self.query.url)
        except ValueError:
            raise SourceError(f"{self.where}: the next url of page {came.pages} is none") from None
        if there != here:
            raise SourceError(
                f"{self.where}: page {came.pages} leads to {shown(there)}, not to {shown(here)}; "
                "pages are followed on the host of `rest.url` only: set that host there, or page "
                "by another kind"
            )
        return Ask(url, {})

    def _refuse_same_page(self, came: Came) -> None:
        digest = hashlib.sha256()
        for line in came.page.lines():
            digest.update(line)
        same, self._last_page = digest.digest() == self._last_page, digest.digest()
        if same and came.page.spans:
            raise SourceError(
                f"{self.where}: page {came.pages} holds the same records as the one before; the "
                "API seems not to know the parameter it is paged by: correct `rest.paging`"
            )


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in {"true", "1"})

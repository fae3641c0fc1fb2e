"""Asks an API over HTTP: politely, within bounds, and again where that helps."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urljoin

import requests
import tenacity
import urllib3

from pipelines import clock
from pipelines.errors import SourceError, TransientError
from pipelines.sources.rest.credentials import credentials
from pipelines.sources.rest.origin import origin, shown
from pipelines.sources.rest.paging import Ask
from pipelines.sources.rest.patience import Again, retry_after, wait
from pipelines.sources.rest.refusals import PASSING, refusal
from pipelines.specs.rest import Rest

_CHUNK = 64 << 10  # bytes
_MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_ERROR_BYTES = 16 << 10  # of an error page, for its message
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; `text` is None when there is no content (204). `url`: where it came from in
    the end; `link`: the next one in its `Link` header (RFC 8288)."""

    text: str | None
    url: str
    link: str | None


class Client:
    """One conversation with an API. `where` begins every sentence. To be closed after use."""

    def __init__(
        self,
        where: str,
        rest: Rest,
        headers: dict[str, str],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._where = where
        self._rest = rest
        self._sleep = sleep
        self._proof = credentials(where, rest)
        self._headers = headers
        self._home = origin(rest.url)
        self._free_at = clock.seconds()  # when the next request may go out
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json", "User-Agent": "nocturne"})

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._session.close()

    def get(self, ask: Ask) -> Answer:
        """The whole answer to a request. SourceError when the API refuses it or answers with what
        cannot be read; TransientError when it fails in passing, try after try."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._rest.tries),
            wait=wait,
            retry=tenacity.retry_if_exception_type(Again),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, ask)
        except Again as error:
            times = f"{self._rest.tries} times" if self._rest.tries > 1 else "once"
            raise TransientError(
                f"{self._where}: {error}; asked {times}. Run again later: it goes on with the page "
                "it stopped at"
            ) from None

    def _once(self, ask: Ask) -> Answer:
        try:
            return self._follow(ask)
        except requests.exceptions.SSLError as error:
            if "CERTIFICATE_VERIFY_FAILED" not in str(error):
                raise Again("the host hung up while encryption was agreed on") from None
            raise SourceError(
                f"{self._where}: the certificate of the host cannot be verified; name the file of "
                "your authority's certificates in the environment variable REQUESTS_CA_BUNDLE"
            ) from None
        except requests.exceptions.ConnectTimeout:
            raise Again("the host does not answer") from None
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
            raise Again(self._too_slow()) from None
        except (requests.exceptions.InvalidURL, UnicodeError):
            raise SourceError(f"{self._where}: asked to go on at a url that is none") from None
        # Their texts may hold the url with all its parameters: told is the kind.
        except requests.exceptions.ConnectionError:
            raise Again("the host cannot be reached, or hung up before it answered") from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError):
            raise Again("the answer broke off, or could not be unpacked") from None

    def _follow(self, ask: Ask) -> Answer:
        url, parameters = ask.url, ask.parameters
        for _ in range(_MOST_REDIRECTS + 1):
            self._pace()
            deadline = clock.seconds() + self._rest.timeout_seconds
            with self._session.get(
                url,
                params=parameters,
                headers=self._headers_for(url),
                auth=_as_it_is,
                timeout=self._rest.timeout_seconds,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    url, parameters = self._redirected(response), {}
                    continue
                return self._whole(response, deadline)
        raise SourceError(
            f"{self._where}: redirects more than {_MOST_REDIRECTS} times; check `rest.url`"
        )

    def _headers_for(self, url: str) -> dict[str, str]:
        """The configured headers and the secret are for the configured host alone; it may move
        from http to https."""
        there = origin(url)
        moved_up = there == ("https", self._home[1], 443) and self._home[::2] == ("http", 80)
        return self._headers | self._proof.headers if there == self._home or moved_up else {}

    def _redirected(self, response: requests.Response) -> str:
        try:
            url = urljoin(response.url, response.headers["location"])
            there = origin(url)
        except ValueError:
            raise SourceError(f"{self._where}: redirects to a url that is none") from None
        if there[0] not in {"https", self._home[0]} or not there[1]:
            raise SourceError(
                f"{self._where}: redirects to {shown(there)}, where records would travel in clear "
                "text; check `rest.url`"
            )
        return url

    def _pace(self) -> None:
        if self._rest.requests_per_second is None:
            return
        now = clock.seconds()
        if self._free_at > now:
            self._sleep(self._free_at - now)
        self._free_at = max(now, self._free_at) + 1 / self._rest.requests_per_second

    def _whole(self, response: requests.Response, deadline: float) -> Answer:
        status = response.status_code
        if status in PASSING:
            raise self._passing(response)
        if status not in {200, 203, 204}:
            body = self._read(response, deadline, _ERROR_BYTES, is_cut=True)
            raise refusal(self._where, status, body, self._proof)
        body = self._read(response, deadline, self._rest.max_answer_mb * _MB)
        link = response.links.get("next", {}).get("url")
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{self._where}: answers with text that is not UTF-8 (byte {error.start}), which "
                "JSON is written in"
            ) from None
        return Answer(None if status == 204 else text, response.url, link)

    def _read(
        self, response: requests.Response, deadline: float, limit: int, is_cut: bool = False
    ) -> bytes:
        """The body, unpacked, of at most `limit` bytes; what is longer is cut or refused. Read as
        it comes, so that a host that sends drop by drop cannot hold the night."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > limit:
                if is_cut:
                    break
                raise SourceError(
                    f"{self._where}: an answer is larger than {self._rest.max_answer_mb} MB; ask "
                    "for smaller pages (`rest.paging.size`), or raise `rest.max_answer_mb`"
                )
            if clock.seconds() > deadline:
                raise Again(self._too_slow())
        return bytes(body)

    def _passing(self, response: requests.Response) -> Exception:
        reason = f"answers {response.status_code}"
        after = retry_after(response.headers.get("retry-after"))
        if after is not None and after > self._rest.longest_wait_seconds:
            return TransientError(
                f"{self._where}: {reason} and asks to wait for {after:.0f} seconds, longer than "
                f"`rest.longest_wait_seconds` ({self._rest.longest_wait_seconds}) allows; run "
                "again later: it goes on with the page it stopped at"
            )
        return Again(reason, after)

    def _too_slow(self) -> str:
        return (
            f"no whole answer within {self._rest.timeout_seconds:g} seconds "
            "(`rest.timeout_seconds`)"
        )


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending what a .netrc file on this machine holds."""
    return request

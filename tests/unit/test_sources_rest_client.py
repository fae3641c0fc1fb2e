"""An API that is slow, busy, strict or broken is asked politely, and never told the wrong thing."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines import clock
from pipelines.errors import NocturneError, SourceError, TransientError
from pipelines.sources.rest.client import Answer, Client
from pipelines.sources.rest.paging import Ask
from pipelines.sources.rest.patience import retry_after
from pipelines.specs.rest import Rest
from tests.unit.rest_api import Api, Reply, self_signed, serving

WHERE = "source 'api': here"
TOKEN = {"secret": "SHOP_TOKEN"}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("SHOP_TOKEN", "t0p-secret\n")
    with serving() as api:
        yield api


def get(api: Api, waits: list[float] | None = None, url: str = "", **rest: Any) -> Answer:
    spec = Rest.model_validate({"url": url or f"{api.url}/orders"} | rest)
    slept: list[float] = [] if waits is None else waits
    with Client(WHERE, spec, spec.headers, slept.append) as client:
        return client.get(Ask(spec.url, {}))


def failing(api: Api, *replies: Reply) -> None:
    """Answers in turn; the last one for ever."""
    left = list(replies)
    api.answer = lambda asked: left.pop(0) if len(left) > 1 else left[0]


def refused(api: Api, kind: type[NocturneError] = SourceError, **rest: Any) -> str:
    with pytest.raises(kind) as caught:
        get(api, **rest)
    told = str(caught.value)
    assert told.startswith(WHERE)
    assert "t0p-secret" not in told
    return told


def test_retry_after_is_obeyed_to_the_second(api: Api) -> None:
    busy = [
        Reply(status=code, headers={"Retry-After": text}) for code, text in ((429, "7"), (503, "0"))
    ]
    failing(api, *busy, Reply("[]"))
    waits: list[float] = []
    assert get(api, waits).text == "[]"
    assert waits == [7.0, 0.0]


def test_retry_after_may_be_a_date(api: Api) -> None:
    later = format_datetime(clock.now() + timedelta(hours=1), usegmt=True)
    failing(api, Reply(status=503, headers={"Retry-After": later}), Reply("[]"))
    waits: list[float] = []
    get(api, waits, longest_wait_seconds=3600)
    assert 0 < waits[0] <= 3600
    assert len(waits) == 1


@pytest.mark.parametrize("text", ["soon", "-5", "Wed, 99 Foo", ""])
def test_a_retry_after_that_cannot_be_read_asks_for_nothing(text: str) -> None:
    assert retry_after(text) is None


def test_a_wait_that_is_too_long_ends_the_night_at_once(api: Api) -> None:
    failing(api, Reply(status=429, headers={"Retry-After": "9000"}))
    told = refused(api, TransientError)
    assert "asks to wait for 9000 seconds, longer than `rest.longest_wait_seconds` (300)" in told
    assert len(api.asked) == 1


def test_passing_failures_are_tried_again_ever_more_slowly(api: Api) -> None:
    replies = [Reply(status=code) for code in (500, 502, 504)]
    failing(api, *replies, Reply("[1, 2, 3]", cut_at=2), Reply("[]"))
    waits: list[float] = []
    assert get(api, waits).text == "[]"
    for number, wait in enumerate(waits):
        assert 2**number <= wait <= 2**number + 1
    assert len(waits) == 4


def test_tries_end(api: Api) -> None:
    failing(api, Reply(status=500))
    assert "answers 500; asked 3 times" in refused(api, TransientError, tries=3)
    assert len(api.asked) == 3


def test_a_host_that_is_not_there_is_told_as_passing(api: Api) -> None:
    told = refused(api, TransientError, url="http://127.0.0.1:1/orders", tries=2)
    assert "cannot be reached" in told


@pytest.mark.parametrize("drips", [False, True])
def test_a_slow_answer_is_given_up_whether_silent_or_drop_by_drop(api: Api, drips: bool) -> None:
    released = threading.Event()
    failing(api, Reply("[" + " " * 9000 + "]", waits=released, drips=drips))
    try:
        told = refused(api, TransientError, tries=1, timeout_seconds=0.2)
    finally:
        released.set()
    assert "no whole answer within 0.2 seconds" in told


def test_requests_keep_their_distance(api: Api) -> None:
    spec = Rest.model_validate({"url": api.url, "requests_per_second": 0.01})
    waits: list[float] = []
    with Client(WHERE, spec, {}, waits.append) as client:
        for _ in range(3):
            client.get(Ask(spec.url, {}))
    assert len(waits) == 2
    assert 0 < waits[0] <= 100 < waits[1] <= 200


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "answers 400, which asking again does not change"),
        (401, "answers 401 (unauthorized): it does not accept what SHOP_TOKEN holds"),
        (403, "answers 403 (forbidden): the owner of SHOP_TOKEN may not read this"),
        (404, "answers 404 (nothing is there); check `rest.url`"),
        (501, "answers 501"),
    ],
)
def test_a_refusal_is_told_in_words_and_without_the_token(
    api: Api, status: int, words: str
) -> None:
    failing(api, Reply({"errors": [{"detail": "no: t0p-secret is\nbad"}]}, status=status))
    told = refused(api, token=TOKEN)
    assert words in told
    assert told.endswith("It says: no: *** is bad")
    assert len(api.asked) == 1


def test_an_api_that_wants_a_token_says_which_setting_gives_one(api: Api) -> None:
    failing(api, Reply("<html>", status=401))
    assert "set `rest.token` or `rest.basic`" in refused(api)


@pytest.mark.parametrize(
    ("rest", "header", "sent"),
    [
        ({"token": TOKEN}, "authorization", "Bearer t0p-secret"),
        ({"token": TOKEN | {"scheme": "Api-Key"}}, "authorization", "Api-Key t0p-secret"),
        ({"token": TOKEN | {"header": "X-Key", "scheme": ""}}, "x-key", "t0p-secret"),
        ({"basic": {"user": "U", "password": "P"}}, "authorization", "Basic dTpw"),
        ({"headers": {"revision": "2024-10-15"}}, "revision", "2024-10-15"),
    ],
)
def test_who_asks_is_proved_as_configured(
    api: Api, monkeypatch: pytest.MonkeyPatch, rest: dict[str, Any], header: str, sent: str
) -> None:
    monkeypatch.setenv("U", "u")
    monkeypatch.setenv("P", "p")
    get(api, **rest)
    assert api.asked[0].headers[header] == sent


def test_a_netrc_file_is_not_sent(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    get(api)
    assert "authorization" not in api.asked[0].headers


@pytest.mark.parametrize("value", ["", "two\nlines", "clé"])
def test_a_secret_that_cannot_be_sent_is_named_not_shown(
    api: Api, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", value)
    told = refused(api, token=TOKEN)
    expected = "what SHOP_TOKEN holds cannot be sent" if value else "SHOP_TOKEN is not set"
    assert expected in told
    assert not value or value not in told
    assert api.asked == []


def test_a_user_with_a_colon_is_named_not_sent(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("U", "a:b")
    told = refused(api, basic={"user": "U", "password": "SHOP_TOKEN"})
    assert "what U holds cannot be sent; allowed: a user without a colon" in told


def test_a_certificate_is_verified_by_the_authority_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    with serving(certificate) as api:
        told = refused(api)
        assert "the certificate of the host cannot be verified" in told
        assert "REQUESTS_CA_BUNDLE" in told
        assert api.asked == []
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert get(api).text == "[]"


def test_a_redirect_from_https_to_http_is_refused(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with serving(certificate) as strict:
        failing(strict, Reply(status=301, headers={"Location": f"{api.url}/orders"}))
        assert "in clear text; check `rest.url`" in refused(strict, token=TOKEN)
    assert api.asked == []


def test_a_host_that_speaks_no_tls_is_told_as_passing(api: Api) -> None:
    url = api.url.replace("http://", "https://")
    assert "asked once" in refused(api, TransientError, url=url, tries=1)


@pytest.mark.parametrize("cut_at", [None, 3])
def test_an_answer_in_chunks_is_read_whole_or_asked_for_again(api: Api, cut_at: int | None) -> None:
    failing(api, Reply("[1, 2, 3]", chunk=2, cut_at=cut_at), Reply("[1, 2, 3]", chunk=4))
    waits: list[float] = []
    assert get(api, waits).text == "[1, 2, 3]"
    assert len(waits) == (0 if cut_at is None else 1)


def test_a_redirect_to_another_host_carries_no_secret(api: Api) -> None:
    with serving() as other:
        other.answer = lambda asked: Reply("[7]")
        failing(api, Reply(status=302, headers={"Location": f"{other.url}/elsewhere"}))
        answer = get(api, token=TOKEN, headers={"X-Shop": "ours"})
        assert answer.text == "[7]"
        assert other.asked[0].path == "/elsewhere"
        assert not {"authorization", "x-shop"} & set(other.asked[0].headers)
    assert api.asked[0].headers["authorization"] == "Bearer t0p-secret"


def test_a_redirect_on_the_same_host_carries_the_secret(api: Api) -> None:
    failing(api, Reply(status=308, headers={"Location": "/v2/orders?x=1"}), Reply("[]"))
    answer = get(api, token=TOKEN)
    assert answer.url == f"{api.url}/v2/orders?x=1"
    assert api.asked[1].headers["authorization"] == "Bearer t0p-secret"


def test_redirects_without_end_are_refused(api: Api) -> None:
    failing(api, Reply(status=302, headers={"Location": "/again"}))
    assert "redirects more than 5 times" in refused(api)


def test_a_redirect_to_no_web_address_is_refused(api: Api) -> None:
    failing(api, Reply(status=302, headers={"Location": "file:///etc/passwd"}))
    assert "check `rest.url`" in refused(api)


def test_an_answer_is_bounded_once_unpacked(api: Api) -> None:
    packed = Reply("[" + " " * 3_000_000 + "]", headers={"Content-Encoding": "gzip"})
    failing(api, packed)
    told = refused(api, max_answer_mb=2)
    assert "an answer is larger than 2 MB" in told
    assert len(get(api, max_answer_mb=3).text or "") == 3_000_002


def test_an_answer_that_cannot_be_unpacked_is_asked_for_again(api: Api) -> None:
    failing(api, Reply(b"none at all", headers={"Content-Encoding": "deflate"}), Reply("[]"))
    waits: list[float] = []
    assert get(api, waits).text == "[]"
    assert len(waits) == 1


def test_text_that_is_not_utf8_is_refused(api: Api) -> None:
    failing(api, Reply('["é"]'.encode("latin-1")))
    assert "not UTF-8 (byte 2)" in refused(api)

"""The section `rest` of a configuration is right, or told to be wrong before anything is asked."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import doctor
from pipelines.errors import ConfigError
from pipelines.specs.shop import load_shop
from tests.conftest import ROOT
from tests.contract.world import FrontDoor

SECTION: dict[str, Any] = {
    "url": "https://api.shop.example/orders",
    "paging": {"by": "cursor", "next": "next"},
    "token": {"secret": "SHOP_TOKEN"},
}
COLUMNS = {
    "order_id": "id",
    "ordered_at": "at",
    "status": "state",
    "total_amount": "total",
    "email": "email",
}


def source(**rest: Any) -> dict[str, Any]:
    section = {k: v for k, v in (SECTION | rest).items() if v is not None}
    return {"entity": "orders", "connector": "rest", "rest": section, "columns": COLUMNS}


def mistakes(config: dict[str, Any], write_config: Any, changed: dict[str, Any]) -> str:
    config["sources"]["orders"] = changed
    with pytest.raises(ConfigError) as caught:
        load_shop(write_config(config))
    return str(caught.value)


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ({"url": "ftp://x.example"}, "url: found 'ftp://x.example'; allowed: one such as https://"),
        ({"url": "https://x.example:port/"}, "url: no url; allowed"),
        ({"url": "https://x.example/a?key=s3cr-et!"}, "url: goes on after a `?` or `#`; put"),
        ({"url": "https://{as_of}.example/"}, "url: found 'https://{as_of}.example/'; the host"),
        ({"url": "https://x.example/{day}"}, "url: found {day}; allowed: {as_of}, {since}"),
        ({"url": "http://x.example/orders"}, "url: a secret would travel in clear text"),
        ({"parameters": {"from": "{sinse}"}}, "parameters: found {sinse}; allowed: {as_of}"),
        ({"parameters": {"cursor": "1"}}, "parameters: 'cursor' is what paging sends"),
        ({"parameters": {"n": 5}}, "parameters.n: found 5; allowed: a text"),
        ({"headers": {"authorization": "Bearer x"}}, "headers: found 'authorization'; set `token`"),
        ({"headers": {"X-A": "a\nb"}}, "headers: the value of 'X-A': allowed: one line"),
        ({"headers": {"X A": "a"}}, "headers: allowed: the name of a header"),
        ({"records": "data..orders"}, "records: found 'data..orders'; allowed: names with dots"),
        ({"token": {"secret": "s3cr-et!"}}, "token.secret: allowed: the name of an environment"),
        ({"token": {"secret": "T", "scheme": "Bearer x"}}, "token.scheme: allowed: a word"),
        ({"basic": {"user": "U", "password": "P"}}, "basic: `token` is there too"),
        ({"paging": {"by": "pages"}}, "paging.by: found 'pages'"),
        ({"paging": {"by": "cursor"}}, "paging.next: missing; `by: cursor` requires it"),
        ({"paging": {"by": "page", "next": "n"}}, "paging.next: means nothing with `by: page`"),
        ({"paging": {"by": "page", "size_parameter": "n"}}, "paging.size: missing"),
        ({"paging": {"by": "page", "ends": "short"}}, "paging.size: missing; `ends: short`"),
        ({"paging": {"by": "page", "siez": 5}}, "paging.siez: unknown setting; did you mean"),
        ({"tries": 0, "timeout_seconds": 0}, "tries: found 0"),
        ({"starts_on": "soon"}, "starts_on: found 'soon'"),
        ({"look_back": 5}, "look_back: unknown setting; did you mean 'look_back_hours'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_is_allowed(
    small_config: dict[str, Any], write_config: Any, rest: dict[str, Any], told: str
) -> None:
    text = mistakes(small_config, write_config, source(**rest))
    assert f"sources.orders.rest.{told}" in text, text
    assert "s3cr-et!" not in text


def test_a_user_in_the_url_is_refused_and_not_repeated(
    small_config: dict[str, Any], write_config: Any
) -> None:
    text = mistakes(small_config, write_config, source(url="https://ada:pa55@x.example/o"))
    assert "sources.orders.rest.url: holds a user or a password" in text
    assert "pa55" not in text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rest": None}, "rest: missing; it is required with connector 'rest'"),
        ({"path": "a.csv"}, "path: means nothing with connector 'rest'; remove it"),
        ({"format": "csv"}, "format: means nothing with connector 'rest'"),
        ({"connector": "file"}, "path: missing; it is required with connector 'file'"),
        ({"connector": "file"}, "format: missing; it is required"),
        ({"connector": "file"}, "rest: means nothing with connector 'file'"),
        ({"connector": "soap"}, "connector: found 'soap'"),
    ],
)
def test_a_connector_wants_its_own_settings_and_no_others(
    small_config: dict[str, Any], write_config: Any, changes: dict[str, Any], told: str
) -> None:
    changed = {k: v for k, v in (source() | changes).items() if v is not None}
    assert f"sources.orders.{told}" in mistakes(small_config, write_config, changed)


def test_a_secret_may_go_in_clear_text_to_this_machine_only() -> None:
    from pipelines.specs.rest import Rest

    for host in ("127.0.0.1:8000", "localhost", "[::1]:1"):
        assert Rest.model_validate(SECTION | {"url": f"http://{host}/orders"}).secrets


def test_doctor_asks_for_the_secrets_of_an_api(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = FrontDoor(tmp_path, shop_orders=source())
    monkeypatch.delenv("SHOP_TOKEN", raising=False)
    (finding,) = doctor._sources(door.shop)
    assert (finding.fine, finding.found) == (False, "SHOP_TOKEN is not set")
    monkeypatch.setenv("SHOP_TOKEN", "t0p-secret")
    (finding,) = doctor._sources(door.shop)
    assert (finding.fine, finding.found) == (True, "asks https://api.shop.example/orders")


WITHOUT_REQUESTS = """
import json, sys
from pathlib import Path
sys.modules["requests"] = None
from pipelines.errors import SourceError
from tests.contract.world import D1, FrontDoor
try:
    FrontDoor(Path(sys.argv[1]), shop_orders=json.loads(sys.argv[2])).extract(D1)
except SourceError as error:
    print(error)
"""


def test_a_library_that_is_not_installed_is_named_with_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_REQUESTS, tmp_path, json.dumps(source())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        "'requests' is not installed; run `pip install 'nocturne-marketing[rest]'`" in done.stdout
    )

"""What the configuration may say of remote files: every mistake is told with what is allowed."""

import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError, SourceError
from pipelines.specs.remote import address
from pipelines.specs.shop import load_shop
from tests.contract.world import D1, ORDERS, FrontDoor

SFTP = {"user": "U", "password": "P"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"path": "ftp://h/{date}.csv"}, "path: found ftp://; allowed: a path on this machine"),
        ({"path": "sftp://ana:pw@h/a.csv", "access": SFTP}, "name them under `access`"),
        ({"path": "sftp:///a.csv", "access": SFTP}, "allowed: sftp://host[:port]/folder/file"),
        ({"path": "s3://buck{date}/a.csv"}, "allowed: s3://bucket/key"),
        ({"path": "s3://bucket/"}, "path: names no file within s3://bucket/"),
        ({"path": "sftp://h/a.csv", "access": {"password": "P"}}, "access.user: missing"),
        ({"path": "sftp://h/a.csv", "access": {"user": "U"}}, "one of password, private_key"),
        ({"path": "sftp://h/a.csv", "access": SFTP | {"region": "x"}}, "sftp:// knows no such"),
        (
            {
                "path": "sftp://h/a.csv",
                "access": SFTP | {"known_hosts": "f", "host_key": "SHA256:" + "A" * 43},
            },
            "access.host_key: known_hosts is given too; remove one of the two",
        ),
        ({"path": "sftp://h/a.csv", "access": SFTP | {"host_key": "MD5:1"}}, "host_key: found"),
        ({"path": "s3://b/a.csv", "access": {"key": "K"}}, "key and secret belong together"),
        (
            {"path": "s3://b/a.csv", "access": {"key": "AKIA/x"}},
            "access.key: allowed: the name of an environment variable, or airflow:",
        ),
        ({"path": "s3://b/a.csv", "access": {"endpoint": "h:9000"}}, "access.endpoint: found"),
        ({"path": "a.csv", "access": SFTP}, "access: only a remote path needs it"),
        ({"path": "a.csv", "done_marker": "x.done"}, "allowed: a name like {path}.done"),
        ({"path": "a.csv", "done_marker": "{folder}/a/x"}, "done_marker: found '{folder}/a/x'"),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed(
    small_config: dict[str, Any], write_config: Any, settings: dict[str, Any], told: str
) -> None:
    small_config["sources"]["orders"] |= settings
    with pytest.raises(ConfigError) as error:
        load_shop(write_config(small_config))
    assert "1 mistake\n" in str(error.value)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("path", "place", "inside"),
    [
        ("in//a/./b.csv", "", "in/a/b.csv"),
        ("/in/b.csv", "", "/in/b.csv"),
        ("sftp://h:22/in//b.csv", "sftp://h:22", "/in/b.csv"),
        ("sftp://h/~/in/b.csv", "sftp://h/~/", "in/b.csv"),
        ("s3://b/in//b.csv", "s3://b/", "in/b.csv"),
    ],
)
def test_a_path_is_cut_where_the_place_ends(path: str, place: str, inside: str) -> None:
    assert (address(path).place, address(path).inside) == (place, inside)


def test_a_missing_library_is_told_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library, kind, access in (("asyncssh", "sftp", SFTP), ("obstore", "s3", {})):
        monkeypatch.setitem(sys.modules, library, None)
        source = {**ORDERS, "path": f"{kind}://place/{{date}}.csv", "access": access}
        with pytest.raises(SourceError, match=f"needs the library {library}; install it: make"):
            FrontDoor(tmp_path, shop_orders=source).extract(D1)

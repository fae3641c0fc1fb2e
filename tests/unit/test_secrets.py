"""Secrets by name: environment variables and Airflow's connections."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pipelines import secrets
from pipelines.cli import doctor
from pipelines.errors import SourceError
from pipelines.secrets import MissingSecret
from pipelines.sources.secrets import given
from pipelines.specs.closed import SecretName
from tests.conftest import ROOT
from tests.contract.world import ORDERS, FrontDoor

SFTP = {
    **ORDERS,
    "path": "sftp://files.shop.example/{date}.csv",
    "access": {"user": "CRM_USER", "password": "CRM_PASSWORD"},
}

PROBE = """
import json, sys
import pipelines.orchestration
from pipelines import secrets
from pipelines.sources.sql.url import address
told = {}
for name, part in json.loads(sys.argv[1]):
    try:
        told[f"{name} {part}"] = secrets.read(name, part)
    except secrets.MissingSecret as error:
        told[f"{name} {part}"] = f"! {error}"
places = [address("x", name).place for name in json.loads(sys.argv[2])]
print(json.dumps([told, places]))
"""
CONNECTIONS = {
    "SHOP_API": {"conn_type": "http", "login": "nina", "password": "t0ken"},
    "SHOP_S3": {
        "conn_type": "aws",
        "login": "AKIA1",
        "password": "s3cret/+",
        "extra": {"aws_session_token": "sess", "region_name": "eu-west-3"},
    },
    "OTHER_S3": {
        "conn_type": "aws",
        "extra": {"aws_access_key_id": "AKIA2", "aws_secret_access_key": "s3cret2"},
    },
    "CRM": {
        "conn_type": "sftp",
        "login": "crm",
        "extra": {"private_key": "-----BEGIN", "private_key_passphrase": "unlock"},
    },
    "GCP": {"conn_type": "google_cloud_platform", "extra": {"keyfile_dict": {"type": "sa"}}},
    "DB": {
        "conn_type": "postgres",
        "host": "db.internal",
        "login": "ni na",
        "password": "a/b@c",
        "schema": "shop",
        "port": 5433,
        "extra": {"sslmode": "require", "cursor": "dictcursor", "nested": {"a": 1}},
    },
    "EMPTY_EXTRA": {"conn_type": "postgres", "host": "db", "schema": "shop", "extra": "{}"},
    "LITE": {"conn_type": "sqlite", "host": "/srv/my shop.db"},
}


def test_airflows_connections_give_each_setting_its_field(tmp_path: Path) -> None:
    """By Airflow's own API, which also reads connections from environment variables."""
    asked = {
        ("airflow:shop_api", "user"): "nina",
        ("airflow:shop_api", "password"): "t0ken",
        ("airflow:shop_s3", "key"): "AKIA1",
        ("airflow:shop_s3", "secret"): "s3cret/+",
        ("airflow:shop_s3", "token"): "sess",
        ("airflow:other_s3", "key"): "AKIA2",
        ("airflow:other_s3", "secret"): "s3cret2",
        ("airflow:crm", "private_key"): "-----BEGIN",
        ("airflow:crm", "passphrase"): "unlock",
        ("airflow:gcp", "secret"): '{"type": "sa"}',
        ("airflow:db", "uri"): (
            "postgres://ni%20na:a%2Fb%40c@db.internal:5433/shop?sslmode=require"
        ),
        ("airflow:empty_extra", "uri"): "postgres://db/shop",
        ("airflow:lite", "uri"): "sqlite:////srv/my%20shop.db",
        ("airflow:by_uri", "uri"): "sqlite:////srv/x.db",
        ("airflow:crm", "password"): "! Airflow's connection 'crm' has nothing in password",
        ("airflow:none", "password"): "! Airflow has no connection 'none': add it there",
    }
    urls = ["airflow:db", "airflow:empty_extra", "airflow:lite", "airflow:by_uri"]
    env = {
        **os.environ,
        **{f"AIRFLOW_CONN_{name}": json.dumps(value) for name, value in CONNECTIONS.items()},
        "AIRFLOW_CONN_BY_URI": "sqlite:////srv/x.db",
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROBE, json.dumps(list(asked)), json.dumps(urls)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    told, places = json.loads(run.stdout.splitlines()[-1])
    assert told == {f"{name} {part}": value for (name, part), value in asked.items()}
    assert places == ["db.internal:5433/shop", "db/shop", "/srv/my shop.db", "/srv/x.db"]


def test_without_airflow_a_connection_is_a_clear_mistake() -> None:
    with pytest.raises(SourceError) as caught:
        given("source 'orders'", "airflow:shop_api", "password", "the token")
    assert str(caught.value) == (
        "source 'orders': airflow:shop_api is a connection of Airflow, which only its tasks can "
        "look up: run the night there, or name an environment variable; it is to hold the token"
    )


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_empty_is_not_set(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("SHOP_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("SHOP_TOKEN", value)
    with pytest.raises(MissingSecret, match="the environment variable SHOP_TOKEN is not set"):
        secrets.read("SHOP_TOKEN")


def test_the_line_end_of_a_secret_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", " t0ken \r\n")
    assert given("x", "SHOP_TOKEN", "password", "it") == " t0ken "


@pytest.mark.parametrize(
    "written", ["hunter2!", "postgresql://a:b@c/d", "airflow:a b", "vault:x", "1A"]
)
def test_a_secret_in_the_place_of_its_name_is_not_repeated(written: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(SecretName).validate_python(written)
    sentence = caught.value.errors()[0]["msg"]
    assert "never the secret itself" in sentence
    assert written not in sentence


def test_doctor_lists_the_secrets_that_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CRM_USER", "CRM_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    door = FrontDoor(tmp_path, shop_orders=SFTP)
    (finding,) = doctor._sources(door.shop)
    assert not finding.fine
    assert finding.found == "CRM_PASSWORD, CRM_USER are not set"
    assert finding.mend == "export CRM_PASSWORD=<the secret>"
    by_airflow = {"user": "airflow:crm", "password": "airflow:crm"}
    door.configure(shop_orders={**SFTP, "access": by_airflow})
    (finding,) = doctor._sources(door.shop)
    assert (finding.fine, finding.found) == (True, "airflow:crm, which Airflow's tasks look up")


@pytest.mark.parametrize(
    ("changes", "module", "extra"),
    [
        ({"format": "excel", "path": "{folder}/{date}.xlsx"}, "openpyxl", "excel"),
        ({"format": "json"}, "ijson", "json"),
        ({"path": SFTP["path"], "access": SFTP["access"]}, "asyncssh", "sftp"),
        ({"path": "s3://bucket/{date}.csv"}, "obstore", "object-store"),
    ],
)
def test_doctor_tells_a_library_that_a_source_lacks(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    module: str,
    extra: str,
) -> None:
    door = FrontDoor(tmp_path, shop_orders={**ORDERS, **changes})
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name == module else object())
    (finding,) = doctor._sources(door.shop)
    assert not finding.fine
    assert finding.found.startswith(f"the library {module} for ")
    assert finding.found.endswith(" is not installed")
    assert finding.mend == f"pip install -e '.[{extra}]'"

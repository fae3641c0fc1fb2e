"""Secrets by name: `SHOP_TOKEN` is an environment variable, `airflow:shop_api` the connection
`shop_api` of Airflow, of which each setting takes the field that holds such a secret there. Nothing
here is logged or stored."""

import os
from collections.abc import Callable, Mapping
from typing import Literal

Part = Literal["user", "password", "private_key", "passphrase", "key", "secret", "token", "uri"]
Connections = Callable[[str], Mapping[str, str] | None]

_FIELDS: dict[Part, tuple[str, ...]] = {  # of a connection, those of its extra included; first wins
    "user": ("login",),
    "password": ("password",),
    "private_key": ("private_key", "key_file"),
    "passphrase": ("private_key_passphrase",),
    "key": ("login", "aws_access_key_id"),
    "secret": ("password", "aws_secret_access_key", "keyfile_dict", "key_path"),
    "token": ("aws_session_token",),
    "uri": ("uri",),
}
_AIRFLOW = "airflow:"
_at_hand: list[Connections] = []  # empty but in a process of Airflow's


class MissingSecret(LookupError):
    """A secret is not there; the text says which and why, and is the middle of a sentence."""


def use_connections(connections: Connections) -> None:
    """Look connections up by `connections` from now on: id → filled fields, None without one."""
    _at_hand[:] = [connections]


def is_of_airflow(name: str) -> bool:
    """Whether a secret's name is that of a connection of Airflow."""
    return name.startswith(_AIRFLOW)


def read(name: str, part: Part = "password") -> str:
    """The secret called `name`; of a connection, its `part`. MissingSecret when it is not there."""
    if is_of_airflow(name):
        return _of_connection(name.removeprefix(_AIRFLOW), part)
    value = os.environ.get(name)
    if not value:
        raise MissingSecret(f"the environment variable {name} is not set")
    return value


def _of_connection(connection: str, part: Part) -> str:
    if not _at_hand:
        raise MissingSecret(
            f"{_AIRFLOW}{connection} is a connection of Airflow, which only its tasks can look up: "
            "run the night there, or name an environment variable"
        )
    fields = _at_hand[0](connection)
    if fields is None:
        raise MissingSecret(f"Airflow has no connection {connection!r}: add it there")
    for field in _FIELDS[part]:
        if fields.get(field):
            return fields[field]
    raise MissingSecret(
        f"Airflow's connection {connection!r} has nothing in {' or '.join(_FIELDS[part])}"
    )

"""Files on other machines: how a path names them, and what opens the door to them."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import Field

from pipelines.secrets import Part
from pipelines.specs.closed import Closed, SecretName

_SECRETS: dict[str, tuple[Part, ...]] = {  # the secrets that each kind of place knows
    "sftp": ("user", "password", "private_key", "passphrase"),
    "s3": ("key", "secret", "token"),
    "az": ("key", "secret"),
    "gs": ("secret",),
}
_PLAIN = {
    "sftp": ("known_hosts", "host_key"),
    "s3": ("endpoint", "region"),
    "az": ("endpoint",),
    "gs": (),
}
_MARKERS = "{path}.done, {stem}.done or {folder}/_SUCCESS"


class Access(Closed):
    """How to get at remote files; of a secret only its name stands here. SFTP: user, password,
    private_key, passphrase, known_hosts, host_key. S3: key, secret, token, endpoint, region;
    without key and secret, what the machine itself is allowed (AWS_… variables, the role of the
    instance). Azure: key (the account's name), secret (its key), endpoint. Google: secret (the
    service account's JSON)."""

    user: SecretName | None = None  # name of a secret: the user's name
    password: SecretName | None = None  # name of a secret: the password
    private_key: SecretName | None = None  # name of a secret: the key, or the path of its file
    passphrase: SecretName | None = None  # name of a secret: what unlocks the private key
    known_hosts: str | None = None  # file of host keys; else ~/.ssh/known_hosts
    host_key: str | None = Field(
        default=None, pattern=r"^SHA256:[A-Za-z0-9+/]{43}=?$"
    )  # the server's fingerprint, instead of known_hosts
    key: SecretName | None = None  # name of a secret: the access key's id
    secret: SecretName | None = None  # name of a secret: the secret access key
    token: SecretName | None = None  # name of a secret: the session token
    endpoint: str | None = Field(
        default=None, pattern=r"^https?://[^/@\s]+(/\S*)?$"
    )  # of a service that is not the cloud's own
    region: str | None = None  # of the bucket

    @property
    def secrets(self) -> tuple[tuple[str, Part], ...]:
        """The names of the secrets that it needs, each with what it is."""
        parts: set[Part] = {part for known in _SECRETS.values() for part in known}
        return tuple((getattr(self, part), part) for part in sorted(parts) if getattr(self, part))


@dataclass(frozen=True, slots=True)
class Address:
    """A path as configured, cut in two: `place` ends where the path within it begins, so that
    `place + inside` is the path again. On this machine `kind` and `place` are empty."""

    kind: str  # sftp, s3, az, gs or empty
    host: str  # host[:port] or bucket
    place: str
    inside: str


def address(path: str) -> Address:
    """Where a path leads. An SFTP path counts from the server's root, or with `/~/` from the user's
    home; a key of a bucket has no leading slash."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", path)
    if not scheme:
        return Address("", "", "", PurePosixPath(path).as_posix())
    kind = scheme[1]
    host, _, rest = path[scheme.end() :].partition("/")
    plain = "/".join(part for part in rest.split("/") if part not in ("", "."))
    if kind != "sftp":
        return Address(kind, host, f"{kind}://{host}/", plain)
    if plain.startswith("~/"):
        return Address(kind, host, f"sftp://{host}/~/", plain.removeprefix("~/"))
    return Address(kind, host, f"sftp://{host}", f"/{plain}")


def mistakes(path: str, access: Access | None, done_marker: str | None) -> list[str]:
    """What is wrong with these settings of a source, each with its name and what is allowed."""
    where = address(path)
    if where.kind and where.kind not in _SECRETS:
        return [
            f"path: found {where.kind}://; allowed: a path on this machine, "
            + ", ".join(f"{kind}://" for kind in _SECRETS)
        ]
    found = _of_the_marker(done_marker) if done_marker is not None else []
    if not where.kind:
        return found + (["access: only a remote path needs it; remove it"] if access else [])
    return found + _of_the_place(where) + _of_the_access(where.kind, access or Access())


def _of_the_marker(done_marker: str) -> list[str]:
    if re.fullmatch(r"\{(path|stem)\}[^/{}]+|\{folder\}/[^/{}]+", done_marker):
        return []
    return [f"done_marker: found {done_marker!r}; allowed: a name like {_MARKERS}"]


def _of_the_place(where: Address) -> list[str]:
    if "@" in where.host:
        sentence = "no user or password in it; name them under `access`"
        return [f"path: allowed: {where.kind}://host/…, {sentence}"]
    host = r"[^\s{}*:]+(:\d{1,5})?" if where.kind == "sftp" else r"[^\s{}*:]+"
    if not re.fullmatch(host, where.host):
        form = (
            "sftp://host[:port]/folder/file"
            if where.kind == "sftp"
            else f"{where.kind}://bucket/key"
        )
        return [f"path: found {where.place!r} before the file; allowed: {form}"]
    if where.inside.strip("/") == "":
        return [f"path: names no file within {where.place}"]
    return []


def _of_the_access(kind: str, access: Access) -> list[str]:
    allowed = _SECRETS[kind] + _PLAIN[kind]
    found = [
        f"access.{name}: {kind}:// knows no such setting; allowed: {', '.join(allowed)}"
        for name in sorted(access.model_fields_set)
        if name not in allowed
    ]
    if kind == "sftp" and access.user is None:
        found.append("access.user: missing; allowed: the name of a secret")
    if kind == "sftp" and access.password is None and access.private_key is None:
        found.append("access: one of password, private_key is needed")
    if kind == "sftp" and access.known_hosts and access.host_key:
        found.append("access.host_key: known_hosts is given too; remove one of the two")
    if kind in ("s3", "az") and (access.key is None) != (access.secret is None):
        found.append("access: key and secret belong together; name both or none")
    return found

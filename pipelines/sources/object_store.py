"""Files in a bucket: S3 and what speaks like it, Azure, Google Cloud."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pipelines.errors import SourceError
from pipelines.sources.object_store_errors import sentence
from pipelines.sources.place import CHUNK, Entry, Session
from pipelines.sources.secrets import of_access, text_or_file
from pipelines.specs.remote import Access, Address

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

_REQUEST = {"connect_timeout": "10s", "timeout": "60s"}  # of a chunk, not of a whole file
_RETRIES = {  # within a request; a broken transfer is then tried again as a whole (patience.py)
    "max_retries": 2,
    "retry_timeout": timedelta(seconds=60),
    "backoff": {
        "init_backoff": timedelta(milliseconds=100),
        "max_backoff": timedelta(seconds=2),
        "base": 2,
    },
}


def place(label: str, where: Address, access: Access | None) -> "Bucket":
    """The bucket that a path names. SourceError when the library is not installed."""
    try:
        import obstore  # noqa: F401
    except ImportError:
        raise SourceError(
            f"{label}: {where.kind}:// needs the library obstore; install it: make install, or "
            "pip install 'nocturne-marketing[object-store]'"
        ) from None
    return Bucket(label, where.kind, where.host, access or Access())


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket (Azure: a container) and how to get at it."""

    label: str
    kind: str
    name: str
    access: Access

    @contextmanager
    def open(self) -> Iterator[Session]:
        from obstore import exceptions

        try:
            store = self._store()
        except (exceptions.BaseError, ValueError, TypeError):  # nobody was asked so far
            raise SourceError(
                f"{self.label}: cannot be opened with these settings; correct `path` or `access`"
            ) from None
        yield _Session(self, store)

    def _store(self) -> "ObjectStore":
        from obstore import store

        access, label = self.access, self.label
        client: Any = {**_REQUEST}
        if (access.endpoint or "").startswith("http://"):
            client["allow_http"] = True
        common: Any = {"client_options": client, "retry_config": _RETRIES}
        key = of_access(label, access, "key")
        secret = of_access(label, access, "secret")
        if self.kind == "gs":
            if access.secret is not None and secret is not None:
                text = text_or_file(label, access.secret, secret, "{")
                common["service_account_key"] = text
            return store.GCSStore(self.name, **common)
        if access.endpoint is not None:
            common["endpoint"] = access.endpoint
        if self.kind == "az":
            names = {"account_name": key, "account_key": secret}
            return store.AzureStore(self.name, **common, **_filled(names))
        names = {
            "access_key_id": key,
            "secret_access_key": secret,
            "session_token": of_access(label, access, "token"),
            "region": access.region,
        }
        return store.S3Store(self.name, **common, **_filled(names))

    @contextmanager
    def sentences(self) -> Iterator[None]:
        """Turns what the library raises into SourceError or TransientError."""
        from obstore import exceptions

        try:
            yield
        except (exceptions.BaseError, FileNotFoundError, PermissionError) as error:
            has_keys = self.access.secret is not None
            raise sentence(self.label, str(error), has_keys=has_keys) from None


def _filled(settings: dict[str, str | None]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


@dataclass(frozen=True, slots=True)
class _Session:
    """A bucket's keys seen as folders and files."""

    bucket: Bucket
    store: "ObjectStore"

    def folder(self, path: str) -> list[Entry] | None:
        with self.bucket.sentences():
            found = self.store.list_with_delimiter(path or None)
        folders = [Entry(name, 0, "", is_folder=True) for name in found["common_prefixes"]]
        return folders + [_entry(meta) for meta in found["objects"]] or None

    def below(self, base: str, parts: Sequence[re.Pattern[str]]) -> Iterator[Entry]:
        """A folder is listed as such; several levels as one list of keys, since there are no
        folders to go through: a thousand keys a request, not a request a day."""
        if len(parts) == 1:
            yield from self.folder(base) or []
            return
        with self.bucket.sentences():
            for chunk in self.store.list(base or None):
                yield from (_entry(meta) for meta in chunk)

    def state(self, path: str) -> Entry | None:
        with self.bucket.sentences():
            try:
                return _entry(self.store.head(path))
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise
                return None

    def read(self, entry: Entry, start: int) -> Iterator[bytes]:
        """Ends early when the file is no longer the one that was listed: `state` tells what is."""
        while start < entry.size:
            end = min(start + CHUNK, entry.size)
            with self.bucket.sentences():
                chunk = self._piece(entry, start, end)
            if not chunk:
                return
            yield chunk
            start += len(chunk)

    def _piece(self, entry: Entry, start: int, end: int) -> bytes:
        from obstore import exceptions

        options: Any = {"range": (start, end)}
        if entry.version.startswith('"'):  # an ETag
            options["if_match"] = entry.version
        try:
            return bytes(self.store.get(entry.path, options=options).bytes())
        except (FileNotFoundError, exceptions.PreconditionError):
            return b""
        except exceptions.BaseError as error:
            if "status code: 416" in str(error):  # it ends before `start`
                return b""
            raise


def _entry(meta: "ObjectMeta") -> Entry:
    version = meta["e_tag"] or meta["last_modified"].isoformat()
    return Entry(meta["path"], meta["size"], version)

"""An S3 server in this process (moto), spoken to over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer
from obstore.store import S3Store


@dataclass(frozen=True, slots=True)
class S3:
    """A running server with the bucket `extracts`. It takes any key until `close_the_door`."""

    port: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        self._store().put(key, content)

    def delete(self, key: str) -> None:
        """Remove an object."""
        self._store().delete(key)

    def close_the_door(self) -> None:
        """From now on it knows no key."""
        self._tell("reset-auth", b"0")

    def reset(self) -> None:
        """Forget all, as moto keeps it for the whole process."""
        self._tell("reset-auth", b"inf")
        self._tell("reset", b"")

    def make_bucket(self, name: str) -> None:
        self._ask(Request(f"{self.endpoint}/{name}", method="PUT"))

    def _store(self) -> S3Store:
        return S3Store(
            "extracts",
            endpoint=self.endpoint,
            access_key_id="any",
            secret_access_key="any",
            client_options={"allow_http": True},
        )

    def _tell(self, what: str, value: bytes) -> None:
        headers = {"Content-Type": "text/plain"}
        self._ask(Request(f"{self.endpoint}/moto-api/{what}", value, headers, method="POST"))

    def _ask(self, request: Request) -> None:
        with urlopen(request) as answer:
            answer.read()


@contextmanager
def s3() -> Iterator[S3]:
    """Start it, empty but for the bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        started = S3(server.get_host_and_port()[1])
        started.reset()
        started.make_bucket("extracts")
        yield started
    finally:
        server.stop()

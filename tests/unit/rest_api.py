"""A JSON API on this machine: a real HTTP server whose answers a test writes."""

import gzip
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]  # names in lower case


@dataclass
class Reply:
    body: Any = ""  # text as it is, anything else as JSON
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_at: int | None = None  # hang up after so many bytes of the body
    chunk: int = 0  # send it in chunks of so many bytes, without telling its length
    waits: threading.Event | None = None  # hold the rest of the body back until it is set …
    drips: bool = False  # … but for a byte now and then


@dataclass
class Api:
    url: str
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Reply] = lambda asked: Reply([])

    def parameter(self, name: str) -> list[str | None]:
        """What every request sent under a name, in order."""
        return [asked.parameters.get(name) for asked in self.asked]


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Api]:
    """An API on a free port of this machine; over TLS, given a certificate with its key."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {k: v[0] for k, v in parse_qs(parts.query, True).items()}
            headers = {k.lower(): v for k, v in self.headers.items()}
            asked = Asked(parts.path, parameters, headers)
            api.asked.append(asked)
            self._send(api.answer(asked))

        def _send(self, reply: Reply) -> None:
            text = reply.body if isinstance(reply.body, (str, bytes)) else json.dumps(reply.body)
            data = text if isinstance(text, bytes) else text.encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.headers.get("Content-Encoding") == "gzip":
                data = gzip.compress(data)
            if reply.chunk:
                self.send_header("Transfer-Encoding", "chunked")
                sizes = range(0, len(data), reply.chunk)
                parts = [data[i : i + reply.chunk] for i in sizes]
                data = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (*parts, b""))
            else:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if reply.waits:
                self._hold_back(data, reply.waits, 0.01 if reply.drips else 30)
                return
            self.wfile.write(data[: reply.cut_at])
            self.close_connection = reply.cut_at is not None

        def _hold_back(self, data: bytes, released: threading.Event, interval: float) -> None:
            self.close_connection = True
            for i in range(len(data)):
                with suppress(OSError):  # the client has hung up
                    self.wfile.write(data[i : i + 1])
                if released.wait(interval):
                    return

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    api = Api(f"{scheme}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def record(number: int) -> dict[str, Any]:
    """An order as an API tells it."""
    return {
        "id": f"O{number}",
        "created": "2026-06-30T10:00:00Z",
        "state": "paid",
        "total": {"amount": 12.5},
        "customer": {"email": f"p{number}@shop.example"},
    }


def self_signed(folder: Path) -> Path:
    """A certificate of 127.0.0.1 and its key, in one file, which no authority has signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(host, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path

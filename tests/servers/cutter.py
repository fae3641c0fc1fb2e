"""A line between a client and a server that breaks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Cutter:
    """Passes bytes on. After each further `budget` bytes from the server (None: never) it cuts the
    connection over which the last of them came; after `connections` (None: any number) it lets no
    other through. `passed` counts the bytes from the server, `opened` the connections."""

    server_port: int
    port: int
    budget: int | None
    connections: int | None = None
    passed: int = 0
    opened: int = 0
    cuts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, listener: socket.socket) -> None:
        """Until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with self._lock:
            is_refused = self.connections == 0
            self.opened += 1
            self.connections = None if self.connections is None else max(self.connections - 1, 0)
        if is_refused:
            client.close()
            return
        server = socket.create_connection(("127.0.0.1", self.server_port))
        up = threading.Thread(target=_pump, args=(client, server), daemon=True)
        up.start()
        while data := _received(server):
            with self._lock:
                is_cut = self.budget is not None and (
                    self.passed // self.budget < (self.passed + len(data)) // self.budget
                )
                self.passed += len(data)
                self.cuts += is_cut
            if is_cut or not _sent(client, data):
                break
        for end in (client, server):
            _shut(end)
        up.join()
        client.close()
        server.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    while data := _received(source):
        if not _sent(target, data):
            return
    _shut(target)


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""


def _sent(target: socket.socket, data: bytes) -> bool:
    try:
        target.sendall(data)
    except OSError:
        return False
    return True


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutter(
    server_port: int, budget: int | None, connections: int | None = None
) -> Iterator[Cutter]:
    """A line to `server_port` on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = Cutter(server_port, listener.getsockname()[1], budget, connections)
        thread = threading.Thread(target=line.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield line
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()

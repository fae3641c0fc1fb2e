"""An SFTP server that knows a password: OpenSSH's asks the passwords of this machine, which a test
does not know. It is the client library's own server, in a thread."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh


@contextmanager
def password_server(host_key: Path, user: str, password: str) -> Iterator[int]:
    """Start it; gives its port. It shows the files of this machine."""

    class Server(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, given: str) -> bool:
            return (username, given) == (user, password)

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listening = asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=Server,
        server_host_keys=[str(host_key)],
        sftp_factory=True,
        config=None,
    )

    async def listen() -> asyncssh.SSHAcceptor:
        return await listening

    try:
        server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
        yield server.get_port()
        server.close()
        asyncio.run_coroutine_threadsafe(server.wait_closed(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

"""Redis, from Debian's package, with its append-only file."""

from __future__ import annotations

import socket

from tests.servers import running
from tests.servers.installing import program


def start() -> running.Server:
    """Start it in a scratch folder."""
    redis = program("redis-server", "redis-server")
    folder, port = running.scratch_folder("redis"), running.free_port()
    options = [
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--dir",
        str(folder),
        "--save",
        "",
        "--appendonly",
        "yes",
    ]
    server = running.Server(port, running.launch([redis, *options], folder), str(folder))
    running.wait_until(lambda: _answers(port), server)
    return server


def url(server: running.Server, database: int = 0) -> str:
    return f"redis://127.0.0.1:{server.port}/{database}"


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False

"""The server over a WebSocket: the same session, and nobody but pages of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.lsp.e2e.client import Client, Server

APP = """from pyee import EventEmitter

bus = EventEmitter()
bus.emit("order.placed", 3)

@bus.on("order.placed")
def on_placed(total: int) -> None:
    print("\u00fc", total)
"""


class Page(Client):
    """A client in a browser."""

    def __init__(self, connection: ClientConnection) -> None:
        super().__init__(BytesIO(), BytesIO())
        self.connection = connection

    def _write(self, bodies: list[bytes]) -> None:
        for body in bodies:
            self.connection.send(body, text=True)

    def _read(self) -> bytes:
        try:
            return self.connection.recv(timeout=60, decode=False)
        except ConnectionClosed:
            return b""


class Listening(Server):
    """A server that waits for a client."""

    def __init__(self) -> None:
        super().__init__("--ws", "0")
        assert self.process.stderr is not None
        said = self.process.stderr.readline().decode()
        assert said.startswith("listening at 127.0.0.1:"), said
        self.port = int(said.rpartition(":")[2])

    @contextmanager
    def page(self, origin: str | None = None) -> Iterator[Page]:
        """A page that connects."""
        address = f"ws://127.0.0.1:{self.port}"
        with connect(address, origin=Origin(origin) if origin else None, proxy=None) as connection:
            yield Page(connection)


@pytest.fixture
def server() -> Iterator[Listening]:
    with Listening() as server:
        yield server


def test_a_session_from_beginning_to_end(server: Listening, tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_text(APP, encoding="utf-8")
    with server.page(origin=f"http://localhost:{server.port}") as page:
        page.greet(tmp_path)
        page.complete()
        page.open(file, APP)
        at = {"textDocument": {"uri": file.as_uri()}, "position": {"line": 3, "character": 12}}
        (goal,) = page.ask("textDocument/definition", at)
        assert (goal["uri"], goal["range"]["start"]) == (file.as_uri(), {"line": 6, "character": 4})
        page.leave()
        assert server.process.wait(20) == 0


@pytest.mark.parametrize("origin", ["https://example.org", "http://localhost.example.org", "null"])
def test_pages_of_others_are_refused_and_keep_nobody_out(
    server: Listening, tmp_path: Path, origin: str
) -> None:
    with pytest.raises(InvalidStatus) as refused, server.page(origin):
        pass
    assert refused.value.response.status_code == 403
    with server.page() as page:
        assert page.greet(tmp_path)["serverInfo"]["name"] == "pubsub-devtools"


def test_a_second_client_is_told_that_there_is_one(server: Listening, tmp_path: Path) -> None:
    with server.page() as first, server.page() as second:
        with pytest.raises(ConnectionClosed) as closed:
            second.connection.recv(timeout=20)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        first.greet(tmp_path)
        first.leave()
        assert server.process.wait(20) == 0


def test_a_page_that_is_closed_ends_the_server(server: Listening) -> None:
    with server.page():
        pass
    assert server.process.wait(20) == 1

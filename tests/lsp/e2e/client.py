"""A client that says exactly what it is told to: for what a well-behaved one would never do."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO, cast

PATIENCE = 60
SERVER = [sys.executable, "-m", "pubsub_devtools_lsp"]


class Client:
    """A client over two streams."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self.heard: list[dict[str, Any]] = []
        self.settings: dict[str, Any] | None = None
        """What the user has set, told when it is asked for."""
        self._asked = 0

    def send(self, *messages: dict[str, Any]) -> None:
        """Send messages at once."""
        self._write([json.dumps({"jsonrpc": "2.0", **each}).encode() for each in messages])

    def _write(self, bodies: list[bytes]) -> None:
        self._sink.write(b"".join(b"Content-Length: %d\r\n\r\n" % len(body) + body for body in bodies))
        self._sink.flush()

    def _read(self) -> bytes:
        """The next body; nothing where the server is gone."""
        length = 0
        while (line := self._source.readline()).strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return self._source.read(length) if line else b""

    def receive(self) -> dict[str, Any] | None:
        """The next message; nothing where the server is gone."""
        body = self._read()
        if not body:
            return None
        message: dict[str, Any] = json.loads(body)
        self.heard.append(message)
        if "id" in message and "method" in message:
            asked = message["method"] == "workspace/configuration"
            result = [self.settings] * len(message["params"]["items"]) if asked else None
            self.send({"id": message["id"], "result": result})
        return message

    def until(self, is_it: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Read on until a message comes that is looked for."""
        while (message := self.receive()) is not None:
            if is_it(message):
                return message
        raise AssertionError(f"the server is gone; it said {self.heard[-3:]}")

    def answer(self, number: int) -> dict[str, Any]:
        """The answer to a request."""
        return self.until(lambda message: message.get("id") == number and "method" not in message)

    def ask(self, method: str, params: Any) -> Any:
        """The result of a request."""
        self._asked += 1
        self.send({"id": 10_000 + self._asked, "method": method, "params": params})
        answer = self.answer(10_000 + self._asked)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def open(self, file: Path, text: str) -> None:
        """Open a file."""
        document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def greet(self, root: Path, process: int | None = None, **abilities: Any) -> dict[str, Any]:
        """Begin a session."""
        folders = [{"uri": root.as_uri(), "name": root.name}]
        params = {
            "processId": process,
            "rootUri": root.as_uri(),
            "workspaceFolders": folders,
            "capabilities": abilities,
        }
        self.send({"id": 0, "method": "initialize", "params": params})
        answer = self.answer(0)
        self.send({"method": "initialized", "params": {}})
        self.send({"method": "$/setTrace", "params": {"value": "messages"}})
        return cast("dict[str, Any]", answer["result"])

    def complete(self) -> None:
        """Read on until all is known."""
        self.until(lambda m: m.get("method") == "$/logTrace" and ": complete" in m["params"]["message"])

    def leave(self) -> None:
        """End a session."""
        self.send({"id": -1, "method": "shutdown"})
        self.answer(-1)
        self.send({"method": "exit"})


class Server(Client):
    """A server in a process of its own, and a client of it."""

    def __init__(self, *arguments: str, program: Sequence[str] = SERVER, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [*program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
        )
        super().__init__(cast("BinaryIO", self.process.stdout), cast("BinaryIO", self.process.stdin))
        self._end = Timer(PATIENCE, self.process.kill)
        self._end.start()

    def analysts(self) -> list[int]:
        """The processes that the server has started."""
        return children(self.process.pid)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._end.cancel()
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{process}/task")
    return [int(one) for task in tasks.iterdir() for one in (task / "children").read_text().split()]


def is_there(process: int) -> bool:
    """Whether a process is still running."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def connect(port: int) -> Client:
    """A client over TCP."""
    connection = socket.create_connection(("127.0.0.1", port))
    streams = connection.makefile("rb"), connection.makefile("wb")
    connection.close()
    return Client(*streams)


HAS_PROC = Path("/proc/self/task").is_dir()

"""A client that talks to a server in a process of its own and keeps account: every request is answered once, without an
error, and at places that are there.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile
from threading import Thread
from typing import Any, BinaryIO, NamedTuple, cast

from pubsub_devtools_lsp.uris import uri_of
from tests.lsp.e2e.client import SERVER, Client
from tests.lsp.editor import ABILITIES
from tests.prove import questions
from tests.prove.tabs import Tab

PATIENCE = 120.0
"""Seconds without a word after which a server is taken for hung."""

QUIET = 0.3
"""Seconds without a word after which nothing more is expected of a server that has said that all is known."""

CANCELLED, INVALID = -32800, -32602
_ATOMIC = 4096
"""Bytes that a pipe passes on as one piece."""


class Asked(NamedTuple):
    """A request that waits for its answer. ``tab`` is the text it is about, ``must_drop`` says that it is cancelled."""

    method: str
    tab: Tab | None = None
    is_cancelled: bool = False
    must_drop: bool = False


class GoneError(Exception):
    """The server has ended, or says nothing any more."""


class Conversation:
    """One server in a process, and what was asked of it."""

    def __init__(self, root: Path, cache: Path) -> None:
        self._said = TemporaryFile()  # noqa: SIM115 - closed with the conversation
        self.process = subprocess.Popen(
            SERVER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, "PUBSUB_TOOLS_CACHE_DIR": str(cache)},
        )
        self._client = Client(cast("BinaryIO", self.process.stdout), cast("BinaryIO", self.process.stdin))
        self.misses: list[str] = []
        self.dropped = 0
        self.items: dict[str, Mapping[str, Any]] = {}
        self.number = 0
        self._pending: dict[int, Asked] = {}
        self._inbox: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._client.greet(root, **ABILITIES)
        Thread(target=self._listen, daemon=True, name="answers").start()

    # -- what is sent

    def tell(self, *messages: Mapping[str, Any]) -> None:
        """Send messages at once."""
        try:
            self._client.send(*(dict(each) for each in messages))
        except OSError:
            raise GoneError(self._end()) from None

    def request(self, asked: Asked, params: Any) -> dict[str, Any]:
        """A request, counted among those that are waited for, yet to be sent."""
        self.number += 1
        self._pending[self.number] = asked
        return {"id": self.number, "method": asked.method, "params": params}

    def cancel(self, number: int) -> dict[str, Any]:
        """A cancellation, yet to be sent."""
        return {"method": "$/cancelRequest", "params": {"id": number}}

    def ask(self, method: str, params: Any, tab: Tab | None = None) -> Any:
        """The answer to one request."""
        self.tell(self.request(Asked(method, tab), params))
        return self.settle().get("result")

    # -- what is heard

    def settle(self) -> dict[str, Any]:
        """Hear all answers that are due. Gives the last."""
        last: dict[str, Any] = {}
        while self._pending:
            message = self._next(PATIENCE)
            last = message if "method" not in message else last
        return last

    def quieten(self) -> None:
        """Hear all that the server says until all is known, and it is silent."""
        while not _is_complete(self._next(PATIENCE)):
            pass
        while self._next(QUIET, is_needed=False):
            pass

    def close(self) -> None:
        """End the session in order; a server that does not go is a miss."""
        try:
            self.ask("shutdown", None)
            self.tell({"method": "exit"})
            code = self.process.wait(20)
            self.misses += [f"exit code {code}"] if code else []
        except (GoneError, subprocess.TimeoutExpired) as error:
            self.misses.append(f"no end in order: {error}")
        finally:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                assert pipe is not None
                pipe.close()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip()
        self.misses += [f"on standard error: {said[-300:]}"] if said else []
        self._said.close()

    def _listen(self) -> None:
        message: dict[str, Any] | None = {}
        while message is not None:
            try:
                message = self._client.receive()
            except (OSError, ValueError):
                message = None
            self._client.heard.clear()
            self._inbox.put(message)

    def _next(self, seconds: float, *, is_needed: bool = True) -> dict[str, Any]:
        try:
            message = self._inbox.get(timeout=seconds)
        except Empty:
            if not is_needed:
                return {}
            waiting = [each.method for each in self._pending.values()][:3]
            raise GoneError(f"no word for {seconds:.0f} s; it owes {waiting}") from None
        if message is None:
            raise GoneError(self._end())
        if "method" not in message:
            self._judge(message)
        elif message["method"] == "window/logMessage" and (
            message["params"]["type"] == 1 or "started again" in message["params"]["message"]
        ):
            self.misses.append(message["params"]["message"])
        return message

    def _end(self) -> str:
        return f"the server has ended, with exit code {self.process.wait(10)}"

    # -- what is thought of it

    def _judge(self, message: Mapping[str, Any]) -> None:
        asked = self._pending.pop(message["id"], None)
        if asked is None:
            self.misses.append(f"an answer that nobody waits for: {message}")
            return
        code = message.get("error", {}).get("code")
        is_dropped = code == CANCELLED and asked.is_cancelled
        self.dropped += is_dropped
        if asked.must_drop and not is_dropped:
            self.misses.append(f"{asked.method} was cancelled, and answered all the same")
        is_refused = code == INVALID and asked.method.startswith("pubsub/")
        if code is not None and not is_dropped and not is_refused:
            self.misses.append(f"{asked.method}: {message['error']}")
        self._look_at(asked, message.get("result"))

    def _look_at(self, asked: Asked, result: Any) -> None:
        if asked.tab is not None and asked.method in questions.INSIDE:
            outside = [each for each in questions.positions(result) if not asked.tab.holds(each)]
            if outside:
                self.misses.append(f"{asked.method} speaks of {outside[0]}, which {asked.tab.uri} has not")
        found = result.get("items") if isinstance(result, dict) else result
        if asked.method in questions.FOLLOWING.values() and found:
            self.items[asked.method] = found[0]


def is_one_piece(messages: list[dict[str, Any]]) -> bool:
    """Whether messages surely arrive together: what is not cut cannot be answered before its cancellation is there."""
    return len(str(messages)) * 6 < _ATOMIC


def opening(tab: Tab) -> dict[str, Any]:
    """The message that opens a tab."""
    document = {"uri": tab.uri, "languageId": "python", "version": tab.version, "text": tab.text}
    return {"method": "textDocument/didOpen", "params": {"textDocument": document}}


def closing(uri: str) -> dict[str, Any]:
    """The message that closes a tab."""
    return {"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}}


def _is_complete(message: Mapping[str, Any]) -> bool:
    return message.get("method") == "$/logTrace" and ": complete" in message["params"]["message"]


def root_uri(root: Path, path: str) -> str:
    """The URI of a file of a root."""
    return uri_of(root / path)

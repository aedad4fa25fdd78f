"""One language server on one tree, asked over standard input and output: how right and how fast it answers."""

from __future__ import annotations

import itertools
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.bench.lsp_bench import CAPS, Client
from tests.bench.lsp_questions import Project, is_right
from tests.bench.memory import Sampler, held_mb

PROBES = 8
READY = 120.0
QUIET = 3.0
"""Seconds without any progress after which a server counts as done: it may say late that it begins."""
TIMEOUT = 60.0
TYPED = 60
"""So many positions are also asked while somebody types beside them."""
BESIDE = ("definition", "references", "completion")

Spot = dict[str, Any]


class Server(NamedTuple):
    """A language server: its name here, how it is started, and for how many seconds it may answer a tree's questions."""

    name: str
    command: tuple[str, ...]
    patience: float = 600.0


@dataclass
class Told:
    """What was seen of a server on one tree: milliseconds by question, and how many were right of those asked."""

    quiet: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    typing: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    indexing: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    first_right: float | None = None
    asked: int = 0
    right: int = 0
    nothing: int = 0
    nothing_right: int = 0
    wrong: list[tuple[Spot, Any]] = field(default_factory=list)
    peak_mb: float = 0.0
    held_mb: float = 0.0


class Talk:
    """A conversation about one tree."""

    def __init__(self, client: Client, project: Project) -> None:
        self._client, self._project = client, project
        self._versions: dict[str, int] = {}

    def begin(self) -> None:
        """Say hello, and open every file that is asked about."""
        root = self._project.root
        client = self._client
        client.folders = [{"uri": root.as_uri(), "name": root.name}]
        hello = {
            "processId": os.getpid(),
            "rootUri": root.as_uri(),
            "rootPath": str(root),
            "workspaceFolders": client.folders,
            "capabilities": CAPS,
        }
        reply, _ = client.request("initialize", hello, READY)
        if "error" in reply:
            raise RuntimeError(f"initialize failed: {reply['error']}")
        client.notify("initialized", {})
        client.notify("workspace/didChangeConfiguration", {"settings": {}})
        for path in sorted({spot["file"] for spot in self._project.spots}):
            text = (root / path).read_text("utf-8")
            self._versions[path] = 1
            document = {"uri": self._uri(path), "languageId": "python", "version": 1, "text": text}
            client.notify("textDocument/didOpen", {"textDocument": document})

    def ask(self, operation: str, spot: Spot) -> tuple[Any, float]:
        """The answer, and after how many milliseconds it came."""
        params: dict[str, Any] = {
            "textDocument": {"uri": self._uri(spot["file"])},
            "position": {"line": spot["line"], "character": spot["character"]},
        }
        if operation == "references":
            params["context"] = {"includeDeclaration": True}
        if operation == "completion":
            params["context"] = {"triggerKind": 1}
        reply, seconds = self._client.request(f"textDocument/{operation}", params, TIMEOUT)
        if reply.get("error", {}).get("message") == "server died":
            raise RuntimeError("the server has ended")
        return reply.get("result"), seconds * 1_000

    def is_right(self, spot: Spot, result: Any) -> bool:
        """Whether that is the spot's exact answer."""
        return is_right(self._project, spot, result)

    @contextmanager
    def typing(self, spot: Spot) -> Iterator[Callable[[str], None]]:
        """Type into a new line right below a spot, key by key; the line is gone afterwards."""
        below, column = spot["line"] + 1, itertools.count()
        self._change(spot["file"], (below, 0), (below, 0), "\n")

        def key(letter: str) -> None:
            here = below, next(column)
            self._change(spot["file"], here, here, letter)

        try:
            yield key
        finally:
            self._change(spot["file"], (below, 0), (below + 1, 0), "")

    def settle(self) -> None:
        """Wait until nothing is under way any more."""
        quiet, end = time.monotonic(), time.monotonic() + READY
        while time.monotonic() - quiet < QUIET and time.monotonic() < end:
            if any("end" not in each for each in list(self._client.progress.values())):
                quiet = time.monotonic()
            time.sleep(0.02)

    def _change(self, path: str, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        self._versions[path] += 1
        stretch = {key: {"line": at[0], "character": at[1]} for key, at in (("start", start), ("end", end))}
        document = {"uri": self._uri(path), "version": self._versions[path]}
        changes = [{"range": stretch, "text": text}]
        self._client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def _uri(self, path: str) -> str:
        return (self._project.root / path).as_uri()


@contextmanager
def talk(server: Server, project: Project) -> Iterator[tuple[Client, Talk]]:
    """A server that was just started, ended afterwards."""
    client = Client(list(server.command), str(project.root), {}, None)
    try:
        one = Talk(client, project)
        one.begin()
        yield client, one
        client.request("shutdown", None, 5)
        client.notify("exit", None)
        client.proc.wait(5)
    except (OSError, TimeoutError, subprocess.TimeoutExpired):
        pass  # one that does not end when it is asked to is ended below
    finally:
        client.proc.kill()
        client.proc.wait()


def first_right(server: Server, project: Project) -> Told:
    """From the start of a server to its first complete right answer, and how fast it answers until all is indexed."""
    told = Told()
    with talk(server, project) as (client, one):
        _until_right(client, one, project, told)
        end = client.now() + READY
        while client.now() < end and any("end" not in each for each in list(client.progress.values())):
            _beside(one, project.spots[int(client.now() * 50) % len(project.spots)], told.indexing)
            time.sleep(0.02)
    return told


def _until_right(client: Client, one: Talk, project: Project, told: Told) -> None:
    for spot in itertools.cycle([spot for spot in project.spots if spot["must"]][:PROBES]):
        result, spent = one.ask(spot["op"], spot)
        told.indexing[spot["op"]].append(spent)
        if one.is_right(spot, result):
            told.first_right = client.now()
            return
        if client.now() > READY:
            return
        time.sleep(0.02)


def _beside(one: Talk, spot: Spot, into: dict[str, list[float]]) -> None:
    for operation in BESIDE:
        into[operation].append(one.ask(operation, spot)[1])


def judged(server: Server, project: Project) -> Told:
    """All questions once all is indexed, each judged, and then the same while somebody types."""
    told = Told()
    with talk(server, project) as (client, one):
        _until_right(client, one, project, told)
        one.settle()
        end = time.monotonic() + server.patience
        for spot in project.spots:
            if time.monotonic() < end:
                _judge(one, spot, told)
        for spot, operation in itertools.product(project.spots[:TYPED], ("definition", "completion")):
            if time.monotonic() < end:
                told.quiet[operation].append(one.ask(operation, spot)[1])
        for spot in project.spots[:TYPED]:
            if time.monotonic() < end:
                _type(one, spot, told)
    return told


def _judge(one: Talk, spot: Spot, told: Told) -> None:
    result, spent = one.ask(spot["op"], spot)
    told.quiet[spot["op"]].append(spent)
    is_good = one.is_right(spot, result)
    if spot["is_event"]:
        told.asked, told.right = told.asked + 1, told.right + is_good
    else:
        told.nothing, told.nothing_right = told.nothing + 1, told.nothing_right + is_good
    if not is_good:
        told.wrong.append((spot, result))


def _type(one: Talk, spot: Spot, told: Told) -> None:
    with one.typing(spot) as key:
        for letter, operation in zip("xyz", BESIDE, strict=True):
            key(letter)
            told.typing[operation].append(one.ask(operation, spot)[1])


def remembered(server: Server, project: Project) -> Told:
    """The memory of the server's processes: at the most, and once all is indexed and was asked for."""
    told = Told()
    with talk(server, project) as (client, one):
        sampler = Sampler(client.proc.pid)
        sampler.start()
        try:
            _until_right(client, one, project, told)
            one.settle()
            end = time.monotonic() + min(server.patience, 30)
            for spot in project.spots:
                if time.monotonic() < end:
                    _judge(one, spot, told)
            told.held_mb = held_mb(client.proc.pid)
        finally:
            told.peak_mb = sampler.stop()
    return told

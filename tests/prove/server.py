"""Random edits and requests, in sequences, over a real repository: does the language server stay right, alive and lean?

Run as `python -m tests.prove.server --count 1000 --seed 1 [FOLDER]`, or by `python -m tests.prove server`. A sequence
opens a few files, edits and asks, and closes them. Every step goes to a server in a process of its own, with its analyst;
every edit also to servers in this process, one for each encoding of positions, whose texts are compared after it. A few
sequences end with a look at a fresh server: given the texts that the client holds, it must say the same of them.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pubsub_devtools_lsp.analyst.messages import ToAnalyst
from pubsub_devtools_lsp.server import PubSubServer
from tests.bench import memory
from tests.bench.tree import WAGTAIL
from tests.prove import changes, questions, strokes, updates
from tests.prove.conversation import (
    Asked,
    Conversation,
    GoneError,
    closing,
    is_one_piece,
    opening,
    root_uri,
)
from tests.prove.registry import Outcome
from tests.prove.tabs import ENCODINGS, Tab

LONG = 250
"""Steps of one sequence."""

WORKING_SET = 30
"""Files that somebody comes back to: what is known of each is kept, and is no leak."""

LARGEST_FILE = 60_000
GROWTH_PERCENT = 5.0
FEWEST_SAMPLES = 40
"""Sequences from which on the growth of memory tells something."""

FRESH_LOOKS = 8
_SETTLED = 60.0
_TOLD = ("textDocument/documentSymbol", "textDocument/semanticTokens/full", "textDocument/codeLens")


def prove(count: int, seed: int, jobs: int = 1, folder: str = "") -> Outcome:
    """So many edits and requests."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch).resolve() / "root"
        files = updates.read(Path(folder) if folder else WAGTAIL.unpacked())
        changes.apply(root, {}, {**files})
        run = Run(root, random.Random(seed), count)
        try:
            run.go()
        except GoneError as error:
            run.misses.append(f"after step {run.steps}: {error}")
        finally:
            run.server.close()
    return run.outcome()


class Run:
    """One long session."""

    def __init__(self, root: Path, chance: random.Random, count: int) -> None:
        self.root = root
        self.steps = 0
        self.tally: Counter[str] = Counter()
        self.misses: list[str] = []
        self.samples: list[float] = []
        self.looks = 0
        self._chance = chance
        self._count = count
        self._paths = working_set(root, chance)
        self._mirrors = {each: Mirror(each) for each in ENCODINGS}
        self._tabs: dict[str, Tab] = {}
        self._saved: dict[str, bytes] = {}
        self._cache = root.parent / "cache"
        self.server = Conversation(root, self._cache)
        self.server.tell({"method": "$/setTrace", "params": {"value": "messages"}})
        self._events: list[str] = []

    def go(self) -> None:
        """All sequences."""
        self.server.quieten()
        graph = self.server.ask("pubsub/graph", {"builtins": False})["graph"]
        self._events = sorted(each["id"] for each in graph["events"])
        sequences = -(-self._count // LONG)
        for number in range(sequences):
            self._sequence(min(LONG, self._count - number * LONG))
            if not number % max(sequences // FRESH_LOOKS, 1):
                self._mend()
                self._look_afresh()
            self._close_all()
            self.server.quieten()
            self.samples.append(memory.held_mb(self.server.process.pid) if memory.is_measurable() else 0.0)

    def outcome(self) -> Outcome:
        """The figures, and what is wrong."""
        tenth = max(len(self.samples) // 10, 1)
        early, late = (self.samples[tenth : 2 * tenth] or self.samples, self.samples[-tenth:])
        growth = 100 * (statistics.mean(late) / (statistics.mean(early) or 1) - 1) if late else 0.0
        misses = [*self.misses, *self.server.misses]
        if len(self.samples) >= FEWEST_SAMPLES and growth > GROWTH_PERCENT:
            misses.append(f"the memory grows by {growth:.1f} %, bound {GROWTH_PERCENT} %")
        figures = {
            "count": self.steps,
            "kinds": dict(sorted(self.tally.items())),
            "dropped": self.server.dropped,
            "fresh_looks": self.looks,
            "growth_percent": round(growth, 2),
            "memory_mb": [round(each, 1) for each in self.samples[:: max(len(self.samples) // 20, 1)]],
        }
        return Outcome(figures, misses[:20])

    # -- one sequence

    def _sequence(self, steps: int) -> None:
        done = 0
        while done < steps:
            size = min(self._chance.randrange(1, 40), steps - done)
            for _ in range(size):
                self._step()
            self.server.settle()
            done += size

    def _step(self) -> None:
        self.steps += 1
        if len(self._tabs) < 2 or self._chance.random() < 0.01:
            self._note("open", self._open())
            return
        tab = self._chance.choice([*self._tabs.values()])
        draw = self._chance.random()
        if draw < 0.55:
            self._note("edit", self._edit(tab))
        elif draw < 0.56:
            self._note("save", self._save(tab))
        elif draw < 0.565 and len(self._tabs) > 2:
            self._note("close", self._close(tab))
        elif draw < 0.60:
            self._note("cancel", self._cancel(tab))
        else:
            self._ask(tab)

    def _note(self, kind: str, messages: list[dict[str, Any]]) -> None:
        self.tally[kind] += 1
        self.server.tell(*messages)

    def _ask(self, tab: Tab) -> None:
        method, params = self._question(tab)
        self._note(method, [self.server.request(Asked(method, frozen(tab)), params)])

    def _cancel(self, tab: Tab) -> list[dict[str, Any]]:
        """A few requests that are cancelled at once, or one that may be answered by then."""
        asked: list[dict[str, Any]] = []
        is_late = self._chance.random() < 0.3
        for _ in range(1 if is_late else self._chance.randrange(1, 3)):
            method, params = self._question(tab)
            if is_one_piece([*asked, params]) or is_late:
                asked.append(self.server.request(Asked(method, None, True, not is_late), params))
        if is_late:
            self.server.tell(*asked)
            return [self.server.cancel(asked[0]["id"])]
        return [*asked, *(self.server.cancel(each["id"]) for each in asked)]

    def _question(self, tab: Tab) -> tuple[str, dict[str, Any]]:
        return questions.ask(self._chance, tab, self.server.items, self._events)

    # -- documents

    def _open(self) -> list[dict[str, Any]]:
        """Open one of the files, or one that is not saved yet; one that is open already is opened anew."""
        if self._chance.random() < 0.1:
            tab = Tab("untitled:Untitled-1", self._chance.choice(("", "x = 1", "\r\n")))
        else:
            path = self._chance.choice(self._paths)
            text = (self.root / path).read_bytes().decode("utf-8", "replace")
            tab = Tab(root_uri(self.root, path), text)
        before = [closing(tab.uri)] if tab.uri in self._tabs else []
        self._tabs[tab.uri] = tab
        messages = [*before, opening(tab)]
        self._mirror(tab, dict.fromkeys(ENCODINGS, messages))
        return messages

    def _edit(self, tab: Tab) -> list[dict[str, Any]]:
        return self._changed(tab, strokes.change(self._chance, tab))

    def _changed(self, tab: Tab, made: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        tab.version += 1
        identifier = {"uri": tab.uri, "version": tab.version}
        messages = {
            each: [
                {
                    "method": "textDocument/didChange",
                    "params": {"textDocument": identifier, "contentChanges": [one[each] for one in made]},
                }
            ]
            for each in ENCODINGS
        }
        self._mirror(tab, messages)
        return messages["utf-16"]

    def _mirror(self, tab: Tab, messages: Mapping[str, list[dict[str, Any]]]) -> None:
        """Have the servers of this process hear it too, and compare their texts."""
        for encoding, mirror in self._mirrors.items():
            mirror.tell(messages[encoding])
            if mirror.text(tab.uri) != tab.text:
                self.misses.append(f"step {self.steps}: the text of {tab.uri} is another ({encoding})")

    def _save(self, tab: Tab) -> list[dict[str, Any]]:
        path = next((each for each in self._paths if root_uri(self.root, each) == tab.uri), None)
        if path is None:
            return []
        self._saved.setdefault(path, (self.root / path).read_bytes())
        (self.root / path).write_bytes(tab.text.encode())
        return [
            {"method": "textDocument/didSave", "params": {"textDocument": {"uri": tab.uri}}},
            self._watched([path]),
        ]

    def _close(self, tab: Tab) -> list[dict[str, Any]]:
        del self._tabs[tab.uri]
        for mirror in self._mirrors.values():
            mirror.tell([closing(tab.uri)])
        return [closing(tab.uri)]

    def _close_all(self) -> None:
        """End a sequence: all as it was before."""
        for tab in [*self._tabs.values()]:
            self.server.tell(*self._close(tab))
        for path, data in self._saved.items():
            (self.root / path).write_bytes(data)
        self.server.tell(self._watched(self._saved or self._paths[:1]))
        self._saved = {}

    def _watched(self, paths: Any) -> dict[str, Any]:
        told = [{"uri": root_uri(self.root, path), "type": 2} for path in paths]
        return {"method": "workspace/didChangeWatchedFiles", "params": {"changes": told}}

    # -- a fresh server

    def _mend(self) -> None:
        """Undo what is broken: what is made of that depends on where the mistake was made, which nobody tells anew."""
        for tab in self._tabs.values():
            if not is_whole(tab.text):
                self.server.tell(*self._changed(tab, [tab.become(self._whole(tab))]))

    def _whole(self, tab: Tab) -> str:
        """What a tab held at first; where that was saved when it was broken already, what the file held before."""
        saved = next(
            (data for path, data in self._saved.items() if root_uri(self.root, path) == tab.uri), None
        )
        return tab.first if is_whole(tab.first) or saved is None else saved.decode("utf-8", "replace")

    def _look_afresh(self) -> None:
        """Whether a server that has seen no edit says the same of the texts that are held now."""
        fresh = Conversation(self.root, self._cache)
        try:
            fresh.tell({"method": "$/setTrace", "params": {"value": "messages"}})
            fresh.tell(*map(opening, self._tabs.values()))
            fresh.quieten()
            until = time.monotonic() + _SETTLED
            while (other := self._unlike(fresh)) and time.monotonic() < until:
                time.sleep(0.5)
            self.misses += [f"step {self.steps}: {each}" for each in other]
            self.looks += 1
        finally:
            fresh.close()
            self.misses += [f"a fresh server: {each}" for each in fresh.misses]

    def _unlike(self, fresh: Conversation) -> list[str]:
        return [
            f"{method} of {tab.uri} differs from a fresh server's"
            for tab in self._tabs.values()
            for method in _TOLD
            if said(self.server, method, tab) != said(fresh, method, tab)
        ]


class Mirror:
    """A server in this process that is told of documents alone."""

    def __init__(self, encoding: str) -> None:
        self._server = PubSubServer(lambda _session: Silence())
        self._server.protocol.set_writer(self)  # type: ignore[arg-type]
        capable = {"general": {"positionEncodings": [encoding]}}
        params = {"processId": None, "rootUri": None, "capabilities": capable}
        self.tell([{"id": 1, "method": "initialize", "params": params}])
        assert self._server.units.encoding == encoding

    def tell(self, messages: list[dict[str, Any]]) -> None:
        """Hand over messages as they arrive."""
        for each in messages:
            self._server.protocol.handle(json.loads(json.dumps({"jsonrpc": "2.0", **each})))

    def text(self, uri: str) -> str:
        """The text that it holds."""
        document = self._server.documents.text(uri)
        return "" if document is None else str(document.text)

    def write(self, data: bytes) -> None:
        """Nothing: its answers are of no interest."""


class Silence:
    """An analyst that never says anything."""

    def tell(self, message: ToAnalyst) -> None:
        """Nothing comes of it."""

    def close(self) -> None:
        """There is nothing to end."""


def is_whole(text: str) -> bool:
    """Whether a text is Python as it stands."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def frozen(tab: Tab) -> Tab:
    """The tab as it is now."""
    return Tab(tab.uri, tab.text)


def said(server: Conversation, method: str, tab: Tab) -> Any:
    """What a server says of a document."""
    return server.ask(method, {"textDocument": {"uri": tab.uri}}, tab)


def working_set(root: Path, chance: random.Random) -> list[str]:
    """Files to work on: those where events are spoken of before the others."""
    files = [path for path in sorted(root.rglob("*.py")) if path.stat().st_size <= LARGEST_FILE]
    chance.shuffle(files)
    files.sort(key=lambda path: not _is_eventful(path.read_bytes()))
    few, rest = files[: WORKING_SET * 2 // 3], files[WORKING_SET * 2 // 3 :]
    few += chance.sample(rest, min(len(rest), WORKING_SET - len(few)))
    return [path.relative_to(root).as_posix() for path in few]


def _is_eventful(data: bytes) -> bool:
    return any(word in data for word in (b"ignal", b"publish(", b"emit(", b"event_handler", b"subscribe("))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=1_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("folder", nargs="?", default="")
    given = arguments.parse_args()
    result = prove(given.count, given.seed, folder=given.folder)
    print(result.figures, *result.misses, sep="\n")
    return 1 if result.misses else 0


if __name__ == "__main__":
    sys.exit(main())

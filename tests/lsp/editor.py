"""An editor for tests: a server and an analyst in this process, asked over the protocol's own messages.

Files are given with markers: ``$0`` is the cursor, and carets in a comment mark what stands above them::

    publish("order.placed", total=1)
    #        ^^^^^^^^^^^^ name
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

import msgspec

from pubsub_devtools_lsp.analyst import wire
from pubsub_devtools_lsp.analyst.desk import Desk
from pubsub_devtools_lsp.analyst.messages import FromAnalyst, ToAnalyst
from pubsub_devtools_lsp.server import PubSubServer
from pubsub_devtools_lsp.session import Session
from pubsub_devtools_lsp.settings import Settings
from pubsub_devtools_lsp.uris import uri_of

CURSOR = "$0"
_CARETS = re.compile(r"\^+")

ABILITIES: dict[str, Any] = {
    "textDocument": {
        "publishDiagnostics": {
            "relatedInformation": True,
            "versionSupport": True,
            "codeDescriptionSupport": True,
            "tagSupport": {"valueSet": [1, 2]},
        }
    }
}


class Marks(NamedTuple):
    """A file's text without its cursor, where that was, and the places that carets mark, by the word after them."""

    text: str
    cursor: tuple[int, int] | None
    places: dict[str, list[tuple[int, int, int]]]


def marks(given: str) -> Marks:
    """Read the markers of a file. Lines and columns count from 0."""
    text = dedent(given).lstrip("\n")
    before, found, _ = text.partition(CURSOR)
    cursor = (before.count("\n"), len(before) - before.rfind("\n") - 1) if found else None
    text = text.replace(CURSOR, "", 1)
    places: dict[str, list[tuple[int, int, int]]] = {}
    above = 0
    for number, line in enumerate(text.split("\n")):
        if "^" not in line or not line.lstrip().startswith("#"):
            above = number
            continue
        name = line.rpartition("^")[2].strip()
        for carets in _CARETS.finditer(line):
            places.setdefault(name, []).append((above, *carets.span()))
    return Marks(text, cursor, places)


class LocalLink:
    """An analyst in this process. What it is told is done at once, unless it is held."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.told: list[FromAnalyst] = []
        self.is_held = False
        self.is_closed = False
        self._desk = Desk(self._hear)
        self._waiting: list[ToAnalyst] = []

    def tell(self, message: ToAnalyst) -> None:
        self._waiting.append(wire.to_analyst.decode(msgspec.msgpack.encode(message)))
        if not self.is_held:
            self.work()

    def begin(self) -> None:
        """Begin, as the process does once the session is whole."""
        self.tell(self.session.beginning())
        self.tell(self.session.focus())

    def work(self) -> None:
        """Do all that there is to do."""
        self._desk.take(self._waiting)
        self._waiting = []
        while self._desk.step():
            pass

    def close(self) -> None:
        self.is_closed = True
        self._desk.close()

    def _hear(self, message: FromAnalyst) -> None:
        self.told.append(message)
        for _ in self.session.take(wire.from_analyst.decode(msgspec.msgpack.encode(message))):
            pass


class Editor:
    """One editor with one folder open, and every Python file of it in a tab.

    Args:
        root: the folder.
        files: texts with markers, by path.
        opened: the files that have a tab; nothing means all.
        settings: what the user has set.
        abilities: what the client can do, besides the usual.
        encoding: what the client counts in.
    """

    def __init__(
        self,
        root: Path,
        files: Mapping[str, str],
        opened: tuple[str, ...] | None = None,
        settings: Settings | None = None,
        abilities: Mapping[str, Any] | None = None,
        encoding: str = "utf-16",
    ) -> None:
        self.root = root
        self.marks = {path: marks(text) for path, text in files.items()}
        for path, each in self.marks.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(each.text.encode())
        self.sent: list[dict[str, Any]] = []
        self.links: dict[Path, LocalLink] = {}
        self.server = PubSubServer(self._link)
        self.server.later = lambda _seconds, function: function()  # type: ignore[method-assign]
        self.server.protocol.set_writer(self)  # type: ignore[arg-type]
        capable = {**ABILITIES, **(abilities or {}), "general": {"positionEncodings": [encoding]}}
        self.capabilities = self.ask(
            "initialize", {"processId": None, "rootUri": uri_of(root), "capabilities": capable}
        )
        self.add_root(root, settings)
        for path in self.marks if opened is None else opened:
            if path.endswith(".py"):
                self.open(path)

    # -- the protocol

    def write(self, data: bytes) -> None:
        self.sent.append(msgspec.json.decode(data))

    def ask(self, method: str, params: Any) -> Any:
        """The answer to a request."""
        number = f"test {len(self.sent)}"
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        self.server.protocol.handle(msgspec.json.decode(msgspec.json.encode(message)))
        answer = next(each for each in reversed(self.sent) if each.get("id") == number)
        assert "error" not in answer, answer["error"]
        return answer.get("result")

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        self.server.protocol.handle(msgspec.json.decode(msgspec.json.encode(message)))

    # -- the folder and its documents

    def add_root(self, root: Path, settings: Settings | None = None) -> None:
        """Open one more folder."""
        self.server.sessions.configure(uri_of(root), settings or Settings())
        self.links[root].begin()
        self.server.documents.resettle()
        self.server.configured(self.links[root].session)

    def set(self, settings: Settings) -> None:
        """Have the user set something for the first folder."""
        self.server.sessions.configure(uri_of(self.root), settings)
        self.server.configured(self.session)

    def uri(self, path: str) -> str:
        return uri_of(self.root / path)

    def open(self, path: str, text: str | None = None) -> None:
        """Open a file, or one that is not saved yet."""
        given = (self.root / path).read_bytes().decode() if text is None else text
        document = {"uri": self.uri(path), "languageId": "python", "version": 1, "text": given}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def close(self, path: str) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": self.uri(path)}})

    def edit(self, path: str, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Put a text in place of another. Positions are the client's."""
        document = self.server.documents.text(self.uri(path))
        assert document is not None
        span = {"start": _position(start), "end": _position(end)}
        identifier = {"uri": self.uri(path), "version": (document.version or 0) + 1}
        self.tell(
            "textDocument/didChange",
            {"textDocument": identifier, "contentChanges": [{"range": span, "text": text}]},
        )

    def at_cursor(self, **more: Any) -> dict[str, Any]:
        """The parameters of a request at the cursor."""
        path, cursor = next(
            (path, each.cursor) for path, each in self.marks.items() if each.cursor is not None
        )
        return {"textDocument": {"uri": self.uri(path)}, "position": _position(cursor), **more}

    def place(self, location: Mapping[str, Any]) -> tuple[str, int, int, int]:
        """A location as path, line, column and end, as the marks have them."""
        span = location["range"]
        path = next(p for p in self._paths() if self.uri(p) == location["uri"])
        return path, span["start"]["line"], span["start"]["character"], span["end"]["character"]

    def marked(self, name: str) -> list[tuple[str, int, int, int]]:
        """What carets mark with a word, in all files."""
        return [(path, *place) for path, each in self.marks.items() for place in each.places.get(name, ())]

    def diagnostics(self, path: str) -> list[dict[str, Any]]:
        """What is shown of a file now."""
        told = [
            each["params"] for each in self.sent if each.get("method") == "textDocument/publishDiagnostics"
        ]
        return next((each["diagnostics"] for each in reversed(told) if each["uri"] == self.uri(path)), [])

    @property
    def link(self) -> LocalLink:
        """The analyst of the first folder."""
        return self.links[self.root]

    @property
    def session(self) -> Session:
        return self.link.session

    def _link(self, session: Session) -> LocalLink:
        self.links[session.root] = LocalLink(session)
        return self.links[session.root]

    def _paths(self) -> Iterator[str]:
        return (each.relative_to(self.root).as_posix() for each in self.root.rglob("*") if each.is_file())


def _position(point: tuple[int, int] | None) -> dict[str, int]:
    assert point is not None, "no cursor"
    return {"line": point[0], "character": point[1]}

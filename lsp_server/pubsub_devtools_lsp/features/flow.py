"""The flow of events for clients that draw it: requests of our own, and commands for those that can only open a file.

``pubsub/graph`` gives what is selected of a root's graph, ``pubsub/flow`` what leads to and follows from an event, a
handler, a service or what stands at a cursor, ``pubsub/sequence`` a sequence diagram. ``pubsub/graphChanged`` tells a
client that what it has drawn is no longer so. The commands ``pubsub.openFlow`` and ``pubsub.openSequence`` write a picture
beside the editor's other temporary files and have the client open it.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from weakref import finalize

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from pubsub_devtools_analysis.queries.find import Ambiguous, Found, find_event
from pubsub_devtools_analysis.queries.select import Direction, Selection
from pubsub_devtools_analysis.render.document import Document, document
from pubsub_devtools_analysis.render.errors import RenderError
from pubsub_devtools_lsp.analyst.messages import FromAnalyst, Shown
from pubsub_devtools_lsp.uris import uri_of

if TYPE_CHECKING:
    from pubsub_devtools.model import Certainty
    from pubsub_devtools_lsp.server import PubSubServer
    from pubsub_devtools_lsp.session import Session

GRAPH, FLOW, SEQUENCE, CHANGED = "pubsub/graph", "pubsub/flow", "pubsub/sequence", "pubsub/graphChanged"
OPEN_FLOW, OPEN_SEQUENCE = "pubsub.openFlow", "pubsub.openSequence"
_SUFFIXES = {"sequence": ".mmd", "mermaid": ".mmd"}


class Identifier(msgspec.Struct, frozen=True):
    """A document, as the protocol names it."""

    uri: str


class Position(msgspec.Struct, frozen=True):
    """A place in a document, as the protocol counts."""

    line: int
    character: int


class Asked(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What a client asks for. Of ``event``, ``handler``, ``service`` and ``position`` the first that is given counts.

    ``event`` is a name or the end of one; ``handler`` a function's qualified name. Without a root or a document the
    first root is meant.
    """

    root: str = ""
    text_document: Identifier | None = None
    position: Position | None = None
    event: str = ""
    handler: str = ""
    service: str = ""
    events: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    depth: int | None = None
    direction: Direction = "both"
    certainty: Literal["sure", "likely", "guess"] = "likely"
    tests: bool = False
    builtins: bool = True
    format: Document = "json"


def register(server: PubSubServer) -> None:
    """Answer for the flow."""
    pictures = Pictures(server)

    @server.feature(GRAPH)
    async def on_graph(params: Any) -> dict[str, Any]:
        asked = read(params)
        session = _session(server, asked)
        events = tuple(_event(session, each) for each in asked.events)
        return await pictures.answer(session, _selection(asked, events, asked.services), asked.format)

    @server.feature(FLOW)
    async def on_flow(params: Any) -> dict[str, Any]:
        asked = read(params)
        session, events, services = _focus(server, asked)
        return await pictures.answer(session, _selection(asked, events, services), asked.format)

    @server.feature(SEQUENCE)
    async def on_sequence(params: Any) -> dict[str, Any]:
        asked = read(params)
        session, events, _ = _focus(server, asked)
        return await pictures.answer(session, _selection(asked, events[:1], ()), "sequence")

    @server.command(OPEN_FLOW)
    async def on_open_flow(*arguments: Any) -> str | None:
        return await pictures.open(arguments, "svg")

    @server.command(OPEN_SEQUENCE)
    async def on_open_sequence(*arguments: Any) -> str | None:
        return await pictures.open(arguments, "sequence")

    @server.hears
    def on_shown(session: Session, message: FromAnalyst) -> None:
        if isinstance(message, Shown) and (message.graph or message.stage == "complete"):
            told = {"root": uri_of(session.root), "complete": session.snapshot.is_complete}
            server.protocol.notify(CHANGED, told)


class Pictures:
    """Makes documents of graphs, the slow ones in a thread of their own, so that no question waits for a layout."""

    def __init__(self, server: PubSubServer) -> None:
        self._server = server
        self._layouts = ThreadPoolExecutor(1, "pubsub-layout")
        self._folder: Path | None = None

    async def answer(self, session: Session, selection: Selection, format: Document) -> dict[str, Any]:
        """The document, and what it is of."""
        snapshot = session.snapshot
        try:
            if format == "svg":
                loop = asyncio.get_running_loop()
                text = await loop.run_in_executor(self._layouts, document, snapshot.graph, selection, format)
            else:
                text = document(snapshot.graph, selection, format)
        except RenderError as error:
            raise JsonRpcInvalidParams(str(error)) from None
        told: dict[str, Any] = {
            "root": uri_of(session.root),
            "events": list(selection.events),
            "format": format,
            "complete": snapshot.is_complete,
        }
        key = "graph" if format == "json" else "text"
        return told | {key: msgspec.json.decode(text) if format == "json" else text}

    async def open(self, arguments: tuple[Any, ...], format: Document) -> str | None:
        """Write the document and have the client open it. Gives its URI; nothing where there is nothing to show."""
        asked = read(arguments[0] if arguments else None)
        session, events, services = _focus(self._server, asked)
        wanted = asked.format if asked.format != "json" and format == "svg" else format
        if wanted == "sequence" and not events:
            self._server.show("There is no event at the cursor.")
            return None
        answer = await self.answer(session, _selection(asked, events, services), wanted)
        uri = uri_of(self._written(events, wanted, str(answer["text"])))
        await self._show(uri, wanted)
        return uri

    def _written(self, events: tuple[str, ...], format: Document, text: str) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="pubsub-devtools-"))
            finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        name = "".join(each if each.isalnum() else "-" for each in (events or ("events",))[0])[-60:]
        file = self._folder / f"{name}{_SUFFIXES.get(format, '.' + format)}"
        file.write_text(text, "utf-8")
        return file

    async def _show(self, uri: str, format: Document) -> None:
        window = self._server.client_capabilities.window
        if window is not None and window.show_document is not None and window.show_document.support:
            is_picture = format in ("svg", "html")
            await self._server.window_show_document_async(types.ShowDocumentParams(uri, external=is_picture))
        else:
            self._server.show(f"The picture is at {uri}", types.MessageType.Info)


def read(params: Any) -> Asked:
    """What a client asks for.

    Raises:
        JsonRpcInvalidParams: it cannot be understood.
    """
    try:
        return msgspec.convert(_plain(params) or {}, Asked)
    except msgspec.ValidationError as error:
        raise JsonRpcInvalidParams(str(error)) from None


def _plain(value: Any) -> Any:
    """What the protocol's library made objects of, as it was sent."""
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]  # pyright: ignore[reportUnknownVariableType] - it is anything
    return value


def _session(server: PubSubServer, asked: Asked) -> Session:
    uri = asked.text_document.uri if asked.text_document is not None else asked.root
    found = [each for each in server.sessions if not uri or uri_of(each.root) == uri.rstrip("/")]
    home = server.sight(uri) if uri and not found else None
    if home is not None:
        return home.session
    if not found:
        raise JsonRpcInvalidParams(f"no open folder holds {uri}" if uri else "no folder is open")
    return found[0]


def _focus(server: PubSubServer, asked: Asked) -> tuple[Session, tuple[str, ...], tuple[str, ...]]:
    """The root, and the events or services that the flow is to begin at."""
    session = _session(server, asked)
    if asked.event:
        return session, (_event(session, asked.event),), ()
    if asked.handler:
        sites = [each for each in session.snapshot.graph.sites if each.symbol == asked.handler]
        if not sites:
            raise JsonRpcInvalidParams(f"{asked.handler} handles and publishes nothing")
        return session, tuple(dict.fromkeys(each.event for each in sites)), ()
    if asked.service:
        return session, (), (asked.service,)
    if asked.text_document is not None and asked.position is not None:
        look = server.look(
            asked.text_document.uri, types.Position(asked.position.line, asked.position.character)
        )
        if look is not None and look.occurrence is not None:
            return session, look.occurrence.events, ()
        return session, _around(server, asked), ()
    return session, (), ()


def _around(server: PubSubServer, asked: Asked) -> tuple[str, ...]:
    """The events of the function that a cursor stands in."""
    if asked.text_document is None or asked.position is None:
        return ()
    sight = server.sight(asked.text_document.uri)
    if sight is None:
        return ()
    line = asked.position.line + 1
    sites = sight.snapshot.sites_by_path.get(sight.path, [])
    inside = [each for each in sites if each.place.line <= line <= each.place.end_line]
    return tuple(dict.fromkeys(each.event for each in inside))


def _event(session: Session, name: str) -> str:
    match find_event(session.snapshot.graph, name):
        case Found(event=event):
            return event.id
        case Ambiguous(candidates=candidates):
            named = ", ".join(each.id for each in candidates[:5])
            raise JsonRpcInvalidParams(f"{name} may be any of {named}")
        case missing:
            near = f": did you mean {missing.suggestions[0]}?" if missing.suggestions else ""
            raise JsonRpcInvalidParams(f"there is no event {name}{near}")


def _selection(asked: Asked, events: tuple[str, ...], services: tuple[str, ...]) -> Selection:
    certainty: Certainty = asked.certainty
    return Selection(
        events, services, asked.dialects, asked.depth, asked.direction, certainty, asked.tests, asked.builtins
    )

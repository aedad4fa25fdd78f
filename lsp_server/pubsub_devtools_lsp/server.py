"""The server: documents, roots, and the features that answer for them. It knows no transport and starts no process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from pubsub_devtools_lsp.analyst.link import Link
from pubsub_devtools_lsp.analyst.messages import FromAnalyst
from pubsub_devtools_lsp.documents import Documents
from pubsub_devtools_lsp.features.registry import register_all
from pubsub_devtools_lsp.look import Look, Sight
from pubsub_devtools_lsp.protocol import Protocol
from pubsub_devtools_lsp.session import Session
from pubsub_devtools_lsp.sessions import Sessions
from pubsub_devtools_lsp.texts.document import Document
from pubsub_devtools_lsp.texts.units import Units
from pubsub_devtools_lsp.uris import file_of

Handler = TypeVar("Handler", bound=Callable[..., Any])
Hearer = Callable[[Session, FromAnalyst], None]

NAME = "pubsub-devtools"
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(
            notebook=types.NotebookDocumentFilterNotebookType(notebook_type="jupyter-notebook"),
            cells=[types.NotebookCellLanguage(language="python")],
        )
    ]
)


class PubSubServer(LanguageServer):
    """A language server for events.

    Args:
        begin: makes the link to an analyst for a session.
    """

    protocol: Protocol  # pyright: ignore[reportIncompatibleVariableOverride] - it is made by this class

    def __init__(self, begin: Callable[[Session], Link]) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - its library leaves a part untyped
            NAME,
            version(NAME),
            protocol_cls=Protocol,
            converter_factory=default_converter,
            notebook_document_sync=_NOTEBOOKS,
        )
        self._hearers: list[Hearer] = []
        self._settlers: list[Callable[[Session, str], None]] = []
        self._configurers: list[Callable[[Session], None]] = []
        self._leavers: list[Callable[[Session], None]] = []
        self._beginners: list[Callable[[], Awaitable[None]]] = []
        self.units = Units()
        self.sessions = Sessions(lambda root, settings: Session(root, settings, begin, self._heard))
        self.documents = Documents(self.units, self.sessions.home, self._settled)
        register_all(self)

    # -- for features

    def look(self, uri: str, position: types.Position) -> Look | None:
        """What is known at a position of a document; nothing where the document is none of ours."""
        home = self.documents.home(uri)
        if home is not None:
            point = self.documents.point(uri, position)
            return None if point is None else Look(*home, point, self.units)
        return self._look_at_disk(uri, position)

    def sight(self, uri: str) -> Sight | None:
        """A document with what is known of its root; nothing where it is none of ours."""
        home = self.documents.home(uri)
        place = home[:2] if home is not None else self.sessions.home(uri, "")
        return None if place is None else Sight(*place, self.units)

    def _look_at_disk(self, uri: str, position: types.Position) -> Look | None:
        """The same for a document that is not open."""
        place, file = self.sessions.home(uri, ""), file_of(uri)
        if place is None or file is None or self.documents.text(uri) is not None:
            return None
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        document = Document(uri, "", None, text, 0)
        column = self.units.column(document.text.line(position.line), position.character)
        return Look(*place, document, (position.line, column), self.units)

    def answers(self, method: str, options: Any = None) -> Callable[[Handler], Handler]:
        """Register the answer to a request or a notification. It runs at once and to its end; let it be short."""
        return self.feature(method, options)

    def hears(self, hearer: Hearer) -> Hearer:
        """Have a function told of everything that analysts say, once it is taken in."""
        self._hearers.append(hearer)
        return hearer

    def settles(self, settler: Callable[[Session, str], None]) -> Callable[[Session, str], None]:
        """Have a function told of every file of a root that is opened or closed in an editor."""
        self._settlers.append(settler)
        return settler

    def configures(self, configurer: Callable[[Session], None]) -> Callable[[Session], None]:
        """Have a function told of every root that is opened, or that the user has set otherwise."""
        self._configurers.append(configurer)
        return configurer

    def leaves(self, leaver: Callable[[Session], None]) -> Callable[[Session], None]:
        """Have a function told of every root that is closed."""
        self._leavers.append(leaver)
        return leaver

    def begins(self, beginner: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Have a function run once client and server have greeted each other."""
        self._beginners.append(beginner)
        return beginner

    # -- what features hear of

    def _heard(self, session: Session, message: FromAnalyst) -> None:
        for hearer in self._hearers:
            hearer(session, message)

    def _settled(self, session: Session, path: str) -> None:
        for settler in self._settlers:
            settler(session, path)

    def configured(self, session: Session) -> None:
        """A root is opened, or set otherwise."""
        for configurer in self._configurers:
            configurer(session)

    def ended(self, session: Session) -> None:
        """A root is closed."""
        for leaver in self._leavers:
            leaver(session)
        session.close()

    async def begun(self) -> None:
        """Client and server have greeted each other."""
        for beginner in self._beginners:
            try:
                await beginner()
            except Exception as error:  # what a client does not want must not end what it does want
                self.log(f"the client refuses: {error}")

    def later(self, seconds: float, function: Callable[[], None]) -> None:
        """Have a function run after a while."""
        asyncio.get_running_loop().call_later(seconds, function)

    # -- the client

    @property
    def diagnostic_abilities(self) -> types.PublishDiagnosticsClientCapabilities:
        """What the client can show of a diagnostic."""
        document = self.client_capabilities.text_document
        known = document.publish_diagnostics if document is not None else None
        return known or types.PublishDiagnosticsClientCapabilities()

    @property
    def completion_abilities(self) -> types.ClientCompletionItemOptions | None:
        """What the client can do with what is offered."""
        document = self.client_capabilities.text_document
        known = document.completion if document is not None else None
        return known.completion_item if known is not None else None

    def refreshes(self, what: str) -> bool:
        """Whether the client asks anew for lenses, hints or tokens when it is told to."""
        known = getattr(self.client_capabilities.workspace, what, None)
        return bool(getattr(known, "refresh_support", False))

    def log(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Write to the client's log."""
        self.window_log_message(types.LogMessageParams(kind, text))

    def show(self, text: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Have the client show a message."""
        self.window_show_message(types.ShowMessageParams(kind, text))

    def trace(self, text: str) -> None:
        """Tell what goes on, if the client asks for it."""
        if self.protocol.trace != types.TraceValue.Off:
            self.log_trace(types.LogTraceParams(text))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log it: a mistake of the server's is nothing that a user could do anything about. A refusal is an answer."""
        if isinstance(error, JsonRpcInvalidParams):
            return
        self.log(f"{type(error).__name__}: {error}", types.MessageType.Error)

    def close(self) -> None:
        """End all analysts."""
        for session in self.sessions:
            session.close()

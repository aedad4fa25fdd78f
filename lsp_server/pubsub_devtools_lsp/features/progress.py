"""What the analysts are doing, shown where the client can show it, and told in its log."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools_lsp.analyst.messages import Doing, FromAnalyst, Refused, Shown

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer
    from pubsub_devtools_lsp.session import Session

_SHOWN_FROM = 2
"""So much to do is shown; an edit's own work would only flicker."""


class Bar:
    """One bar of progress of one root: created, begun, moved on, ended, in that order."""

    def __init__(self, server: PubSubServer, session: Session) -> None:
        self._server = server
        self._token = f"pubsub-devtools-{session.root.name}-{id(self)}"
        self._is_open = self._is_wanted = True
        self._is_begun = False
        self._told: tuple[str, int] = ("", -1)
        self._title = f"Events of {session.root.name}"
        created = server.protocol.send_request(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(self._token)
        )
        created.add_done_callback(self._begin)

    def _begin(self, created: Future[None]) -> None:
        if created.cancelled() or created.exception() is not None or not self._is_wanted:
            self._is_open = False
            return
        self._tell(types.WorkDoneProgressBegin(self._title, cancellable=False, percentage=0))
        self._is_begun = True

    def move(self, doing: Doing) -> None:
        """More is done."""
        percentage = min(100, 100 * doing.done // doing.all) if doing.all else 0
        if self._is_begun and self._is_open and (doing.what, percentage) != self._told:
            self._told = doing.what, percentage
            words = f"{doing.what} {doing.done}/{doing.all}" if doing.all > 1 else doing.what
            self._tell(types.WorkDoneProgressReport(message=words, percentage=percentage))

    def end(self) -> None:
        """All is done."""
        self._is_wanted = False
        if self._is_begun and self._is_open:
            self._is_open = False
            self._tell(types.WorkDoneProgressEnd())

    def _tell(self, value: object) -> None:
        self._server.protocol.notify(types.PROGRESS, types.ProgressParams(self._token, value))


def register(server: PubSubServer) -> None:
    """Have the server show what is being done."""
    bars: dict[Session, Bar] = {}
    refused: dict[Session, str] = {}

    @server.hears
    def heard(session: Session, message: FromAnalyst) -> None:
        if isinstance(message, Shown):
            server.trace(f"{session.root.name}: {message.stage}, {len(message.occurrences)} files said anew")
        match message:
            case Doing(path="") if _can_show(server):
                if session not in bars and message.all >= _SHOWN_FROM:
                    bars[session] = Bar(server, session)
                if session in bars:
                    bars[session].move(message)
            case Shown("complete"):
                end(session)
            case Refused():
                end(session)
                if message.message and refused.get(session) != message.message:
                    server.show(message.message, types.MessageType.Error)
                refused[session] = message.message
            case _:
                pass

    @server.leaves
    def end(session: Session) -> None:
        if session in bars:
            bars.pop(session).end()


def _can_show(server: PubSubServer) -> bool:
    window = server.client_capabilities.window
    return window is not None and bool(window.work_done_progress)

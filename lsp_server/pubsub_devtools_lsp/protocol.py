"""The protocol as pygls speaks it, with texts of our own, and with requests that are dropped when they are cancelled.

pygls keeps documents by `str.splitlines`, which shifts lines; it would run a request that was cancelled long ago; and it
looks for messages in every object of a message. Here, what has arrived waits in a line, and a cancellation takes its
request out of that line.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, cast

import msgspec
from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcRequestCancelled,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

if TYPE_CHECKING:
    from pubsub_devtools_lsp.documents import Documents
    from pubsub_devtools_lsp.server import PubSubServer

_log = logging.getLogger(__name__)
_CANCEL = "$/cancelRequest"


def _is_no_refusal(record: logging.LogRecord) -> bool:
    """Whether a record tells of something else than a request that was refused, which is an answer and no mistake."""
    return record.exc_info is None or not isinstance(record.exc_info[1], JsonRpcInvalidParams)


logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_no_refusal)


class Protocol(LanguageServerProtocol):
    """One connection to a client."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._arrived: deque[dict[str, Any]] = deque()
        self._cancelled: set[str | int] = set()
        self._is_pumping = False
        self.dropped = 0
        """Requests that were cancelled before anything was done for them."""
        self.ended: Callable[[int], None] = lambda _code: None
        """Called with the exit code when the client says that the session is over."""

    def _documents(self) -> Documents:
        return cast("PubSubServer", self._server).documents

    # -- what arrives

    def arrive(self, *bodies: bytes) -> None:
        """Have messages wait for their turn. Called in the loop's thread."""
        for body in bodies:
            try:
                message = _decoded(body)
            except ValueError:
                _log.error("a message is no JSON: it is left out")
                continue
            if message.get("method") == _CANCEL:
                self._cancel(message)
            else:
                self._arrived.append(message)
        if self._arrived and not self._is_pumping:
            self._is_pumping = True
            asyncio.get_running_loop().call_soon(self._pump)

    def _cancel(self, message: dict[str, Any]) -> None:
        params: dict[str, Any] = message.get("params") or {}
        number: str | int = params.get("id", "")
        if any(each.get("id") == number and "method" in each for each in self._arrived):
            self._cancelled.add(number)
        elif (future := self._request_futures.get(number)) is not None:
            future.cancel()

    def _pump(self) -> None:
        """Handle the message that has waited longest; what the analysts tell comes to its turn in between."""
        message = self._arrived.popleft()
        self._is_pumping = bool(self._arrived)
        if self._is_pumping:
            asyncio.get_running_loop().call_soon(self._pump)
        number = message.get("id")
        if number in self._cancelled and "method" in message:
            self._cancelled.discard(number)
            self.dropped += 1
            self._send_response(number, error=JsonRpcRequestCancelled().to_response_error())
            return
        self.handle(message)

    def handle(self, message: dict[str, Any]) -> None:
        """Handle one message; one that cannot be understood gets an answer that says so."""
        try:
            structured: Any = self.structure_message(message)
            self.handle_message(structured)
        except JsonRpcException as error:
            if "id" in message and "method" in message:
                self._send_response(message["id"], error=error.to_response_error())

    # -- what is sent

    def _send_data(self, data: Any) -> None:
        if not data or self.writer is None:
            return
        try:
            body = _encoded(self._converter.unstructure(data))
        except Exception:
            _log.exception("an answer cannot be written")
            number = getattr(data, "id", None)
            if number is None or hasattr(data, "error"):
                return
            error = JsonRpcInternalError("the answer cannot be written").to_response_error()
            body = _encoded(self._converter.unstructure(types.ResponseErrorMessage(id=number, error=error)))
        self.writer.write(body)

    # -- what pygls would keep in texts of its own

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Hand on to the server's own documents."""
        self._documents().open(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Hand on to the server's own documents."""
        self._documents().change(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Hand on to the server's own documents."""
        self._documents().close(params.text_document.uri)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def lsp_notebook_document__did_open(self, params: types.DidOpenNotebookDocumentParams) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Hand on to the server's own documents."""
        self._documents().open_notebook(params)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def lsp_notebook_document__did_change(self, params: types.DidChangeNotebookDocumentParams) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Hand on to the server's own documents."""
        self._documents().change_notebook(params)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def lsp_notebook_document__did_close(self, params: types.DidCloseNotebookDocumentParams) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Hand on to the server's own documents."""
        self._documents().close_notebook(params)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> Generator[Any, Any, None]:
        """The client is done: in order, if it said so before."""
        self.ended(0 if self._shutdown else 1)
        yield from ()


def _decoded(body: bytes) -> dict[str, Any]:
    """A message; half a surrogate pair, which editors send while one is being typed, is let through."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError:
        message: Any = json.loads(body)
        if isinstance(message, dict):
            return cast("dict[str, Any]", message)
        raise ValueError("no message") from None


def _encoded(message: Any) -> bytes:
    try:
        return msgspec.json.encode(message)
    except UnicodeEncodeError:
        return json.dumps(message).encode()

"""Events among the symbols of the workspace and of a document, and as semantic tokens: events only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools_analysis.queries.spots import place_of
from pubsub_devtools_analysis.queries.symbols import Entry, entries, events_like
from pubsub_devtools_lsp.look import Sight
from pubsub_devtools_lsp.pieces import in_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools_lsp.server import PubSubServer
    from pubsub_devtools_lsp.session import Session

_KINDS = {
    "declare": types.SymbolKind.Event,
    "publish": types.SymbolKind.Event,
    "handle": types.SymbolKind.Function,
}
_LEGEND = types.SemanticTokensLegend(
    [types.SemanticTokenTypes.Event], [types.SemanticTokenModifiers.Declaration]
)
_TOKENS = frozenset({"string", "class", "constant", "alias"})


def register(server: PubSubServer) -> None:
    """Have the server list events."""

    @server.answers(types.WORKSPACE_SYMBOL)
    def of_workspace(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        found = (event for session in server.sessions for event in _events(server, session, params.query))
        return in_pieces(server, params.partial_result_token, found)

    @server.answers(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def of_document(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        sight = server.sight(params.text_document.uri)
        if sight is None:
            return None
        found = (
            _symbol(sight, entry, params.text_document.uri) for entry in entries(sight.snapshot, sight.path)
        )
        return [symbol for symbol in found if symbol is not None]

    @server.answers(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND)
    def tokens(params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        sight = server.sight(params.text_document.uri)
        return (
            None if sight is None else types.SemanticTokens(list(_encoded(sight, params.text_document.uri)))
        )


def _events(server: PubSubServer, session: Session, query: str) -> Iterator[types.WorkspaceSymbol]:
    sight = Sight(session, "", server.units)
    for each in events_like(session.snapshot, query):
        where = sight.location(each.spot.place, each.spot.origin)
        if where is not None:
            yield types.WorkspaceSymbol(where, each.name, types.SymbolKind.Event, None, None, each.detail)


def _symbol(sight: Sight, entry: Entry, uri: str) -> types.DocumentSymbol | None:
    spot, whole = sight.location(entry.spot), sight.location(entry.whole)
    if spot is None or spot.uri != uri:
        return None
    is_around = (
        whole is not None and whole.range.start <= spot.range.start and spot.range.end <= whole.range.end
    )
    around = whole.range if whole is not None and is_around else spot.range
    return types.DocumentSymbol(entry.name, _KINDS[entry.kind], around, spot.range, entry.detail)


def _encoded(sight: Sight, uri: str) -> Iterator[int]:
    """Tokens as the protocol has them: each told from where the one before begins."""
    line = character = 0
    for each in sight.snapshot.occurrences.get(sight.path, ()):
        where = sight.location(place_of(each, sight.path)) if each.form in _TOKENS else None
        if where is None or where.uri != uri:
            continue
        start = where.range.start
        yield start.line - line
        yield start.character - (character if start.line == line else 0)
        yield where.range.end.character - start.character
        yield 0
        yield 1 if each.role == "declare" else 0
        line, character = start.line, start.character

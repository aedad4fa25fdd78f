"""Definition, implementation, type definition, references and highlights: null at what is no event's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools_analysis.queries.navigation import definition, implementation, type_definition
from pubsub_devtools_analysis.queries.references import highlights, references
from pubsub_devtools_analysis.queries.spots import Spot
from pubsub_devtools_lsp.pieces import in_pieces

if TYPE_CHECKING:
    from pubsub_devtools_analysis.queries.occurrence import Occurrence
    from pubsub_devtools_analysis.queries.snapshot import Snapshot
    from pubsub_devtools_lsp.look import Look, Sight
    from pubsub_devtools_lsp.server import PubSubServer

Question = Callable[["Snapshot", "Occurrence"], tuple[Spot, ...]]
At = types.DefinitionParams | types.ImplementationParams | types.TypeDefinitionParams
Goals = list[types.LocationLink] | list[types.Location] | None

_WRITES = frozenset({"publish", "declare"})


def register(server: PubSubServer) -> None:
    """Have the server lead to and from events."""

    @server.answers(types.TEXT_DOCUMENT_DEFINITION)
    def to_definition(params: types.DefinitionParams) -> Goals:
        ability = server.client_capabilities.text_document
        can = ability.definition if ability is not None else None
        return _goals(server, params, definition, links=bool(can and can.link_support))

    @server.answers(types.TEXT_DOCUMENT_IMPLEMENTATION)
    def to_implementation(params: types.ImplementationParams) -> Goals:
        ability = server.client_capabilities.text_document
        can = ability.implementation if ability is not None else None
        return _goals(server, params, implementation, links=bool(can and can.link_support))

    @server.answers(types.TEXT_DOCUMENT_TYPE_DEFINITION)
    def to_type_definition(params: types.TypeDefinitionParams) -> Goals:
        ability = server.client_capabilities.text_document
        can = ability.type_definition if ability is not None else None
        return _goals(server, params, type_definition, links=bool(can and can.link_support))

    @server.answers(types.TEXT_DOCUMENT_REFERENCES)
    def to_references(params: types.ReferenceParams) -> list[types.Location] | None:
        look = server.look(params.text_document.uri, params.position)
        if look is None or look.occurrence is None:
            return None
        declared = params.context.include_declaration
        found = references(look.snapshot, look.occurrence, declared=declared)
        return in_pieces(server, params.partial_result_token, locations(look, found)) if found else None

    @server.answers(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlight(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
        look = server.look(params.text_document.uri, params.position)
        if look is None or look.occurrence is None:
            return None
        return [
            types.DocumentHighlight(where, _kind(each))
            for each in highlights(look.snapshot, look.path, look.occurrence)
            if (where := look.range(each)) is not None
        ]


def locations(sight: Sight, spots: tuple[Spot, ...]) -> Iterator[types.Location]:
    """Spots as a client can open them; those of other repositories it cannot."""
    found = (sight.location(spot.place, spot.origin) for spot in spots)
    return (each for each in found if each is not None)


def _goals(server: PubSubServer, params: At, question: Question, *, links: bool) -> Goals:
    look = server.look(params.text_document.uri, params.position)
    if look is None or look.occurrence is None:
        return None
    found = list(locations(look, question(look.snapshot, look.occurrence)))
    if not found:
        return None
    return _links(look, look.occurrence, found) if links else found


def _links(look: Look, occurrence: Occurrence, found: list[types.Location]) -> list[types.LocationLink]:
    """The same with what they lead from: a whole name, where an editor would take `orders` of `orders.placed`."""
    origin = look.range(occurrence)
    return [types.LocationLink(each.uri, each.range, each.range, origin) for each in found]


def _kind(occurrence: Occurrence) -> types.DocumentHighlightKind:
    if occurrence.role in _WRITES:
        return types.DocumentHighlightKind.Write
    return (
        types.DocumentHighlightKind.Read if occurrence.role == "handle" else types.DocumentHighlightKind.Text
    )

"""The call hierarchy walks the flow of events: publisher, event, handler, what that publishes, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from pubsub_devtools_analysis.queries.call_flow import Passage, Turn, incoming, outgoing, prepare, turn_of

if TYPE_CHECKING:
    from pubsub_devtools_lsp.look import Sight
    from pubsub_devtools_lsp.server import PubSubServer

_KINDS = {"event": types.SymbolKind.Event, "function": types.SymbolKind.Function}


def register(server: PubSubServer) -> None:
    """Have the server walk flows."""

    @server.answers(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)
    def begin(params: types.CallHierarchyPrepareParams) -> list[types.CallHierarchyItem] | None:
        look = server.look(params.text_document.uri, params.position)
        if look is None or look.occurrence is None:
            return None
        items = (_item(look, turn) for turn in prepare(look.snapshot, look.occurrence))
        return [item for item in items if item is not None] or None

    @server.answers(types.CALL_HIERARCHY_OUTGOING_CALLS)
    def calls(params: types.CallHierarchyOutgoingCallsParams) -> list[types.CallHierarchyOutgoingCall] | None:
        sight, turn = _again(server, params.item)
        if sight is None or turn is None:
            return None
        return [
            types.CallHierarchyOutgoingCall(item, ranges)
            for item, ranges in _steps(sight, outgoing(sight.snapshot, turn))
        ]

    @server.answers(types.CALL_HIERARCHY_INCOMING_CALLS)
    def callers(
        params: types.CallHierarchyIncomingCallsParams,
    ) -> list[types.CallHierarchyIncomingCall] | None:
        sight, turn = _again(server, params.item)
        if sight is None or turn is None:
            return None
        return [
            types.CallHierarchyIncomingCall(item, ranges)
            for item, ranges in _steps(sight, incoming(sight.snapshot, turn))
        ]


def _again(server: PubSubServer, item: types.CallHierarchyItem) -> tuple[Sight | None, Turn | None]:
    """What an item that we gave stands for now."""
    sight = server.sight(item.uri)
    given: Any = item.data
    data = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    if sight is None or not data:
        return sight, None
    return sight, turn_of(sight.snapshot, str(data.get("kind", "")), str(data.get("id", "")))


def _item(sight: Sight, turn: Turn) -> types.CallHierarchyItem | None:
    spot = sight.location(turn.spot.place, turn.spot.origin)
    if spot is None:
        return None
    whole = sight.location(turn.whole, turn.spot.origin)
    is_around = (
        whole is not None and whole.range.start <= spot.range.start and spot.range.end <= whole.range.end
    )
    return types.CallHierarchyItem(
        turn.name,
        _KINDS[turn.kind],
        spot.uri,
        whole.range if whole is not None and is_around else spot.range,
        spot.range,
        detail=turn.detail,
        data={"kind": turn.kind, "id": turn.id},
    )


def _steps(
    sight: Sight, passages: tuple[Passage, ...]
) -> list[tuple[types.CallHierarchyItem, list[types.Range]]]:
    found: list[tuple[types.CallHierarchyItem, list[types.Range]]] = []
    for passage in passages:
        item = _item(sight, passage.turn)
        places = (sight.location(place) for place in passage.places)
        if item is not None:
            found.append((item, [place.range for place in places if place is not None]))
    return found

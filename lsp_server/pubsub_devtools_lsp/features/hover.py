"""Hover: what an event, a field or a handler is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools_analysis.queries.insight import handlers_at
from pubsub_devtools_analysis.render.hover import event_hover, field_hover, handler_hover

if TYPE_CHECKING:
    from pubsub_devtools_lsp.look import Look
    from pubsub_devtools_lsp.server import PubSubServer

_MOST = 3
"""So many events of one name are told; more would fill the screen."""


def register(server: PubSubServer) -> None:
    """Tell what stands under the mouse."""

    @server.answers(types.TEXT_DOCUMENT_HOVER)
    def on_hover(params: types.HoverParams) -> types.Hover | None:
        look = server.look(params.text_document.uri, params.position)
        if look is None or look.occurrence is None:
            return None
        text = _text(look)
        return (
            types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), look.range(look.occurrence))
            if text
            else None
        )


def _text(look: Look) -> str:
    said, index = look.occurrence, look.snapshot.index
    if said is None:
        return ""
    events = [index.events[each] for each in said.events if each in index.events]
    if said.form == "field":
        parts = [field_hover(index, event, said.field, look.link) for event in events[:_MOST]]
    else:
        parts = [event_hover(index, event, look.link) for event in events[:_MOST]]
    if said.form == "handler" and said.role == "handle":
        parts.insert(0, handler_hover(index, handlers_at(look.snapshot, said), look.link))
    if len(events) > _MOST:
        parts.append(f"… and {len(events) - _MOST} more")
    return "\n\n---\n\n".join(part for part in parts if part)

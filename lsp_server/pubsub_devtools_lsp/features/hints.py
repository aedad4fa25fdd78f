"""Inlay hints: the event that a constant or a variable holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.queries.insight import hints

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer


def register(server: PubSubServer) -> None:
    """Write behind names."""

    @server.answers(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions())
    def on_hints(params: types.InlayHintParams) -> list[types.InlayHint]:
        sight = server.sight(params.text_document.uri)
        if sight is None or not sight.session.settings.inlay_hints:
            return []
        found: list[types.InlayHint] = []
        for each in hints(sight.snapshot, sight.path):
            here = sight.location(Place(sight.path, each.line, each.column, each.line, each.column))
            if here is not None and params.range.start <= here.range.start <= params.range.end:
                found.append(types.InlayHint(here.range.start, f" {each.text}", padding_left=True))
        return found

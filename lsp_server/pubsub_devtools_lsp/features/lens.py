"""Code lenses: above declarations and handlers, how many stand on the other side, and what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.queries.insight import Lens, lenses

if TYPE_CHECKING:
    from pubsub_devtools_lsp.look import Sight
    from pubsub_devtools_lsp.server import PubSubServer

SHOW = "pubsub.showPlaces"
"""The command of the client that shows places beside a cursor: `uri, position, locations`."""


def register(server: PubSubServer) -> None:
    """Write above the code."""

    @server.answers(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())
    def on_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        sight = server.sight(params.text_document.uri)
        if sight is None or not sight.session.settings.code_lens:
            return []
        return [
            made for each in lenses(sight.snapshot, sight.path) if (made := _lens(sight, each)) is not None
        ]


def _lens(sight: Sight, lens: Lens) -> types.CodeLens | None:
    here = sight.location(Place(sight.path, lens.line, lens.column, lens.line, lens.column))
    if here is None:
        return None
    index = sight.snapshot.index
    ask = {
        "publish": [index.publishers],
        "handle": [index.handlers],
        "all": [index.publishers, index.handlers],
    }[lens.shows]
    sites = {reach.site.id: reach.site for each in ask for event in lens.events for reach in each(event)}
    places = [
        place for site in sites.values() if (place := sight.location(site.place, site.origin)) is not None
    ]
    command = types.Command(lens.title, SHOW, arguments=[here.uri, here.range.start, places])
    return types.CodeLens(here.range, command if places else types.Command(lens.title, ""))

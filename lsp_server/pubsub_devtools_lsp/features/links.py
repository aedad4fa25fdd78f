"""Names of events in configuration files as links to where the events are declared or handled.

In code, definition leads there; a link on top of it would only be in its way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools_analysis.queries.navigation import definition

if TYPE_CHECKING:
    from pubsub_devtools_analysis.queries.occurrence import Occurrence
    from pubsub_devtools_lsp.look import Sight
    from pubsub_devtools_lsp.server import PubSubServer


def register(server: PubSubServer) -> None:
    """Have the server link configuration."""

    @server.answers(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    def links(params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
        sight = server.sight(params.text_document.uri)
        if sight is None or sight.path.endswith(".py"):
            return None
        found = (_link(sight, each) for each in sight.snapshot.occurrences.get(sight.path, ()))
        return [link for link in found if link is not None]


def _link(sight: Sight, occurrence: Occurrence) -> types.DocumentLink | None:
    where = sight.range(occurrence)
    goals = (sight.location(spot.place, spot.origin) for spot in definition(sight.snapshot, occurrence))
    goal = next((each for each in goals if each is not None), None)
    if where is None or goal is None:
        return None
    start = goal.range.start
    names = ", ".join(event.partition(":")[2] for event in occurrence.events)
    return types.DocumentLink(
        where, f"{goal.uri}#L{start.line + 1},{start.character + 1}", f"The event {names}"
    )

"""Long answers in pieces, for clients that show the first while the others are still being made."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer

PIECE = 100

T = TypeVar("T")


def in_pieces(server: PubSubServer, token: types.ProgressToken | None, found: Iterable[T]) -> list[T]:
    """All that is found. With a client's token it is sent piece by piece, and nothing is left for the answer."""
    if token is None:
        return list(found)
    rest = iter(found)
    while piece := list(islice(rest, PIECE)):
        server.progress(types.ProgressParams(token, piece))
    return []

"""Documents of a graph for the command line, where what cannot be made is a failure."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from pubsub_devtools_analysis.render import document as rendering
from pubsub_devtools_analysis.render.document import Document, flow_of
from pubsub_devtools_analysis.render.errors import RenderError
from pubsub_devtools_cli.failure import Failure

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph
    from pubsub_devtools_analysis.queries.select import Selection

__all__ = ["Document", "document", "flow_of", "selected"]


def document(
    whole: EventGraph, selection: Selection, format: Document, engine: Literal["wasm", "dot"]
) -> str:
    """What is selected of the graph, in one format."""
    with _failing():
        return rendering.document(whole, selection, format, engine)


def selected(whole: EventGraph, selection: Selection) -> EventGraph:
    """The selection, or a Failure when an event that was asked for by name is not in it."""
    with _failing():
        return rendering.selected(whole, selection)


@contextmanager
def _failing() -> Generator[None]:
    try:
        yield
    except RenderError as error:
        raise Failure(str(error)) from None

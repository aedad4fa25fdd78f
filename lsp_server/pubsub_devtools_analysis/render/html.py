"""The interactive view as one file: the built page with the graph put into it. It needs no network and no server."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools_analysis.render import json
from pubsub_devtools_analysis.render.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubsub_devtools.model import EventGraph


def html(graph: EventGraph, view: Mapping[str, object] | None = None, *, page: str | None = None) -> str:
    """The page that shows ``graph``, opened as ``view`` says. ``page`` is the built page, by default the one shipped."""
    page = _shipped_page() if page is None else page
    page = _filled(page, "pubsub-graph", json.encode(graph, indent=0).strip())
    return _filled(page, "pubsub-view", msgspec.json.encode(view).decode())


def _shipped_page() -> str:
    try:
        return files("pubsub_devtools_analysis.render").joinpath("static", "graph.html").read_text("utf-8")
    except OSError:
        raise RenderError(
            "this installation lacks the interactive page (render/static/graph.html): reinstall it"
        ) from None


def _filled(page: str, element: str, data: str) -> str:
    slot = re.compile(rf'(<script\b[^>]*\bid="{element}"[^>]*>)\s*null\s*(</script>)')
    filled, count = slot.subn(lambda found: f"{found[1]}{_inside_script(data)}{found[2]}", page, count=1)
    if not count:
        raise RenderError(f"the interactive page has no place for {element}: it was built by another version")
    return filled


def _inside_script(data: str) -> str:
    """JSON that cannot end the element it stands in, nor open a comment there; to a JSON reader it is the same."""
    return data.replace("</", "<\\/").replace("<!", "\\u003c!")

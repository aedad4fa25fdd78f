"""Graphs that tell no fields: what is read and given there is not known, which is not the same as nothing."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from pubsub_devtools.model import EventGraph, Site

UNTOLD = "(untold)"
"""Stands among the callables that get the whole message."""


def told(graph: EventGraph, *, own: bool = False) -> EventGraph:
    """The graph with the sites of repositories that tell no fields marked so.

    Args:
        graph: one with linked repositories' sites, or not.
        own: whether the graph's own sites may tell none either: it was read from a file.
    """
    telling = {site.origin for site in graph.sites if _tells(site)}
    silent = {site.origin for site in graph.sites} - telling - (set() if own else {""})
    return replace(graph, sites=tuple(_marked(site, silent) for site in graph.sites)) if silent else graph


def whole(passed: Collection[str]) -> str:
    """Why more may be read of a message than is seen, in words."""
    if UNTOLD in passed:
        return "what is read is not known: its graph was written without fields"
    return f"the message is passed whole to {', '.join(passed)}"


def _tells(site: Site) -> bool:
    return bool(site.reads or site.passed_whole_to or site.keys or site.open or site.takes is not None)


def _marked(site: Site, silent: Collection[str]) -> Site:
    if site.origin not in silent:
        return site
    return replace(site, open=True) if site.kind == "publish" else replace(site, passed_whole_to=(UNTOLD,))

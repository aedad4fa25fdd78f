"""Random requests of every method that the server answers, with the parameters that a client would give."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from tests.prove.strokes import spot
from tests.prove.tabs import Tab

AT_CURSOR = (
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/implementation",
    "textDocument/typeDefinition",
    "textDocument/references",
    "textDocument/hover",
    "textDocument/signatureHelp",
    "textDocument/documentHighlight",
    "textDocument/prepareCallHierarchy",
)
OF_DOCUMENT = (
    "textDocument/codeLens",
    "textDocument/inlayHint",
    "textDocument/documentSymbol",
    "textDocument/semanticTokens/full",
    "textDocument/documentLink",
)
OF_ROOT = ("workspace/symbol", "pubsub/graph", "pubsub/flow", "pubsub/sequence")
FOLLOWING = {
    "completionItem/resolve": "textDocument/completion",
    "callHierarchy/incomingCalls": "textDocument/prepareCallHierarchy",
    "callHierarchy/outgoingCalls": "textDocument/prepareCallHierarchy",
}
"""Requests that hand back an item of an earlier answer, by that answer's method."""

INSIDE = frozenset(
    {
        "textDocument/completion",
        "textDocument/hover",
        "textDocument/documentHighlight",
        *OF_DOCUMENT,
    }
)
"""Methods whose answers speak of places of the document that was asked about alone."""

_METHODS = (*AT_CURSOR * 3, *OF_DOCUMENT * 3, *OF_ROOT, *FOLLOWING)
_QUERIES = ("", "p", "page", "signal", "é", "😀", "no such event")

Items = Mapping[str, Mapping[str, Any]]


def ask(chance: random.Random, tab: Tab, items: Items, events: list[str]) -> tuple[str, dict[str, Any]]:
    """A method and its parameters; `items` are those of earlier answers by method, `events` names that are known."""
    method = chance.choice(_METHODS)
    document = {"uri": tab.uri}
    position = tab.position(spot(chance, tab))["utf-16"]
    name = chance.choice(events) if events else ""
    match method:
        case "completionItem/resolve" if FOLLOWING[method] in items:
            return method, dict(items[FOLLOWING[method]])
        case "callHierarchy/incomingCalls" | "callHierarchy/outgoingCalls" if FOLLOWING[method] in items:
            return method, {"item": items[FOLLOWING[method]]}
        case "workspace/symbol":
            return method, {"query": chance.choice(_QUERIES)}
        case "pubsub/graph":
            return method, {"events": [name] if name else [], "depth": 1}
        case "pubsub/flow":
            return method, {"textDocument": document, "position": position, "depth": 1}
        case "pubsub/sequence" if name:
            return method, {"event": name, "depth": 2}
        case "textDocument/inlayHint":
            end = tab.position(len(tab.text))["utf-16"]
            return method, {
                "textDocument": document,
                "range": {"start": {"line": 0, "character": 0}, "end": end},
            }
        case each if each in OF_DOCUMENT:
            return method, {"textDocument": document}
        case each if each in AT_CURSOR:
            more = {"context": {"includeDeclaration": True}} if method.endswith("references") else {}
            return method, {"textDocument": document, "position": position, **more}
        case _:
            return "textDocument/hover", {"textDocument": document, "position": position}


def positions(answer: Any) -> list[Mapping[str, int]]:
    """All positions in the document that an answer speaks of: what is handed back or to a command may lie elsewhere."""
    if isinstance(answer, list):
        return [found for each in answer for found in positions(each)]
    if not isinstance(answer, dict):
        return []
    if {*answer} == {"line", "character"}:
        return [answer]
    return [
        found for name, each in answer.items() if name not in ("data", "command") for found in positions(each)
    ]

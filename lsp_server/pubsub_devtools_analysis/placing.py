"""A draft as a site: where it stands, what it is called, and the evidence for it; or why its event has no name."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from pubsub_devtools.model import Certainty, Evidence, Options, Place, Site, Unnamed
from pubsub_devtools_analysis.evaluation import join, mentions
from pubsub_devtools_analysis.facts import Span
from pubsub_devtools_analysis.layout import is_test
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.values import Function, Joined, Pattern, Str, Unknown
from pubsub_devtools_analysis.workspace import Workspace

REASONS = {
    "parameter": "the name is a parameter, and no call with a known name was found",
    "attribute": "the name is an attribute that is set at run time",
    "environment": "the name comes from the environment and has no default",
    "setting": "the name is a setting that no settings module of the workspace defines",
    "outside": "the name is defined in a library that is not part of the workspace",
    "anonymous": "the queue or topic has no name of its own",
    "receiver": "what the method is called on could not be told",
    "object": "the name is held by an object",
    "dynamic": "the name is put together at run time",
}
HINTS = {
    "parameter": "call the function with a constant, or describe it under [[tool.pubsub-devtools.dialects]]",
    "attribute": "give the attribute a default in its class",
    "environment": "give the variable a default, as in os.getenv('TOPIC', 'orders')",
    "setting": "define the setting in a settings module of the workspace",
    "outside": "link the library's graph under linked, or name the event in the workspace",
    "anonymous": "bind it to a named exchange",
    "receiver": "annotate the variable",
    "object": "annotate the attribute that holds the name",
    "dynamic": "use a constant, an enum member or an f-string with a constant beginning",
}


class Placing:
    """Turns one draft into a site or an unnamed site."""

    def __init__(self, workspace: Workspace, service: Callable[[str], str]) -> None:
        self.workspace = workspace
        self.service = service

    def site(self, draft: Draft, name: Str | Pattern) -> Site:
        """A draft with a name as a site."""
        place, symbol, registered = self.where(draft)
        event = f"{draft.transport}:{name.text}"
        evidence = [
            Evidence(f"through {symbol}", Place(path, line, 0, line, 0)) for symbol, path, line in draft.steps
        ]
        certainty: Certainty = draft.certainty
        return Site(
            id=f"{draft.kind}:{place.path}:{place.line}:{place.column}:{event}",
            kind=draft.kind,
            event=event,
            dialect=draft.dialect,
            symbol=symbol,
            place=place,
            certainty=certainty,
            reason=draft.reason,
            registered=registered,
            service=self.service(place.path),
            in_tests=is_test(draft.path),
            evidence=tuple(evidence),
            options=Options(**dict(draft.options)),
        )

    def where(self, draft: Draft) -> tuple[Place, str, Place | None]:
        """The place and symbol of a site; for a handler also where it was registered."""
        at = place(draft.path, draft.span)
        if draft.kind == "handle" and isinstance(draft.handler, Function):
            scope = self.workspace.outline(draft.handler.path, draft.handler.key)
            if draft.here:
                return at, scope.qualname, at
            if scope.kind != "lambda":
                return place(draft.handler.path, scope.span), scope.qualname, at
            return at, scope.qualname, at
        return at, draft.scope.partition("#")[0] or "<module>", at if draft.kind == "handle" else None

    def unnamed(self, draft: Draft, why: str) -> Unnamed:
        """A draft without a name."""
        at, symbol, _ = self.where(draft)
        reason = why if why in REASONS else "dynamic"
        return Unnamed(draft.kind, draft.dialect, symbol, at, REASONS[reason], HINTS[reason])


def settled(draft: Draft) -> Draft:
    """A draft that no caller fills in, with what is known of it: the constant part of its name, no handler."""
    if isinstance(draft.name, Joined):
        text = join(tuple(Pattern("*") if mentions(p) else p for p in draft.name.parts))
        if isinstance(text, Pattern) and text.text.removeprefix("exchange:").strip("*./:_-"):
            draft = msgspec.structs.replace(draft, name=text)
    if draft.handler is not None and mentions(draft.handler) and not mentions(draft.name):
        draft = msgspec.structs.replace(draft, handler=Unknown("parameter"))
    return draft


def place(path: str, span: Span) -> Place:
    """A span of a file as a place."""
    return Place(path, *span)

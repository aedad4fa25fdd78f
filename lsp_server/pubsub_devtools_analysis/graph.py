"""Drafts -> the event graph: names become events, handlers become places, each claim gets its evidence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from pubsub_devtools.model import Certainty, Event, Evidence, Options, Origin, Place, Site, Unnamed
from pubsub_devtools_analysis.facts import Span
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.sites import Draft, is_open
from pubsub_devtools_analysis.values import Argument, Function, Pattern, Str, Unknown, Value
from pubsub_devtools_analysis.workspace import Workspace

_TESTS = re.compile(r"(^|/)(tests?|testing|e2e|specs?)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest)\.py$")

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


def is_test(path: str) -> bool:
    """Whether a file belongs to tests."""
    return _TESTS.search(path) is not None


class Assembly:
    """Turns drafts into sites, events and unnamed sites."""

    def __init__(self, workspace: Workspace, known: Known, service: Callable[[str], str]) -> None:
        self.workspace = workspace
        self.known = known
        self.service = service

    def sites(self, drafts: Iterable[Draft]) -> tuple[list[Site], list[Unnamed], dict[str, Draft]]:
        """The named sites, the unnamed ones, and the draft behind each named site."""
        sites: dict[str, Site] = {}
        unnamed: dict[tuple[str, Place], Unnamed] = {}
        origin: dict[str, Draft] = {}
        for draft in drafts:
            name = draft.name
            if isinstance(name, Str | Pattern) and name.text:
                site = self.site(draft, name)
                if site.id not in sites:
                    sites[site.id] = site
                    origin[site.id] = draft
            elif isinstance(name, Unknown) or (is_open(draft) and draft.receiver is None):
                why = name.why if isinstance(name, Unknown) else "parameter"
                missed = self.unnamed(draft, why)
                unnamed.setdefault((missed.kind, missed.place), missed)
        named_places = {(s.kind, s.place.path, s.place.line) for s in sites.values()}
        left = [u for u in unnamed.values() if (u.kind, u.place.path, u.place.line) not in named_places]
        return sorted(sites.values(), key=lambda s: (s.place, s.id)), sorted(left, key=lambda u: u.place), origin

    def site(self, draft: Draft, name: Str | Pattern) -> Site:
        """A draft with a name as a site."""
        place, symbol, registered = self.where(draft)
        event = f"{draft.transport}:{name.text}"
        evidence = [Evidence(f"through {symbol}", Place(path, line, 0, line, 0)) for symbol, path, line in draft.steps]
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
            scope = self.workspace.get(draft.handler.path, draft.handler.key)
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

    def events(self, sites: Iterable[Site], names: dict[str, tuple[str, str]]) -> list[Event]:
        """The events that the sites speak of."""
        by_event: dict[str, list[Site]] = defaultdict(list)
        for site in sites:
            by_event[site.event].append(site)
        return [self.event(event, group, names[event]) for event, group in sorted(by_event.items())]

    def event(self, event: str, sites: list[Site], name: tuple[str, str]) -> Event:
        """One event from its sites."""
        transport, text = name
        dialects = tuple(sorted({s.dialect for s in sites}))
        first = self.known.dialects[dialects[0]]
        origin: Origin = "workspace"
        if any(self.known.builtin(d, text) for d in dialects) and not any(s.kind == "declare" for s in sites):
            origin = "builtin"
        return Event(event, text, transport, dialects, origin, first.delivery, pattern="*" in text or ">" in text)


def place(path: str, span: Span) -> Place:
    """A span of a file as a place."""
    return Place(path, *span)


def waits(value: Value | None) -> bool:
    """Whether a handler is still a parameter."""
    return isinstance(value, Argument)

"""Drafts -> the event graph: names become events, handlers become places, each claim gets its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

import msgspec

from pubsub_devtools.model import (
    Certainty,
    Event,
    EventGraph,
    Evidence,
    Options,
    Origin,
    Place,
    SchemaVersion,
    Service,
    Site,
    Unnamed,
)
from pubsub_devtools_analysis.constructed import constructed, told
from pubsub_devtools_analysis.evaluation import join, mentions
from pubsub_devtools_analysis.facts import Span
from pubsub_devtools_analysis.flows import Flows
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.layout import is_test
from pubsub_devtools_analysis.links import links
from pubsub_devtools_analysis.matching import Draft, Finder, is_open
from pubsub_devtools_analysis.sagas import sagas
from pubsub_devtools_analysis.schemas import schema
from pubsub_devtools_analysis.values import Class, Function, Joined, Pattern, Str, Unknown
from pubsub_devtools_analysis.wildcards import is_pattern
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


class Assembly:
    """Turns drafts into sites, events and unnamed sites. `origin` is the draft behind each site of the last graph."""

    def __init__(self, workspace: Workspace, known: Known, service: Callable[[str], str]) -> None:
        self.workspace = workspace
        self.known = known
        self.service = service
        self.origin: dict[str, Draft] = {}

    def sites(self, drafts: Iterable[Draft]) -> tuple[list[Site], list[Unnamed], dict[str, Draft]]:
        """The named sites, the unnamed ones, and the draft behind each named site."""
        drafts = list(drafts)
        used = {(path, line) for draft in drafts for _, path, line in draft.steps}
        drafts = [settled(d) if is_open(d) and (d.path, d.span[0]) not in used else d for d in drafts]
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
        return (
            sorted(sites.values(), key=lambda s: (s.place, s.id)),
            sorted(left, key=lambda u: u.place),
            origin,
        )

    def graph(
        self, root: str, finder: Finder, drafts: list[Draft], files: Collection[str], *, flows: bool = True
    ) -> EventGraph:
        """The graph that drafts make: events, sites, links, flows where they are wanted, sagas and services, all sorted."""
        known = told(drafts)
        sites, unnamed, origin = self.sites(
            [each for draft in drafts for each in constructed(finder, draft, known)]
        )
        self.origin = origin
        partial = {s.event for s in sites if isinstance(origin[s.id].name, Pattern)}
        followed = Flows(finder, [(origin[s.id], s) for s in sites]).all() if flows else ()
        return EventGraph(
            root=root,
            events=tuple(self.events(finder, sites, origin, partial)),
            sites=tuple(sites),
            links=tuple(links(finder, self.known, sites, partial, sorted(files))),
            flows=tuple(followed),
            sagas=tuple(sagas(finder, files)),
            services=services({s.place.path: s.service for s in sites}),
            unnamed=tuple(unnamed),
        )

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

    def events(
        self, finder: Finder, sites: list[Site], origin: dict[str, Draft], partial: set[str]
    ) -> list[Event]:
        """The events that the sites speak of."""
        by_event: dict[str, list[Site]] = defaultdict(list)
        for site in sites:
            by_event[site.event].append(site)
        return [
            self.event(finder, event, group, [origin[s.id] for s in group], event in partial)
            for event, group in sorted(by_event.items())
        ]

    def event(
        self, finder: Finder, event: str, sites: list[Site], drafts: list[Draft], partial: bool
    ) -> Event:
        """One event from its sites."""
        transport, _, name = event.partition(":")
        dialects = tuple(sorted({s.dialect for s in sites}))
        known = [self.known.dialects[d] for d in dialects if d in self.known.dialects]
        schemas = self.schemas(finder, drafts)
        origin: Origin = "workspace"
        if any(self.known.builtin(d.name, name) for d in known) and not any(
            s.kind == "declare" for s in sites
        ):
            origin = "builtin"
        handles = any(s.kind == "handle" for s in sites)
        aliases = {d.name.origin for d in drafts if isinstance(d.name, Str) and d.name.origin}
        aliases |= {schema.symbol for schema in schemas}
        return Event(
            id=event,
            name=name,
            transport=transport,
            dialects=dialects,
            origin=origin,
            delivery=known[0].delivery if known else "in-process",
            aliases=tuple(sorted(aliases - {name})),
            schemas=schemas,
            pattern=partial or (handles and any(is_pattern(name, d.wildcards) for d in known)),
            doc=next((s.doc for s in schemas if s.doc), "") or self.doc(drafts),
        )

    def schemas(self, finder: Finder, drafts: list[Draft]) -> tuple[SchemaVersion, ...]:
        """The schemas of the classes that carry an event."""
        classes = dict.fromkeys(d.payload for d in drafts if isinstance(d.payload, Class))
        found = [s for s in (schema(finder, cls) for cls in classes) if s is not None]
        return tuple(sorted(found, key=lambda s: (s.version, s.symbol)))

    def doc(self, drafts: list[Draft]) -> str:
        """The first line of a task's docstring: for a task the function is the event's declaration."""
        for draft in drafts:
            if draft.kind == "handle" and isinstance(draft.handler, Function) and draft.dialect in _TASKS:
                return self.workspace.outline(draft.handler.path, draft.handler.key).doc
        return ""


def settled(draft: Draft) -> Draft:
    """A draft that no caller fills in, with what is known of it: the constant part of its name, no handler."""
    if isinstance(draft.name, Joined):
        text = join(tuple(Pattern("*") if mentions(p) else p for p in draft.name.parts))
        if isinstance(text, Pattern) and text.text.removeprefix("exchange:").strip("*./:_-"):
            draft = msgspec.structs.replace(draft, name=text)
    if draft.handler is not None and mentions(draft.handler) and not mentions(draft.name):
        draft = msgspec.structs.replace(draft, handler=Unknown("parameter"))
    return draft


_TASKS = frozenset({"celery", "dramatiq", "taskiq", "arq"})


def services(service_of: dict[str, str]) -> tuple[Service, ...]:
    """The services, each at the innermost folder around its files."""
    paths: dict[str, list[str]] = defaultdict(list)
    for path, service in service_of.items():
        paths[service].append(path)
    return tuple(Service(name, around(paths[name])) for name in sorted(paths) if name)


def around(paths: list[str]) -> str:
    """The innermost folder that all the files lie in."""
    shared: list[str] = []
    for names in zip(*(path.split("/")[:-1] for path in paths), strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return "/".join(shared)


def place(path: str, span: Span) -> Place:
    """A span of a file as a place."""
    return Place(path, *span)

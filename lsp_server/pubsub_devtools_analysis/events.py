"""The event that some sites speak of: what its dialect says of it, its schemas, the words that stand beside it."""

from __future__ import annotations

from collections.abc import Sequence

from pubsub_devtools.model import Event, Origin, SchemaVersion, Site
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.queries.tasks import TASKS
from pubsub_devtools_analysis.schemas import schema
from pubsub_devtools_analysis.values import Class, Function, Pattern, Str
from pubsub_devtools_analysis.wildcards import is_pattern

Pair = tuple[Site, Draft]
"""A site and the draft behind it."""


class Events:
    """Makes events."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.known = finder.known
        self.workspace = finder.workspace

    def event(self, event: str, pairs: Sequence[Pair]) -> Event:
        """One event from its sites, in their order."""
        transport, _, name = event.partition(":")
        sites, drafts = [site for site, _ in pairs], [draft for _, draft in pairs]
        partial = is_partial(pairs)
        dialects = tuple(sorted({s.dialect for s in sites}))
        known = [self.known.dialects[d] for d in dialects if d in self.known.dialects]
        schemas = self.schemas(drafts)
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

    def schemas(self, drafts: list[Draft]) -> tuple[SchemaVersion, ...]:
        """The schemas of the classes that carry an event."""
        classes = dict.fromkeys(d.payload for d in drafts if isinstance(d.payload, Class))
        found = [s for s in (schema(self.finder, cls) for cls in classes) if s is not None]
        return tuple(sorted(found, key=lambda s: (s.version, s.symbol)))

    def doc(self, drafts: list[Draft]) -> str:
        """The first line of a task's docstring: for a task the function is the event's declaration."""
        for draft in drafts:
            if draft.kind == "handle" and isinstance(draft.handler, Function) and draft.dialect in TASKS:
                return self.workspace.outline(draft.handler.path, draft.handler.key).doc
        return ""


def is_partial(pairs: Sequence[Pair]) -> bool:
    """Whether the name of an event is known in part alone."""
    return any(isinstance(draft.name, Pattern) for _, draft in pairs)

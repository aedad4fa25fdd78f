"""One event explained as text: who publishes, who handles, its schema, what follows, and the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from pubsub_devtools_analysis.queries.explain import certainty_of
from pubsub_devtools_analysis.queries.index import Reach
from pubsub_devtools_analysis.queries.view import counted
from pubsub_devtools_analysis.render.text import clean
from pubsub_devtools_cli.show.words import DIM, NAME, mark, name_of, site_line, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import RenderableType

    from pubsub_devtools.model import Event, Evidence, SchemaVersion, Site
    from pubsub_devtools_analysis.queries.explain import Explanation, Follow

_CUTS = {"cycle": "a cycle: see above", "shown": "see above", "deep": "goes on: explain this event"}


def explanation(found: Explanation, events: Mapping[str, Event]) -> Iterator[RenderableType]:
    """The explanation in sections; a section with nothing to say is left out."""
    event = found.event
    yield _title(event, found)
    if event.doc:
        yield Text(clean(event.doc))
    yield from _section("Published by", found.publishers, events, "nothing here publishes it")
    yield from _section("Handled by", found.handlers, events, "nothing here handles it")
    if found.tests:
        yield from _section("In tests", [Reach(site, site.certainty) for site in found.tests], events, "")
    yield from _declared(found.declarations, events)
    for schema in event.schemas:
        yield from _schema(schema)
    yield from _leads_here(found, events)
    yield from _follows(found, events)
    yield from _links(found, events)


def _title(event: Event, found: Explanation) -> Text:
    title = Text.assemble((clean(event.name), NAME), (f"  {event.transport}, {event.delivery}", DIM))
    title.append(f"  {', '.join(event.dialects)}", DIM)
    numbers = f"{counted(len(found.publishers), 'publisher')} · {counted(len(found.handlers), 'handler')}"
    tests = f" · {len(found.tests):,} in tests" if found.tests else ""
    aliases = f"\nAlso known as {', '.join(map(clean, event.aliases))}" if event.aliases else ""
    return title + Text(f"\n{numbers}{tests}{aliases}")


def _section(
    title: str, reached: Iterable[Reach], events: Mapping[str, Event], none: str
) -> Iterator[RenderableType]:
    section = Tree(Text(title, NAME), guide_style=DIM)
    for reach in reached:
        line = site_line(reach, events)
        branch = section.add(line + Text(_options(reach.site), DIM))
        _add_evidence(branch, reach.site)
    if not section.children:
        section.add(Text(none, DIM))
    yield Text()
    yield section


def _options(site: Site) -> str:
    options = site.options
    named = (
        ("delay", options.delay),
        ("retries", options.retries),
        ("dead letters", options.dead_letter),
        ("idempotent", options.idempotent),
    )
    given = [f"{name} {clean(value)}" for name, value in named if value]
    return f"  {', '.join(given)}" if given else ""


def _add_evidence(branch: Tree, site: Site) -> None:
    """Why this is believed: the place of registration, the steps, and the rule where it is not sure."""
    if site.registered is not None:
        branch.add(Text(f"registered at {where(site.registered)}", DIM))
    for step in site.evidence:
        branch.add(_step(step))
    if site.certainty != "sure":
        branch.add(Text(f"{site.certainty}: {site.reason}", DIM))


def _step(step: Evidence) -> Text:
    return Text(f"{clean(step.note)}  {where(step.place)}", DIM)


def _declared(declarations: Iterable[Site], events: Mapping[str, Event]) -> Iterator[RenderableType]:
    reached = [Reach(site, site.certainty) for site in declarations]
    if reached:
        yield from _section("Declared at", reached, events, "")


def _schema(schema: SchemaVersion) -> Iterator[RenderableType]:
    version = f" {schema.version}" if schema.version else ""
    title = f"Schema {clean(schema.symbol)}{version}  {where(schema.place)}"
    if schema.inferred:
        title = "Schema, inferred from what publishers give"
    grid = Table(
        title=Text(title, NAME), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False
    )
    for column in ("Field", "Type", "Required", "Default"):
        grid.add_column(column, overflow="fold")
    for field in schema.fields:
        cells = (field.name, field.type, "yes" if field.required else "no", field.default)
        grid.add_row(*(Text(clean(cell)) for cell in cells))
    yield Text()
    yield grid if schema.fields else Text(f"{title}: no fields")


def _leads_here(found: Explanation, events: Mapping[str, Event]) -> Iterator[RenderableType]:
    section = Tree(Text("Comes from", NAME), guide_style=DIM)
    for cause in found.causes:
        origin = name_of(cause.handler.event, events)
        branch = section.add(
            Text(f"{origin} → ") + site_line(Reach(cause.handler, cause.flow.certainty), events)
        )
        for hop in cause.flow.hops:
            branch.add(_step(hop))
    if section.children:
        yield Text()
        yield section


def _follows(found: Explanation, events: Mapping[str, Event]) -> Iterator[RenderableType]:
    if not any(follow.publishes for follow in found.follows):
        return
    section = Tree(Text("What follows", NAME), guide_style=DIM)
    _add_follows(section, found.follows, events)
    yield Text()
    yield section


def _add_follows(branch: Tree, follows: Iterable[Follow], events: Mapping[str, Event]) -> None:
    for follow in follows:
        handler = branch.add(site_line(Reach(follow.handler, follow.certainty, follow.via), events))
        for step in follow.publishes:
            line = Text(f"→ {name_of(step.event, events)}") + mark(certainty_of(step))
            hops = " → ".join(clean(hop.note) for hop in step.flow.hops)
            line.append(f"  {where(step.publisher.place)}{f'  ({hops})' if hops else ''}", DIM)
            if step.cut:
                line.append(f"  {_CUTS[step.cut]}", DIM)
            _add_follows(handler.add(line), step.follows, events)


def _links(found: Explanation, events: Mapping[str, Event]) -> Iterator[RenderableType]:
    if not found.links:
        return
    section = Tree(Text("Links", NAME), guide_style=DIM)
    for link in found.links:
        ends = f"{name_of(link.source, events)} reaches {name_of(link.target, events)} ({link.kind})"
        branch = section.add(Text(ends) + mark(link.certainty))
        for step in link.evidence:
            branch.add(_step(step))
    yield Text()
    yield section

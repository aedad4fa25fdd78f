"""What an editor shows of an event, a field or a handler that the mouse rests on: Markdown that fits a small window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pubsub_devtools.model import Event, Place, SchemaVersion, Site
from pubsub_devtools_analysis.queries.explain import next_events
from pubsub_devtools_analysis.queries.fields import FieldRow, field_table
from pubsub_devtools_analysis.queries.index import GraphIndex, Reach
from pubsub_devtools_analysis.queries.view import counted
from pubsub_devtools_analysis.render.markdown import code, escaped, link, table

LinkTo = Callable[[Place], str]
"""Where an editor opens a place; empty where it cannot."""

_SITES = 5
_FIELDS = 12
_FLOW = 4


def no_link(_place: Place) -> str:
    """Places are told, not linked."""
    return ""


def event_hover(index: GraphIndex, event: Event, link_to: LinkTo = no_link) -> str:
    """An event: what it is, its fields and who reads them, who publishes and who handles it, and what follows."""
    parts = [_title(event)]
    if event.doc:
        parts.append(escaped(event.doc.strip().split("\n\n")[0]))
    rows = field_table(index.graph, event.id).rows
    if rows:
        parts.append("\n".join(_fields(rows)))
    publishers, handlers = index.publishers(event.id), index.handlers(event.id)
    parts.append(
        "\n\n".join([_sites("publisher", publishers, link_to), _sites("handler", handlers, link_to)])
    )
    flow = flow_line(index, event.id)
    if flow:
        parts.append(flow)
    example = _example(event)
    if example:
        parts.append(f"```python\n{example}\n```")
    return "\n\n".join(parts)


def field_hover(index: GraphIndex, event: Event, field: str, link_to: LinkTo = no_link) -> str:
    """A field: its type, who gives it and who reads it."""
    row = next(
        (each for each in field_table(index.graph, event.id).rows if each.name == field), FieldRow(field)
    )
    declared = next(
        (each for schema in reversed(event.schemas) for each in schema.fields if each.name == field), None
    )
    type_ = f": {row.type}" if row.type else ""
    parts = [f"{code(field + type_)} of **{escaped(_short(event))}**"]
    if declared is not None and not declared.required:
        parts.append(
            f"optional, {code(declared.default)} where it is not given" if declared.default else "optional"
        )
    given = [Reach(each.site, each.site.certainty) for each in row.given]
    read = [Reach(each.site, each.site.certainty) for each in row.read]
    return "\n\n".join(
        [*parts, _sites("writer", tuple(given), link_to), _sites("reader", tuple(read), link_to)]
    )


def handler_hover(index: GraphIndex, sites: list[Site], link_to: LinkTo = no_link) -> str:
    """A handler: what it handles, what it reads of it, what it goes on to publish."""
    events = [index.events[site.event] for site in sites if site.event in index.events]
    lines = [f"Handles {', '.join(link(code(_short(event)), _place_of(event, link_to)) for event in events)}"]
    read = list(dict.fromkeys(use.name for site in sites for use in site.reads))
    if read:
        lines.append(f"Reads {', '.join(map(code, read[:_FIELDS]))}{_more(len(read) - _FIELDS)}")
    published = list(
        dict.fromkeys(
            index.sites[flow.publisher].event
            for site in sites
            for flow in index.flows_from(site.id)
            if flow.publisher in index.sites
        )
    )
    if published:
        lines.append(
            f"Publishes {', '.join(code(_short(index.events[each])) for each in published if each in index.events)}"
        )
    options = sites[0].options if sites else None
    if options is not None and (options.retries or options.dead_letter):
        told = [("retries", options.retries), ("dead letters to", options.dead_letter)]
        lines.append("; ".join(f"{word} {code(value)}" for word, value in told if value))
    return "\n\n".join(lines)


def flow_line(index: GraphIndex, event: str) -> str:
    """What the event leads to, in one line: the longest way."""
    names = [
        code(_short(index.events[each])) for each in _longest(index, event, (event,)) if each in index.events
    ]
    return f"Leads to {' → '.join(names)}" if names else ""


def _longest(index: GraphIndex, event: str, before: tuple[str, ...]) -> tuple[str, ...]:
    if len(before) > _FLOW:
        return ()
    following = [each for each in next_events(index, event) if each not in before][:_FLOW]
    ways = ((each, *_longest(index, each, (*before, each))) for each in following)
    return max(ways, key=len, default=())


def _title(event: Event) -> str:
    known = [schema for schema in event.schemas if not schema.inferred]
    version = next((schema.version for schema in reversed(known) if schema.version), "")
    parts = [f"**{escaped(event.name)}**", escaped(", ".join(event.dialects))]
    if version:
        parts.append(f"version {escaped(version)}")
    if event.origin != "workspace":
        parts.append(escaped(event.origin))
    return " · ".join(parts)


def _fields(rows: tuple[FieldRow, ...]) -> Iterator[str]:
    shown = [
        (
            code(row.name),
            code(row.type) if row.type else "",
            counted(len(row.read), "reader") if row.read else "nobody",
        )
        for row in rows[:_FIELDS]
    ]
    yield from table(("Field", "Type", "Read by"), shown)
    if len(rows) > _FIELDS:
        yield ""
        yield f"… and {counted(len(rows) - _FIELDS, 'field')} more"


def _sites(noun: str, reached: tuple[Reach, ...], link_to: LinkTo) -> str:
    code_sites = [each.site for each in reached if not each.site.in_tests]
    in_tests = len(reached) - len(code_sites)
    head = counted(len(code_sites), noun) + (f" · {in_tests} in tests" if in_tests else "")
    lines = [f"- {_site(site, link_to)}" for site in code_sites[:_SITES]]
    rest = len(code_sites) - _SITES
    return "\n".join(
        [head, *([""] if lines else []), *lines, *([f"- {_more(rest).strip(' ,')}"] if rest > 0 else [])]
    )


def _site(site: Site, link_to: LinkTo) -> str:
    where = f"{site.place.path}:{site.place.line}"
    symbol = site.symbol if site.symbol != "<module>" else site.place.path.rpartition("/")[2]
    likely = "" if site.certainty == "sure" else f" ({site.certainty})"
    origin = f" in {escaped(site.origin)}" if site.origin else ""
    return (
        f"{link(code(symbol), '' if site.origin else link_to(site.place))} {escaped(where)}{origin}{likely}"
    )


def _place_of(event: Event, link_to: LinkTo) -> str:
    declared: list[SchemaVersion] = [schema for schema in event.schemas if not schema.inferred]
    return link_to(declared[-1].place) if declared else ""


def _example(event: Event) -> str:
    """How the event is made, by its newest schema's class."""
    declared = [schema for schema in event.schemas if not schema.inferred and schema.fields]
    if not declared or not declared[-1].symbol.rpartition(".")[2].isidentifier():
        return ""
    given = [f"{each.name}=..." for each in declared[-1].fields if each.required and each.name.isidentifier()]
    return f"{declared[-1].symbol.rpartition('.')[2]}({', '.join(given)})" if given else ""


def _short(event: Event) -> str:
    """The name that a person calls it by: the class's or the task's, without the modules around it."""
    name = event.name
    return (
        name.rpartition(".")[2]
        if event.transport in {"celery", "django_signal", "blinker", "custom_bus"}
        else name
    )


def _more(count: int) -> str:
    return f", … and {count} more" if count > 0 else ""

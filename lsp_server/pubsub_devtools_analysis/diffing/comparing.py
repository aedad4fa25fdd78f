"""Two graphs -> their difference: which events are which, and what all judges say about each."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pubsub_devtools.model import EventGraph, Site
from pubsub_devtools.model.diff import Change, Diff, EventChange, Reason, ServiceChange, SiteChange
from pubsub_devtools_analysis.diffing.consumers import to_consumers
from pubsub_devtools_analysis.diffing.fields import changes
from pubsub_devtools_analysis.diffing.judging import VERDICTS, Case, worst
from pubsub_devtools_analysis.diffing.pairing import paired, where
from pubsub_devtools_analysis.diffing.parties import Parties, of_event, own, parties
from pubsub_devtools_analysis.diffing.presence import of_handlers, of_lost, of_renamed
from pubsub_devtools_analysis.diffing.producers import to_producers
from pubsub_devtools_analysis.diffing.renames import renames
from pubsub_devtools_analysis.diffing.telling import told
from pubsub_devtools_analysis.diffing.under_way import to_under_way
from pubsub_devtools_analysis.queries.index import GraphIndex


def compare(base: EventGraph, head: EventGraph, names: tuple[str, str] = ("base", "head")) -> Diff:
    """What changed between two graphs with fields.

    Args:
        base: the graph before.
        head: the graph after.
        names: how to call the two ends.
    """
    found = sorted(
        _events(told(base), told(head)), key=lambda each: (-VERDICTS.index(each.verdict), each.event)
    )
    return Diff(
        root=head.root,
        base=names[0],
        head=names[1],
        verdict=worst(each.verdict for each in found),
        events=tuple(found),
        services=tuple(_services(base, head)),
    )


def _events(base: EventGraph, head: EventGraph) -> Iterator[EventChange]:
    old, new = parties(base), parties(head)
    there = GraphIndex(head)
    lost, gained = old.keys() - new.keys(), new.keys() - old.keys()
    renamed = renames((old[name] for name in sorted(lost)), (new[name] for name in sorted(gained)))
    turned = frozenset(where(site) for name in gained for site in new[name].publishers)
    for name in new:
        was = renamed.get(name, name)
        if was in old:
            case = replace(_case(old[was], new[name], head), turned=turned)
            yield from _kept(case)
            if case.is_renamed:
                continue
        else:
            yield _gained(new[name])
    for name in sorted(lost - set(renamed.values())):
        event = there.events.get(name)
        yield _lost(old[name], of_event(there, event) if event is not None else None)


def _case(base: Parties, head: Parties, graph: EventGraph) -> Case:
    unnamed = tuple(each for each in graph.unnamed if each.kind == "publish")
    return Case(
        base, head, paired(base.publishers, head.publishers), paired(base.handlers, head.handlers), unnamed
    )


def _kept(case: Case) -> Iterator[EventChange]:
    """An event that is there at both ends; nothing where its contract is the same."""
    reasons = [
        *of_renamed(case),
        *of_handlers(case),
        *to_consumers(case),
        *to_producers(case),
        *to_under_way(case),
    ]
    fields = changes(case)
    sites = tuple(_sites(case))
    if not (case.is_renamed or fields or sites or any(r.verdict != "compatible" for r in reasons)):
        return
    change: Change = "renamed" if case.is_renamed else "changed"
    made = _change(case.head, change, reasons)
    was = case.base.event.id if case.is_renamed else ""
    yield replace(made, was=was, fields=fields, sites=sites)


def _gained(head: Parties) -> EventChange:
    """A new event: its publishers must give what its handlers take."""
    case = Case(Parties(head.event), head, paired((), head.publishers), paired((), head.handlers))
    sites = tuple(
        _site(site, "gained") for site in (*head.declarations, *head.publishers, *own(head.handlers))
    )
    return replace(_change(head, "gained", [*to_producers(case)]), sites=sites)


def _lost(base: Parties, head: Parties | None) -> EventChange:
    sites = (*base.declarations, *base.publishers, *own(base.handlers))
    made = _change(base, "lost", [*of_lost(base, head)])
    return replace(made, sites=tuple(_site(site, "lost") for site in sites if not site.origin))


def _change(each: Parties, change: Change, reasons: list[Reason]) -> EventChange:
    once = sorted(dict.fromkeys(reasons), key=lambda r: -VERDICTS.index(r.verdict))
    verdict = worst(["compatible", *(r.verdict for r in once)])
    event = each.event
    return EventChange(event.id, event.name, event.transport, change, verdict, reasons=tuple(once))


def _sites(case: Case) -> Iterator[SiteChange]:
    for pairs in (case.publishers, case.handlers):
        yield from (_site(site, "lost") for site in own(pairs.lost) if site.event == case.base.event.id)
        yield from (_site(site, "gained") for site in own(pairs.gained) if site.event == case.head.event.id)


def _site(site: Site, change: Change) -> SiteChange:
    return SiteChange(site.kind, change, site.symbol, site.place, site.service, site.origin)


def _services(base: EventGraph, head: EventGraph) -> Iterator[ServiceChange]:
    old, new = ({service.name for service in graph.services} for graph in (base, head))
    yield from (ServiceChange(name, "lost") for name in sorted(old - new))
    yield from (ServiceChange(name, "gained") for name in sorted(new - old))

"""What was recognised of hand-written buses, said in the form in which a user would describe it.

A bus that no site was found through is not worth a setting. What cannot be said in the form is named with the reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from pubsub_devtools.model import EventGraph, Place, Site
from pubsub_devtools_analysis.configured import collection
from pubsub_devtools_analysis.describing import (
    Described,
    describe,
    naming_tables,
    obstacle,
    short,
    signal_tables,
    tables,
)
from pubsub_devtools_analysis.dialect import HANDWRITTEN
from pubsub_devtools_analysis.dialect_text import Plain, dialect_text
from pubsub_devtools_analysis.matching import BY_NAME, CONFIGURED, Draft, Finder
from pubsub_devtools_analysis.signals import NamingDecorator, SignalClass
from pubsub_devtools_analysis.trusting import catalogue, is_class

_MOST = 3
"""So many functions are named in a sentence."""


class Bus(msgspec.Struct, frozen=True):
    """A hand-written bus that was recognised by its shape, and the table that would configure it.

    `sites` are those that become sure, `doubtful` those that stay likely, since what the function is called on is not
    known. `left` says what of it cannot be configured, and why.
    """

    name: str
    place: Place
    why: str
    toml: str
    sites: int = 0
    doubtful: int = 0
    left: str = ""


class Recognised(NamedTuple):
    """What hand-written buses were recognised by: the finder's seeds, signal classes and naming decorators with their files."""

    finder: Finder
    signals: tuple[tuple[str, SignalClass], ...]
    naming: tuple[tuple[str, NamingDecorator], ...] = ()


class Group(NamedTuple):
    """What is proposed together: the seeds of a class or module, a collection of events, or a signal class."""

    path: str
    owner: str


class Use(NamedTuple):
    """How many sites were found through each group, and how many of them by a function's name alone, on any object.

    `is_known` says whether that could be told of every site; if not, no group may be left out.
    """

    sites: Counter[Group]
    doubtful: Counter[Group]
    is_known: bool


def recognised_buses(graph: EventGraph, recognised: Recognised) -> list[Bus]:
    """The hand-written buses that are only likely so far, those with the most sites first."""
    finder = recognised.finder
    groups: dict[Group, list[Draft]] = defaultdict(list)
    for path in sorted(finder.seeds):
        for seed in finder.seeds[path]:
            if seed.dialect == HANDWRITTEN and seed.reason != CONFIGURED:
                groups[_group(finder, seed)].append(seed)
    signals = {Group(path, each[0]): each for path, each in recognised.signals}
    naming = {Group(path, each[0]): each for path, each in recognised.naming}
    use = _use(finder, graph, groups, signals, naming)
    found = [_bus(finder, group, seeds, use) for group, seeds in groups.items()]
    found += [_signal_bus(finder, group, each, use.sites[group]) for group, each in signals.items()]
    found += [_naming_bus(finder, group, each, use.sites[group]) for group, each in naming.items()]
    return sorted((b for b in found if b.sites or not use.is_known), key=lambda bus: (-bus.sites, bus.place))


def _group(finder: Finder, seed: Draft) -> Group:
    """A seed's class or module; what is collected goes by the attribute that it is collected in."""
    if seed.reason == "collected":
        return Group("", collection(finder, seed))
    key = seed.scope
    facts = finder.workspace.facts(seed.path)
    index = finder.workspace.scope(seed.path, key)
    while facts is not None and index > 0 and facts.scopes[index].kind != "class":
        index = facts.scopes[index].parent
    return Group(seed.path, facts.scopes[index].key if facts is not None and index > 0 else "")


# -- what was found through them


def _use(
    finder: Finder,
    graph: EventGraph,
    groups: Mapping[Group, list[Draft]],
    signals: Mapping[Group, SignalClass],
    naming: Mapping[Group, NamingDecorator],
) -> Use:
    places = {(seed.path, seed.span[0]): group for group, seeds in groups.items() for seed in seeds}
    sites = [s for s in graph.sites if _is_recognised(s)]
    through = {
        site.id: places.get(_origin(site)) or _made_of(finder, site, signals) or _named_by(site, naming)
        for site in sites
    }
    by_event = {site.event: group for site in sites if (group := through[site.id]) is not None}
    usual = next(iter(signals), None) or next(
        (group for group, _ in Counter(g for g in through.values() if g is not None).most_common(1)), None
    )
    known = {site.event for site in sites if site.reason != "only-wrapper"}
    origins = {event.id: {*map(catalogue, event.aliases)} - {""} for event in graph.events}
    catalogues = set[str]().union(*(origins[event] for event in known))
    found: Counter[Group] = Counter()
    doubtful: Counter[Group] = Counter()
    is_known = True
    for site in sites:
        told = through[site.id] or by_event.get(site.event)
        group = told or usual
        is_event = (
            site.event in known
            or is_class(finder, site.event.partition(":")[2])
            or bool(origins[site.event] & catalogues)
        )
        if group is not None:
            (found if is_event else doubtful)[group] += 1
        is_known = is_known and (told is not None or site.kind == "declare")
    return Use(found, doubtful, is_known)


def _is_recognised(site: Site) -> bool:
    """Whether a site is only likely because its bus was recognised by shape alone."""
    is_own = site.dialect == HANDWRITTEN and not site.origin
    return is_own and site.certainty == "likely" and site.reason not in (CONFIGURED, BY_NAME)


def _origin(site: Site) -> tuple[str, int]:
    """The place of the seed that a site was found through: the last step, or where it stands itself."""
    place = site.evidence[-1].place if site.evidence else site.registered or site.place
    return place.path, place.line


def _made_of(finder: Finder, site: Site, signals: Mapping[Group, SignalClass]) -> Group | None:
    """The signal class that a declared signal is made of."""
    facts = finder.workspace.facts(site.place.path) if site.kind == "declare" and signals else None
    names = (
        {call.name for call in facts.calls if call.line == site.place.line}
        if facts is not None
        else set[str]()
    )
    return next((group for group in signals if group.owner.rpartition(".")[2] in names), None)


def _named_by(site: Site, naming: Mapping[Group, NamingDecorator]) -> Group | None:
    """The decorator that took a handler's event from its name."""
    event, name = site.event.partition(":")[2], site.symbol.rpartition(".")[2]
    is_handler = site.kind == "handle"
    return next((group for group, each in naming.items() if is_handler and name == each[1] + event), None)


# -- how they are said


def _bus(finder: Finder, group: Group, seeds: list[Draft], use: Use) -> Bus:
    said: dict[Described, None] = {}
    left: dict[str, None] = {}
    for seed in seeds:
        each = describe(finder, seed)
        if each is not None:
            said[each] = None
        else:
            left[f"`{short(seed)}`: {obstacle(finder, seed)}"] = None
    name, place = _named(finder, group, seeds[0])
    why = _sentence([each.words for each in said])
    toml = dialect_text(_head(name, why), tables(said)) if said else ""
    return Bus(name, place, why, toml, use.sites[group], use.doubtful[group], "; ".join(left))


def _naming_bus(finder: Finder, group: Group, decorator: NamingDecorator, sites: int) -> Bus:
    path, beginning = decorator
    name = path.rpartition(".")[2]
    why = f"`@{name}` keeps functions whose names begin with `{beginning}`, and what follows is the event"
    place = _place(finder, group.path, path)
    return Bus(name, place, why, dialect_text(_head(name, why), naming_tables(decorator)), sites)


def _signal_bus(finder: Finder, group: Group, signal: SignalClass, sites: int) -> Bus:
    path, adding, calling = signal
    why = f"each instance is an event: {_all(adding)} keeps a handler, {_all(calling)} calls them"
    place = _place(finder, group.path, path)
    name = path.rpartition(".")[2]
    return Bus(name, place, why, dialect_text(_head(name, why), signal_tables(signal)), sites)


def _place(finder: Finder, path: str, dotted: str) -> Place:
    """Where a file defines something."""
    facts = finder.workspace.facts(path)
    symbol = finder.workspace.symbol
    scopes = [s for s in facts.scopes if symbol(path, s.key) == dotted] if facts is not None else []
    return Place(path, *(scopes[0].span if scopes else (1, 0, 1, 0)))


def _head(name: str, why: str) -> dict[str, Plain]:
    return {"name": HANDWRITTEN, "title": name, "doc": why}


def _named(finder: Finder, group: Group, first: Draft) -> tuple[str, Place]:
    """What people call it, and where it stands: a class, else its first function or table."""
    place = Place(first.path, *first.span)
    if not group.path:
        return f".{group.owner}", place
    if not group.owner:
        return finder.workspace.modules.canonical(group.path), place
    outline = finder.workspace.outline(group.path, group.owner)
    return outline.qualname, Place(group.path, *outline.span)


def _sentence(words: Iterable[str]) -> str:
    each = list(dict.fromkeys(words))
    more = [f"and {len(each) - _MOST} more"] if len(each) > _MOST else []
    return ", ".join([*each[:_MOST], *more])


def _all(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)

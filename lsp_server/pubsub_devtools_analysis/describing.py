"""A recognised seed as the pattern that a user would write for it.

Nothing is offered that does not give the very seed back: each pattern is tried out first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pubsub_devtools.model import Kind
from pubsub_devtools_analysis.configured import Configured, collection, identity
from pubsub_devtools_analysis.dialect import HANDWRITTEN, Dialect, EventSpec, Pattern
from pubsub_devtools_analysis.dialect_text import Plain
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.shapes.registries import written_out
from pubsub_devtools_analysis.signals import NamingDecorator, SignalClass
from pubsub_devtools_analysis.values import Argument, Method


class Described(NamedTuple):
    """A pattern of one reference, and the words for it."""

    kind: Kind
    pattern: Pattern
    words: str


def describe(finder: Finder, seed: Draft) -> Described | None:
    """The pattern that gives a seed, if there is one."""
    if seed.reason == "collected":
        attribute = collection(finder, seed)
        words = f"objects collect events in `.{attribute}`"
        return Described("publish", Pattern(collect=(attribute,)), words)
    found = _table(finder, seed) if seed.reason == "registry" else _function(finder, seed)
    return found if found is not None and _gives_back(finder, found, seed) else None


def obstacle(finder: Finder, seed: Draft) -> str:
    """Why no pattern gives a seed."""
    if finder.workspace.get(seed.path, seed.scope).kind == "lambda":
        return "a lambda has no name that a setting could give; write a function"
    return "its event or its handler is no parameter with a name of its own; give it one"


def short(seed: Draft) -> str:
    """The name of the function that a seed stands in."""
    return seed.scope.rpartition(".")[2].partition("#")[0] or "<module>"


def _function(finder: Finder, seed: Draft) -> Described | None:
    key = seed.name.owner if isinstance(seed.name, Method) else seed.name
    if not isinstance(key, Argument) or not isinstance(seed.handler, Argument | None):
        return None
    attribute = seed.name.name if isinstance(seed.name, Method) else ""
    under = f"`{key.name}.{attribute}`" if attribute else f"`{key.name}`"
    does = "keeps a handler under" if seed.kind == "handle" else "calls the handlers of"
    qualname = finder.workspace.get(seed.path, seed.scope).qualname
    pattern = Pattern(
        function=(_dotted(finder, seed, qualname),),
        event=EventSpec(argument=(key.name,), attribute=attribute),
        handler=(seed.handler.name,) if seed.handler is not None else (),
    )
    return Described(seed.kind, pattern, f"`{short(seed)}` {does} {under}")


def _table(finder: Finder, seed: Draft) -> Described | None:
    """The dict that a seed's entry stands in."""
    facts = finder.workspace.facts(seed.path)
    scope = finder.workspace.get(seed.path, seed.scope)
    for name, bindings in scope.names.items() if facts is not None else ():
        for binding in bindings:
            table = written_out(binding.value, facts) if facts is not None else None
            if table is not None and facts is not None and seed.span[0] in facts.displays[table.place]:
                dotted = _dotted(finder, seed, f"{scope.qualname}.{name}".strip("."))
                pattern = Pattern(table=(dotted,), pairs=True)
                return Described("handle", pattern, f"`{name}` lists events with their handlers")
    return None


def _gives_back(finder: Finder, described: Described, seed: Draft) -> bool:
    publish, handle = (
        (described.pattern,) if described.kind == kind else () for kind in ("publish", "handle")
    )
    tried = Configured([Dialect(HANDWRITTEN, publish=publish, handle=handle)])
    tried.lies_in(seed.path, finder.workspace.modules.canonical(seed.path))
    return identity(seed) in map(identity, tried.made(finder, seed.path))


def _dotted(finder: Finder, seed: Draft, qualname: str) -> str:
    return f"{finder.workspace.modules.canonical(seed.path)}.{qualname}"


# -- as tables


def tables(described: Iterable[Described]) -> Iterator[tuple[str, dict[str, Plain]]]:
    """The tables of patterns; those that differ in their references alone are one."""
    alike: dict[tuple[Kind, EventSpec, tuple[str | int, ...]], dict[str, list[str]]] = {}
    for kind, pattern, _ in described:
        found = alike.setdefault((kind, pattern.event, pattern.handler), defaultdict(list[str]))
        for key in ("function", "table", "collect"):
            found[key].extend(getattr(pattern, key))
    for (kind, event, handler), references in alike.items():
        for key, each in references.items():
            if each:
                yield kind, {key: each, **_details(key, event, handler)}


def _details(key: str, event: EventSpec, handler: tuple[str | int, ...]) -> dict[str, Plain]:
    """What else stands in a pattern's table: only what it needs to say."""
    found: dict[str, Plain] = {}
    if key == "table":
        found["pairs"] = True
    if event.argument:
        attribute: dict[str, Plain] = {"attribute": event.attribute} if event.attribute else {}
        found["event"] = {"argument": event.argument, **attribute}
    if handler:
        found["handler"] = handler
    return found


def signal_tables(signal: SignalClass) -> Iterator[tuple[str, dict[str, Plain]]]:
    """The tables of a class whose every instance is an event."""
    path, adding, calling = signal
    name = path.replace(".", "_")
    own: Plain = {"otherwise": "variable.path"}
    adds = [f"{name}.{method}" for method in adding]
    yield f"types.{name}", {"is": [path], "event": own}
    yield "declare", {"call": [path], "event": own, "makes": name}
    yield "handle", {"call": adds, "decorator": adds, "event": {"receiver": True}, "handler": [0, 1]}
    yield "publish", {"call": [f"{name}.{method}" for method in calling], "event": {"receiver": True}}


def naming_tables(decorator: NamingDecorator) -> Iterator[tuple[str, dict[str, Plain]]]:
    """The table of a decorator that takes the event from the name of the function."""
    path, beginning = decorator
    yield "handle", {"decorator": [path], "event": {"otherwise": "function.name", "strip": beginning}}

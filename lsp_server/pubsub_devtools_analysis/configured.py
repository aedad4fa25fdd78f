"""Hand-written buses that the user has described: the dotted paths in the settings, turned into seeds.

A pattern with `function` makes the very seed that a recognised shape makes, so all that follows from a seed is the same.
What is recognised and described keeps its place in the code and its order, and is as sure as the description says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

import msgspec

from pubsub_devtools.model import Kind
from pubsub_devtools_analysis.dialect import Dialect, Pattern
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import Attr, FileFacts, Span
from pubsub_devtools_analysis.matching import CONFIGURED, Draft, Finder
from pubsub_devtools_analysis.modules import Modules
from pubsub_devtools_analysis.shapes.registries import entries, written_out
from pubsub_devtools_analysis.values import Argument, Method, Value

_NO_DRAFTS: list[Draft] = []


class Named(NamedTuple):
    """A dotted path of the workspace that a pattern speaks of."""

    reference: str
    kind: Kind
    dialect: Dialect
    pattern: Pattern


class Configured:
    """What dialects say of the workspace's own functions, tables and collections of events."""

    def __init__(self, dialects: Iterable[Dialect]) -> None:
        self.named: list[Named] = []
        self.collections: dict[str, Named] = {}
        self._inside: dict[str, list[tuple[Named, str]]] = {}
        for dialect in dialects:
            for pattern in dialect.publish:
                self._add("publish", dialect, pattern)
            for pattern in dialect.handle:
                self._add("handle", dialect, pattern)

    @property
    def paths(self) -> set[str]:
        """The files that the dotted paths may lie in."""
        return {*self._inside}

    def find(self, modules: Modules) -> None:
        """Find these files. Modules of one name, as services side by side have them, are all meant."""
        prefixes = {prefix for named in self.named for prefix in _prefixes(named.reference)}
        last = {prefix.rpartition(".")[2] for prefix in prefixes}
        self._inside = {}
        for path in modules if prefixes else ():
            if _stem(path) in last or path == "__init__.py":
                for name in prefixes.intersection(modules.names(path)):
                    self.lies_in(path, name)

    def lies_in(self, path: str, module: str) -> None:
        """Take a file for the one that dotted paths below this module speak of."""
        below = module + "."
        inside = [(n, n.reference.removeprefix(below)) for n in self.named if n.reference.startswith(below)]
        self._inside.setdefault(path, []).extend(inside)

    def confirmed(self, finder: Finder, path: str, found: list[Draft]) -> list[Draft]:
        """A file's recognised seeds, those replaced that are described, and what is described besides."""
        own = {identity(seed): seed for seed in self.seeds(finder, path)}
        if not own and not self.collections:
            return found
        sure = [self._sure(finder, seed, own.get(identity(seed))) for seed in found]
        known = {identity(seed) for seed in found}
        return [*sure, *(seed for key, seed in own.items() if key not in known)]

    def seeds(self, finder: Finder, path: str) -> list[Draft]:
        """The seeds that a file has by the dotted paths."""
        if path not in self._inside:
            return _NO_DRAFTS
        return finder.memo.get(("configured", path, ""), partial(self.made, finder, path), _NO_DRAFTS)

    def missing(self, finder: Finder) -> list[str]:
        """The dotted paths under which the workspace has nothing of the kind."""
        there = {
            named.reference
            for path, inside in self._inside.items()
            for named, rest in inside
            if any(True for _ in _made(finder, path, named, rest))
        }
        return [named.reference for named in self.named if named.reference not in there]

    def _add(self, kind: Kind, dialect: Dialect, pattern: Pattern) -> None:
        tables = pattern.table if pattern.pairs else ()
        self.named.extend(Named(each, kind, dialect, pattern) for each in (*pattern.function, *tables))
        self.collections.update((each, Named(each, kind, dialect, pattern)) for each in pattern.collect)

    def made(self, finder: Finder, path: str) -> list[Draft]:
        """The same, worked out again."""
        inside = self._inside.get(path, ())
        return [seed for named, rest in inside for seed in _made(finder, path, named, rest)]

    def _sure(self, finder: Finder, seed: Draft, own: Draft | None) -> Draft:
        if seed.reason == "collected":
            named = self.collections.get(collection(finder, seed))
            own = described(named, seed) if named is not None else None
        return msgspec.structs.replace(own, span=seed.span) if own is not None else seed


def identity(seed: Draft) -> tuple[Kind, str, Value, Value | None]:
    """What makes two seeds of a file the same one."""
    return seed.kind, seed.scope, seed.name, seed.handler


def collection(finder: Finder, seed: Draft) -> str:
    """The attribute in which a seed collects its event."""
    facts = finder.workspace.facts(seed.path)
    bases = (
        (c.func.base for c in facts.calls if c.span == seed.span and isinstance(c.func, Attr))
        if facts
        else ()
    )
    return next((base.name for base in bases if isinstance(base, Attr)), "")


def described(named: Named, seed: Draft) -> Draft:
    """A seed as a description has it."""
    dialect, pattern = named.dialect, named.pattern
    likely = "likely" in (dialect.certainty, pattern.certainty)
    return msgspec.structs.replace(
        seed,
        dialect=dialect.name,
        transport=pattern.transport or dialect.carrier,
        certainty="likely" if likely else "sure",
        reason=CONFIGURED,
    )


def _made(finder: Finder, path: str, named: Named, qualname: str) -> Iterator[Draft]:
    facts = finder.workspace.facts(path)
    if facts is not None:
        made = (
            _functions(path, facts, named, qualname)
            if named.pattern.function
            else _table(finder, path, facts, qualname)
        )
        yield from (described(named, seed) for seed in made)


def _functions(path: str, facts: FileFacts, named: Named, qualname: str) -> Iterator[Draft]:
    """The seeds that the functions of a name are, an overload's signature aside."""
    event = named.pattern.event
    for index, scope in enumerate(facts.scopes):
        if scope.qualname != qualname or scope.kind != "function" or _is_overload(facts, index):
            continue
        key = _parameter(path, facts, index, event.argument)
        handler = _parameter(path, facts, index, named.pattern.handler)
        if key is not None and (handler is not None or named.kind == "publish"):
            name = Method(key, event.attribute) if event.attribute else key
            span: Span = scope.span
            yield Draft(named.kind, "", "", name, path, span, scope.key, handler)


def _table(finder: Finder, path: str, facts: FileFacts, qualname: str) -> Iterator[Draft]:
    """The seeds that the entries of a dict are."""
    owner, _, name = qualname.rpartition(".")
    for index, scope in enumerate(facts.scopes):
        if scope.qualname == owner and scope.kind in ("module", "class"):
            for binding in scope.names.get(name, ()):
                table = written_out(binding.value, facts)
                if table is not None:
                    at = At(path, facts, index, binding.block, binding.line)
                    yield from entries(finder, at, table, scope.key)


def _parameter(path: str, facts: FileFacts, index: int, places: tuple[str | int, ...]) -> Argument | None:
    """The first of these that is a parameter: by name, also of a function around, or by position, `self` not counted."""
    for place in places:
        around = index
        while around >= 0:
            scope = facts.scopes[around]
            names = [p.name for p in scope.params]
            if isinstance(place, int):
                plain = [name for name in names if name not in ("self", "cls")]
                return Argument(path, scope.key, plain[place]) if 0 <= place < len(plain) else None
            if place in names:
                return Argument(path, scope.key, place)
            around = scope.parent
    return None


def _is_overload(facts: FileFacts, index: int) -> bool:
    values = (decorator.value for decorator in facts.scopes[index].decorators)
    return any("overload" in (getattr(v, "id", ""), getattr(v, "name", "")) for v in values)


def _prefixes(reference: str) -> Iterator[str]:
    """What stands before each of the dots."""
    parts = reference.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts)))


def _stem(path: str) -> str:
    """The last part of a module's name."""
    folders, _, name = path.rpartition("/")
    name = folders.rpartition("/")[2] if name == "__init__.py" else name.removesuffix(".py")
    return name.rpartition(".")[2]

"""The facts of all files that matter, and which file a dotted name means. Files are read in only when asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple, Protocol

from pubsub_devtools_analysis.facts import FileFacts, Scope, Span
from pubsub_devtools_analysis.names import Names, added, each_of, removed


class Resolver(Protocol):
    """Which file a dotted name means."""

    def __contains__(self, path: str) -> bool:
        """Whether there is such a file."""
        ...

    def canonical(self, path: str) -> str:
        """The dotted name of a file."""
        ...

    def resolve(self, module: str, importer: str) -> str | None:
        """The file of an absolute module; a namespace folder ends in a slash; nothing for what is not here."""
        ...

    def resolve_relative(self, importer: str, level: int, module: str) -> str | None:
        """The file of a relative module."""
        ...

    def settings(self) -> Iterable[str]:
        """Files that hold settings, by their names."""
        ...


HEAVIEST = 4_000
"""Calls and scopes that are held at most in each of two generations, about 3 MB each: less costs a tenth more decoding, more costs memory."""


def calling(name: str) -> Hashable:
    """The question who calls a name."""
    return ("callers", name)


class Outline(NamedTuple):
    """What a graph shows of a scope."""

    kind: str
    qualname: str
    span: Span
    doc: str


class Held:
    """A file's facts as they are worked with."""

    __slots__ = ("facts", "keys", "weight")

    def __init__(self, facts: FileFacts | None) -> None:
        self.facts = facts
        self.keys: dict[str, int] | None = None
        self.weight = 1 if facts is None else 1 + len(facts.calls) + len(facts.scopes)


class Workspace:
    """Facts by path. Only what was used lately is held; `load` gives a file's facts, again if need be.

    Whoever works out answers from facts is told by `asked` what an answer was read from: the path of a file, or a
    `calling` question.
    """

    def __init__(self, modules: Resolver, load: Callable[[str], FileFacts | None]) -> None:
        self.modules = modules
        self.asked: Callable[[Hashable], None] = lambda _: None
        self._load = load
        self._young: dict[str, Held] = {}
        self._old: dict[str, Held] = {}
        self._weight = 0
        self._names: dict[str, tuple[str, ...]] = {}
        self._renamed: dict[str, dict[str, list[str]]] = {}
        self._outlines: dict[str, dict[str, Outline]] = {}
        self._problems: dict[str, tuple[tuple[int, str, str], ...]] = {}
        self._callers: dict[str, Names] = {}

    def facts(self, path: str) -> FileFacts | None:
        """The facts of a file, read in if need be; nothing for one that cannot be."""
        return self._held(path).facts

    def _held(self, path: str) -> Held:
        self.asked(path)
        held = self._young.get(path)
        return held if held is not None else self._hold(path)

    def _hold(self, path: str) -> Held:
        """Take a file's facts to hand; when there are too many, those not used since the last time go."""
        held = self._old.pop(path, None) or Held(self._load(path))
        if self._weight > HEAVIEST:
            self._old, self._young, self._weight = self._young, {}, 0
        self._young[path] = held
        self._weight += held.weight
        return held

    def link(self, path: str) -> set[Hashable]:
        """Count a file among the callers of what it calls. Gives the questions that this bears on."""
        facts = self.facts(path)
        names = self._names[path] = tuple(map(sys.intern, facts.called)) if facts is not None else ()
        for name in names:
            self._callers[name] = added(self._callers.get(name), path)
        if facts is not None and facts.summary.renamed:
            self._renamed[path] = facts.summary.renamed
        if facts is not None and facts.problems:
            self._problems[path] = facts.problems
        return {calling(name) for name in names}

    def relink(self, path: str) -> set[Hashable]:
        """Count a linked file anew, since its facts are others now. Gives the questions that this bears on."""
        before = self.unlink(path)
        return before ^ self.link(path)

    def unlink(self, path: str) -> set[Hashable]:
        """Count it no more. Gives the questions that this bears on."""
        names = self._names.pop(path, ())
        for name in names:
            self._callers[name] = removed(self._callers[name], path)
        return {calling(name) for name in names}

    def changed(self, path: str) -> None:
        """A file's facts are others now, or it is gone."""
        for kept in (self._young, self._old, self._outlines, self._problems, self._renamed):
            kept.pop(path, None)

    def has(self, path: str) -> bool:
        """Whether a file is among the linked ones."""
        return path in self._names

    def calls(self, path: str, name: str) -> list[int]:
        """The calls of this name in a file."""
        facts = self.facts(path)
        return facts.called.get(name, []) if facts is not None else []

    def call_names(self, path: str) -> Iterable[str]:
        """The names of all that a file calls."""
        names = self._names.get(path)
        if names is not None:
            self.asked(path)
            return names
        facts = self.facts(path)
        return facts.called if facts is not None else ()

    def callers(self, name: str) -> list[str]:
        """Linked files that call something of this name."""
        self.asked(calling(name))
        return sorted(each_of(self._callers.get(name)))

    def scope(self, path: str, key: str) -> int:
        """The index of the scope with this key.

        Raises:
            KeyError: the file has none any more.
        """
        held = self._held(path)
        if held.keys is None:
            keys = () if held.facts is None else held.facts.summary.keys
            held.keys = {key: index for index, key in enumerate(keys)}
        return held.keys[key]

    def exists(self, path: str, key: str) -> bool:
        """Whether a file has a scope with this key."""
        try:
            self.scope(path, key)
        except KeyError:
            return False
        return True

    def get(self, path: str, key: str) -> Scope:
        """The scope with this key."""
        facts = self.facts(path)
        if facts is None:
            raise KeyError(path)
        return facts.scopes[self.scope(path, key)]

    def outline(self, path: str, key: str) -> Outline:
        """Where the scope with this key stands, remembered: graphs are put together from it again and again."""
        self.asked(path)
        known = self._outlines.setdefault(path, {})
        found = known.get(key)
        if found is None:
            scope = self.get(path, key)
            found = known[key] = Outline(scope.kind, scope.qualname, scope.span, scope.doc)
        return found

    def renames(self, path: str, names: frozenset[str]) -> dict[str, set[str]]:
        """What else some names are called by in a linked file: `import f as g`, `send = partial(f)`."""
        renamed = self._renamed.get(path, {})
        return {name: set(renamed[name]) for name in names.intersection(renamed)}

    def problems(self, path: str) -> tuple[tuple[int, str, str], ...]:
        """What reading a linked file found wrong."""
        return self._problems.get(path, ())

    def symbol(self, path: str, key: str) -> str:
        """The dotted path of something in a file."""
        module = self.modules.canonical(path)
        qualname = key.partition("#")[0]
        return f"{module}.{qualname}" if qualname else module

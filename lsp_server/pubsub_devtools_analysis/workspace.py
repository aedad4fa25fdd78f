"""The facts of all files that matter, and which file a dotted name means. Files are read in only when asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Protocol

from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    Either,
    FileFacts,
    Import,
    Name,
    Scope,
    Typed,
)


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


class Workspace:
    """Facts by path. `load` reads one file's facts in; it is asked at most once a path."""

    def __init__(self, modules: Resolver, load: Callable[[str], FileFacts | None]) -> None:
        self.modules = modules
        self._load = load
        self._facts: dict[str, FileFacts | None] = {}
        self._calls: dict[str, dict[str, list[int]]] = {}
        self._callers: dict[str, set[str]] = defaultdict(set)
        self._keys: dict[str, dict[str, int]] = {}

    def facts(self, path: str) -> FileFacts | None:
        """The facts of a file, read in if need be; nothing for one that cannot be."""
        if path not in self._facts:
            self.put(path, self._load(path))
        return self._facts[path]

    def put(self, path: str, facts: FileFacts | None) -> None:
        """Set or replace a file's facts."""
        for name in self._calls.pop(path, {}):
            self._callers[name].discard(path)
        self._keys.pop(path, None)
        self._facts[path] = facts
        if facts is None:
            return
        by_name: dict[str, list[int]] = {}
        for index, call in enumerate(facts.calls):
            if call.name:
                by_name.setdefault(call.name, []).append(index)
        self._calls[path] = by_name
        for name in by_name:
            self._callers[name].add(path)

    def drop(self, path: str) -> None:
        """A file is gone."""
        self.put(path, None)
        del self._facts[path]

    def loaded(self) -> list[str]:
        """The paths whose facts are here."""
        return [path for path, facts in self._facts.items() if facts is not None]

    def has(self, path: str) -> bool:
        """Whether a file's facts were read in already."""
        return path in self._facts

    def calls(self, path: str, name: str) -> list[int]:
        """The calls of this name in a file."""
        if path not in self._calls and self.facts(path) is None:
            return []
        return self._calls[path].get(name, [])

    def call_names(self, path: str) -> Iterable[str]:
        """The names of all that a file calls."""
        return self._calls.get(path, {})

    def callers(self, name: str) -> list[str]:
        """Files read in that call something of this name."""
        return sorted(self._callers.get(name, ()))

    def scope(self, path: str, key: str) -> int:
        """The index of the scope with this key.

        Raises:
            KeyError: the file has none any more.
        """
        keys = self._keys.get(path)
        if keys is None:
            facts = self.facts(path)
            keys = {} if facts is None else {s.key: i for i, s in enumerate(facts.scopes)}
            self._keys[path] = keys
        return keys[key]

    def get(self, path: str, key: str) -> Scope:
        """The scope with this key."""
        facts = self.facts(path)
        if facts is None:
            raise KeyError(path)
        return facts.scopes[self.scope(path, key)]

    def symbol(self, path: str, key: str) -> str:
        """The dotted path of something in a file."""
        module = self.modules.canonical(path)
        qualname = key.partition("#")[0]
        return f"{module}.{qualname}" if qualname else module


def renames(facts: FileFacts) -> dict[str, set[str]]:
    """Names that stand for other names in a file: `import f as g`, `self.send = publish`, `send = partial(f)`.

    Returns:
        For each name its other names.
    """
    found: dict[str, set[str]] = {}
    for scope in facts.scopes:
        for name, bindings in scope.names.items():
            for binding in bindings:
                _rename(facts, name, binding.value, found)
        for name, members in scope.attrs.items():
            for member in members:
                _rename(facts, name, member.value, found)
    for call in facts.calls:
        for name, value in call.keywords:
            _rename(facts, name, value, found)
    return found


def _rename(facts: FileFacts, name: str, value: AnyExpr, found: dict[str, set[str]]) -> None:
    for source in _sources(facts, value):
        if source != name:
            found.setdefault(source, set()).add(name)


def _sources(facts: FileFacts, value: AnyExpr) -> list[str]:
    match value:
        case Name(id=name) | Attr(name=name) | Import(name=name):
            return [name] if name else []
        case Typed(value=inner) if inner is not None:
            return _sources(facts, inner)
        case Either(options=options):
            return [name for option in options for name in _sources(facts, option)]
        case CallRef(index=index):
            call: Call = facts.calls[index]
            return _sources(facts, call.args[0]) if call.name == "partial" and call.args else []
        case _:
            return []

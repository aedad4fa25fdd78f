"""Facts of all files -> the drafts of all sites, wrappers followed to a fixpoint.

A function whose own site waits for a parameter is a wrapper. Its name becomes a word to look for, files that call it
are read in, and so on until no new wrapper turns up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluate import Evaluator
from pubsub_devtools_analysis.facts import CallRef
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.select import COMMON
from pubsub_devtools_analysis.shapes import DIALECT, Bus, Shapes, collecting, registries
from pubsub_devtools_analysis.sites import Draft, Finder, is_open, parameters
from pubsub_devtools_analysis.values import Class, Str
from pubsub_devtools_analysis.workspace import Workspace, renames

MOST_ROUNDS = 8


class Linker:
    """Sites of a workspace, kept up to date file by file."""

    def __init__(self, workspace: Workspace, known: Known) -> None:
        self.workspace = workspace
        self.known = known
        self.memo = Memo()
        self.evaluator = Evaluator(workspace, known, self.memo)
        self.finder = Finder(self.evaluator, known)
        self.files: set[str] = set()
        self._renames: dict[str, dict[str, set[str]]] = {}
        self._wrappers: dict[str, set[tuple[str, str]]] = {}
        self._learnt: set[str] = set()

    def run(self, paths: Iterable[str], more: Callable[[set[str]], Iterable[str]]) -> None:
        """Link files until no new wrapper is found.

        Args:
            paths: the files to begin with; their facts are read in.
            more: gives the files in which these names are called, when a wrapper has been learnt.
        """
        todo = set(paths)
        self.take(todo)
        for _ in range(MOST_ROUNDS):
            names = self.learn(todo)
            if not names:
                return
            self.finder.hot |= names
            added = set(more(names)) - self.files
            self.take(added)
            touched = {p for p in self.files if names & set(self.workspace.call_names(p)) or self._decorated_by(p, names)}
            self.refresh(touched)
            todo = touched | added

    def seed(self, paths: Iterable[str]) -> list[Bus]:
        """Look for hand-written buses in these files; what is found becomes part of the next `run`."""
        buses: list[Bus] = []
        for path in sorted(paths):
            facts = self.workspace.facts(path)
            if facts is None:
                continue
            seeds, found = Shapes(self.evaluator, self.workspace, path, facts).find()
            buses.extend(found)
            seeds.extend(registries(self.finder, path, facts))
            for seed in seeds:
                self.finder.seeds.setdefault(seed.path, []).append(seed)
        return buses

    def collected(self, more: Callable[[set[str]], Iterable[str]]) -> None:
        """Events that an object collects for the bus to fetch: `self.events.append(OrderPlaced(...))`.

        Only classes that a hand-written bus handles, and those that share a base with one, are taken for events.
        """
        messages = {d.name.text for d in self.drafts() if d.dialect == DIALECT and d.kind == "handle" and isinstance(d.name, Str)}
        classes = [self.finder.classes[m] for m in messages if m in self.finder.classes]
        if not classes:
            return
        bases = {b for c in classes for b in self.evaluator.ancestors(c) if isinstance(b, Class)}
        self.run(self.files, lambda _: ())
        self.take(set(more({c.key.rpartition(".")[2] for c in classes})) - self.files)
        touched: set[str] = set()
        for path in sorted(self.files):
            found = collecting(self.evaluator, self.finder, path, bases)
            if found:
                self.finder.seeds.setdefault(path, []).extend(found)
                touched.add(path)
        self.refresh(touched)
        self.run(touched, more)

    def exported(self) -> tuple[set[str], set[str]]:
        """Names of modules' variables that hold a framework's object, and the common words that mean something on one.

        A file that imports only the project's own `app` and calls `app.topic("x")` shows no other sign of the framework.
        """
        names: set[str] = set()
        words: set[str] = set()
        common = {(d, t): {m for a, b, m in self.known.methods if (a, b) == (d, t)} & COMMON for d, t, _ in self.known.methods}
        for path in sorted(self.files):
            facts = self.workspace.facts(path)
            if facts is None or not facts.imports:
                continue
            for name, bindings in facts.scopes[0].names.items():
                if any(isinstance(b.value, CallRef) for b in bindings):
                    for value in self.evaluator.member_of_module(path, name):
                        for key in self.evaluator.types(value):
                            if common.get(key):
                                names.add(name)
                                words |= common[key]
        return names, words

    def take(self, paths: Iterable[str]) -> None:
        """Add files."""
        for path in paths:
            facts = self.workspace.facts(path)
            self.files.add(path)
            if facts is not None:
                self._renames[path] = renames(facts)

    def refresh(self, paths: set[str]) -> None:
        """Work these files' sites out again: new words count in them."""
        self.memo.forget(paths)

    def drafts(self) -> list[Draft]:
        """All drafts of all files."""
        return [draft for path in sorted(self.files) for draft in self.finder.drafts(path)]

    def learn(self, paths: Iterable[str]) -> set[str]:
        """Names of wrappers in these files that were not known yet, their other names included."""
        found: set[str] = set()
        for path in sorted(paths):
            for draft in self.finder.drafts(path):
                if is_open(draft):
                    found |= self._names(draft)
        names = found | self._other_names(found)
        self.finder.wrappers = self._wrappers
        fresh = names - self._learnt - library.COMMON_WRAPPERS
        self._learnt |= fresh
        return fresh

    def _names(self, draft: Draft) -> set[str]:
        """The names by which the wrapper of an open draft can be called."""
        found: set[str] = set()
        for value in (draft.name, draft.handler):
            for argument in parameters(value) if value is not None else []:
                parts = argument.key.split(".")
                facts = self.workspace.facts(argument.path)
                if facts is None:
                    continue
                for depth in range(len(parts), 0, -1):
                    key = ".".join(parts[:depth])
                    try:
                        scope = self.workspace.get(argument.path, key)
                    except KeyError:
                        break
                    if scope.kind == "class":
                        if parts[depth].partition("#")[0] in ("__init__", "__call__"):
                            found.add(scope.name)
                        break
                    if scope.kind == "function":
                        found.add(scope.name)
                        if depth == len(parts):
                            self._wrappers.setdefault(scope.name, set()).add((argument.path, key))
        return found

    def _other_names(self, names: set[str]) -> set[str]:
        """What else these names are called by."""
        found: set[str] = set()
        for by_name in self._renames.values():
            for name in names & by_name.keys():
                found |= by_name[name]
        return found

    def _decorated_by(self, path: str, names: set[str]) -> bool:
        """Whether a bare decorator of one of these names stands in a file."""
        facts = self.workspace.facts(path)
        return facts is not None and any(
            (getattr(d.value, "name", "") or getattr(d.value, "id", "")) in names for s in facts.scopes for d in s.decorators
        )

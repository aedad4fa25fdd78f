"""Facts of all files -> the drafts of all sites, wrappers followed to a fixpoint, kept up to date file by file.

A function whose own site waits for a parameter is a wrapper. Its name becomes a word to look for, files that call it
are read in, and so on until no new wrapper turns up. What each file adds to that is kept apart, so that it can shrink
again when a file changes: what is known in the end depends on the files alone, not on their history.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Any, NamedTuple, Protocol

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.facts import CallRef, ScopeRef
from pubsub_devtools_analysis.known import Known, TypeKey
from pubsub_devtools_analysis.matching import Draft, Finder, is_open, parameters
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.select import COMMON
from pubsub_devtools_analysis.shapes import DIALECT, Bus, Shapes, collecting, marked, registries
from pubsub_devtools_analysis.values import Class, External, Function, Pending, Str, Values
from pubsub_devtools_analysis.workspace import Workspace, renames

MOST_ROUNDS = 10
RARE = 100
"""A wrapper's name that stands in more files than these, and in more than a tenth of all, tells nothing."""

_BASES = ("bases",)
_MARKS = ("marks",)

Marks = tuple[list[tuple[str, Draft]], set[str]]
Expect = Callable[[set[str]], None]
"""Told which files' facts are about to be asked for."""


def _as_needed(_paths: set[str]) -> None:
    """Each file is read when it is asked for."""


class Search(Protocol):
    """Finds the files in which some names are called."""

    def __contains__(self, path: str, /) -> bool:
        """Whether one of the names is called in a file."""
        ...

    def named(self, path: str) -> set[str]:
        """Those of the names that are called in a file."""
        ...

    def files(self) -> dict[str, set[str]]:
        """For each name the files in which it is called."""
        ...


class Learnt(NamedTuple):
    """What one file adds to what is looked for.

    `names` are those of wrappers, `wide` those of them that other files can call, `owners` the wrappers themselves
    (name, file, key), and `messages` the classes that a hand-written bus handles. `objects` are its variables that hold
    a framework's object, `words` the common names that mean something on one, `makers` the names that give a
    framework's decorator or a signal.
    """

    names: frozenset[str]
    wide: frozenset[str]
    owners: frozenset[tuple[str, str, str]]
    messages: frozenset[str]
    objects: frozenset[str]
    words: frozenset[str]
    makers: frozenset[str]


class Linker:
    """Sites of a workspace."""

    def __init__(
        self,
        workspace: Workspace,
        known: Known,
        search: Callable[[Iterable[str]], Search],
        expect: Expect = _as_needed,
    ) -> None:
        self.workspace = workspace
        self.known = known
        self.memo = Memo()
        workspace.asked = self.memo.uses
        self.evaluator = Evaluator(workspace, known, self.memo)
        self.finder = Finder(self.evaluator, known)
        self.finder.wrappers = _Told("wrappers", self.memo)
        self.finder.seeds = _Told("seeds", self.memo)
        self.files: set[str] = set()
        self._search = search
        self._expect = expect
        self._rare = 0
        self._chosen: set[str] = set()
        self._candidates: set[str] = set()
        self._names: set[str] = set()
        self._wide: dict[str, set[str]] = {}
        self._learnt: dict[str, Learnt] = {}
        self._renames: dict[str, dict[str, set[str]]] = {}
        self._seeds: dict[str, tuple[list[Draft], list[Bus]]] = {}
        self._marks: dict[str, Marks] = {}
        self._marked = False
        self._near: set[str] = set()
        self._seeding: set[str] = set()
        self._asked: set[str] = set()
        self._asking: set[str] = set()
        self._objects: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
        self._common = common_methods(known)
        self._bases: frozenset[Class] = frozenset()

    def buses(self) -> list[Bus]:
        """The hand-written buses."""
        return [bus for path in sorted(self._seeds) for bus in self._seeds[path][1]]

    def drafts(self) -> list[Draft]:
        """All drafts of all files."""
        return [draft for path in sorted(self.files) for draft in self.finder.drafts(path)]

    def update(
        self, chosen: set[str], candidates: set[str], changed: Iterable[Hashable], files: int
    ) -> set[str]:
        """Link anew what depends on a change; the first time, everything.

        Args:
            chosen: the files that the frameworks' own words choose, all of them.
            candidates: the files that may hold a hand-written bus, all of them.
            changed: paths of files whose facts are others now, and questions about modules that are answered anew.
            files: how many files there are in all.

        Returns:
            The files whose drafts were worked out.
        """
        self._rare = max(RARE, files // 10)
        sources = set(changed)
        for path in [each for each in changed if isinstance(each, str)]:
            self._drop(path, sources)
        self._chosen, self._candidates = chosen, candidates
        anew: set[str] = set()
        touched: set[str] = set()
        for _ in range(MOST_ROUNDS):
            added = self._choose(sources)
            stale = self.memo.forget(sources, anew) | added
            touched |= stale
            sources = self._seed(stale)
            stale |= self.memo.forget(sources, ())
            for path in sorted(stale & self.files):
                self._learnt[path] = self._learn(path)
            sources, anew = self._derive(stale)
            if not sources and not anew and self._wanted() == self.files:
                break
        return touched & self.files

    # -- files

    def _drop(self, path: str, sources: set[Hashable]) -> None:
        """Take back what a file added."""
        sources |= self.workspace.unlink(path)
        self.workspace.changed(path)
        self.files.discard(path)
        self._learnt.pop(path, None)
        self._renames.pop(path, None)
        (self._asking.add if path in self._search(self._asked) else self._asking.discard)(path)
        first, second = map(self._search, self._objects)
        (self._near.add if path in first and path in second else self._near.discard)(path)
        named = self._search(self._wide).named(path)
        for name, paths in self._wide.items():
            (paths.add if name in named else paths.discard)(path)
        constants = self.evaluator.constants
        for name in [name for name, constant in constants.items() if constant.path == path]:
            del constants[name]

    def _wanted(self) -> set[str]:
        """The files to link: by the frameworks' words, by shape, and by names of wrappers that are not everywhere."""
        called = (paths for paths in self._wide.values() if len(paths) <= self._rare)
        return set[str]().union(self._chosen, self._candidates, self._near, self._seeding, *called)

    def _choose(self, sources: set[Hashable]) -> set[str]:
        """Take files in and let files go, by what is looked for now. Gives the new ones."""
        wanted = self._wanted()
        added = wanted - self.files
        self._expect(added)
        for path in sorted(self.files - wanted):
            sources |= self.workspace.unlink(path)
            self._learnt.pop(path, None)
            self._renames.pop(path, None)
        for path in sorted(added):
            sources |= self.workspace.link(path)
        self.files = wanted
        return added

    # -- hand-written buses

    def _seed(self, stale: set[str]) -> set[Hashable]:
        """Look for hand-written buses, and for events that objects collect for them. Gives what is told differently."""
        again = stale & self._candidates
        if (
            not again
            and self._seeds.keys() <= self._candidates
            and not self._bases
            and not stale & self._marks.keys()
        ):
            return set()
        before = {path: self._seeded(path) for path in again | self._seeds.keys() | self._marks.keys()}
        self._mark(stale)
        if self._marked != bool(self._accepted()):
            self._marked = not self._marked
            self.memo.forget((_MARKS,), ())
            again = self._candidates
        for path in self._seeds.keys() - self._candidates:
            del self._seeds[path]
        for path in sorted(again):
            nothing: tuple[list[Draft], list[Bus]] = ([], [])
            self._seeds[path] = self.memo.get(("seeds", path, ""), partial(self._seeds_of, path), nothing)
        targets = set[str]().union(stale if self._bases else (), *before.values())
        targets.update(*(self._seeded(path) for path in before.keys() | again | self._marks.keys()))
        return {("seeds", path) for path in sorted(targets) if self._put_seeds(path)}

    def _mark(self, stale: set[str]) -> None:
        """Look for handlers marked by an attribute: in the candidates, and wherever an attribute that one asks for stands."""
        for path in sorted(stale & self._candidates):
            self._marks[path] = self._marks_of(path)
        asked = set[str]().union(*(self._marks[path][1] for path in self._candidates & self._marks.keys()))
        if asked != self._asked:
            self._asked = asked
            self._asking = set[str]().union(
                *(p for p in self._search(asked).files().values() if len(p) <= self._rare)
            )
        wanted = self._candidates | self._asking
        for path in self._marks.keys() - wanted:
            del self._marks[path]
        again = {path for path in self._asking - self._candidates if path in stale or path not in self._marks}
        self._expect(again)
        for path in sorted(again):
            self._marks[path] = self._marks_of(path)

    def _seeded(self, path: str) -> set[str]:
        """The files that what one candidate shows bears on."""
        found = {seed.path for seed in self._seeds.get(path, ([], []))[0]}
        return found | ({path} if path in self._marks and self._marks[path][0] else set[str]())

    def _marks_of(self, path: str) -> Marks:
        """The marked functions of a file, each with the attribute, and the attributes that it asks for."""

        def find() -> Marks:
            facts = self.workspace.facts(path)
            return ([], set()) if facts is None else marked(facts, self.evaluator, path)

        nothing: Marks = ([], set())
        return self.memo.get(("marks", path, ""), find, nothing)

    def _accepted(self) -> dict[str, list[Draft]]:
        """Handlers marked by an attribute that some bus looks for, by file."""
        found = {
            p: [draft for name, draft in marks if name in self._asked]
            for p, (marks, _) in self._marks.items()
        }
        return {path: drafts for path, drafts in found.items() if drafts}

    def _seeds_of(self, path: str) -> tuple[list[Draft], list[Bus]]:
        facts = self.workspace.facts(path)
        if facts is None:
            return [], []
        self.memo.uses(_MARKS)
        seeds, buses = Shapes(self.evaluator, self.workspace, path, facts, self._marked).find()
        return [*seeds, *registries(self.finder, path, facts)], buses

    def _put_seeds(self, path: str) -> bool:
        """Bring a file's seeds up to date. Gives whether they are others now."""
        found = [*self._accepted().get(path, ())]
        found.extend(s for origin in sorted(self._seeds) for s in self._seeds[origin][0] if s.path == path)
        if self._bases and path in self.files:
            found.extend(self.memo.get(("collected", path, ""), lambda: self._collected(path), []))
        seeds: dict[str, list[Draft]] = self.finder.seeds
        old: list[Draft] = dict[str, list[Draft]].get(seeds, path, [])
        self.finder.seeds[path] = found
        (self._seeding.add if found else self._seeding.discard)(path)
        return found != old

    def _collected(self, path: str) -> list[Draft]:
        """Events that an object collects for the bus to fetch: `self.events.append(OrderPlaced(...))`.

        Only classes that a hand-written bus handles, and those that share a base with one, are taken for events.
        """
        self.memo.uses(_BASES)
        return collecting(self.evaluator, self.finder, path, set(self._bases))

    # -- wrappers

    def _learn(self, path: str) -> Learnt:
        """What a file's drafts add to what is looked for."""
        names: set[str] = set()
        wide: set[str] = set()
        owners: set[tuple[str, str, str]] = set()
        messages: set[str] = set()
        for draft in self.finder.drafts(path):
            if is_open(draft):
                self._wrappers(draft, names, wide, owners)
            elif draft.dialect == DIALECT and draft.kind == "handle" and isinstance(draft.name, Str):
                messages.add(draft.name.text)
        objects: dict[str, frozenset[str]] = {}
        if self._common:
            objects = self.memo.get(("objects", path, ""), lambda: self._exported(path), objects)
        words = frozenset[str]().union(*objects.values())
        none: frozenset[str] = frozenset()
        makers = self.memo.get(("makers", path, ""), lambda: self._makers(path), none)
        return Learnt(
            frozenset(names),
            frozenset(wide),
            frozenset(owners),
            frozenset(messages),
            frozenset(objects),
            words,
            makers,
        )

    def _makers(self, path: str) -> frozenset[str]:
        """Names of a module's classes, variables and functions that give a framework's decorator or a signal of its own."""
        facts = self.workspace.facts(path)
        names: set[str] = set()
        for scope in facts.scopes if facts is not None else ():
            if scope.kind == "class" and scope.bases and self._is_constructor(Class(path, scope.key)):
                names.add(scope.name)
        for name, bindings in facts.scopes[0].names.items() if facts is not None else ():
            last = bindings[-1].value
            if isinstance(last, CallRef) and self._gives_decorator(
                self.evaluator.member_of_module(path, name)
            ):
                names.add(name)
            elif isinstance(last, ScopeRef) and facts is not None and facts.scopes[last.index].returns:
                function = Function(path, facts.scopes[last.index].key)
                if self._gives_decorator(self.evaluator.returned(function)):
                    names.add(name)
        return frozenset(names - library.COMMON_WRAPPERS)

    def _is_constructor(self, cls: Class) -> bool:
        """Whether making an instance of a class declares an event, as its library base's does."""
        return any(
            rule.kind == "declare"
            for base in self.evaluator.ancestors(cls)[1:]
            if isinstance(base, External)
            for rule in self.known.functions.get(base.path, ())
        )

    def _gives_decorator(self, values: Values) -> bool:
        """Whether one of these waits for a function, or is an event's object still without a name."""
        return any(isinstance(v, Pending) or self.evaluator.is_unnamed(v) for v in values)

    def _exported(self, path: str) -> dict[str, frozenset[str]]:
        """Variables of a module that hold a framework's object, each with the common words that mean something on it.

        A file that imports only the project's own `app` and calls `app.topic("x")` shows no other sign of the framework.
        """
        facts = self.workspace.facts(path)
        found: dict[str, frozenset[str]] = {}
        if facts is None or not facts.imports:
            return found
        for name, bindings in facts.scopes[0].names.items():
            if any(isinstance(binding.value, CallRef) for binding in bindings):
                for value in self.evaluator.member_of_module(path, name):
                    for key in self.evaluator.types(value):
                        if key in self._common:
                            found[name] = found.get(name, frozenset()) | self._common[key]
        return found

    def _wrappers(
        self, draft: Draft, names: set[str], wide: set[str], owners: set[tuple[str, str, str]]
    ) -> None:
        """The wrappers that an open draft makes: the function whose parameter it waits for, and those around it."""
        for argument in (
            a for value in (draft.name, draft.handler) if value is not None for a in parameters(value)
        ):
            parts = argument.key.split(".")
            for depth in range(len(parts), 0, -1):
                key = ".".join(parts[:depth])
                try:
                    scope = self.workspace.get(argument.path, key)
                except KeyError:
                    break
                if scope.kind == "class":
                    if parts[depth].partition("#")[0] in ("__init__", "__call__"):
                        names.add(scope.name)
                        wide.add(scope.name)
                    break
                if scope.kind == "function":
                    names.add(scope.name)
                    if not self._is_local(argument.path, scope.parent):
                        wide.add(scope.name)
                    if depth == len(parts):
                        owners.add((scope.name, argument.path, key))

    def _is_local(self, path: str, parent: int) -> bool:
        """Whether what stands in this scope can only be called from the same function."""
        facts = self.workspace.facts(path)
        return facts is not None and parent >= 0 and facts.scopes[parent].kind == "function"

    def _derive(self, stale: set[str]) -> tuple[set[Hashable], set[str]]:
        """What all files together say is to be looked for. Gives what that changes, and the files it bears on."""
        learnt = self._learnt.values()
        names = set[str]().union(*(each.names for each in learnt))
        self._rename(names, stale)
        others = {
            other
            for known in self._renames.values()
            for name in names & known.keys()
            for other in known[name]
        }
        makers = set[str]().union(*(each.makers for each in learnt))
        hot = (names | others) - library.COMMON_WRAPPERS | makers | self.known.hot
        search = self._search(hot ^ self.finder.hot)
        anew = {path for path in self.files if path in search}
        self.finder.hot = hot
        sources = self._put_owners() | self._put_bases()
        messages = {cls.key.rpartition(".")[2] for cls in self._message_classes()}
        self._widen(
            (set[str]().union(*(each.wide for each in learnt)) | others) - library.COMMON_WRAPPERS
            | messages
            | makers
        )
        self._find_near()
        return sources, anew

    def _find_near(self) -> None:
        """Find the files in which a framework's object of another file stands beside a common word that it knows."""
        learnt = self._learnt.values()
        objects = frozenset[str]().union(*(each.objects for each in learnt))
        words = frozenset[str]().union(*(each.words for each in learnt))
        if (objects, words) != self._objects:
            self._objects = (objects, words)
            second = self._search(words)
            found = set[str]().union(*self._search(objects).files().values())
            self._near = {path for path in found if path in second}

    def _rename(self, names: set[str], stale: set[str]) -> None:
        """Find out what else the wrappers are called by, in files that name one."""
        fresh, every = self._search(names - self._names), self._search(names)
        self._names = names
        for path in {path for path in self.files if path in fresh or (path in stale and path in every)}:
            facts = self.workspace.facts(path)
            known = renames(facts) if facts is not None else {}
            self._renames[path] = {name: known[name] for name in names & known.keys()}

    def _put_owners(self) -> set[Hashable]:
        owners: dict[str, set[tuple[str, str]]] = {}
        for each in self._learnt.values():
            for name, path, key in each.owners:
                owners.setdefault(name, set()).add((path, key))
        known: dict[str, set[tuple[str, str]]] = self.finder.wrappers
        changed = {
            name
            for name in owners.keys() | known.keys()
            if owners.get(name) != dict[str, set[tuple[str, str]]].get(known, name)
        }
        known.clear()
        known.update(owners)
        return {("wrappers", name) for name in changed}

    def _put_bases(self) -> set[Hashable]:
        """Bring the classes that events descend from up to date."""
        bases = frozenset(
            base
            for cls in self._message_classes()
            for base in self.evaluator.ancestors(cls)
            if isinstance(base, Class)
        )
        if bases == self._bases:
            return set()
        self._bases = bases
        return {_BASES, *(("seeds", path) for path in sorted(self.files) if self._put_seeds(path))}

    def _message_classes(self) -> list[Class]:
        messages = set[str]().union(*(each.messages for each in self._learnt.values()))
        return [self.finder.classes[name] for name in sorted(messages) if name in self.finder.classes]

    def _widen(self, wide: set[str]) -> None:
        """Look for these names in all files."""
        known = {name: paths for name, paths in self._wide.items() if name in wide}
        self._wide = known | self._search(wide - known.keys()).files()


def common_methods(known: Known) -> dict[TypeKey, frozenset[str]]:
    """The methods of each type of object whose names are too common to choose a file by themselves."""
    found: dict[TypeKey, frozenset[str]] = {}
    for dialect, type_name, method in known.methods:
        if method in COMMON:
            found[dialect, type_name] = found.get((dialect, type_name), frozenset()) | {method}
    return found


class _Told(dict[str, Any]):
    """A dictionary that tells each look-up, so that who looked is asked again when the entry changes."""

    def __init__(self, kind: str, memo: Memo) -> None:
        super().__init__()
        self._kind = kind
        self._memo = memo

    def get(self, key: str, default: Any = None) -> Any:
        self._memo.uses((self._kind, key))
        return super().get(key, default)

"""Facts of all files -> the drafts of all sites, wrappers followed to a fixpoint, kept up to date file by file.

A function whose own site waits for a parameter is a wrapper. Its name becomes a word to look for, files that call it
are read in, and so on until no new wrapper turns up. What each file adds to that is kept apart, so that it can shrink
again when a file changes: what is known in the end depends on the files alone, not on their history.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.configured import Configured
from pubsub_devtools_analysis.evaluation import KINDS, Evaluator
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.learning import NOTHING, Learner, Learnt
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.seeding import Search, Seeding
from pubsub_devtools_analysis.shapes import Bus
from pubsub_devtools_analysis.signals import words_of_settled
from pubsub_devtools_analysis.told import Told
from pubsub_devtools_analysis.values import Class
from pubsub_devtools_analysis.workspace import Workspace

MOST_ROUNDS = 10
RARE, SHARE = 100, 50
"""A wrapper's name that stands in more files than these, and in more than a fiftieth of all, tells nothing."""
COMMON_FUNCTION = 400
"""A function of a module is looked for in as many files, since they must import it: each plugin may register by it."""

STEADY = KINDS | {"makers", "marks", "objects", "seeds"}
"""Answers that stand on facts alone, not on the names that are looked for."""

Expect = Callable[[set[str]], None]
"""Told which files' facts are about to be asked for."""


def _as_needed(_paths: set[str]) -> None:
    """Each file is read when it is asked for."""


class Linker:
    """Sites of a workspace."""

    def __init__(
        self,
        workspace: Workspace,
        known: Known,
        search: Callable[[Iterable[str]], Search],
        expect: Expect = _as_needed,
        configured: Configured | None = None,
    ) -> None:
        self.workspace = workspace
        self.known = known
        self.memo = Memo(steady=STEADY)
        workspace.asked = self.memo.uses
        self.evaluator = Evaluator(workspace, known, self.memo)
        self.finder = Finder(self.evaluator, known)
        self.finder.wrappers = Told("wrappers", self.memo)
        self.finder.seeds = Told("seeds", self.memo)
        self.files: set[str] = set()
        self.is_settled = True
        """Whether the last update came to an end by itself. Where two wrappers rule each other out, none does, and what
        is found depends on the way there."""
        self._search = search
        self._expect = expect
        self._learner = Learner(self.finder, known)
        self._seeding = Seeding(self.finder, search, expect, configured or Configured(()))
        self._settled = words_of_settled(known)
        self._chosen: set[str] = set()
        self._candidates: set[str] = set()
        self._near: set[str] = set()
        self._wide: dict[str, set[str]] = {}
        self._rare = 0
        self._learnt: dict[str, Learnt] = {}
        self._renames: dict[str, dict[str, set[str]]] = {}
        self._sum = Learnt()

    def buses(self) -> list[Bus]:
        """The hand-written buses."""
        return self._seeding.buses()

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
        self._rare = max(RARE, files // SHARE)
        self._chosen, self._candidates = chosen, candidates
        if not self._wide:
            self._wide = self._search(self._settled).files()
        sources = set(changed)
        for path in [each for each in changed if isinstance(each, str)]:
            self._drop(path, sources)
        anew: set[str] = set()
        touched: set[str] = set()
        for _ in range(MOST_ROUNDS):
            added = self._choose(sources)
            stale = self._seed(self.memo.forget(sources, anew) | added)
            touched |= stale
            sources, anew = self._derive(stale)
            self.is_settled = not sources and not anew and self._wanted() == self.files
            if self.is_settled:
                break
        return touched & self.files

    # -- files

    def _drop(self, path: str, sources: set[Hashable]) -> None:
        """Take back what a file was linked for: its words and its facts are others now."""
        self.workspace.changed(path)
        if path in self.files:
            sources |= self.workspace.relink(path)
        self._renames.pop(path, None)
        self._seeding.changed(path)
        sources |= self._lost_owners(path)
        objects, words = self._search(self._sum.objects), self._search(self._sum.words)
        (self._near.add if path in objects and path in words else self._near.discard)(path)
        named = self._search(self._wide).named(path)
        for name, paths in self._wide.items():
            (paths.add if name in named else paths.discard)(path)
        constants = self.evaluator.constants
        for name in [name for name, constant in constants.items() if constant.path == path]:
            del constants[name]
        self.finder.drop(path)

    def _lost_owners(self, path: str) -> set[Hashable]:
        """Tell the finder that wrappers are no longer in a file. Gives what is told differently now."""
        found: set[Hashable] = set()
        for name, owner, key in self._sum.owners:
            if owner == path and not self.workspace.exists(path, key):
                self.finder.wrappers[name].discard((path, key))
                found.add(("wrappers", name))
        return found

    def _wanted(self) -> set[str]:
        """The files to link: by the frameworks' words, by shape, and by names of wrappers that are not everywhere."""
        functions = {name for name, _, key in self._sum.owners if "." not in key}
        called = (
            paths
            for name, paths in self._wide.items()
            if len(paths) <= (max(self._rare, COMMON_FUNCTION) if name in functions else self._rare)
        )
        return set[str]().union(self._chosen, self._candidates, self._near, self._seeding.files, *called)

    def _choose(self, sources: set[Hashable]) -> set[str]:
        """Take files in and let files go, by what is looked for now. Gives the new ones."""
        wanted = self._wanted()
        added = wanted - self.files
        self._expect(added)
        for path in sorted(self.files - wanted):
            sources |= self.workspace.unlink(path)
            self._renames.pop(path, None)
        for path in sorted(added):
            sources |= self.workspace.link(path)
        self.files = wanted
        return added

    def _seed(self, stale: set[str]) -> set[str]:
        """Bring the seeds up to date. Gives the stale files, those included that this made stale."""
        new = stale
        for _ in range(MOST_ROUNDS):
            sources = self._seeding.update(new, self._candidates, self.files, self._rare)
            new = self.memo.forget(sources, ()) if sources else set[str]()
            stale = stale | new
            if not new:
                break
        return stale

    # -- what is looked for

    def _derive(self, stale: set[str]) -> tuple[set[Hashable], set[str]]:
        """What all files together say is to be looked for. Gives what that changes, and the files it bears on."""
        before = self._sum
        is_same = self._learn(stale)
        fresh = self._search(self._sum.names - before.names)
        again = (
            {path for path in self.files if path in fresh} if self._sum.names != before.names else set[str]()
        )
        search = self._search(self._sum.names)
        for path in again | (stale & self.files):
            is_same = self._rename(path, search) and is_same
        sources = self._put_bases()
        if is_same:
            return sources, set()
        others = {
            other
            for known in self._renames.values()
            for name in known.keys() & self._sum.names
            for other in known[name]
        }
        self._widen(others)
        self._find_near(before)
        return sources | self._put_owners(), self._put_hot(others)

    def _learn(self, stale: set[str]) -> bool:
        """Learn from files again. Gives whether they add what they did before."""
        is_same = True
        for path in self._learnt.keys() - self.files:
            is_same = self._learnt.pop(path) == NOTHING and is_same
        for path in sorted(stale & self.files):
            new = self._learner.learn(path)
            is_same = self._learnt.get(path, NOTHING) == new and is_same
            self._learnt[path] = NOTHING if new == NOTHING else new
        if not is_same:
            columns = zip(*self._learnt.values(), strict=True)
            self._sum = Learnt(*(frozenset[Any]().union(*column) for column in columns))
        return is_same

    def _rename(self, path: str, search: Search) -> bool:
        """Find out what else the wrappers are called by in a file. Gives whether that is as before."""
        found = self.workspace.renames(path, self._sum.names) if path in search else {}
        is_same = found == self._renames.get(path, {})
        self._renames[path] = found
        return is_same

    def _put_hot(self, others: set[str]) -> set[str]:
        """Have calls of the wrappers matched. Gives the files in which that makes a difference."""
        hot = (self._sum.names | others) - library.COMMON_WRAPPERS | self._sum.makers | self.known.hot
        if hot == self.finder.hot:
            return set()
        search = self._search(hot ^ self.finder.hot)
        self.finder.hot = hot
        return {path for path in self.files if path in search}

    def _put_owners(self) -> set[Hashable]:
        """Tell the finder the wrappers by their names. Gives what is told differently now."""
        owners: dict[str, set[tuple[str, str]]] = {}
        for name, path, key in self._sum.owners:
            owners.setdefault(name, set()).add((path, key))
        known: dict[str, set[tuple[str, str]]] = self.finder.wrappers
        old = {**known}
        known.clear()
        known.update(owners)
        return {
            ("wrappers", name) for name in owners.keys() | old.keys() if owners.get(name) != old.get(name)
        }

    def _put_bases(self) -> set[Hashable]:
        """Bring the classes that events descend from up to date. Gives what the finder is told differently."""
        bases = (base for cls in self._messages() for base in self.evaluator.ancestors(cls))
        return self._seeding.settle(frozenset(base for base in bases if isinstance(base, Class)), self.files)

    def _messages(self) -> list[Class]:
        """The classes that hand-written buses handle."""
        return [
            self.finder.classes[name] for name in sorted(self._sum.messages) if name in self.finder.classes
        ]

    def _widen(self, others: set[str]) -> None:
        """Look for the names of wrappers and messages in all files."""
        messages = {cls.key.rpartition(".")[2] for cls in self._messages()}
        wide = (
            (self._sum.wide | others | self._settled) - library.COMMON_WRAPPERS | messages | self._sum.makers
        )
        known = {name: paths for name, paths in self._wide.items() if name in wide}
        self._wide = known | self._search(wide - known.keys()).files()

    def _find_near(self, before: Learnt) -> None:
        """Find the files in which a framework's object of another file stands beside a common word that it knows."""
        objects, words = self._sum.objects, self._sum.words
        if (objects, words) != (before.objects, before.words):
            second = self._search(words)
            found = set[str]().union(*self._search(objects).files().values())
            self._near = {path for path in found if path in second}

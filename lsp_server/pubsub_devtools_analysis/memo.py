"""Remembered answers, each owned by a file, that know which other files' answers and facts they stand on.

A change to one file forgets that file's answers and those that read its facts, and works out again those that others
had asked for. Only where such an answer comes out different do the askers' files follow. So an edit inside a function
body costs one file, whoever imports it.

A question that comes back to itself is asked again with its last answer until that does not change any more, so that
an answer does not depend on where the circle was entered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from heapq import heappop, heappush
from typing import Any, TypeVar, cast

import msgspec

from pubsub_devtools_analysis.names import Names, added, each_of, removed

T = TypeVar("T")
Key = tuple[str, str, Hashable]
"""Kind of question, owning file, and the rest."""

MOST_TURNS = 5
GROWN = 40
"""Values that an answer may grow by while its circle is gone round."""

MOST_INNER = 20_000
"""Answers that only their own file asked for, about 8 MB of them."""

_NOWHERE = 1 << 30
_NONE_YET: Any = object()
_NOTHING: dict[Any, Any] = {}
_NO_KINDS: frozenset[str] = frozenset()


def _unasked() -> None:
    """What is known only outside is not worked out again before it is asked for again."""


class _Open:
    """A question that is being worked out: its answer so far, and the lowest open question that it came back to."""

    __slots__ = ("answer", "lowest", "owner", "within")

    def __init__(self, owner: str, answer: Any) -> None:
        self.owner = owner
        self.answer = answer
        self.lowest = _NOWHERE
        self.within: list[Key] = []


class _Given:
    """An answer that was asked for from outside, or by other files: by which, and how it is worked out again for them."""

    __slots__ = ("answer", "askers", "recipe", "start")

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.askers: Names = None
        self.recipe: Callable[[], Any] = _unasked
        self.start: Any = None


class Memo:
    """Answers by key. Single-threaded; a question that asks itself begins with its `start` value.

    What only its own file asked for is let go when there is much of it, between two questions from outside: all that
    stands on it is remembered, and it can be had again.

    One memo can stand above another: its answers stand on those below that they ask, by the files that own these, and go
    when it is asked to catch up.
    """

    def __init__(self, below: Memo | None = None, *, steady: frozenset[str] = frozenset()) -> None:
        self._steady = steady
        self._given: dict[str, dict[Key, _Given]] = {}
        self._inner: dict[str, dict[Key, Any]] = {}
        self._size = 0
        self._users: dict[Hashable, Names] = {}
        self._first: dict[str, list[Hashable]] = {}
        """The sources that an owner was the first to use: mostly nobody else does, and they go with its answers."""
        self._stack: list[_Open] = []
        self._open: dict[Key, int] = {}
        self._leaning: dict[Key, int] = {}
        self._above: list[Memo] = []
        self._stale: set[Hashable] = set()
        if below is not None:
            below._above.append(self)

    def get(self, key: Key, recipe: Callable[[], T], start: T) -> T:
        """The answer to `key`, worked out by `recipe` the first time."""
        asker = self._stack[-1].owner if self._stack else None
        if asker is None:
            self._tell(key[1])
        found: T = self._known(key) if asker == key[1] else self._for_others(key, asker, recipe, start)
        if found is not _NONE_YET:
            if self._leaning and key in self._leaning:
                self._lean(self._leaning[key])
            return found
        place = self._open.get(key)
        if place is not None:
            self._lean(place)
            so_far: T = self._stack[place].answer
            return so_far
        return self._work_out(key, recipe, start)

    def has(self, key: Key) -> bool:
        """Whether an answer is remembered, so that nothing which it stands on has changed."""
        return self._known(key) is not _NONE_YET

    def drop(self, key: Key) -> None:
        """Have one answer worked out again, since it stands on something that is not told here too."""
        given = self._given.get(key[1], _NOTHING).get(key)
        if given is not None:
            given.answer = _NONE_YET
        self._size -= self._inner.get(key[1], _NOTHING).pop(key, _NONE_YET) is not _NONE_YET

    def leave(self, owner: str) -> None:
        """Let go all answers of an owner that is gone, and that nobody asks about again."""
        self._given.pop(owner, None)
        self._size -= len(self._inner.pop(owner, _NOTHING))
        self._users.pop(owner, None)
        self._use_nothing(owner)

    def _known(self, key: Key) -> Any:
        """The answer that is remembered, if any."""
        found = self._inner.get(key[1], _NOTHING).get(key, _NONE_YET)
        if found is _NONE_YET:
            given = self._given.get(key[1], _NOTHING).get(key)
            return _NONE_YET if given is None else given.answer
        return found

    def _for_others(self, key: Key, asker: str | None, recipe: Callable[[], Any], start: Any) -> Any:
        """The answer that is remembered, if any, to a question of another file or from outside."""
        given = self._given.setdefault(key[1], {})
        entry = given.get(key)
        if entry is None:
            entry = given[key] = _Given(self._inner.get(key[1], _NOTHING).pop(key, _NONE_YET))
            self._size -= entry.answer is not _NONE_YET
        if asker is not None:
            if entry.askers is None:
                entry.recipe, entry.start = recipe, start
            entry.askers = added(entry.askers, asker)
        return entry.answer

    def uses(self, source: Hashable) -> None:
        """Note that the answer being worked out reads a file's facts, or anything else that can change."""
        if not self._stack:
            self._tell(source)
        elif (owner := self._stack[-1].owner) != source:
            users = self._users.get(source)
            if users is None:
                self._first.setdefault(owner, []).append(source)
            self._users[source] = added(users, owner)

    def _use_nothing(self, owner: str) -> None:
        """None of an owner's answers is left: what it alone has used is of no interest any more."""
        for source in self._first.pop(owner, ()):
            users = removed(self._users.get(source), owner)
            if users:
                self._users[source] = users
            else:
                self._users.pop(source, None)

    def catch_up(self) -> set[str]:
        """Forget what stood on answers below that have gone. Gives all owners whose answers had to go."""
        stale, self._stale = self._stale, set()
        known = (self._users, self._given, self._inner)
        return self.forget({each for each in stale if any(each in table for table in known)}, ())

    def _tell(self, source: Hashable) -> None:
        """Tell the memos above what somebody asks who is no answer here."""
        for memo in self._above:
            memo.uses(source)

    def rest(self) -> None:
        """Let go what only its own file asked for."""
        if not self._stack:
            self._inner = {}
            self._size = 0

    def forget(self, changed: Iterable[Hashable], anew: Iterable[str]) -> set[str]:
        """Forget what stood on these sources.

        Args:
            changed: files whose facts have just been replaced, and whatever else was said to be used.
            anew: files whose facts are the same but whose answers are not, those of the steady kinds excepted.

        Returns:
            All files whose own answers had to go: the changed ones and those that follow from them.
        """
        todo: set[str] = set()
        changed = set(changed)
        for source in changed:
            if isinstance(source, str):
                todo.add(source)
            todo |= each_of(self._users.pop(source, None))
        partly = set(anew) - todo
        todo |= partly
        times: Counter[str] = Counter()
        in_order = sorted(todo)
        while in_order:
            path = heappop(in_order)
            todo.discard(path)
            times[path] += 1
            kept = self._steady if path in partly else _NO_KINDS
            following = self._forget(path, kept, compare=times[path] < MOST_TURNS)
            partly -= {path, *following}
            for each in following - todo:
                if times[each] <= MOST_TURNS:
                    todo.add(each)
                    heappush(in_order, each)
        for memo in self._above:
            memo._stale |= changed | times.keys()
        return set(times)

    def _forget(self, path: str, kept: frozenset[str], compare: bool) -> set[str]:
        """Forget one file's answers, but for some kinds. Gives the files that had asked for one that is different now."""
        given, left = _parted(self._given.pop(path, _NOTHING), kept)
        gone, left_inner = _parted(self._inner.pop(path, _NOTHING), kept)
        self._size -= len(gone)
        if left:
            self._given[path] = left
        if left_inner:
            self._inner[path] = left_inner
        if not left and not left_inner:
            self._use_nothing(path)
        following: set[str] = set()
        for key, entry in given.items():
            if entry.askers is not None:
                if compare and not self._differs(key, entry):
                    self._keep_asked(self._given[path][key], entry)
                else:
                    following |= each_of(entry.askers)
        following.discard(path)
        return following

    def _keep_asked(self, new: _Given, old: _Given) -> None:
        """Note who had asked for an answer that is the same as before."""
        new.recipe, new.start = old.recipe, old.start
        for asker in each_of(old.askers):
            new.askers = added(new.askers, asker)

    def _differs(self, key: Key, old: _Given) -> bool:
        """Whether the answer comes out different; one that fails now does."""
        before = None if old.answer is _NONE_YET else old.answer
        try:
            return bool(self.get(key, old.recipe, old.start) != before)
        except (KeyError, IndexError):
            return True

    def _work_out(self, key: Key, recipe: Callable[[], T], start: T) -> T:
        """Ask until the answer, and all that were given on the strength of it, stay the same."""
        place = len(self._stack)
        entry = _Open(key[1], start)
        self._stack.append(entry)
        self._open[key] = place
        try:
            answer = recipe()
            if entry.lowest == place:
                answer = self._settled(entry, recipe, answer, start)
        except BaseException:
            self._take_back(entry)
            raise
        finally:
            self._stack.pop()
            del self._open[key]
        self._keep(key, answer, entry, place)
        if self._size > MOST_INNER:
            self.rest()
        return answer

    def _settled(self, entry: _Open, recipe: Callable[[], T], first: T, start: T) -> T:
        """The answer of a circle: asked again with the last one; the first one, where each would hold the one before."""
        answer, place = first, entry.lowest
        before: dict[Key, Any] = {}
        for _ in range(MOST_TURNS):
            inner = {key: self._known(key) for key in entry.within}
            if answer == entry.answer and inner == before:
                return answer
            self._take_back(entry)
            entry.answer, before = answer, inner
            answer = recipe()
            if entry.lowest < place or size(answer) > 2 * size(first) + GROWN:
                break
        else:
            return answer
        self._take_back(entry)
        entry.answer = start
        return recipe()

    def _keep(self, key: Key, answer: Any, entry: _Open, place: int) -> None:
        """Remember an answer: for good, or until the question that it leans on is settled."""
        given = self._given.get(key[1], _NOTHING).get(key)
        if given is not None:
            given.answer = answer
        else:
            self._inner.setdefault(key[1], {})[key] = answer
            self._size += 1
        if entry.lowest < place:
            self._leaning[key] = entry.lowest
            self._lean(entry.lowest)
            for each in entry.within:
                self._leaning[each] = entry.lowest
            self._stack[entry.lowest].within.extend((*entry.within, key))
        else:
            for each in entry.within:
                self._leaning.pop(each, None)

    def _lean(self, place: int) -> None:
        top = self._stack[-1]
        top.lowest = min(top.lowest, place)

    def _take_back(self, entry: _Open) -> None:
        """Forget the answers that were given on the strength of an unsettled one."""
        for key in entry.within:
            given = self._given.get(key[1], _NOTHING).get(key)
            if given is not None:
                given.answer = _NONE_YET
            else:
                self._size -= self._inner.get(key[1], _NOTHING).pop(key, _NONE_YET) is not _NONE_YET
            self._leaning.pop(key, None)
        entry.within = []


def _parted(answers: dict[Key, T], kept: frozenset[str]) -> tuple[dict[Key, T], dict[Key, T]]:
    """Answers but for some kinds, and those."""
    if not kept:
        return answers, {}
    held = {key: answer for key, answer in answers.items() if key[0] in kept}
    return {key: answer for key, answer in answers.items() if key[0] not in kept}, held


def size(answer: object, most: int = 10_000) -> int:
    """How many values an answer is made of, as far as that is of interest."""
    count = 0
    todo = [answer]
    while todo and count < most:
        each = todo.pop()
        count += 1
        if isinstance(each, tuple | list):
            todo.extend(cast("Sequence[object]", each))
        elif isinstance(each, msgspec.Struct):
            todo.extend(getattr(each, name) for name in each.__struct_fields__)
    return count

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

T = TypeVar("T")
Key = tuple[str, str, Hashable]
"""Kind of question, owning file, and the rest."""

MOST_TURNS = 5
GROWN = 40
"""Values that an answer may grow by while its circle is gone round."""

_NOWHERE = 1 << 30


class _Open:
    """A question that is being worked out: its answer so far, and the lowest open question that it came back to."""

    __slots__ = ("answer", "lowest", "owner", "within")

    def __init__(self, owner: str, answer: Any) -> None:
        self.owner = owner
        self.answer = answer
        self.lowest = _NOWHERE
        self.within: list[Key] = []


class Memo:
    """Answers by key. Single-threaded; a question that asks itself begins with its `start` value.

    One memo can stand above another: its answers stand on those below that they ask, by the files that own these, and go
    when it is asked to catch up.
    """

    def __init__(self, below: Memo | None = None) -> None:
        self._answers: dict[Key, Any] = {}
        self._owned: dict[str, set[Key]] = {}
        self._askers: dict[str, dict[Key, set[str]]] = {}
        self._recipes: dict[Key, tuple[Callable[[], Any], Any]] = {}
        self._users: dict[Hashable, set[str]] = {}
        self._stack: list[_Open] = []
        self._open: dict[Key, int] = {}
        self._leaning: dict[Key, int] = {}
        self._above: list[Memo] = []
        self._stale: set[Hashable] = set()
        if below is not None:
            below._above.append(self)

    def get(self, key: Key, recipe: Callable[[], T], start: T) -> T:
        """The answer to `key`, worked out by `recipe` the first time."""
        owner = key[1]
        stack = self._stack
        if not stack:
            self._tell(owner)
        elif stack[-1].owner != owner:
            self._askers.setdefault(owner, {}).setdefault(key, set()).add(stack[-1].owner)
            self._recipes[key] = (recipe, start)
        if key in self._answers:
            if key in self._leaning:
                self._lean(self._leaning[key])
            found: T = self._answers[key]
            return found
        place = self._open.get(key)
        if place is not None:
            self._lean(place)
            so_far: T = stack[place].answer
            return so_far
        return self._work_out(key, recipe, start)

    def uses(self, source: Hashable) -> None:
        """Note that the answer being worked out reads a file's facts, or anything else that can change."""
        if not self._stack:
            self._tell(source)
        elif self._stack[-1].owner != source:
            self._users.setdefault(source, set()).add(self._stack[-1].owner)

    def catch_up(self) -> set[str]:
        """Forget what stood on answers below that have gone. Gives all owners whose answers had to go."""
        stale, self._stale = self._stale, set()
        return self.forget(stale & (self._users.keys() | self._owned.keys()), ())

    def _tell(self, source: Hashable) -> None:
        """Tell the memos above what somebody asks who is no answer here."""
        for memo in self._above:
            memo.uses(source)

    def forget(self, changed: Iterable[Hashable], anew: Iterable[str]) -> set[str]:
        """Forget what stood on these sources.

        Args:
            changed: files whose facts have just been replaced, and whatever else was said to be used.
            anew: files whose facts are the same but whose answers are not.

        Returns:
            All files whose own answers had to go: the changed ones and those that follow from them.
        """
        todo: set[str] = set(anew)
        changed = set(changed)
        for source in changed:
            if isinstance(source, str):
                todo.add(source)
            todo |= self._users.pop(source, set())
        times: Counter[str] = Counter()
        in_order = sorted(todo)
        while in_order:
            path = heappop(in_order)
            todo.discard(path)
            times[path] += 1
            for each in self._forget(path, compare=times[path] < MOST_TURNS) - todo:
                if times[each] <= MOST_TURNS:
                    todo.add(each)
                    heappush(in_order, each)
        for memo in self._above:
            memo._stale |= changed | times.keys()
        return set(times)

    def _forget(self, path: str, compare: bool) -> set[str]:
        """Forget one file's answers. Gives the files that had asked for one that is different now."""
        asked = {key: (askers, self._answers.get(key)) for key, askers in self._askers.pop(path, {}).items()}
        for key in self._owned.pop(path, set()):
            self._answers.pop(key, None)
        following: set[str] = set()
        for key, (askers, old) in asked.items():
            recipe, start = self._recipes.pop(key)
            if compare and not self._differs(key, recipe, start, old):
                self._askers.setdefault(path, {}).setdefault(key, set()).update(askers)
                self._recipes[key] = (recipe, start)
            else:
                following |= askers
        following.discard(path)
        return following

    def _differs(self, key: Key, recipe: Callable[[], Any], start: Any, old: Any) -> bool:
        """Whether the answer comes out different; one that fails now does."""
        try:
            return bool(self.get(key, recipe, start) != old)
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
        return answer

    def _settled(self, entry: _Open, recipe: Callable[[], T], first: T, start: T) -> T:
        """The answer of a circle: asked again with the last one; the first one, where each would hold the one before."""
        answer, place = first, entry.lowest
        before: dict[Key, Any] = {}
        for _ in range(MOST_TURNS):
            inner = {key: self._answers[key] for key in entry.within}
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
        self._answers[key] = answer
        self._owned.setdefault(key[1], set()).add(key)
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
            self._answers.pop(key, None)
            self._leaning.pop(key, None)
        entry.within = []


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

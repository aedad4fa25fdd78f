"""Remembered answers, each owned by a file, that know which other files' answers they stand on.

A change to one file forgets that file's answers and works out again those that others had asked for. Only where such an
answer comes out different do the askers' files follow. So an edit inside a function body costs one file, whoever imports
it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
Key = tuple[str, str, Hashable]
"""Kind of question, owning file, and the rest."""


class Memo:
    """Answers by key. Single-threaded; a question that asks itself gets its `start` value."""

    def __init__(self) -> None:
        self._answers: dict[Key, Any] = {}
        self._owned: dict[str, set[Key]] = {}
        self._askers: dict[str, dict[Key, set[str]]] = {}
        self._recipes: dict[Key, Callable[[], Any]] = {}
        self._stack: list[str] = []
        self._open: set[Key] = set()

    def get(self, key: Key, recipe: Callable[[], T], start: T) -> T:
        """The answer to `key`, worked out by `recipe` the first time."""
        owner = key[1]
        if self._stack and self._stack[-1] != owner:
            self._askers.setdefault(owner, {}).setdefault(key, set()).add(self._stack[-1])
            self._recipes[key] = recipe
        if key in self._answers:
            found: T = self._answers[key]
            return found
        if key in self._open:
            return start
        self._open.add(key)
        self._stack.append(owner)
        try:
            answer = recipe()
        finally:
            self._stack.pop()
            self._open.discard(key)
        self._answers[key] = answer
        self._owned.setdefault(owner, set()).add(key)
        return answer

    def forget(self, changed: set[str]) -> set[str]:
        """Forget what stood on these files, whose facts have just been replaced.

        Returns:
            All files whose own answers had to go: the changed ones and those that follow from them.
        """
        gone: set[str] = set()
        todo = sorted(changed)
        while todo:
            path = todo.pop()
            if path in gone:
                continue
            gone.add(path)
            for key, (askers, old) in self._drop(path).items():
                recipe = self._recipes.pop(key)
                waiting = askers - gone
                if waiting and self._differs(key, recipe, old):
                    todo.extend(sorted(waiting))
                elif waiting:
                    self._askers.setdefault(path, {})[key] = waiting
                    self._recipes[key] = recipe
        return gone

    def _drop(self, path: str) -> dict[Key, tuple[set[str], Any]]:
        """Remove a file's answers; gives those that other files had asked for, with their askers."""
        asked = {key: (askers, self._answers.get(key)) for key, askers in self._askers.pop(path, {}).items()}
        for key in self._owned.pop(path, set()):
            self._answers.pop(key, None)
        return asked

    def _differs(self, key: Key, recipe: Callable[[], Any], old: Any) -> bool:
        """Whether the answer comes out different; one that fails now does."""
        try:
            return bool(self.get(key, recipe, None) != old)
        except (KeyError, IndexError):
            return True

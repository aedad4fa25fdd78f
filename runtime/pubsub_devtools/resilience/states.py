"""State that processes share by choice, a breaker's or a limiter's: the protocol of its store, and its memory form.

A state is a few bytes under a name, changed by compare-and-set: whoever read an older one reads again and decides anew.
Times in a shared state are seconds since 1970, since processes share no other clock.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

Result = TypeVar("Result")

Step = Callable[[bytes | None], tuple[bytes | None, Result]]
"""From a state (None: there is none) to the next one and a decision; a next state equal to the first is not written."""


class StateStore(Protocol):
    """A store of shared states.

    One that waits for a disk or a network gives both methods a second time as coroutine functions (``get_async``,
    ``swap_async``); guards of async handlers then await those.
    """

    def get(self, key: str) -> bytes | None:
        """Return the state of this name, None where there is none."""
        ...

    def swap(self, key: str, expected: bytes | None, new: bytes | None) -> bool:
        """Set the state to ``new`` (None: remove it) if it is ``expected`` (None: there is none).

        Returns:
            Whether it was. Of several calls at once with one ``expected``, in whatever threads or processes, one gets True.
        """
        ...


class MemoryStates:
    """States in memory: shared by the buses that get this object, gone with the process.

    Example:
        >>> states = MemoryStates()
        >>> states.swap("breaker", None, b"open"), states.swap("breaker", None, b"closed"), states.get("breaker")
        (True, False, b'open')
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Return the state of this name, None where there is none."""
        return self._states.get(key)

    def swap(self, key: str, expected: bytes | None, new: bytes | None) -> bool:
        """Set the state to ``new`` if it is ``expected``."""
        with self._lock:
            if self._states.get(key) != expected:
                return False
            if new is None:
                self._states.pop(key, None)
            else:
                self._states[key] = new
            return True


def update(states: StateStore, key: str, step: Step[Result]) -> Result:
    """Change a state by a pure step, as often as others come between; each time somebody gets on.

    Example:
        >>> update(MemoryStates(), "count", lambda state: (b"1", "first" if state is None else "later"))
        'first'
    """
    while True:
        state = states.get(key)
        new, result = step(state)
        if new == state or states.swap(key, state, new):
            return result


async def update_async(
    get: Callable[[str], Awaitable[bytes | None]],
    swap: Callable[[str, bytes | None, bytes | None], Awaitable[bool]],
    key: str,
    step: Step[Result],
) -> Result:
    """Do as ``update`` does, awaiting the store's methods."""
    while True:
        state = await get(key)
        new, result = step(state)
        if new == state or await swap(key, state, new):
            return result

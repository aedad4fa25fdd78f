"""Which events a handler has seen: the protocol of the store under ``idempotent=True``, and its memory form.

An event is claimed before the handler is called and confirmed once it has returned; a failed handler releases its claim,
so that it does not count as seen. A claim ends by itself at a stated time, so that one whose process died does not hold the
event for ever. That time also names the claim: a store lets only its holder confirm or release it.
"""

from __future__ import annotations

import threading
from typing import Protocol


class SeenStore(Protocol):
    """A store of the events that handlers have seen.

    One that waits for a disk or a network gives each method a second time as a coroutine function (``claim_async``,
    ``confirm_async``, ``release_async``); guards of async handlers then await those. All times are seconds since 1970.
    """

    def claim(self, handler: str, event_id: str, now: float, until: float) -> bool:
        """Claim the event for one call of the handler, up to ``until``.

        Returns:
            False where the event is confirmed, or claimed by another call, at ``now``. Of several calls at once, in
            whatever threads or processes, one gets True.
        """
        ...

    def confirm(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Turn the claim that ends at ``until`` into knowledge that lasts up to ``seen_until``.

        Returns:
            False where the claim is lost: it had ended, and another call has claimed or confirmed the event since.
        """
        ...

    def release(self, handler: str, event_id: str, until: float) -> None:
        """Give up the claim that ends at ``until``; without effect on a claim of another call."""
        ...


class MemorySeen:
    """What handlers have seen, in memory: safe from several threads, gone with the process.

    Args:
        max_entries: How many confirmed events are kept at least; beyond that, and beyond their time, the oldest are
            forgotten. At most twice as many are in memory, about 150 bytes each.

    Example:
        >>> seen = MemorySeen()
        >>> seen.claim("shop.mail.write", "event-1", now=0.0, until=60.0)
        True
        >>> seen.claim("shop.mail.write", "event-1", now=1.0, until=61.0)
        False
        >>> seen.confirm("shop.mail.write", "event-1", until=60.0, seen_until=3600.0)
        True
        >>> seen.claim("shop.mail.write", "event-1", now=3600.0, until=3660.0)
        True
    """

    def __init__(self, max_entries: int = 100_000) -> None:
        if max_entries < 1:
            raise ValueError(f"MemorySeen(max_entries={max_entries}): it must keep at least 1")
        self._lock = threading.Lock()
        self._max_entries = max_entries
        self._claims: dict[tuple[str, str], float] = {}
        # Two generations: forgetting the older one whole costs nothing for each event.
        self._young: dict[tuple[str, str], float] = {}
        self._old: dict[tuple[str, str], float] = {}

    def claim(self, handler: str, event_id: str, now: float, until: float) -> bool:
        """Claim the event for one call of the handler, up to ``until``."""
        key = (handler, event_id)
        with self._lock:
            if (
                self._young.get(key, now) > now
                or self._old.get(key, now) > now
                or self._claims.get(key, now) > now
            ):
                return False
            self._claims[key] = until
            return True

    def confirm(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Turn the claim that ends at ``until`` into knowledge that lasts up to ``seen_until``."""
        key = (handler, event_id)
        with self._lock:
            if self._claims.get(key) != until:
                return False
            del self._claims[key]
            if len(self._young) >= self._max_entries:
                self._old, self._young = self._young, {}
            self._young[key] = seen_until
            return True

    def release(self, handler: str, event_id: str, until: float) -> None:
        """Give up the claim that ends at ``until``."""
        key = (handler, event_id)
        with self._lock:
            if self._claims.get(key) == until:
                del self._claims[key]

"""Which events a handler has seen: the protocol of the store under ``idempotent=True``, and its memory form.

An event is claimed before the handler is called and confirmed once it has returned; a failed handler releases its claim,
so that it does not count as seen. A claim ends by itself at a stated time, so that one whose process died does not hold the
event for ever. That time also names the claim: a store lets only its holder confirm or release it.

Who does not get the claim learns which it is: an event that is seen is a duplicate, one that is under way is not. The process
that is at it may have died, so it must be asked for again.
"""

from __future__ import annotations

import threading
from enum import Enum
from typing import Literal, Protocol

import msgspec


class Claim(Enum):
    """What a store answers who wants to claim an event, unless another call is at it.

    Example:
        >>> MemorySeen().claim("shop.mail.write", "event-1", now=0.0, until=60.0)
        <Claim.CLAIMED: 'claimed'>
    """

    CLAIMED = "claimed"
    """The event belongs to this call, which confirms or releases it."""
    SEEN = "seen"
    """The handler has finished with the event."""


class UnderWay(msgspec.Struct, frozen=True):
    """Another call is at the event, or its process died there.

    Attributes:
        until: When that claim ends by itself, in seconds since 1970; who asks again then gets a claim, or learns that the event
            is seen.

    Example:
        >>> UnderWay(60.0).until
        60.0
    """

    until: float


Refused = UnderWay | Literal[Claim.SEEN]
Claiming = Claim | UnderWay


class SeenStore(Protocol):
    """A store of the events that handlers have seen.

    One that waits for a disk or a network gives each method a second time as a coroutine function (``claim_async``,
    ``confirm_async``, ``release_async``); guards of async handlers then await those. All times are seconds since 1970.
    """

    def claim(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim the event for one call of the handler, up to ``until``.

        Returns:
            ``Claim.SEEN`` where the event is confirmed at ``now``, ``UnderWay`` where another call has claimed it. Of
            several calls at once, in whatever threads or processes, one gets ``Claim.CLAIMED``.
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
        <Claim.CLAIMED: 'claimed'>
        >>> seen.claim("shop.mail.write", "event-1", now=1.0, until=61.0)
        UnderWay(until=60.0)
        >>> seen.confirm("shop.mail.write", "event-1", until=60.0, seen_until=3600.0)
        True
        >>> seen.claim("shop.mail.write", "event-1", now=2.0, until=62.0)
        <Claim.SEEN: 'seen'>
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

    def claim(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim the event for one call of the handler, up to ``until``."""
        key = (handler, event_id)
        with self._lock:
            if self._young.get(key, now) > now or self._old.get(key, now) > now:
                return Claim.SEEN
            if (held := self._claims.get(key, now)) > now:
                return UnderWay(held)
            self._claims[key] = until
            return Claim.CLAIMED

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

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
from typing import Final, Literal, Protocol

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


CLAIMED: Final = Claim.CLAIMED
"""A global of its own, since looking up a member of an enumeration costs as much as the rest of a claim."""


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
        max_entries: How many confirmed events of each handler are kept at least; beyond that, and beyond their time, the
            oldest are forgotten. At most twice as many are in memory, about 200 bytes each.

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
        self._max_entries = max_entries
        self._handlers: dict[str, SeenByOne] = {}

    def by(self, handler: str) -> SeenByOne:
        """Return what one handler has seen: the same store, asked without the handler's name."""
        return self._handlers.get(handler) or self._handlers.setdefault(handler, SeenByOne(self._max_entries))

    def claim(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim the event for one call of the handler, up to ``until``."""
        return self.by(handler).claim(event_id, now, until)

    def confirm(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Turn the claim that ends at ``until`` into knowledge that lasts up to ``seen_until``."""
        return self.by(handler).confirm(event_id, until, seen_until)

    def release(self, handler: str, event_id: str, until: float) -> None:
        """Give up the claim that ends at ``until``."""
        self.by(handler).release(event_id, until)


class SeenByOne:
    """What one handler has seen.

    A call that nobody contends with takes no lock: that would cost as much as all the rest. It relies on each single
    operation of a dict being atomic, and on what is confirmed standing there before its claim goes.
    """

    __slots__ = ("_claims", "_lock", "_max_entries", "_old", "_young")

    def __init__(self, max_entries: int) -> None:
        self._lock = threading.Lock()
        self._max_entries = max_entries
        # Tuples, since each is an object of its own, by which a call knows its claim.
        self._claims: dict[str, tuple[float]] = {}
        # Two generations: forgetting the older one whole costs nothing for each event.
        self._young: dict[str, float] = {}
        self._old: dict[str, float] = {}

    def claim(self, event_id: str, now: float, until: float) -> Claiming:
        """Claim the event for one call, up to ``until``."""
        own = (until,)
        held = self._claims.setdefault(event_id, own)
        if held is not own and not self._taken_over(event_id, held, now, own):
            return Claim.SEEN if self._is_known(event_id, now) else UnderWay(held[0])
        if (event_id in self._young or event_id in self._old) and self._is_known(event_id, now):
            self._claims.pop(event_id, None)
            return Claim.SEEN
        return CLAIMED

    def confirm(self, event_id: str, until: float, seen_until: float) -> bool:
        """Turn the claim that ends at ``until`` into knowledge that lasts up to ``seen_until``."""
        held = self._claims.get(event_id)
        if held is None or held[0] != until:
            return False
        if len(self._young) >= self._max_entries:
            self._age()
        self._young[event_id] = seen_until
        # Had somebody taken over an ended claim between these lines, it would end here. Nothing is lost by that: both
        # have called the handler, and the other is told so when it confirms.
        self._claims.pop(event_id, None)
        return True

    def release(self, event_id: str, until: float) -> None:
        """Give up the claim that ends at ``until``."""
        with self._lock:
            if self._claims.get(event_id) == (until,):
                del self._claims[event_id]

    def _taken_over(self, event_id: str, held: tuple[float], now: float, own: tuple[float]) -> bool:
        """Take the place of a claim that has ended; of several who come at once, one does."""
        with self._lock:
            if held[0] > now or self._claims.get(event_id, held) is not held:
                return False
            self._claims[event_id] = own
            return True

    def _is_known(self, event_id: str, now: float) -> bool:
        return self._young.get(event_id, now) > now or self._old.get(event_id, now) > now

    def _age(self) -> None:
        with self._lock:
            if len(self._young) >= self._max_entries:  # else another thread was quicker
                self._old, self._young = self._young, {}

"""`Pacer`: all limits of one handler as one, and the queue of those that were put off, without keeping that queue."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pubsub_devtools.resilience.policies.limits import Limit


class Pacer:
    """Lets a call through where every limit has room, else says when it may come again.

    It keeps two ledgers of the same limits: what was really let through, which alone decides, and what was promised for
    later, which spreads those who are put off and keeps newcomers behind them. The second exists only while a promise is
    open.

    Example:
        >>> from pubsub_devtools.resilience.policies.limits import SlidingWindow
        >>> pacer = Pacer([SlidingWindow(1, 60.0)])
        >>> [pacer.ask(now, put_off=True) for now in (0.0, 1.0, 2.0)]
        [0.0, 59.0, 118.0]
        >>> pacer.ask(60.0, promised=True)
        0.0
    """

    def __init__(self, limits: Sequence[Limit]) -> None:
        self._real = tuple(limits)
        self._only = self._real[0] if len(self._real) == 1 else None
        self._plan: tuple[Limit, ...] | None = None
        self._last_promise = 0.0

    def admits(self, now: float) -> bool:
        """Ask for one call while no promise is open: the short way for those who need not be put off.

        Returns:
            Whether the call may be made now; it is then counted. Where not, ``ask`` says why.
        """
        if self._plan is None and self._only is not None:
            return self._only.admits(now)
        if self._plan is not None or not _has_room(self._real, now):
            return False
        self._take(now, promised=True)
        return True

    def ask(self, now: float, *, promised: bool = False, put_off: bool = False) -> float:
        """Ask for one call.

        Args:
            now: The time, in seconds of a clock that only this pacer's callers use.
            promised: It was put off before, and comes at the time that it was told or later.
            put_off: It will come again when told to; its time is kept for it.

        Returns:
            0.0 where the call may be made now, and is counted; else the seconds until it should ask again.
        """
        if self.admits(now):
            return 0.0
        if self._is_settled(now) or self._last_promise <= now:
            self._plan = None
        slot = _slot(self._real, now)
        if self._plan is not None and not promised:
            slot = max(slot, _slot(self._plan, now))
        if slot <= now:
            self._take(now, promised)
            return 0.0
        if put_off and not promised:
            self._promise(slot)
        return slot - now

    def dump(self) -> bytes:
        """Return the state as bytes, for a store that several processes share."""
        plan = None if self._plan is None else [limit.times() for limit in self._plan]
        return msgspec.msgpack.encode(([limit.times() for limit in self._real], plan, self._last_promise))

    def restored(self, state: bytes | None) -> Pacer:
        """Return a pacer of the same limits in a dumped state; None is a fresh one.

        Raises:
            ValueError: The state is that of other limits.
        """
        if state is None:
            return Pacer(_restored(self._real, [[] for _ in self._real]))
        real, plan, last_promise = _STATE.decode(state)
        if len(real) != len(self._real):
            raise ValueError(
                f"the shared state is that of {len(real)} limits, not of {len(self._real)}: "
                "handlers that share a state declare the same limits"
            )
        pacer = Pacer(_restored(self._real, real))
        pacer._plan = None if plan is None else _restored(self._real, plan)
        pacer._last_promise = last_promise
        return pacer

    def _is_settled(self, now: float) -> bool:
        # All are told that the clock was set back, hence no any() that ends at the first.
        return sum(limit.settle(now) for limit in self._real) > 0

    def _take(self, now: float, promised: bool) -> None:
        for limit in self._real:
            limit.take(now)
        if self._plan is not None and not promised:
            for limit in self._plan:
                limit.take(now)

    def _promise(self, slot: float) -> None:
        if self._plan is None:
            self._plan = _restored(self._real, [limit.times() for limit in self._real])
        for limit in self._plan:
            limit.take(slot)
        self._last_promise = slot


_STATE = msgspec.msgpack.Decoder(tuple[list[list[float]], list[list[float]] | None, float])


def _has_room(limits: tuple[Limit, ...], now: float) -> bool:
    for limit in limits:  # noqa: SIM110 - a generator costs more than all the rest of a call that is let through
        if limit.slot(now) > now:
            return False
    return True


def _slot(limits: tuple[Limit, ...], now: float) -> float:
    return max(limit.slot(now) for limit in limits)


def _restored(limits: tuple[Limit, ...], states: Sequence[list[float]]) -> tuple[Limit, ...]:
    return tuple(limit.restored(times) for limit, times in zip(limits, states, strict=True))

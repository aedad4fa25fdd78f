"""Where a breaker's state lies, in this process or with others under a shared name, and what is told of its changes."""

from __future__ import annotations

import logging
import threading

import msgspec

from pubsub_devtools.resilience.declarations import CircuitBreaker
from pubsub_devtools.resilience.errors import CircuitOpenError
from pubsub_devtools.resilience.guards.stores import awaited
from pubsub_devtools.resilience.policies.breaker import Breaker, BreakerRules, Ending, admitted
from pubsub_devtools.resilience.services import Handled, Services
from pubsub_devtools.resilience.states import Step, update, update_async

_log = logging.getLogger("pubsub_devtools")
_STATE = msgspec.msgpack.Decoder(Breaker)


class _Told:
    """What both kinds of circuit say."""

    def __init__(self, guard: CircuitBreaker, handled: Handled, services: Services) -> None:
        self._rules = BreakerRules(guard.failure_threshold, guard.recovery_timeout, guard.probes)
        self._handled = handled
        self._services = services

    def _let_through(self, before: Breaker, after: Breaker, wait: float | None) -> int:
        self._tell(before, after)
        if wait is None:
            return after.generation
        raise CircuitOpenError(
            f"{self._handled.name} is not called with {self._handled.event}: its circuit breaker is open after "
            f"{self._rules.failure_threshold} failures in a row and lets a probe through in {wait:.3g} s; "
            "a retry or dlq=True keeps the event meanwhile",
            retry_after=wait,
        )

    def _tell(self, before: Breaker, after: Breaker) -> None:
        if before.phase != after.phase and (slot := self._services.hooks.on_breaker_changed) is not None:
            slot(self._handled.name, before.phase, after.phase)


class Circuit(_Told):
    """A breaker of this process alone.

    Attributes:
        quiet: The breaker's generation while it is closed and no failure counts: a call then has nothing to ask, and its
            success nothing to say. Else None.
    """

    def __init__(self, guard: CircuitBreaker, handled: Handled, services: Services) -> None:
        super().__init__(guard, handled, services)
        self._lock = threading.Lock()
        self._known = Breaker()
        self.quiet: int | None = 0

    def admitted(self) -> int:
        """Let one call through and return its generation.

        Raises:
            CircuitOpenError: The breaker is open.
        """
        with self._lock:
            before = self._known
            after, wait = admitted(self._rules, before, self._services.monotonic())
            self._keep(after)
        return self._let_through(before, after, wait)

    def ended(self, ending: Ending, generation: int) -> None:
        """Count a call that has ended."""
        with self._lock:
            before = self._known
            after = ending(self._rules, before, generation, self._services.monotonic())
            self._keep(after)
        self._tell(before, after)

    def _keep(self, breaker: Breaker) -> None:
        self._known = breaker
        self.quiet = breaker.generation if breaker.phase == "closed" and not breaker.failures else None


class SharedCircuit(_Told):
    """A breaker whose state processes share: each call asks the store, and tells it how it ended.

    A store that fails keeps events from the handler, as an open breaker does; but once the handler was called, its result
    stands, and the store's failure is logged.
    """

    quiet: int | None = None

    def __init__(self, guard: CircuitBreaker, handled: Handled, services: Services) -> None:
        super().__init__(guard, handled, services)
        self._key = f"breaker:{guard.shared}"
        self._states = services.states
        self._get, self._swap = awaited(services.states, "get"), awaited(services.states, "swap")

    def admitted(self) -> int:
        """Let one call through and return its generation.

        Raises:
            CircuitOpenError: The breaker is open.
        """
        return self._let_through(*update(self._states, self._key, self._admit))

    async def admitted_async(self) -> int:
        """Do as ``admitted`` does, awaiting the store."""
        return self._let_through(*await update_async(self._get, self._swap, self._key, self._admit))

    def ended(self, ending: Ending, generation: int) -> None:
        """Count a call that has ended."""
        try:
            self._tell(*update(self._states, self._key, self._end(ending, generation)))
        except Exception:
            self._untold()

    async def ended_async(self, ending: Ending, generation: int) -> None:
        """Do as ``ended`` does, awaiting the store."""
        try:
            self._tell(*await update_async(self._get, self._swap, self._key, self._end(ending, generation)))
        except Exception:
            self._untold()

    def _admit(self, state: bytes | None) -> tuple[bytes | None, tuple[Breaker, Breaker, float | None]]:
        known = _breaker(state)
        after, wait = admitted(self._rules, known, self._services.clock())
        return _state(state, known, after), (known, after, wait)

    def _end(self, ending: Ending, generation: int) -> Step[tuple[Breaker, Breaker]]:
        def step(state: bytes | None) -> tuple[bytes | None, tuple[Breaker, Breaker]]:
            known = _breaker(state)
            after = ending(self._rules, known, generation, self._services.clock())
            return _state(state, known, after), (known, after)

        return step

    def _untold(self) -> None:
        _log.exception("the shared breaker of %s could not be told how a call ended", self._handled.name)


def _breaker(state: bytes | None) -> Breaker:
    return Breaker() if state is None else _STATE.decode(state)


def _state(state: bytes | None, before: Breaker, after: Breaker) -> bytes | None:
    """Return the state of a breaker: the very one where nothing has changed, so that nothing is written."""
    return state if after == before else msgspec.msgpack.encode(after)

"""`CircuitBreaker`: a handler that fails again and again is not called for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from pubsub_devtools.resilience.declarations import CircuitBreaker
from pubsub_devtools.resilience.errors import CircuitOpenError
from pubsub_devtools.resilience.policies import breaker as steps
from pubsub_devtools.resilience.policies.breaker import Breaker, BreakerRules
from pubsub_devtools.resilience.services import Call, Handled, Services
from pubsub_devtools.resilience.states import MemoryStates, update

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

Decide = Callable[[Breaker, float], tuple[Breaker, float | None]]

_STATE = msgspec.msgpack.Decoder(Breaker)


def around(inner: Call, guard: CircuitBreaker, handled: Handled, services: Services) -> Call:
    """Call ``inner`` while the breaker lets calls through."""
    circuit = Circuit(guard, handled, services)
    make = _async if handled.is_async else _sync
    return make(inner, circuit, guard.exclude)


def _sync(inner: Call, circuit: Circuit, exclude: Any) -> Call:
    def breaking(event: BaseEvent) -> Any:
        generation = 0 if circuit.quiet else circuit.admitted()
        try:
            result = inner(event)
        except exclude:
            circuit.succeeded(generation)
            raise
        except Exception:
            circuit.failed(generation)
            raise
        except BaseException:
            circuit.abandoned(generation)
            raise
        if not circuit.quiet:
            circuit.succeeded(generation)
        return result

    return breaking


def _async(inner: Call, circuit: Circuit, exclude: Any) -> Call:
    async def breaking(event: BaseEvent) -> Any:
        generation = 0 if circuit.quiet else circuit.admitted()
        try:
            result = await inner(event)
        except exclude:
            circuit.succeeded(generation)
            raise
        except Exception:
            circuit.failed(generation)
            raise
        except BaseException:
            circuit.abandoned(generation)
            raise
        if not circuit.quiet:
            circuit.succeeded(generation)
        return result

    return breaking


class Circuit:
    """A breaker and where its state lies: in this process, or with others under a shared name.

    Attributes:
        quiet: True while the breaker has never failed, so that a call need not ask at all.
    """

    def __init__(self, guard: CircuitBreaker, handled: Handled, services: Services) -> None:
        self._rules = BreakerRules(guard.failure_threshold, guard.recovery_timeout, guard.probes)
        self._handled = handled
        self._services = services
        self._key = f"breaker:{guard.shared}"
        # A breaker of its own goes through the same steps, in a store that nobody else has.
        self._states = MemoryStates() if guard.shared is None else services.states
        self._now = services.monotonic if guard.shared is None else services.clock
        self.quiet = guard.shared is None

    def admitted(self) -> int:
        """Let one call through and return its generation.

        Raises:
            CircuitOpenError: The breaker is open.
        """
        wait, generation = self._step(lambda known, now: steps.admitted(self._rules, known, now))
        if wait is not None:
            raise CircuitOpenError(
                f"{self._handled.name} is not called with {self._handled.event}: its circuit breaker is open after "
                f"{self._rules.failure_threshold} failures in a row and lets a probe through in {wait:.3g} s; "
                "a retry or dlq=True keeps the event meanwhile",
                retry_after=wait,
            )
        return generation

    def succeeded(self, generation: int) -> None:
        """Count a call that has succeeded."""
        self._step(lambda known, now: (steps.succeeded(self._rules, known, generation, now), None))

    def failed(self, generation: int) -> None:
        """Count a call that has failed."""
        self.quiet = False
        self._step(lambda known, now: (steps.failed(self._rules, known, generation, now), None))

    def abandoned(self, generation: int) -> None:
        """Free the probe of a call that was broken off."""
        self._step(lambda known, now: (steps.abandoned(known, generation), None))

    def _step(self, decide: Decide) -> tuple[float | None, int]:
        def step(state: bytes | None) -> tuple[bytes | None, tuple[Breaker, Breaker, float | None]]:
            known = Breaker() if state is None else _STATE.decode(state)
            after, wait = decide(known, self._now())
            return (state if after == known else msgspec.msgpack.encode(after)), (known, after, wait)

        before, after, wait = update(self._states, self._key, step)
        if before.phase != after.phase and (slot := self._services.hooks.on_breaker_changed) is not None:
            slot(self._handled.name, before.phase, after.phase)
        return wait, after.generation

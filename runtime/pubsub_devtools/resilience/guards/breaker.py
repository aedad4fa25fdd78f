"""`CircuitBreaker`: a handler that fails again and again is not called for a while.

An excluded error says nothing: it neither counts as a failure nor makes up for one, a probe that raises it is free again,
and it goes on to the publisher, or to the retry around, like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.declarations import CircuitBreaker
from pubsub_devtools.resilience.guards.circuit import Circuit, SharedCircuit
from pubsub_devtools.resilience.guards.stores import to_its_end, waits
from pubsub_devtools.resilience.policies.breaker import abandoned, failed, succeeded
from pubsub_devtools.resilience.services import Call, Handled, Services

if TYPE_CHECKING:
    from pubsub_devtools.resilience.policies.breaker import Ending
    from pubsub_devtools.schema.event import BaseEvent


def around(inner: Call, guard: CircuitBreaker, handled: Handled, services: Services) -> Call:
    """Call ``inner`` while the breaker lets calls through."""
    if guard.shared is None:
        circuit = Circuit(guard, handled, services)
        return (_async if handled.is_async else _sync)(inner, circuit, guard.exclude)
    shared = SharedCircuit(guard, handled, services)
    if handled.is_async and waits(services.states, "swap"):
        return _awaiting(inner, shared, guard.exclude)
    return (_async if handled.is_async else _sync)(inner, shared, guard.exclude)


def _sync(inner: Call, circuit: Circuit | SharedCircuit, exclude: Any) -> Call:
    def breaking(event: BaseEvent) -> Any:
        if (generation := circuit.quiet) is None:
            generation = circuit.admitted()
        try:
            result = inner(event)
        except BaseException as error:
            circuit.ended(_says(error, exclude), generation)
            raise
        if circuit.quiet is None:
            circuit.ended(succeeded, generation)
        return result

    return breaking


def _async(inner: Call, circuit: Circuit | SharedCircuit, exclude: Any) -> Call:
    async def breaking(event: BaseEvent) -> Any:
        if (generation := circuit.quiet) is None:
            generation = circuit.admitted()
        try:
            result = await inner(event)
        except BaseException as error:
            circuit.ended(_says(error, exclude), generation)
            raise
        if circuit.quiet is None:
            circuit.ended(succeeded, generation)
        return result

    return breaking


def _awaiting(inner: Call, circuit: SharedCircuit, exclude: Any) -> Call:
    """For a store that waits. What a call that was cancelled has to say is told all the same."""

    async def breaking(event: BaseEvent) -> Any:
        generation = await circuit.admitted_async()
        try:
            result = await inner(event)
        except (
            GeneratorExit
        ):  # Nothing can be awaited in a coroutine that is closed; a lost probe is replaced in time.
            raise
        except BaseException as error:
            await to_its_end(circuit.ended_async(_says(error, exclude), generation))
            raise
        await to_its_end(circuit.ended_async(succeeded, generation))
        return result

    return breaking


def _says(error: BaseException, exclude: Any) -> Ending:
    """Return what an error says of the handler; one that is excluded, or breaks it off, says nothing."""
    return failed if isinstance(error, Exception) and not isinstance(error, exclude) else abandoned

"""What type checkers must know of guards: a guarded handler keeps its type, and a wrong argument is marked."""

from __future__ import annotations

from typing import assert_type

from pubsub_devtools import (
    BaseEvent,
    RetryPolicy,
    bulkhead,
    circuit_breaker,
    event_handler,
    rate_limit,
    throttle,
    timeout,
)
from pubsub_devtools.resilience.declarations import Idempotent


class Placed(BaseEvent):
    """An event."""

    total: float


@event_handler(
    Placed, dlq=True, retry=RetryPolicy(max_retries=3, retry_on=OSError), idempotent=Idempotent(ttl=60)
)
@circuit_breaker(
    failure_threshold=5, timeout=30, recovery_timeout=60, probes=2, exclude=(KeyError,), shared="mail"
)
@rate_limit(max_events=100, window_seconds=60, on_excess="reject")
@throttle(rate=10, burst=20, on_excess="dlq")
@bulkhead(max_concurrent=4, max_waiting=100, wait_seconds=0.5)
@timeout(2.5)
def guarded(event: Placed) -> int:
    """Right: whatever stands around it."""
    return round(event.total)


assert_type(guarded(Placed(1.0)), int)


@timeout(1)
@event_handler(Placed, max_retries=3, idempotent=True)
@circuit_breaker()
async def guarded_async(event: Placed, note: str = "") -> str:
    """Right: in any order, and async."""
    return f"{event.total} {note}"


async def call() -> None:
    """A guarded handler is called as it was."""
    assert_type(await guarded_async(Placed(1.0), note="again"), str)


class Mail:
    """Methods are guarded too."""

    @event_handler(Placed)
    @circuit_breaker(exclude=KeyError)
    def write(self, event: Placed) -> float:
        """Right."""
        return event.total


assert_type(Mail().write(Placed(1.0)), float)

guarded("tea")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
rate_limit(max_events=1, window_seconds=1, on_excess="drop")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
rate_limit(max_events=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
throttle(rate="10/s")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
circuit_breaker(5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
circuit_breaker(exclude=KeyboardInterrupt)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
bulkhead(max_concurrent=1.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
timeout()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
timeout("2 s")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
timeout(1)(3)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
RetryPolicy(3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
RetryPolicy(retry_on="OSError")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
event_handler(Placed, max_retries="3")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
event_handler(Placed, idempotent=60)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]

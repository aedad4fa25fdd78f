"""What guards raise in place of a handler's own error. Each message names the handler, the event and the way out."""

from __future__ import annotations

__all__ = [
    "BulkheadFullError",
    "CircuitOpenError",
    "HandlerTimeoutError",
    "PoisonMessageError",
    "RateLimitedError",
    "RefusedError",
    "RetryDeadlineError",
    "UnderWayError",
]


class RefusedError(Exception):
    """A guard did not let an event through to its handler.

    Attributes:
        retry_after: Seconds after which another attempt may get through; a retry waits at least as long.

    Example:
        >>> RefusedError("full", retry_after=2.0).retry_after
        2.0
    """

    def __init__(self, message: str, *, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CircuitOpenError(RefusedError):
    """The handler's circuit breaker is open: it failed too often, and is not called for a while.

    Example:
        >>> raise CircuitOpenError("shop.mail.write is not called", retry_after=60.0)
        Traceback (most recent call last):
        ...
        pubsub_devtools.resilience.errors.CircuitOpenError: shop.mail.write is not called
    """


class RateLimitedError(RefusedError):
    """The event is over the handler's rate, and ``on_excess`` does not delay it.

    Example:
        >>> isinstance(RateLimitedError("too many"), RefusedError)
        True
    """


class BulkheadFullError(RefusedError):
    """As many calls of the handler are under way, and waiting, as its bulkhead allows.

    Example:
        >>> isinstance(BulkheadFullError("full"), RefusedError)
        True
    """


class UnderWayError(RefusedError):
    """Another call of the idempotent handler is at the event, or died at it, and the event could not be kept for later.

    Example:
        >>> UnderWayError("claimed", retry_after=60.0).retry_after
        60.0
    """


class HandlerTimeoutError(TimeoutError):
    """A call of the handler took longer than it may.

    Example:
        >>> isinstance(HandlerTimeoutError("slow"), TimeoutError)
        True
    """


class RetryDeadlineError(TimeoutError):
    """A delayed attempt could only be made when its policy's deadline had passed, so it was not.

    Example:
        >>> isinstance(RetryDeadlineError("too late"), TimeoutError)
        True
    """


class PoisonMessageError(Exception):
    """Raised by a handler to say that this event can never be handled: no retry would help.

    The guards raise it too, where the process has ended again and again while a handler was at one event.

    Example:
        >>> def write(event):
        ...     if not event.address:
        ...         raise PoisonMessageError("an order without an address cannot be written to")
    """

"""`RetryPolicy`: whether, and after how long, a failed attempt is followed by another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

import msgspec

from pubsub_devtools.resilience.arguments import at_least, errors, whole
from pubsub_devtools.resilience.errors import PoisonMessageError


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How failed attempts of a handler are repeated: at once first, then delayed by exponential backoff with full jitter.

    Delayed attempt number *n* (from 0) follows after a random time between 0 and ``min(max_delay, base_delay * factor**n)``
    seconds. That is "full jitter" of Marc Brooker, *Exponential Backoff and Jitter*, AWS Architecture Blog, 2015: with it,
    many callers that failed together finish soonest and with the fewest calls.

    An error that says ``retry_after`` (an open circuit, a full bulkhead) is never repeated at once, and not before that.

    Args:
        max_retries: How many attempts follow the first one at most.
        immediate: How many of those are made at once, before the handler's error goes anywhere.
        base_delay: Upper bound of the first delay, in seconds.
        factor: What each delay's upper bound is multiplied with for the next one.
        max_delay: Seconds that no delay exceeds, but where ``retry_after`` asks for more.
        jitter: False takes each upper bound itself.
        retry_on: Only these errors are repeated; of an ``ExceptionGroup`` all must be.
        give_up_on: These errors are not, whatever ``retry_on`` says; of an ``ExceptionGroup`` one is enough.
            ``PoisonMessageError`` never is.
        deadline: Seconds since the first attempt began, after which none begins; None for no such end.
        max_crashes: How often the process may end during one delayed attempt before the event counts as poison.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: An argument is out of its range.

    Example:
        >>> policy = RetryPolicy(max_retries=3, immediate=1, base_delay=2.0, jitter=False)
        >>> [policy.delay_after(attempt, OSError()) for attempt in (1, 2, 3, 4)]
        [0.0, 2.0, 4.0, None]
        >>> RetryPolicy(retry_on=(OSError,)).delay_after(1, KeyError()) is None
        True
    """

    max_retries: int = 3
    immediate: int = 1
    base_delay: float = 1.0
    factor: float = 2.0
    max_delay: float = 60.0
    jitter: bool = True
    retry_on: tuple[type[Exception], ...] | type[Exception] = (Exception,)
    give_up_on: tuple[type[Exception], ...] | type[Exception] = ()
    deadline: float | None = None
    max_crashes: int = 3

    def __post_init__(self) -> None:
        place = "RetryPolicy"
        whole(place, "max_retries", self.max_retries, 0)
        whole(place, "immediate", self.immediate, 0)
        whole(place, "max_crashes", self.max_crashes, 1)
        at_least(place, "base_delay", self.base_delay, 0)
        at_least(place, "factor", self.factor, 1)
        at_least(place, "max_delay", self.max_delay, 0)
        if self.deadline is not None:
            at_least(place, "deadline", self.deadline, 0)
        msgspec.structs.force_setattr(self, "retry_on", errors(place, "retry_on", self.retry_on))
        msgspec.structs.force_setattr(self, "give_up_on", errors(place, "give_up_on", self.give_up_on))

    def repeats(self, error: Exception) -> bool:
        """Tell whether an error is one that another attempt may cure."""
        leaves = tuple(_leaves(error))
        given_up = (*cast("tuple[type[Exception], ...]", self.give_up_on), PoisonMessageError)
        if isinstance(error, given_up) or any(isinstance(leaf, given_up) for leaf in leaves):
            return False
        return isinstance(error, self.retry_on) or all(isinstance(leaf, self.retry_on) for leaf in leaves)

    def delay_after(
        self, attempt: int, error: Exception, *, elapsed: float = 0.0, random: float = 1.0
    ) -> float | None:
        """Decide what follows a failed attempt.

        Args:
            attempt: Its number, from 1.
            error: What it raised.
            elapsed: Seconds since the first attempt began.
            random: A number from 0 up to 1, drawn anew for each decision.

        Returns:
            Seconds to wait, 0.0 for at once, or None to give up.
        """
        if attempt > self.max_retries or not self.repeats(error):
            return None
        retry_after = float(getattr(error, "retry_after", None) or 0.0)
        if attempt <= self.immediate and retry_after <= 0:
            delay = 0.0
        else:
            bound = self.bound(attempt)
            delay = max(retry_after, bound * random if self.jitter else bound)
        return None if self.deadline is not None and elapsed + delay > self.deadline else delay

    def bound(self, attempt: int) -> float:
        """Return the upper bound of the delay after an attempt of this number, in seconds, if it is a delayed one."""
        exponent = max(0, attempt - 1 - self.immediate)
        # A large power overflows long after every sensible bound is reached.
        if self.base_delay == 0 or self.factor == 1:
            return min(self.max_delay, self.base_delay)
        if exponent * math.log(self.factor) > math.log(max(self.max_delay, 1e-9) / self.base_delay) + 1:
            return self.max_delay
        return min(self.max_delay, self.base_delay * self.factor**exponent)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _leaves(inner)
    else:
        yield error

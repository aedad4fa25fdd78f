"""The circuit breaker as a value and the steps between its states; what happens, and when, is told to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
from msgspec.structs import replace

Phase = Literal["closed", "open", "half-open"]


class BreakerRules(msgspec.Struct, frozen=True):
    """When a breaker opens and closes: failures in a row, seconds that it stays open, probes that close it."""

    failure_threshold: int
    recovery_timeout: float
    probes: int = 1


class Breaker(msgspec.Struct, frozen=True):
    """Where a breaker stands.

    Attributes:
        phase: ``closed`` lets calls through, ``open`` none, ``half-open`` a few probes.
        failures: Failures in a row, while closed.
        since: When this phase began, in seconds; of ``half-open``, when its first probe was let through.
        probes: Probes that were let through, while half-open.
        succeeded: Probes that succeeded, while half-open.
        generation: Counts the phases; a call that began in an earlier one has no say in a later one.

    Example:
        >>> rules = BreakerRules(failure_threshold=1, recovery_timeout=60.0)
        >>> opened = failed(rules, Breaker(), generation=0, now=0.0)
        >>> admitted(rules, opened, now=10.0)
        (Breaker(phase='open', failures=0, since=0.0, probes=0, succeeded=0, generation=1), 50.0)
        >>> probing, wait = admitted(rules, opened, now=60.0)
        >>> probing.phase, wait, succeeded(rules, probing, generation=2, now=61.0).phase
        ('half-open', None, 'closed')
    """

    phase: Phase = "closed"
    failures: int = 0
    since: float = 0.0
    probes: int = 0
    succeeded: int = 0
    generation: int = 0


def admitted(rules: BreakerRules, breaker: Breaker, now: float) -> tuple[Breaker, float | None]:
    """Ask for one call.

    Returns:
        The next state, and None where the call is let through, else the seconds after which one may be. Probes that tell
        nothing for ``recovery_timeout`` count as lost, and others are let through in their place.
    """
    if breaker.phase == "closed":
        return breaker, None
    if now < breaker.since:  # The clock was set back: what is left must not grow by that.
        breaker = replace(breaker, since=now)
    left = breaker.since + rules.recovery_timeout - now
    if left <= 0:
        return _next(breaker, "half-open", now, probes=1), None
    if breaker.phase == "half-open" and breaker.probes < rules.probes:
        return replace(breaker, probes=breaker.probes + 1), None
    return breaker, left


def succeeded(rules: BreakerRules, breaker: Breaker, generation: int, now: float) -> Breaker:
    """Return the next state after a call that began in this generation has succeeded."""
    if generation != breaker.generation:
        return breaker
    if breaker.phase == "closed":
        return replace(breaker, failures=0) if breaker.failures else breaker
    if breaker.succeeded + 1 >= rules.probes:
        return _next(breaker, "closed", now)
    return replace(breaker, succeeded=breaker.succeeded + 1)


def failed(rules: BreakerRules, breaker: Breaker, generation: int, now: float) -> Breaker:
    """Return the next state after a call that began in this generation has failed."""
    if generation != breaker.generation:
        return breaker
    if breaker.phase == "closed" and breaker.failures + 1 < rules.failure_threshold:
        return replace(breaker, failures=breaker.failures + 1)
    return _next(breaker, "open", now)


def abandoned(rules: BreakerRules, breaker: Breaker, generation: int, now: float) -> Breaker:
    """Return the next state after a call of this generation has ended without saying anything: its probe is free."""
    if generation != breaker.generation or breaker.phase != "half-open":
        return breaker
    return replace(breaker, probes=breaker.probes - 1)


Ending = Callable[[BreakerRules, Breaker, int, float], Breaker]
"""``succeeded``, ``failed`` or ``abandoned``: how a call has ended, as a step of the breaker."""


def _next(breaker: Breaker, phase: Phase, now: float, probes: int = 0) -> Breaker:
    return Breaker(phase, since=now, probes=probes, generation=breaker.generation + 1)

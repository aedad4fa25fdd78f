"""What is declared wrongly is refused where it is declared, in a message that names the argument and says what it may be."""

import functools
import math
import re

import pytest

from pubsub_devtools import RetryPolicy, bulkhead, circuit_breaker, rate_limit, throttle, timeout
from pubsub_devtools.resilience.declarations import Idempotent, declared, reliability
from pubsub_devtools.resilience.guard import Handled, Services, guarded

limit = functools.partial(rate_limit, max_events=1, window_seconds=1.0)

WRONG = [
    (lambda: circuit_breaker(failure_threshold=0), "failure_threshold", "at least 1"),
    (lambda: circuit_breaker(failure_threshold=1.5), "failure_threshold", "a whole number"),
    (lambda: circuit_breaker(failure_threshold=True), "failure_threshold", "a whole number"),
    (lambda: circuit_breaker(timeout=0), "timeout", "more than 0"),
    (lambda: circuit_breaker(timeout="30s"), "timeout", "a number of type int or float"),
    (lambda: circuit_breaker(recovery_timeout=math.inf), "recovery_timeout", "finite"),
    (lambda: circuit_breaker(recovery_timeout=math.nan), "recovery_timeout", "finite"),
    (lambda: circuit_breaker(probes=-1), "probes", "at least 1"),
    (lambda: circuit_breaker(exclude=OSError()), "exclude", "subclass of Exception"),
    (lambda: circuit_breaker(exclude=(OSError, "KeyError")), "exclude", "subclass of Exception"),
    (lambda: circuit_breaker(exclude=KeyboardInterrupt), "exclude", "subclass of Exception"),
    (lambda: circuit_breaker(shared=""), "shared", "the name under which processes share"),
    (lambda: circuit_breaker(shared=True), "shared", "the name under which processes share"),
    (lambda: limit(max_events=0), "max_events", "at least 1"),
    (lambda: limit(window_seconds=-1), "window_seconds", "more than 0"),
    (lambda: limit(on_excess="drop"), "on_excess", "one of 'delay', 'reject', 'dlq'"),
    (lambda: limit(shared=1), "shared", "the name under which"),
    (lambda: throttle(rate=0), "rate", "more than 0"),
    (lambda: throttle(rate=None), "rate", "a number"),
    (lambda: throttle(rate=1, burst=0), "burst", "at least 1"),
    (lambda: throttle(rate=1, on_excess=None), "on_excess", "one of 'delay'"),
    (lambda: bulkhead(max_concurrent=0), "max_concurrent", "at least 1"),
    (lambda: bulkhead(max_concurrent=1, max_waiting=-1), "max_waiting", "at least 0"),
    (lambda: bulkhead(max_concurrent=1, wait_seconds=-0.1), "wait_seconds", "at least 0"),
    (lambda: timeout(0), "seconds", "more than 0"),
    (lambda: timeout(True), "seconds", "a number"),
    (lambda: RetryPolicy(max_retries=-1), "max_retries", "at least 0"),
    (lambda: RetryPolicy(immediate="1"), "immediate", "a whole number"),
    (lambda: RetryPolicy(max_crashes=0), "max_crashes", "at least 1"),
    (lambda: RetryPolicy(base_delay=-1), "base_delay", "at least 0"),
    (lambda: RetryPolicy(factor=0.5), "factor", "at least 1"),
    (lambda: RetryPolicy(max_delay=math.inf), "max_delay", "finite"),
    (lambda: RetryPolicy(deadline=-1), "deadline", "at least 0"),
    (lambda: RetryPolicy(retry_on=OSError()), "retry_on", "subclass of Exception"),
    (lambda: RetryPolicy(give_up_on=[int]), "give_up_on", "subclass of Exception"),
    (lambda: Idempotent(ttl=0), "ttl", "more than 0"),
    (lambda: Idempotent(lease="5 min"), "lease", "a number"),
    (lambda: reliability(dlq=1), "dlq", "True or False"),
    (lambda: reliability(idempotent=60), "idempotent", "Idempotent(ttl=...)"),
    (lambda: reliability(retry=3), "retry", "RetryPolicy(max_retries=3)"),
    (lambda: reliability(max_retries=-1), "max_retries", "at least 0"),
    (lambda: reliability(max_retries=1, retry=RetryPolicy()), "max_retries", "RetryPolicy(max_retries=...)"),
]


@pytest.mark.parametrize(("declare", "argument", "way_out"), WRONG)
def test_the_message_names_the_argument_and_the_way_out(declare, argument, way_out):
    with pytest.raises((TypeError, ValueError)) as caught:
        declare()
    message = str(caught.value)
    assert re.search(rf"\w+\(.*\b{argument}=", message), message
    assert way_out in message, message


def test_edges_are_allowed():
    bulkhead(max_concurrent=1, max_waiting=0, wait_seconds=0)
    circuit_breaker(failure_threshold=1, exclude=[OSError], shared="mail")
    RetryPolicy(max_retries=0, immediate=0, base_delay=0, factor=1, max_delay=0, deadline=0, retry_on=())
    assert reliability(dlq=False, max_retries=None, idempotent=False) == ()


@pytest.mark.parametrize(
    "guard", [limit(), throttle(rate=1), timeout(1), bulkhead(max_concurrent=1), circuit_breaker()]
)
@pytest.mark.parametrize(
    "wrong", [staticmethod(print), classmethod(print), 3, type("Class", (), {})], ids=repr
)
def test_a_guard_belongs_on_a_function(guard, wrong):
    with pytest.raises(
        TypeError, match=r"belongs on a function, below @staticmethod and @classmethod, not on"
    ):
        guard(wrong)


def test_a_decorated_function_is_the_same_and_says_what_it_wants_in_any_order():
    def handle(event):
        return event

    same = timeout(1)(limit()(throttle(rate=1)(circuit_breaker()(handle))))
    assert same is handle
    assert {type(guard).__name__ for guard in declared(same)} == {
        "Timeout",
        "RateLimit",
        "Throttle",
        "CircuitBreaker",
    }
    assert handle("called as it is") == "called as it is"
    assert declared(3) == ()


def test_two_of_a_kind_are_refused_but_for_limits():
    def handle(event): ...

    limit()(limit()(timeout(1)(handle)))
    with pytest.raises(TypeError, match="handle has two guards Timeout: leave one of them"):
        timeout(2)(handle)
    with pytest.raises(TypeError, match=r"shop\.pong has two guards Timeout: leave one of them"):
        guarded(handle, Handled("shop.pong", "Ping", False), declared(handle)[-1:] + _timeouts(), Services())


def _timeouts():
    def other(event): ...

    return declared(timeout(1)(other)) * 2

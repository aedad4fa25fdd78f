"""Requests: an event that is answered. Who answers, and who does not, is told apart.

A handler answers by returning an event, or, from wherever it has got to, by ``reply(event)``. All handlers of the request
run, as with every publish; a request waits for the first answer, ``request_all`` for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import msgspec

from pubsub_devtools.bus.receipt import Failure, Receipt
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.plan import Step

_asked: ContextVar[tuple[Pending, str] | None] = ContextVar("pubsub_devtools_request", default=None)
"""The request that the running code serves, and the handler that serves it; tasks and threads inherit it."""


class RequestError(Exception):
    """A request got no answer. Its subclasses say why.

    Attributes:
        event: The request.
        failures: Handlers that failed.
    """

    def __init__(self, message: str, event: BaseEvent, failures: tuple[Failure, ...] = ()) -> None:
        super().__init__(message)
        self.event = event
        self.failures = failures


class NoResponderError(RequestError):
    """Nothing handles the event."""


class NoReplyError(RequestError):
    """All handlers have ended, and none has answered."""


class RequestFailedError(RequestError):
    """None has answered, and at least one has failed: the first error is the cause, ``failures`` holds them all."""


class RequestTimeoutError(RequestError, TimeoutError):
    """The time is over. The handlers run on."""


class Answer(msgspec.Struct, frozen=True):
    """What a handler answered."""

    handler: str
    event: BaseEvent


class Answers(msgspec.Struct, frozen=True):
    """What became of a request to all: who answered, who failed, who has ended without a word, who is not done."""

    answers: tuple[Answer, ...]
    failures: tuple[Failure, ...]
    silent: tuple[str, ...]
    late: tuple[str, ...]


class Pending:
    """One request under way. Handlers answer it from any thread.

    Args:
        event: The request.
        kind: Only answers of this class count.
        first: Whether the first answer settles it; else only the end of all handlers does.
    """

    def __init__(self, event: BaseEvent, kind: type[BaseEvent], *, first: bool) -> None:
        self.event = event
        self.receipt: Receipt | None = None
        self.error: BaseException | None = None
        self._kind = kind
        self._first = first
        self._lock = threading.Lock()
        self._answers: list[Answer] = []
        self._settled: Callable[[], None] | None = None
        self._is_settled = False

    def answer(self, handler: str, event: BaseEvent) -> None:
        """Take an answer."""
        if isinstance(event, self._kind):
            with self._lock:
                self._answers.append(Answer(handler, event))
            if self._first:
                self.settle()

    def settle_if_done(self) -> None:
        """Settle if all handlers have ended."""
        if self.receipt is None or self.receipt.done:
            self.settle()

    def settle(self) -> None:
        """Say that there is nothing more to wait for."""
        with self._lock:
            self._is_settled = True
            settled, self._settled = self._settled, None
        if settled is not None:
            settled()

    def when_settled(self, settled: Callable[[], None]) -> None:
        """Call ``settled`` when there is nothing more to wait for, which may be now."""
        with self._lock:
            if not self._is_settled:
                self._settled = settled
                return
        settled()

    def first(self) -> BaseEvent:
        """Return the first answer.

        Raises:
            RequestError: There is none; its subclass says why.
        """
        if self._answers:
            return self._answers[0].event
        if self.error is not None:
            raise self.error
        event, receipt = self.event, self.receipt
        failures = tuple(receipt.failures) if receipt else ()
        handlers = ", ".join(receipt.handlers) if receipt else ""
        if not handlers:
            raise NoResponderError(
                f"nothing handles {event.type}: include a handler that returns the reply", event
            )
        if receipt is not None and not receipt.done:
            raise RequestTimeoutError(f"no reply to {event.type} in time; asked: {handlers}", event, failures)
        if failures:
            names = ", ".join(failure.handler for failure in failures)
            raise RequestFailedError(
                f"no reply to {event.type}, failed: {names}", event, failures
            ) from failures[0].error
        wanted = "" if self._kind is BaseEvent else f" with {self._kind.__qualname__}"
        raise NoReplyError(f"none of the handlers of {event.type} has replied{wanted}: {handlers}", event)

    def all(self) -> Answers:
        """Return all that is known by now."""
        receipt = self.receipt
        handlers = receipt.handlers if receipt else ()
        failures = tuple(receipt.failures) if receipt else ()
        answers = tuple(self._answers)
        rest = [
            name
            for name in handlers
            if name not in {answer.handler for answer in answers} | {failure.handler for failure in failures}
        ]
        done = receipt is None or receipt.done
        return Answers(answers, failures, tuple(rest) if done else (), () if done else tuple(rest))


def reply(event: BaseEvent) -> None:
    """Answer the request that the running handler serves, or that what it handles came from.

    Raises:
        RuntimeError: Nobody has asked: the event was published, not requested.

    Example:
        >>> from pubsub_devtools import BaseEvent, EventBus, event_handler
        >>> class GetPrice(BaseEvent):
        ...     sku: str
        >>> class Price(BaseEvent):
        ...     cents: int
        >>> @event_handler(GetPrice)
        ... def price(event: GetPrice) -> None:
        ...     reply(Price(300))
        >>> bus = EventBus()
        >>> bus.include(price)
        >>> bus.request_sync(GetPrice("tea"), reply=Price).cents
        300
    """
    asked = _asked.get()
    if asked is None:
        raise RuntimeError(
            f"reply({event.type}): nobody has asked; 'await bus.request(event)' does, publish does not"
        )
    pending, handler = asked
    pending.answer(handler, event)


def replying(steps: Iterable[Step], pending: Pending) -> list[Step]:
    """Return steps whose handlers answer a request."""
    return [_replying(step, pending) for step in steps]


def asked_by(pending: Pending) -> AbstractContextManager[None]:
    """Inside, events that are put into queues belong to the request."""
    return _asking(pending, "")


def answering(call: Callable[[Any], Any], name: str, *, is_async: bool) -> Callable[[Any], Any]:
    """Return the call of a handler behind a queue: what it returns answers the request that it serves, if it serves one."""

    def answer(event: Any) -> Any:
        if (pending := _served(event)) is None:
            return call(event)
        with _asking(pending, name):
            return _taken(call(event), pending, name)

    async def answer_async(event: Any) -> Any:
        if (pending := _served(event)) is None:
            return await call(event)
        with _asking(pending, name):
            return _taken(await call(event), pending, name)

    return answer_async if is_async else answer


def _served(event: Any) -> Pending | None:
    """Return the request that this very event is: an event that its handlers go on to publish is no request."""
    asked = _asked.get()
    return asked[0] if asked is not None and asked[0].event is event else None


def _replying(step: Step, pending: Pending) -> Step:
    call, name = step.call, step.name

    def ask(event: BaseEvent) -> Any:
        with _asking(pending, name):
            return _taken(call(event), pending, name)

    async def ask_async(event: BaseEvent) -> None:
        with _asking(pending, name):
            _taken(await call(event), pending, name)

    return msgspec.structs.replace(step, call=ask_async if step.is_async else ask)


@contextmanager
def _asking(pending: Pending, name: str) -> Generator[None, None, None]:
    token = _asked.set((pending, name))
    try:
        yield
    finally:
        _asked.reset(token)


def _taken(result: Any, pending: Pending, name: str) -> Any:
    if isinstance(result, BaseEvent):
        pending.answer(name, result)
        return None
    return result

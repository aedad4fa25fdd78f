"""What a publisher gets back: which handlers the event went to, and which of them failed."""

from __future__ import annotations

import threading
from typing import NamedTuple

import msgspec

from pubsub_devtools.schema.event import BaseEvent, event_id

_lock = threading.Lock()


class Failure(NamedTuple):
    """A handler that raised: its dotted name, the event it got, and the error."""

    handler: str
    event: BaseEvent
    error: BaseException


class Receipt(msgspec.Struct, eq=False):
    """The answer to one publish.

    Where async handlers were scheduled on the running loop, ``done`` turns true and ``failures`` is complete once
    ``await bus.drain()`` has returned.

    Attributes:
        event: The published event.
        handlers: Dotted names of the handlers it goes to, by priority.
        failures: Handlers that failed so far, in the order of failing.
        done: Whether every handler has ended.

    Example:
        >>> from pubsub_devtools import BaseEvent, EventBus
        >>> class Ping(BaseEvent): ...
        >>> receipt = EventBus().publish(Ping())
        >>> receipt.handlers, receipt.failures, receipt.done
        ((), [], True)
    """

    event: BaseEvent
    handlers: tuple[str, ...]
    failures: list[Failure] = []
    done: bool = False
    parts: int = 1

    def part_ended(self) -> None:
        """Say that one of the ``parts`` that the delivery consists of has ended: the handlers behind queues are apart."""
        with _lock:
            self.parts -= 1
            self.done = self.done or self.parts <= 0

    @property
    def event_id(self) -> str:
        """The event's id."""
        return event_id(self.event)

    def __repr__(self) -> str:
        state = "done" if self.done else "under way"
        return (
            f"<Receipt {self.event_id} {state}, {len(self.handlers)} handlers, {len(self.failures)} failed>"
        )

"""How events reach a handler over time: the choices of its declaration, and one event on its way."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextvars import Context
from operator import attrgetter
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from pubsub_devtools.bus.queueing import Overflow

if TYPE_CHECKING:
    import asyncio

    from pubsub_devtools.schema.event import BaseEvent

Ended = Callable[[BaseException | None], None]
"""Called once for every accepted event: with what went wrong, or None."""


class Flow(msgspec.Struct, frozen=True):
    """What a handler asks for.

    Attributes:
        queue_size: How many events may wait; None for any number.
        overflow: What happens to one more.
        workers: How many run at once.
        batch: How many events one call takes; 0 for a handler that takes single events.
        window: Seconds that an incomplete batch waits for more.
        key: Gives the key of an event; None leaves it to the publisher.

    Raises:
        ValueError: A number is too small.
    """

    queue_size: int | None = None
    overflow: Overflow = "block"
    workers: int = 1
    batch: int = 0
    window: float = 0.0
    key: Callable[[Any], Hashable] | None = None

    def __post_init__(self) -> None:
        if self.overflow not in get_args(Overflow):
            raise ValueError(f"overflow is one of {', '.join(get_args(Overflow))}, not {self.overflow!r}")
        if self.workers < 1:
            raise ValueError(f"a handler needs at least 1 worker, not {self.workers}")
        if self.batch < 0 or self.window < 0:
            raise ValueError(f"a batch of {self.batch} events in {self.window} s cannot be gathered")
        if self.queue_size is not None and self.queue_size < max(1, self.batch):
            raise ValueError(
                f"a queue of {self.queue_size} never holds what the handler takes at once: {max(1, self.batch)}"
            )


def key_of(ordered_by: str | Callable[[Any], Hashable], events: Iterable[Any]) -> Callable[[Any], Hashable]:
    """Return what gives the key of an event: a function, or the field of this name, dots reaching into it.

    Raises:
        TypeError: An event has no such field.
    """
    if not isinstance(ordered_by, str):
        return ordered_by
    first = ordered_by.partition(".")[0]
    for event in events:
        fields = getattr(event, "model_fields", None)
        if fields is not None and first not in fields:
            raise TypeError(
                f"ordered_by={ordered_by!r}: {event.__name__} has the fields {', '.join(fields) or 'none'}"
            )
    return attrgetter(ordered_by)


class Ticket(msgspec.Struct, eq=False):
    """One event on its way to one handler, and the context and the loop of its publisher."""

    event: BaseEvent
    ended: Ended
    context: Context
    loop: asyncio.AbstractEventLoop | None
    admitted: Callable[[], object] | None = None

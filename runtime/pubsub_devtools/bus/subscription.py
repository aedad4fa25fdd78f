"""One handler as a bus knows it: what it listens to, what it takes, how it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pubsub_devtools.bus.declare import HandlerDeclaration, declarations_of
from pubsub_devtools.bus.injection import Providers, injected
from pubsub_devtools.bus.pattern import is_wildcard, matcher
from pubsub_devtools.bus.plan import Call
from pubsub_devtools.bus.signature import name_of, signature_of
from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus


@dataclass(frozen=True)
class Subscription:
    """A handler and one of the events, or patterns, that it listens to.

    ``accepts`` holds the classes that the handler can be given; None means any. ``call`` takes the event alone, all
    other parameters are filled in.
    """

    name: str
    handler: Callable[..., Any]
    call: Call
    is_async: bool
    declaration: HandlerDeclaration
    event: str
    covers: Callable[[str], bool]
    accepts: tuple[type, ...] | None

    @property
    def taken(self) -> tuple[str, ...]:
        """The names of the events whose classes it takes."""
        return tuple({schema_of(cls).name for cls in self.accepts or () if is_event(cls)})

    def versions(self, name: str) -> list[type[BaseEvent]]:
        """Return the classes that it takes of one event."""
        return [cls for cls in self.accepts or () if is_event(cls) and schema_of(cls).name == name]

    def refusal(self, cls: type[BaseEvent]) -> TypeError | None:
        """Return why the handler cannot be given an event of this class, or None if it can."""
        if self.accepts is None or issubclass(cls, self.accepts):
            return None
        wanted = " or ".join(described(accepted) for accepted in self.accepts)
        return TypeError(f"{self.name} takes {wanted} and nothing turns {described(cls)} into it")


def subscriptions(handler: Callable[..., Any], bus: EventBus, providers: Providers) -> list[Subscription]:
    """Return what a declared handler listens to, one subscription for each event it names.

    Raises:
        TypeError: Its parameters cannot be filled, its annotation contradicts a declared event, or it is a generator.
    """
    name = name_of(handler)
    try:
        asked = signature_of(handler)
    except TypeError as error:
        told = ", ".join(
            e if isinstance(e, str) else e.__name__ for d in declarations_of(handler) for e in d.events
        )
        raise TypeError(f"{error}; it is declared for {told}") from None
    if inspect.isgeneratorfunction(handler) or inspect.isasyncgenfunction(handler):
        raise TypeError(f"{name} yields, so that calling it would not run it: return what it has to say")
    is_async = inspect.iscoroutinefunction(handler)
    call = injected(handler, asked, bus, providers, is_async=is_async)
    found: list[Subscription] = []
    for declaration in declarations_of(handler):
        takes = asked.accepts
        if declaration.flow is not None and declaration.flow.batch:
            _check_batch(handler, name, takes)
            takes = None  # the list says nothing that the declaration does not
        for event in declaration.events:
            heard = event if isinstance(event, str) else schema_of(event).name
            accepts = takes if isinstance(event, str) or takes else (event,)
            found.append(
                Subscription(name, handler, call, is_async, declaration, heard, matcher(heard), accepts)
            )
            _check(found[-1], event)
    return found


def _check_batch(handler: Callable[..., Any], name: str, accepts: tuple[type, ...] | None) -> None:
    if accepts is not None and not any(issubclass(cls, list) for cls in accepts):
        wanted = " or ".join(described(cls) for cls in accepts)
        raise TypeError(
            f"{name} is declared with batch=, so it gets a list of events; annotate list[...], not {wanted}"
        )
    if getattr(handler, "__guards__", ()):
        raise TypeError(
            f"{name} takes batches, and its guards count single events: leave out the one or the other"
        )


def _check(subscription: Subscription, event: type[BaseEvent] | str) -> None:
    if isinstance(event, type):
        if refusal := subscription.refusal(event):
            raise TypeError(
                f"{refusal}: declare it for what it takes, or annotate the parameter with {event.__name__}"
            )
    elif not is_wildcard(event) and not any(
        _may_be(cls, event) for cls in subscription.accepts or (BaseEvent,)
    ):
        wanted = " or ".join(described(cls) for cls in subscription.accepts or ())
        raise TypeError(
            f"{subscription.name} is declared for {event!r} but takes {wanted}: "
            "annotate the parameter with the class of that event, or declare it for what it takes"
        )


def _may_be(cls: type, name: str) -> bool:
    """Tell whether an instance of the class can be an event of this name, itself or as one of its subclasses."""
    if is_event(cls) and cls is not BaseEvent and schema_of(cls).name != name:
        subclasses: list[type] = cls.__subclasses__()
        return any(_may_be(subclass, name) for subclass in subclasses)
    return issubclass(cls, BaseEvent) or issubclass(BaseEvent, cls)


def is_event(cls: type) -> bool:
    """Tell whether a class is that of an event, and not the base of all."""
    return issubclass(cls, BaseEvent) and cls is not BaseEvent


def described(cls: type) -> str:
    """Return an event class as messages name it: event, version, and where it lies."""
    if not is_event(cls):
        return cls.__qualname__
    schema = schema_of(cls)
    return f"{schema.name} {schema.version}".rstrip() + f" ({cls.__module__}.{cls.__qualname__})"

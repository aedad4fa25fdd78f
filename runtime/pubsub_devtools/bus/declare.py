"""`event_handler`: says on a function which events it handles. A bus acts on it when it includes the function.

The decorator returns the very function it was given, so handlers are called and tested like any other function.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    ParamSpec,
    Protocol,
    TypedDict,
    TypeVar,
    Unpack,
    cast,
    overload,
)

import msgspec

from pubsub_devtools.bus.pattern import matcher

if TYPE_CHECKING:
    from pubsub_devtools.bus.flow import Flow
    from pubsub_devtools.bus.queueing import Overflow
    from pubsub_devtools.resilience.declarations import Idempotent
    from pubsub_devtools.resilience.policies.retry import RetryPolicy
    from pubsub_devtools.schema.event import BaseEvent

_DECLARED = "__event_handlers__"

Function = TypeVar("Function", bound=Callable[..., Any])
Event = TypeVar("Event", bound="BaseEvent")
Event1 = TypeVar("Event1", bound="BaseEvent")
Event2 = TypeVar("Event2", bound="BaseEvent")
Event3 = TypeVar("Event3", bound="BaseEvent")
Owner = TypeVar("Owner")
Result = TypeVar("Result")
Rest = ParamSpec("Rest")


class HandlerDeclaration(msgspec.Struct, frozen=True):
    """One ``@event_handler`` on a function: the classes, names and patterns it listens to, its priority, its predicate."""

    events: tuple[Any, ...]
    priority: int = 0
    when: Callable[[Any], bool] | None = None
    flow: Flow | None = None


class Queueing(TypedDict, total=False):
    """How events reach the handler over time: see `Flow`."""

    queue_size: int | None
    overflow: Overflow
    workers: int  # 1, and 8 with ``ordered_by``
    ordered_by: str | Callable[[Any], Hashable]


class Guards(TypedDict, total=False):
    """The guards that ``event_handler`` takes; the others have decorators of their own."""

    dlq: bool
    max_retries: int
    retry: RetryPolicy
    idempotent: bool | Idempotent


class Options(Queueing, Guards, total=False):
    """All that a handler of single events may ask for. Queues stand before guards."""


class Decorator(Protocol[Event]):
    """Takes a function whose parameter accepts the event, or a method whose parameter after ``self`` does."""

    @overload  # Where both fit the first is meant: no event is the owner of a method.
    def __call__(  # type: ignore[overload-overlap]
        self, handler: Callable[Concatenate[Event, Rest], Result], /
    ) -> Callable[Concatenate[Event, Rest], Result]: ...
    @overload
    def __call__(
        self, handler: Callable[Concatenate[Owner, Event, Rest], Result], /
    ) -> Callable[Concatenate[Owner, Event, Rest], Result]: ...


class BatchDecorator(Protocol[Event]):
    """Takes a function whose parameter is a list of events, or such a method."""

    @overload  # Where both fit the first is meant: no list of events is the owner of a method.
    def __call__(  # type: ignore[overload-overlap]
        self, handler: Callable[Concatenate[list[Event], Rest], Result], /
    ) -> Callable[Concatenate[list[Event], Rest], Result]: ...
    @overload
    def __call__(
        self, handler: Callable[Concatenate[Owner, list[Event], Rest], Result], /
    ) -> Callable[Concatenate[Owner, list[Event], Rest], Result]: ...


class AnyDecorator(Protocol):
    """Takes any function: a name says nothing about the type, the bus checks the annotation when it includes it."""

    def __call__(self, handler: Function, /) -> Function:
        """Return the same function."""
        ...


@overload
def event_handler(
    event: type[Event1],
    /,
    *,
    batch: int,
    window: float = ...,
    priority: int = 0,
    when: Callable[[Event1], bool] | None = None,
    **queueing: Unpack[Queueing],
) -> BatchDecorator[Event1]: ...
@overload
def event_handler(
    event: type[Event1],
    /,
    *,
    priority: int = 0,
    when: Callable[[Event1], bool] | None = None,
    **options: Unpack[Options],
) -> Decorator[Event1]: ...
@overload
def event_handler(
    event: type[Event1],
    other: type[Event2],
    /,
    *,
    priority: int = 0,
    when: Callable[[Event1 | Event2], bool] | None = None,
    **options: Unpack[Options],
) -> Decorator[Event1 | Event2]: ...
@overload
def event_handler(
    event: type[Event1],
    other: type[Event2],
    third: type[Event3],
    /,
    *,
    priority: int = 0,
    when: Callable[[Event1 | Event2 | Event3], bool] | None = None,
    **options: Unpack[Options],
) -> Decorator[Event1 | Event2 | Event3]: ...
@overload
def event_handler(
    *events: str,
    priority: int = 0,
    when: Callable[[Any], bool] | None = None,
    batch: int = 0,
    window: float = ...,
    **options: Unpack[Options],
) -> AnyDecorator: ...
def event_handler(
    *events: type[BaseEvent] | str,
    priority: int = 0,
    when: Callable[[Any], bool] | None = None,
    batch: int = 0,
    window: float | None = None,
    **options: Unpack[Options],
) -> Any:
    """Declare a function or method as the handler of events.

    The handler's first parameter (after ``self``) takes the event; further parameters are filled by their annotation:
    ``Envelope``, ``EventBus``, or a type that the bus has a provider for. Synchronous and ``async`` functions are declared
    alike.

    Args:
        events: Event classes, names (``"OrderPlaced"``) or patterns (``"orders.*"`` one segment, ``"orders.**"`` any
            number). A class stands for its schema's name; a name is heard in all its versions.
        priority: Handlers of one event run from the highest to the lowest; equals in the order of their inclusion.
        when: Tells of an event whether the handler wants it. What it raises is a failure of the handler.
        options: ``dlq=True`` puts events on which the handler fails for good among the dead letters, instead of raising
            the error to the publisher; ``max_retries=3`` or ``retry=RetryPolicy(...)`` repeats failed calls;
            ``idempotent=True`` calls the handler once for each event id. With ``workers=4`` (how many run at once),
            ``queue_size=1000`` (how many may wait), ``overflow="block" | "raise" | "drop_oldest" | "drop_newest"`` or
            ``ordered_by="order_id"`` (events of one value never overlap nor overtake) a queue stands before the handler:
            the publisher goes on when the event stands in it, and errors are logged. Synchronous handlers then run on
            threads.
        batch: The handler takes lists of up to so many events, from a queue.
        window: Seconds that an incomplete batch waits for more; 1 unless told.

    Returns:
        A decorator that returns the same function. The default bus hears a decorated function from now on; a method is
        heard once ``bus.include`` got an instance, other buses hear what they include.

    Raises:
        TypeError: No event is named, an option is unknown or of the wrong type, or the decorated object is no function.
        ValueError: A pattern is malformed, or a number is too small.

    Example:
        >>> from pubsub_devtools import BaseEvent, EventBus
        >>> class OrderPlaced(BaseEvent):
        ...     order_id: str
        >>> @event_handler(OrderPlaced)
        ... def greet(event: OrderPlaced) -> None:
        ...     print("thank you for", event.order_id)
        >>> bus = EventBus()
        >>> bus.include(greet)
        >>> _ = bus.publish(OrderPlaced("o-1"))
        thank you for o-1
    """
    for event in events:
        _check(event)
    if not events:
        raise TypeError("@event_handler needs at least one event: @event_handler(OrderPlaced)")
    _check_choice(priority, when, batch, window)
    queueing, guards = _parted(options)
    flow = _flow(events, queueing, batch, 1.0 if window is None else window) if queueing or batch else None
    if batch and guards:
        raise TypeError(f"{', '.join(guards)}: guards count single events, a batch handler takes many")
    declaration = HandlerDeclaration(events, priority, when, flow)

    def declare(handler: Any) -> Any:
        if not inspect.isfunction(handler):
            raise TypeError(
                f"@event_handler belongs directly on a function, below @staticmethod and @classmethod, not on {handler!r}"
            )
        if guards:
            _attach(handler, guards)
        setattr(handler, _DECLARED, (*declarations_of(handler), declaration))
        if not _is_method(handler):
            _announce(handler)
        return handler

    return declare


def _check_choice(priority: object, when: object, batch: int, window: float | None) -> None:
    if not isinstance(priority, int):
        raise TypeError(
            f"event_handler(priority={priority!r}): priority is a whole number, higher runs first"
        )
    if when is not None and not callable(when):
        raise TypeError(
            f"event_handler(when={when!r}): when is a function of the event, as in when=lambda event: event.total > 0"
        )
    if window is not None and not batch:
        raise TypeError(f"event_handler(window={window!r}): only a batch waits: say batch=100 as well")


def _parted(options: Options) -> tuple[Queueing, Guards]:
    known = (*Queueing.__annotations__, *Guards.__annotations__)
    if unknown := [name for name in options if name not in known]:
        raise TypeError(
            f"event_handler has no option {unknown[0]!r}; it has priority, when, batch, window, {', '.join(known)}"
        )
    queueing = {name: value for name, value in options.items() if name in Queueing.__annotations__}
    guards = {name: value for name, value in options.items() if name not in queueing}
    return cast("Queueing", queueing), cast("Guards", guards)


def _flow(events: tuple[Any, ...], options: Queueing, batch: int, window: float) -> Flow:
    from pubsub_devtools.bus.flow import Flow, key_of  # noqa: PLC0415 - most handlers have no queue

    ordered_by = options.get("ordered_by")
    return Flow(
        queue_size=options.get("queue_size"),
        overflow=options.get("overflow", "block"),
        workers=options.get("workers", 1 if ordered_by is None else 8),
        batch=batch,
        window=window if batch else 0.0,
        key=None if ordered_by is None else key_of(ordered_by, events),
    )


def _attach(handler: Callable[..., Any], guards: Guards) -> None:
    from pubsub_devtools.resilience.declarations import attach, reliability  # noqa: PLC0415 - most handlers have none

    attach(handler, *reliability(**guards))


def declarations_of(handler: object) -> tuple[HandlerDeclaration, ...]:
    """Return what ``@event_handler`` declared on a function or bound method; nothing for any other object."""
    declared = getattr(handler, _DECLARED, ()) if inspect.isroutine(handler) else ()
    return cast("tuple[HandlerDeclaration, ...]", declared)


def watch(heard: Callable[[Callable[..., Any]], None]) -> None:
    """Call ``heard`` with every function declared so far, and with each further one when it is declared."""
    _watchers.append(heard)
    for function in _functions:
        heard(function)


_functions: list[Callable[..., Any]] = []
_watchers: list[Callable[[Callable[..., Any]], None]] = []


def _announce(function: Callable[..., Any]) -> None:
    if len(declarations_of(function)) == 1:
        _functions.append(function)
    for heard in _watchers:
        heard(function)


def _check(event: object) -> None:
    if isinstance(event, str):
        matcher(event)
    elif inspect.isfunction(event):
        raise TypeError(
            f"@event_handler on {event.__qualname__} must say what it hears: @event_handler(OrderPlaced)"
        )
    elif not (isinstance(event, type) and hasattr(event, "__event_schema__")):
        raise TypeError(
            f"@event_handler takes subclasses of BaseEvent and names, not {event!r}; all events are '**'"
        )


def _is_method(function: Callable[..., Any]) -> bool:
    """Tell by the qualified name, since the class does not exist yet when its body is run."""
    owner = function.__qualname__.rpartition(".")[0]
    return bool(owner) and not owner.endswith("<locals>")

"""Fill a handler's parameters by their annotations: the envelope, the bus, and whatever the bus has a provider for.

It is resolved when a bus includes the handler. What then runs is a closure over just the providers that it needs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

import msgspec

from pubsub_devtools.bus.context import current_context
from pubsub_devtools.bus.plan import Call
from pubsub_devtools.bus.signature import Signature, Wanted, name_of, names_class, parameters_of
from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus

Providers = Mapping[Any, Callable[..., Any]]
"""By the type that each makes: a function, or a generator that yields once and then cleans up; async ones too."""

_EVENT = "the event"


class Source(msgspec.Struct, frozen=True):
    """How one value is made: ``make`` is called with the values of ``takes``, by parameter.

    ``opened`` says that it is a context manager, left once the handler has ended; ``is_async`` that it is awaited.
    """

    value: object
    make: Callable[..., Any]
    takes: tuple[tuple[str, object], ...] = ()
    opened: bool = False
    is_async: bool = False


def injected(
    handler: Callable[..., Any], signature: Signature, bus: EventBus, providers: Providers, *, is_async: bool
) -> Call:
    """Return the handler as a call that takes the event alone.

    Raises:
        TypeError: Nothing fills a parameter, providers need each other, or an async provider is asked for by a
            synchronous handler.
    """
    sources: dict[object, Source] = {}
    fills = _fills(signature.others, _Search(name_of(handler), bus, providers, is_async), sources, ())
    if not fills:
        return handler
    ordered = tuple(sources.values())
    if not any(source.opened or source.is_async for source in ordered):
        return _plain(handler, fills, ordered)
    return _async(handler, fills, ordered) if is_async else _sync(handler, fills, ordered)


class _Search(msgspec.Struct, frozen=True):
    """For whom values are looked for, and where."""

    handler: str
    bus: EventBus
    providers: Providers
    is_async: bool


def _fills(
    parameters: Iterable[Wanted], search: _Search, sources: dict[object, Source], asking: tuple[object, ...]
) -> tuple[tuple[str, object], ...]:
    """Return which value fills which parameter; sources come to stand behind those that they take."""
    fills: list[tuple[str, object]] = []
    for wanted in parameters:
        value = _value(wanted.annotation, search.providers, bool(asking)) if wanted.by_name else None
        if value is not None:
            _add(value, search, sources, asking)
            fills.append((wanted.name, value))
        elif wanted.required:
            raise TypeError(_unfilled(wanted, search, asking))
    return tuple(fills)


def _value(annotation: object, providers: Providers, of_provider: bool) -> object:
    """Return what an annotation asks for, None where nothing makes it. A handler has the event already."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if names_class(annotation, Envelope):
        return Envelope
    if not isinstance(annotation, str) and _is_hashable(annotation) and annotation in providers:
        return annotation
    from pubsub_devtools.bus.bus import EventBus  # noqa: PLC0415 - the bus itself imports this module

    if names_class(annotation, EventBus):
        return EventBus
    is_event = isinstance(annotation, type) and issubclass(annotation, BaseEvent)
    return _EVENT if of_provider and is_event else None


def _is_hashable(annotation: object) -> bool:
    try:
        hash(annotation)
    except TypeError:
        return False
    return True


def _add(value: object, search: _Search, sources: dict[object, Source], asking: tuple[object, ...]) -> None:
    if value in sources or value is _EVENT:
        return
    if value in asking:
        circle = " needs ".join(_shown(each) for each in (*asking[asking.index(value) :], value))
        raise TypeError(f"{search.handler}: providers need each other: {circle}")
    if value is Envelope and value not in search.providers:
        sources[value] = Source(value, current_context)
    elif value not in search.providers:
        sources[value] = Source(value, lambda: search.bus)
    else:
        provider = search.providers[value]
        takes = _fills(parameters_of(provider), search, sources, (*asking, value))
        sources[value] = _source(value, provider, takes, search)


def _source(
    value: object, provider: Callable[..., Any], takes: tuple[tuple[str, object], ...], search: _Search
) -> Source:
    if inspect.isgeneratorfunction(provider):
        return Source(value, contextmanager(provider), takes, opened=True)
    is_async = inspect.isasyncgenfunction(provider) or inspect.iscoroutinefunction(provider)
    if is_async and not search.is_async:
        raise TypeError(
            f"{search.handler} is synchronous, but the provider of {_shown(value)} is async: make one of them as the other"
        )
    if inspect.isasyncgenfunction(provider):
        return Source(value, asynccontextmanager(provider), takes, opened=True, is_async=True)
    return Source(value, provider, takes, is_async=is_async)


def _plain(
    handler: Callable[..., Any], fills: Sequence[tuple[str, object]], sources: Sequence[Source]
) -> Call:
    if len(fills) == len(sources) == 1 and not sources[0].takes:
        (name, _), make = fills[0], sources[0].make
        return lambda event: handler(event, **{name: make()})

    def call(event: BaseEvent) -> Any:
        made: dict[object, Any] = {_EVENT: event}
        for source in sources:
            made[source.value] = source.make(**_taken(source.takes, made))
        return handler(event, **_taken(fills, made))

    return call


def _sync(
    handler: Callable[..., Any], fills: Sequence[tuple[str, object]], sources: Sequence[Source]
) -> Call:
    def call(event: BaseEvent) -> Any:
        made: dict[object, Any] = {_EVENT: event}
        with ExitStack() as stack:
            for source in sources:
                value = source.make(**_taken(source.takes, made))
                made[source.value] = stack.enter_context(value) if source.opened else value
            return handler(event, **_taken(fills, made))

    return call


def _async(
    handler: Callable[..., Any], fills: Sequence[tuple[str, object]], sources: Sequence[Source]
) -> Call:
    async def call(event: BaseEvent) -> Any:
        made: dict[object, Any] = {_EVENT: event}
        async with AsyncExitStack() as stack:
            for source in sources:
                value = source.make(**_taken(source.takes, made))
                if source.opened:
                    enter = (
                        stack.enter_async_context(value) if source.is_async else stack.enter_context(value)
                    )
                    made[source.value] = await enter if source.is_async else enter
                else:
                    made[source.value] = await value if source.is_async else value
            return await handler(event, **_taken(fills, made))

    return call


def _taken(takes: Iterable[tuple[str, object]], made: Mapping[object, Any]) -> dict[str, Any]:
    return {name: made[value] for name, value in takes}


def _unfilled(wanted: Wanted, search: _Search, asking: tuple[object, ...]) -> str:
    of = f" of the provider of {_shown(asking[-1])}" if asking else ""
    if not wanted.by_name:
        return f"{search.handler}: nothing fills the parameter {wanted.name!r}{of}; let it be passed by name"
    if wanted.annotation is inspect.Parameter.empty:
        way = (
            "give it a default, or annotate it with what it is: Envelope, EventBus, or a type with a provider"
        )
    else:
        way = f"give it a default, or the bus a provider: EventBus(providers={{{_shown(wanted.annotation)}: ...}})"
    return f"{search.handler}: nothing fills the parameter {wanted.name!r}{of}; {way}"


def _shown(value: object) -> str:
    return getattr(value, "__qualname__", None) or str(value)


def check_provider(kind: object, provider: object) -> None:
    """Refuse what no handler's parameter could be filled by.

    Raises:
        TypeError: The key is no annotation, or the provider cannot be called.
    """
    if isinstance(kind, str):
        raise TypeError(
            f"providers={{{kind!r}: ...}}: a provider stands under the type that it makes, not under a name"
        )
    if not callable(provider):
        raise TypeError(
            f"providers={{{_shown(kind)}: {provider!r}}}: a provider is a function; for a value that is there "
            f"already, lambda: value"
        )

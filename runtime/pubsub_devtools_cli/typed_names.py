"""A module in which type checkers know events by their names: `@event_handler("orders.placed")` takes what it says."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_cli.failure import Failure

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["Named", "named", "typed_module"]

_PLAIN = re.compile(r"(int|bool|float|str|None)(\s*\|\s*(int|bool|float|str|None))*")


class Named(NamedTuple):
    """An event's name, and where its class is."""

    event: str
    module: str
    cls: str


def named(classes: Iterable[type[BaseEvent]]) -> list[Named]:
    """Return the events by name; of several versions the newest, which a handler of the name gets.

    Raises:
        Failure: A class lies inside a function, where no other module can name it.
    """
    from pubsub_devtools.schema.declare import schema_of  # noqa: PLC0415 - loads pydantic
    from pubsub_devtools.schema.versions import version_rank  # noqa: PLC0415

    newest: dict[str, type[BaseEvent]] = {}
    for cls in sorted(classes, key=lambda cls: version_rank(schema_of(cls).version)):
        newest[schema_of(cls).name] = cls
    for cls in newest.values():
        if "<locals>" in cls.__qualname__:
            raise Failure(
                f"{cls.__module__}.{cls.__qualname__} lies inside a function: move it to its module"
            )
    return [Named(name, cls.__module__, cls.__qualname__) for name, cls in sorted(newest.items())]


def typed_module(events: Sequence[Named]) -> str:
    """Return the text of the module; the same events give the same text.

    Example:
        >>> '@overload' in typed_module([Named("orders.placed", "shop.events", "Placed")])
        True
    """
    options = _options()
    imports = "".join(f"    import {module}\n" for module in sorted({event.module for event in events}))
    overloads = "".join(_overload(event, options) for event in events)
    names = "".join(f"    {_quoted(event.event)},\n" for event in events)
    return _MODULE.format(
        imports=imports, overloads=overloads, names=names, options=options.format(event="EventT")
    )


def _overload(event: Named, options: str) -> str:
    cls = f"{event.module}.{event.cls}"
    return (
        "    @overload\n"
        "    def event_handler(\n"
        f"        event: Literal[{_quoted(event.event)}], /, *, {options.format(event=cls)}\n"
        f"    ) -> Decorator[{cls}]: ...\n"
    )


def _options() -> str:
    """Return the options of our own decorator as they stand in a signature."""
    from pubsub_devtools.bus.declare import event_handler  # noqa: PLC0415 - loads pydantic

    parameters = inspect.signature(event_handler).parameters.values()
    return ", ".join(_option(each) for each in parameters if each.kind is each.KEYWORD_ONLY)


def _option(parameter: inspect.Parameter) -> str:
    if parameter.name == "when":
        return "when: Callable[[{event}], bool] | None = ..."
    told = str(parameter.annotation)
    return f"{parameter.name}: {told if _PLAIN.fullmatch(told) else 'Any'} = ..."


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_MODULE = '''"""Events by their names, for type checkers. Made by `pubsub-tools generate types`: make it anew, do not edit it.

Import `event_handler` from here: a handler of a name is then checked to take that event, and a name that no event has is an
error.
"""

# ruff: noqa
# fmt: off
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

from pubsub_devtools import BaseEvent

__all__ = ["EventName", "event_handler"]

EventName: TypeAlias = Literal[
{names}]

if TYPE_CHECKING:
    from pubsub_devtools.bus.declare import Decorator

{imports}
    EventT = TypeVar("EventT", bound=BaseEvent)

{overloads}    @overload
    def event_handler(
        event: type[EventT], /, *, {options}
    ) -> Decorator[EventT]: ...
    def event_handler(*events: Any, **options: Any) -> Any:
        raise NotImplementedError
else:
    from pubsub_devtools import event_handler
'''

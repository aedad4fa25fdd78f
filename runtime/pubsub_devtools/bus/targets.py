"""What `EventBus.include` accepts, and the handlers that lie in it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from pubsub_devtools.bus.declare import declarations_of

Handler = Callable[..., Any]


def handlers_in(target: object) -> list[Handler]:
    """Return the declared handlers of a function, instance, class, module or package, in the order of the code.

    A class is instantiated without arguments. A module gives the functions and classes that it defines itself; a
    package also those of all its submodules, which are imported for it.

    Raises:
        TypeError: The target holds no handler, or is a class that cannot be made without arguments.
    """
    found = list(_search(target))
    if not found:
        way = ": import the module and include that" if isinstance(target, str) else ""
        raise TypeError(f"{target!r} holds no @event_handler{way}")
    return found


def _search(target: object) -> Iterator[Handler]:
    if isinstance(target, ModuleType):
        yield from _in_module(target)
    elif isinstance(target, type):
        yield from _in_class(target)
    elif declarations_of(target) and callable(target):
        yield target
    else:
        yield from _in_instance(target)


def _in_module(module: ModuleType) -> Iterator[Handler]:
    for value in list(vars(module).values()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(value) and declarations_of(value):
            yield value
        elif isinstance(value, type):
            yield from _in_class(value)
    if hasattr(module, "__path__"):
        yield from _in_submodules(module)


def _in_submodules(module: ModuleType) -> Iterator[Handler]:
    from pkgutil import iter_modules  # noqa: PLC0415 - few programs include whole packages

    for info in iter_modules(module.__path__):
        if info.name != "__main__":  # a program, not a part: importing it would run it
            yield from _in_module(import_module(f"{module.__name__}.{info.name}"))


def _in_class(cls: type) -> Iterator[Handler]:
    if not _names(cls):
        return
    try:
        instance = cls()
    except TypeError as error:
        raise TypeError(
            f"{cls.__qualname__} needs arguments: include an instance instead ({error})"
        ) from error
    yield from _in_instance(instance)


def _in_instance(instance: object) -> Iterator[Handler]:
    for name in _names(type(instance)):
        yield getattr(instance, name)


def _names(cls: type) -> list[str]:
    """Return the names of a class's handlers: those of the bases first, each in the order of its body.

    A method that overrides a handler is one only if it is declared itself.
    """
    members = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
    return [name for name, value in members.items() if declarations_of(_unwrapped(value))]


def _unwrapped(member: object) -> object:
    return getattr(member, "__func__", member)

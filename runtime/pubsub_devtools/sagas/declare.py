"""`saga` and `step`: name the methods that belong to one long transaction, and the method that compensates each.

They only declare. The steps run as what else they are, usually handlers of events.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

_SAGA = "__saga__"
_STEP = "__saga_step__"

Class = TypeVar("Class", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])


class StepDeclaration(msgspec.Struct, frozen=True):
    """One step: the name of its method and of the method that compensates it, empty where nothing does."""

    name: str
    compensation: str = ""


class SagaDeclaration(msgspec.Struct, frozen=True):
    """A saga's name and its steps in the order of the class body, those of base classes first."""

    name: str
    steps: tuple[StepDeclaration, ...]


def step(*, compensating_action: str = "") -> Callable[[Function], Function]:
    """Declare a method as a step of the saga that its class is.

    Args:
        compensating_action: Name of the method of the same class that undoes this step; empty if nothing needs to.

    Returns:
        A decorator that returns the same function. ``saga`` shows an example.
    """

    def declare(method: Any) -> Any:
        if not inspect.isfunction(method):
            raise TypeError(f"@step(...) belongs on a method, not on {method!r}")
        setattr(method, _STEP, compensating_action)
        return method

    return declare


def saga(name: str) -> Callable[[Class], Class]:
    """Declare a class as a saga.

    Args:
        name: The saga's name, unique in the system.

    Returns:
        A decorator that returns the same class.

    Raises:
        ValueError: The name is empty.
        TypeError: The class has no step, or a compensating action that it does not define.

    Example:
        >>> @saga("BookTrip")
        ... class BookTrip:
        ...     @step(compensating_action="cancel_flight")
        ...     def book_flight(self): ...
        ...     @step()
        ...     def send_tickets(self): ...
        ...     def cancel_flight(self): ...
        >>> [step.name for step in saga_of(BookTrip).steps]
        ['book_flight', 'send_tickets']
    """
    if not name:
        raise ValueError("a saga needs a name: @saga('BookTrip')")

    def declare(cls: Class) -> Class:
        setattr(cls, _SAGA, SagaDeclaration(name, _steps(cls)))
        return cls

    return declare


def saga_of(cls: type) -> SagaDeclaration:
    """Return what ``@saga`` declared on a class itself.

    Raises:
        TypeError: The class is no saga; a subclass of one declares its own.
    """
    declared = vars(cls).get(_SAGA)
    if not isinstance(declared, SagaDeclaration):
        raise TypeError(f"{cls.__qualname__} is no saga: decorate it with @saga('...')")
    return declared


def _steps(cls: type) -> tuple[StepDeclaration, ...]:
    members = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
    steps = tuple(
        StepDeclaration(name, getattr(value, _STEP))
        for name, value in members.items()
        if inspect.isfunction(value) and hasattr(value, _STEP)
    )
    if not steps:
        raise TypeError(f"saga {cls.__qualname__} has no method with @step(...)")
    for declared in steps:
        if declared.compensation and not callable(getattr(cls, declared.compensation, None)):
            raise TypeError(
                f"{cls.__qualname__}.{declared.name} is compensated by {declared.compensation!r}, "
                f"but {cls.__qualname__} has no such method"
            )
    return steps

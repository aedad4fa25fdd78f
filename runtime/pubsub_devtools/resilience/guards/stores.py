"""Stores that wait, used from async handlers: awaited where they can be, and to their end where that matters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

_going_on: set[asyncio.Task[Any]] = set()


def awaited(store: object, name: str) -> Callable[..., Awaitable[Any]]:
    """Return the store's method as a coroutine function: its own (``add_async``), or one around the plain method."""
    if (own := getattr(store, f"{name}_async", None)) is not None:
        found: Callable[..., Awaitable[Any]] = own
        return found
    plain: Callable[..., Any] = getattr(store, name)

    async def call(*arguments: Any) -> Any:
        return plain(*arguments)

    return call


def waits(store: object, name: str) -> bool:
    """Tell whether the store has the method as a coroutine function of its own."""
    return hasattr(store, f"{name}_async")


async def to_its_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Await the work; if this is cancelled, the work goes on without it."""
    task = asyncio.ensure_future(work)
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)
    return await asyncio.shield(task)
